"""OpenAPI documents: looked at without keeping anything, and imported into connectors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidDefinition
from jackfield.manage.errors import NothingKept
from jackfield.manage.import_bodies import Wanted, read_wanted

if TYPE_CHECKING:
    from jackfield.definition.versions import Bump
    from jackfield.manage.import_views import Imported, Parsed
    from jackfield.manage.merging import Merge, Merged, Source
    from jackfield.manage.types_behind import Behind, TypesBehind


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

    def __init__(self, fetch: Fetch, *, types: TypesBehind | None = None) -> None:
        """Args:
        fetch: Of documents at an address.
        types: Of connectors, where any are kept.
        """
        self._fetch = fetch
        self._types = types

    async def parse(self, principal: Principal, body: Mapping[str, Any]) -> Parsed:
        """What a document offers. Nothing is kept; `draft` can be sent to make a connector of it.

        Args:
            principal: Who asks.
            body: `{spec | specUrl, name?, select?, files?, at?, exportScript?, draft?}`. `select`, also called
                `operations`, names the operations that are wanted, by the names of their commands or their
                `operationId`s. With `exportScript`, `draft` is a connector of JavaScript, which is `script` too.
                `draft: false` leaves it out: it holds the whole document.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            InvalidDefinition: There is no document, it is no OpenAPI document, or has no such operation.
            UrlRefused: Its address is none that may be reached.
            JackfieldError: It could not be fetched.
        """
        from jackfield.manage.import_views import exported_of, parsed_of
        from jackfield.manage.merging import read_source

        principal.require("manage")
        wanted = read_wanted(body)
        # Reading a large document takes its time, and the event loop does not wait for it.
        source = await self._source(wanted)
        shown = exported_of if wanted.export_script else parsed_of
        parsed = await asyncio.to_thread(lambda: shown(read_source(source, wanted, name=wanted.name)))
        return parsed if wanted.draft else replace(parsed, draft={})

    async def import_into(
        self, principal: Principal, wanted: str, body: Mapping[str, Any], *, revision: int | None = None
    ) -> Imported:
        """Import a document into a connector, and tell what is different. With `apply: false` nothing is changed.

        Commands of the same name are replaced, others are added. Of a connector that was made of a document, what the
        document no longer has is removed; with `merge`, which is the default, `select` adds to what was selected
        before. Into a connector with operations of its own the document's become such; with `merge` all others stay
        as they were written, and without it they are removed. What cannot be sent so is left out and told.

        Args:
            principal: Who asks.
            wanted: Id, `namespace/name` or name of the connector.
            body: `{spec | specUrl, select?, merge?, apply?, autoBump?, version?, files?, at?}`.
            revision: Only if the connector still has this one.

        Raises:
            ScopeMissing, NotOwner, AdminRequired: The caller may not.
            UnknownConnector, AmbiguousConnector, ConnectorNotStored: There is none that can be changed.
            InvalidDefinition: As in `parse`; or the connector is of an execution model that takes none.
            VersionTooLow: Others use the type, something breaks, and neither `autoBump` nor `version` is given.
            JackfieldError: As in `parse`.
        """
        principal.require("manage")
        asked = read_wanted(body, into=True)
        if self._types is None:
            raise NothingKept(what="connectors")
        from jackfield.manage.type_changes import laid_over_newest

        types = self._types
        await types.get(principal, wanted)  # nothing is fetched for one that is not there
        source = await self._source(asked)
        return await laid_over_newest(lambda: _import(types, principal, wanted, source, asked, revision))

    async def _source(self, wanted: Wanted) -> Source:
        from jackfield.manage.merging import Source

        if wanted.spec is not None:
            return Source(spec=wanted.spec, location=wanted.location)
        fetched = await self._fetch(wanted.url)
        return Source(spec=fetched.content, location=fetched.location)


async def _import(
    types: TypesBehind, principal: Principal, wanted: str, source: Source, asked: Wanted, revision: int | None
) -> Imported:
    """One attempt. What others have changed meanwhile is told by `Moved`."""
    behind = await types.get(principal, wanted)
    merge = _merge_of(behind)
    merged = await asyncio.to_thread(merge, behind.definition, source, asked)
    version = behind.definition.version
    if asked.apply and merged.definition is not behind.definition:
        version = await types.redefine(
            principal,
            behind,
            lambda: merged.definition,
            version=_version(asked, behind, merged.changes.bump),
            auto_bump=asked.auto_bump,
            revision=revision,
        )
    return _imported(behind, asked, merged, version)


def _merge_of(behind: Behind) -> Merge:
    """How a document gets into the type."""
    from jackfield.manage.merging import merge_document
    from jackfield.manage.merging_operations import merge_operations

    merges: dict[str, Merge] = {"openapi": merge_document, "http": merge_operations}
    merge = merges.get(behind.definition.execution_model)
    if merge is None or behind.type.seeded:
        raise _takes_no_document(behind)
    return merge


def _version(asked: Wanted, behind: Behind, bump: Bump | None) -> str | None:
    """The one that the type is to have, where it is given or follows."""
    from jackfield.definition.versions import next_version

    if asked.version is not None or bump is None:
        return asked.version
    may = asked.auto_bump or behind.alone or bump != "major"
    return next_version(behind.definition.version, bump) if may else None


def _imported(behind: Behind, asked: Wanted, merged: Merged, version: str) -> Imported:
    from jackfield.manage.import_views import Imported

    changes = merged.changes
    told = {what: len(changes.named(what)) for what in ("added", "changed", "removed")}
    return Imported(
        connector=behind.row.full_name,
        type=behind.type.name,
        applied=asked.apply,
        version=version,
        added=told["added"],
        changed=told["changed"],
        removed=told["removed"],
        kept=merged.kept,
        needed_bump=changes.bump,
        breaking=changes.breaking,
        diff=changes.to_json(),
        warnings=merged.warnings,
    )


def _takes_no_document(behind: Behind) -> InvalidDefinition:
    model = behind.definition.execution_model
    return InvalidDefinition(
        f"connector `{behind.row.full_name}` is of the execution model `{model}`, and takes no OpenAPI document",
        hint="make a connector of the document: `POST /api/connectors/parse-openapi`, and send the draft",
    )
