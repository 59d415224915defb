"""What of connect links is secret: the key that signs them, and the apps of one's own that they sign in with."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial

import orjson

from jackfield.definition.secret import Secret
from jackfield.manage.connect_link_tokens import LinkTokens
from jackfield.storage import sealed_values
from jackfield.storage.connect_links import LinkRow
from jackfield.storage.database import Database
from jackfield.storage.tables.base import EVERYBODY
from jackfield.vault.envelope import Envelope
from jackfield.vault.installation import LINKS_KEY, context
from jackfield.vault.keys import KEY_BYTES
from jackfield.vault.sealed import SealContext

_SECRET = "clientSecret"  # noqa: S105 - the name of a field


class LinkSecrets:
    """Keeps them."""

    def __init__(self, database: Database, envelope: Envelope) -> None:
        self._database = database
        self._envelope = envelope
        self._tokens: LinkTokens | None = None

    async def tokens(self) -> LinkTokens:
        """What signs links: the same in every process on this database. Its key is made for the first link."""
        if self._tokens is None:
            place = context(tenant=EVERYBODY, name=LINKS_KEY)
            sealed = await self._database.read(partial(sealed_values.get, tenant=EVERYBODY, name=LINKS_KEY))
            if sealed is None:
                new = self._envelope.seal(os.urandom(KEY_BYTES), place)
                keep = partial(sealed_values.put_if_absent, tenant=EVERYBODY, name=LINKS_KEY, sealed=new)
                sealed = await self._database.write(keep)
            self._tokens = LinkTokens(self._envelope.open(sealed, place))
        return self._tokens

    def seal(self, row: LinkRow, client_secret: Secret | None) -> LinkRow:
        """The row with the secret of the app of one's own."""
        if client_secret is None:
            return row
        content = orjson.dumps({_SECRET: client_secret.reveal()})
        return replace(row, sealed=self._envelope.seal(content, _context(row)))

    def client_secret(self, row: LinkRow) -> Secret | None:
        """The secret of the app of one's own; `None` where there is none.

        Raises:
            Undecryptable: It cannot be read.
        """
        if row.sealed is None:
            return None
        return Secret(orjson.loads(self._envelope.open(row.sealed, _context(row)))[_SECRET])


def _context(row: LinkRow) -> SealContext:
    return SealContext(tenant=row.tenant, kind="connect-link", id=row.id)
