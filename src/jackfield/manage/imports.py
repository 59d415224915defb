"""OpenAPI documents: looked at without keeping anything, and imported into connectors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.names import find
from jackfield.manage.errors import NothingKept
from jackfield.manage.import_bodies import Wanted, read_wanted
from jackfield.registry.errors import ConnectorNotStored

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from jackfield.definition.model import ConnectorDefinition
    from jackfield.definition.openapi.diff import Diff
    from jackfield.definition.openapi.reader import Read
    from jackfield.manage.connector_views import ConnectorInfo
    from jackfield.manage.connectors import Connectors
    from jackfield.manage.import_views import Imported, Parsed
    from jackfield.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A document that was fetched.

    Attributes:
        location: The address that answered, after redirects, without query.
    """

    content: bytes
    location: str


Fetch = Callable[[str], Awaitable[Fetched]]
"""Fetches a document from its address, as far as connectors may reach it."""


class Imports:
    """Reads OpenAPI documents, and imports them into connectors.

    A document is an object, JSON or YAML text (`spec`), or at an address (`specUrl`). It is read item by item: a flaw
    in one costs no other anything, and is told as a warning.
    """

    def __init__(self, fetch: Fetch, *, database: Database | None = None, connectors: Connectors | None = None) -> None:
        """Args:
        fetch: Of documents at an address.
        database: Where connectors are kept, if anywhere.
        connectors: Those that are kept.
        """
        self._fetch = fetch
        self._database = database
        self._connectors = connectors

    async def parse(self, principal: Principal, body: Mapping[str, Any]) -> Parsed:
        """What a document offers. Nothing is kept; `draft` can be sent to make a connector of it.

        Args:
            principal: Who asks.
            body: `{spec | specUrl, name?, select?, files?, at?, exportScript?}`. `select`, also called `operations`,
                names the operations that are wanted, by the names of their commands or their `operationId`s. With
                `exportScript`, `draft` is a connector of JavaScript, which is `script` too.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            InvalidDefinition: There is no document, it is no OpenAPI document, or has no such operation.
            UrlRefused: Its address is none that may be reached.
            JackfieldError: It could not be fetched.
        """
        from jackfield.manage.import_views import exported_of, parsed_of

        principal.require("manage")
        wanted = read_wanted(body)
        # Reading a large document takes its time, and the event loop does not wait for it.
        found = await self._read(wanted, wanted.select)
        return await asyncio.to_thread(exported_of if wanted.export_script else parsed_of, found)

    async def import_into(
        self, principal: Principal, wanted: str, body: Mapping[str, Any], *, revision: int | None = None
    ) -> Imported:
        """Import a document into a connector whose type was made of one, and tell what is different.

        Commands of the same name are replaced, others are added. With `merge`, which is the default, `select` adds to
        what was selected before. What the document no longer has is removed, and so is, without `merge`, what is not
        selected. With `apply: false` nothing is changed.

        Args:
            principal: Who asks.
            wanted: Id, `namespace/name` or name of the connector.
            body: `{spec | specUrl, select?, merge?, apply?, autoBump?, version?, files?, at?}`.
            revision: Only if the connector still has this one.

        Raises:
            ScopeMissing, NotOwner, AdminRequired: The caller may not.
            UnknownConnector, AmbiguousConnector, ConnectorNotStored: There is none that can be changed.
            InvalidDefinition: As in `parse`; or the connector was not made of an OpenAPI document.
            VersionTooLow: Others use the type, something breaks, and neither `autoBump` nor `version` is given.
            JackfieldError: As in `parse`.
        """
        from jackfield.definition.openapi.diff import diff

        principal.require("manage")
        asked = read_wanted(body, into=True)
        if self._connectors is None or self._database is None:
            raise NothingKept(what="connectors")
        info = await self._connectors.get(principal, wanted)
        kept = await self._database.read(lambda connection: _kept(connection, principal, info))
        before = await asyncio.to_thread(_read_again, kept.definition)
        after = await self._merged(asked, before)
        changes = await asyncio.to_thread(lambda: diff(before, after.make_all()))
        version = kept.definition.version
        if asked.apply and (changes.bump is not None or after.source != before.source):
            change = _change(asked, after, changes, kept)
            await self._connectors.update(principal, info.id, change, revision=revision)
            now = await self._database.read(lambda connection: _kept(connection, principal, info))
            version = now.definition.version
        return _imported(info, asked, after, changes, version)

    async def _merged(self, asked: Wanted, before: Read) -> Read:
        """The document as it was asked for, with what was selected before as far as it still has it."""
        if not asked.merge or (asked.select is None and before.selected is None):
            return await self._read(asked, asked.select, name=before.name)
        whole = await self._read(asked, None, name=before.name)
        stay = [found for name in before.commands if (found := find(name, whole.commands)) is not None]
        chosen = await asyncio.to_thread(_selected, whole, [*stay, *(asked.select or ())])
        return whole if before.selected is None and len(chosen.commands) == len(whole.commands) else chosen

    async def _read(self, wanted: Wanted, select: tuple[str, ...] | None, *, name: str | None = None) -> Read:
        from jackfield.definition.openapi.reader import read_openapi

        source: Any = wanted.spec
        location = wanted.location
        if source is None:
            fetched = await self._fetch(wanted.url)
            source, location = fetched.content, fetched.location
        return await asyncio.to_thread(
            lambda: read_openapi(
                source,
                name=name or wanted.name,
                select=select,
                bundle=wanted.files or None,
                at=wanted.at,
                location=location,
            )
        )


