"""Drafts: what one user is still working on, and nobody else sees."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.names import find
from jackfield.definition.plain import plain
from jackfield.manage.denied import recording_denials
from jackfield.manage.draft_secrets import Content, separated, to_bytes
from jackfield.manage.draft_vault import DraftVault, own_draft
from jackfield.manage.draft_views import Draft, DraftInfo
from jackfield.manage.errors import DraftTooLarge, TooManyDrafts
from jackfield.storage import drafts
from jackfield.storage.clock import microseconds
from jackfield.storage.database import Database
from jackfield.storage.drafts import KEPT_DAYS, DraftHead, DraftRow
from jackfield.storage.errors import RevisionConflict

MAX_BYTES = 2 * 1024 * 1024
MAX_DRAFTS = 100
MAX_NAME = 200

_DAY_S = 24 * 60 * 60
_KIND = re.compile(r"[a-z][a-z0-9-]{0,49}")
_KEYS = ("kind", "name", "body", "secrets")


class Drafts:
    """Keeps drafts. Each belongs to its user alone: to others, administrators among them, there is none of that id."""

    def __init__(self, database: Database, vault: DraftVault) -> None:
        self._database = database
        self._vault = vault

    async def create(self, principal: Principal, body: Mapping[str, Any]) -> Draft:
        """Keep a new draft, until 30 days after its last change.

        Args:
            body: `{kind, name?, body?, secrets?}`: what it is a draft of, a name for people, any JSON object of at most
                2 MB, and the JSON Pointers of what is never shown again.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            InvalidParams, DraftTooLarge: Something in it is wrong.
            TooManyDrafts: The caller has 100 already.
        """

        def work(connection: Connection) -> None:
            if not drafts.add(connection, row, most=MAX_DRAFTS):
                raise TooManyDrafts(most=MAX_DRAFTS)
            _note(connection, principal, "create", row)

        async with self._recording(principal, "create", ""):
            principal.require("manage")
            asked = await asyncio.to_thread(_read, body)
            kind = asked.get("kind")
            if not isinstance(kind, str):
                raise _wrong("kind", "is required")
            head = DraftRow(
                tenant=principal.tenant, owner=principal.id, kind=kind, name=asked.get("name") or "", sealed=b""
            )
            content = separated(_said(asked, "body", {}), _said(asked, "secrets", []), kept={})
            row = replace(head, sealed=self._sealed(head, content))
            await self._database.write(work)
        return _draft(row, content)

    async def list(self, principal: Principal) -> Sequence[DraftInfo]:
        """The caller's drafts without what is in them, the one that was changed last first.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
        """
        async with self._recording(principal, "list", "all"):
            principal.require("manage")
            found = await self._database.read(
                lambda connection: drafts.every(connection, tenant=principal.tenant, owner=principal.id)
            )
        return [DraftInfo(**_head(row)) for row in found]

    async def get(self, principal: Principal, id: str) -> Draft:
        """One of the caller's drafts, without its secrets.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            UnknownDraft: The caller has none of that id.
            Undecryptable: It cannot be read.
        """
        async with self._recording(principal, "get", id):
            principal.require("manage")
            row = await self._database.read(lambda connection: own_draft(connection, principal, id))
        return _draft(row, await asyncio.to_thread(self._vault.opened, row))

    async def update(
        self, principal: Principal, id: str, body: Mapping[str, Any], *, revision: int | None = None
    ) -> Draft:
        """Change a draft. What is left out stays; `body` and `secrets` are replaced whole.

        In the new body, `{"$secret": "set"}` keeps the secret of that place.

        Args:
            body: `{name?, body?, secrets?}`, as for `create`. `kind` cannot be changed.
            revision: Only if it still has this one.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            UnknownDraft: The caller has none of that id.
            InvalidParams, DraftTooLarge: Something in it is wrong.
            RevisionConflict: It has changed since.
            Undecryptable: It cannot be read.
        """
        async with self._recording(principal, "update", id):
            principal.require("manage")
            asked = await asyncio.to_thread(_read, body)
            return await self._database.write(
                lambda connection: self._changed(connection, principal, id, asked, revision)
            )

    async def delete(self, principal: Principal, id: str) -> None:
        """Delete one of the caller's drafts for good.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            UnknownDraft: The caller has none of that id.
        """

        def work(connection: Connection) -> DraftRow:
            row = own_draft(connection, principal, id)
            drafts.remove(connection, row)
            _note(connection, principal, "delete", row)
            return row

        async with self._recording(principal, "delete", id):
            principal.require("manage")
            row = await self._database.write(work)
        self._vault.forget(row)

    def _changed(
        self, connection: Connection, principal: Principal, id: str, asked: Mapping[str, Any], revision: int | None
    ) -> Draft:
        row = own_draft(connection, principal, id)
        if revision is not None and row.revision != revision:
            raise RevisionConflict(what=drafts.WHAT, name=row.id, expected=revision)
        if asked.get("kind", row.kind) != row.kind:
            raise _wrong("kind", f"is `{row.kind}`, and cannot be changed")
        before = self._vault.opened(row)
        given, places = _said(asked, "body", before.body), _said(asked, "secrets", before.places)
        content = separated(given, places, kept=before.secrets)
        named = replace(row, name=_said(asked, "name", row.name))
        sealed = self._sealed(replace(named, revision=row.revision + 1), content)
        return _draft(drafts.save(connection, replace(named, sealed=sealed)), content)

    def _sealed(self, row: DraftHead, content: Content) -> bytes:
        written = to_bytes(content)
        if len(written) > MAX_BYTES:
            raise DraftTooLarge(size=len(written), limit=MAX_BYTES)
        return self._vault.sealed(row, content, written)

    def _recording(self, principal: Principal, verb: str, id: str) -> AbstractAsyncContextManager[None]:
        return recording_denials(
            self._database, principal, action=f"draft.{verb}", resource="draft", resource_id=id[:120]
        )


def _read(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a body says, by the names of its keys. Runs in a thread: a body may be large.

    Raises:
        InvalidParams: A key is unknown, there twice, or its value is wrong.
        InvalidDefinition: It holds what JSON has not, or is nested too deeply.
    """
    asked: dict[str, Any] = {}
    for key, value in body.items():
        name = find(str(key), dict.fromkeys(_KEYS))
        if name is None or name in asked:
            problem = "is there twice" if name else f"is not known; there are {', '.join(f'`{k}`' for k in _KEYS)}"
            raise _wrong(str(key)[:100], problem)
        asked[name] = plain(value, (name,))
    kind, title = asked.get("kind"), asked.get("name")
    if kind is not None and not (isinstance(kind, str) and _KIND.fullmatch(kind)):
        raise _wrong("kind", "must be 1 to 50 lower-case letters, digits and `-`, such as `connector`")
    if title is not None and not (isinstance(title, str) and len(title) <= MAX_NAME and title.isprintable()):
        raise _wrong("name", f"must be a line of at most {MAX_NAME} characters")
    if not isinstance(asked.get("body"), dict | None):
        raise _wrong("body", "must be an object")
    return asked


def _said(asked: Mapping[str, Any], name: str, default: Any) -> Any:
    """What is said under `name`; `null` says nothing."""
    return default if asked.get(name) is None else asked[name]


def _note(connection: Connection, principal: Principal, verb: str, row: DraftHead) -> None:
    """Write into the audit log that there is a draft, or no longer; neither its name nor its changes.

    Others read that log, a draft is nobody else's, and it is saved every few seconds.
    """
    append(
        connection,
        principal,
        action=f"draft.{verb}",
        resource="draft",
        resource_id=row.id,
        details={"kind": row.kind},
    )


def _head(row: DraftHead) -> dict[str, Any]:
    names = ("id", "kind", "name", "revision", "created", "updated")
    expires = row.updated + microseconds(KEPT_DAYS * _DAY_S)
    return {**{name: getattr(row, name) for name in names}, "expires": expires}


def _draft(row: DraftHead, content: Content) -> Draft:
    return Draft(**_head(row), body=content.body, secrets=list(content.places))


def _wrong(key: str, message: str) -> InvalidParams:
    fault = Fault(pointer=f"/{key}", message=message)
    return InvalidParams(faults=[fault], where="the draft", hint="give, for example, `{kind: connector, body: {...}}`")
