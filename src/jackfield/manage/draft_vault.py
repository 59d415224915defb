"""What is in a draft, behind its seal: for its owner, and for a connector that is made of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from jackfield.access.principal import Principal
from jackfield.definition.places import leaves
from jackfield.definition.secret import Secret
from jackfield.manage.connector_new import DRAFT, draft_named
from jackfield.manage.draft_secrets import Content, filled, from_bytes
from jackfield.manage.errors import UnknownDraft
from jackfield.storage import drafts
from jackfield.storage.database import Database
from jackfield.storage.drafts import DraftHead, DraftRow
from jackfield.vault.envelope import Envelope
from jackfield.vault.records import owner as watched_as
from jackfield.vault.sealed import SealContext
from jackfield.vault.watch import SecretWatch


class DraftVault:
    """Seals drafts and opens them; what it has opened is kept out of all logs."""

    def __init__(self, database: Database, envelope: Envelope, watch: SecretWatch) -> None:
        self._database = database
        self._envelope = envelope
        self._watch = watch

    def opened(self, row: DraftRow) -> Content:
        """What is in a draft.

        Raises:
            Undecryptable: It cannot be read.
        """
        content = from_bytes(self._envelope.open(row.sealed, _context(row)))
        self._look_out(row, content)
        return content

    def sealed(self, row: DraftHead, content: Content, written: bytes) -> bytes:
        """What is kept of a draft.

        Args:
            content: Of the draft.
            written: The same, as bytes.
        """
        self._look_out(row, content)
        return self._envelope.seal(written, _context(row))

    def forget(self, row: DraftHead) -> None:
        """Its secrets are gone, and need not be looked out for."""
        self._watch.forget(watched_as(_context(row)))

    async def filled(self, principal: Principal, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The body of a new connector, with the secrets of the draft that it names in the places of their markers.

        A body that names a draft and has nothing else is that of the draft.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            UnknownDraft: The caller has none of that id.
            InvalidParams: A marker stands where the draft keeps no secret.
            Undecryptable: The draft cannot be read.
        """
        wanted = draft_named(body)
        if wanted is None:
            return body
        principal.require("manage")
        row = await self._database.read(lambda connection: own_draft(connection, principal, wanted))
        content = await asyncio.to_thread(self.opened, row)
        rest = {key: value for key, value in body.items() if key != DRAFT}
        return filled(rest or content.body, content.secrets)

    def _look_out(self, row: DraftHead, content: Content) -> None:
        texts = [value for _, value in leaves(content.secrets) if isinstance(value, str)]
        self._watch.add(*map(Secret, texts), owner=watched_as(_context(row)))


def own_draft(connection: Connection, principal: Principal, id: str) -> DraftRow:
    """A draft of the caller's.

    Raises:
        UnknownDraft: The caller has none of that id.
    """
    found = drafts.get(connection, tenant=principal.tenant, owner=principal.id, id=id)
    if found is None:
        raise UnknownDraft(draft=id)
    return found


def _context(row: DraftHead) -> SealContext:
    return SealContext(tenant=row.tenant, kind="draft", id=row.id, version=row.revision)