def _selected(read: Read, names: list[str]) -> Read:
    from jackfield.definition.openapi.reader import SELECT, read_again

    return read_again({**read.source, SELECT: names}, name=read.name)


def _read_again(definition: ConnectorDefinition) -> Read:
    from jackfield.definition.openapi.reader import read_again

    return read_again(definition.source, name=definition.name).make_all()


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A type as it is stored.

    Attributes:
        alone: No other connector is of it, so that nobody else can be broken.
    """

    definition: ConnectorDefinition
    alone: bool


def _kept(connection: Connection, principal: Principal, info: ConnectorInfo) -> _Kept:
    from jackfield.manage.type_rows import stored_definition
    from jackfield.storage import connectors, types

    row = connectors.get(connection, tenant=principal.tenant, id=info.id)
    kind = types.get(connection, tenant=principal.tenant, id=row.type_id) if row else None
    if row is None or kind is None:
        raise ConnectorNotStored(connector=info.full_name)
    if kind.model != "openapi":
        raise _not_of_a_document(info.full_name, kind.model)
    users = connectors.of_type(connection, tenant=principal.tenant, type_id=kind.id)
    return _Kept(definition=stored_definition(connection, kind), alone=[user.id for user in users] == [row.id])


def _change(asked: Wanted, after: Read, changes: Diff, kept: _Kept) -> dict[str, Any]:
    """What an update of the connector says of its type."""
    from jackfield.definition.sources import DOCUMENT_KEYS
    from jackfield.definition.versions import next_version

    version = asked.version
    if version is None and changes.bump is not None and (asked.auto_bump or kept.alone or changes.bump != "major"):
        version = next_version(kept.definition.version, changes.bump)
    source = {key: after.source.get(key) for key in DOCUMENT_KEYS}  # `None` clears
    return {"source": source, "autoBump": asked.auto_bump} | ({"version": version} if version else {})


def _imported(info: ConnectorInfo, asked: Wanted, after: Read, changes: Diff, version: str) -> Imported:
    from jackfield.manage.import_views import Imported, warnings_of

    told = {what: len(changes.named(what)) for what in ("added", "changed", "removed")}
    return Imported(
        connector=info.full_name,
        type=info.type,
        applied=asked.apply,
        version=version,
        added=told["added"],
        changed=told["changed"],
        removed=told["removed"],
        kept=len(after.commands) - told["added"] - told["changed"],
        needed_bump=changes.bump,
        breaking=changes.breaking,
        diff=changes.to_json(),
        warnings=warnings_of(after),
    )


def _not_of_a_document(connector: str, model: str) -> InvalidDefinition:
    return InvalidDefinition(
        f"connector `{connector}` is of the execution model `{model}`, and was made of no OpenAPI document",
        hint="make a connector of the document: `POST /api/connectors/parse-openapi`, and send the draft",
    )
