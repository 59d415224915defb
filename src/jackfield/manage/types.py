"""Connector types: made, changed in versions, switched off, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.principal import Principal
from jackfield.definition.floh import stored_json, to_json
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.model_said import MODELS
from jackfield.definition.names import folded
from jackfield.errors import JackfieldError
from jackfield.manage import views
from jackfield.manage.denied import recording_denials
from jackfield.manage.type_capabilities import TypeCapabilities, capabilities_of
from jackfield.manage.type_changes import (
    Redefinition,
    add_version,
    laid_over_newest,
    new_version,
    redefined,
    still_counts,
    stored_text,
    written_source,
)
from jackfield.manage.type_documents import TypeDocument, changed_by, edited_by, read_document
from jackfield.manage.type_rows import (
    check_may_change,
    check_may_redefine,
    find_row,
    shown_definition,
    stored_definition,
    stored_row,
    usable_definition,
)
from jackfield.manage.type_views import (
    Origin,
    TypeDetails,
    TypeInfo,
    VersionDetails,
    VersionInfo,
    details_of,
    info_of,
    versions_of,
)
from jackfield.registry.catalogue import MemoryCatalogue
from jackfield.registry.checking import Check
from jackfield.registry.chosen_type import lacking
from jackfield.registry.definitions import read_type
from jackfield.registry.errors import NameTaken, TypeInUse, TypeNotDeletable, UnknownVersion
from jackfield.registry.sent_back import OF_TYPES, check_sent_back, settable
from jackfield.registry.stored_rows import METADATA
from jackfield.registry.versions import Known, Versions, fingerprint
from jackfield.storage import connectors, json_text, types
from jackfield.storage.database import Database
from jackfield.storage.errors import RevisionConflict
from jackfield.storage.ids import new_id
from jackfield.storage.json_text import Written
from jackfield.storage.types import TypeRow, TypeVersion

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A type that was looked up. One that is not stored has no versions."""

    info: TypeInfo
    definition: ConnectorDefinition
    versions: Sequence[TypeVersion]


class Types:
    """Makes, shows and changes connector types. Who made one may change it, and administrators may.

    Types that came with installed packages are everybody's: administrators of the tenant `default` may edit what is
    said about them (names, description, category, tags, icon) and switch them off.
    """

    def __init__(
        self,
        database: Database,
        base: MemoryCatalogue,
        check: Check,
        versions: Versions | None = None,
        *,
        models: Collection[str] | None = None,
    ) -> None:
        """Args:
        database: Where they are.
        base: What this process has.
        check: Refuses a definition that its execution model could not run.
        versions: Shared with whoever else reads definitions.
        models: The execution models that this process has; without it, all.
        """
        self._models = MODELS if models is None else models
        self._database = database
        self._base = base
        self._check = check
        self._versions = versions or Versions()

    async def create(self, principal: Principal, document: Mapping[str, Any]) -> TypeInfo:
        """Make a type of a document with `operations`, `scriptSource`, `endpointUrl` or `spec`.

        It is a template for all connectors of the tenant, unless it says `public: false`.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            InvalidDefinition: The document cannot be read or carried out.
            NameTaken: The tenant, the installation or this process has a type of that name.
        """
        async with self._recording(principal, "create", str(document.get("name", ""))[:120]):
            principal.require("manage")
            given, definition, source = await asyncio.to_thread(_read, document)
            await self._check(definition)
            row = await self._write(lambda c: self._made(c, principal, definition, given, source))
        return info_of(definition, row, installed=self._runs(definition), warnings=list(lacking(definition)))

    async def list(
        self,
        principal: Principal,
        *,
        category: str | None = None,
        tag: str | None = None,
        enabled: bool | None = None,
    ) -> Sequence[TypeInfo]:
        """The types that the tenant sees, by name; those too that cannot be run here.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
        """
        async with self._recording(principal, "list", "all"):
            principal.require("read")
            found = await self._read(lambda connection: self._every(connection, principal))
        return [
            info
            for info in found
            if (category is None or info.category == category)
            and (tag is None or tag in info.tags)
            and (enabled is None or info.enabled is enabled)
        ]

    async def get(self, principal: Principal, wanted: str) -> TypeDetails:
        """A type by id or name, with its definition and versions.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
            UnknownType: There is none.
        """

        async with self._recording(principal, "get", wanted):
            principal.require("read")
            found = await self._read(lambda connection: self._found(connection, principal, wanted))
        return await asyncio.to_thread(details_of, found.info, found.definition, found.versions)

    async def capabilities(self, principal: Principal, wanted: str, *, full: bool = False) -> TypeCapabilities:
        """What a type by id or name can do: its connection fields and commands, deprecated ones among them.

        Raises what `get` raises.

        Args:
            principal: Who asks.
            wanted: Id or name.
            full: Describe the params of an imported document in its own words, however many these are.
        """

        def shown(found: _Found) -> TypeCapabilities:
            from jackfield.definition.openapi.described import in_full

            info, definition = found.info, in_full(found.definition) if full else found.definition
            return capabilities_of(definition, id=info.id, installed=info.installed, enabled=info.enabled)

        async with self._recording(principal, "get", wanted):
            principal.require("read")
            found = await self._read(lambda connection: self._found(connection, principal, wanted))
        return await asyncio.to_thread(shown, found)

    async def versions(self, principal: Principal, wanted: str) -> Sequence[VersionInfo]:
        """The versions of a type by id or name, oldest first. Raises what `get` raises."""

        def work(connection: Connection) -> Sequence[VersionInfo]:
            found = self._found(connection, principal, wanted)
            return versions_of(found.definition, found.versions)

        async with self._recording(principal, "get", wanted):
            principal.require("read")
            return await self._read(work)

    async def version(self, principal: Principal, wanted: str, version: str) -> VersionDetails:
        """One version of a type, with its definition, written out as that of the type is.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
            UnknownType, UnknownVersion: There is none.
        """

        def work(connection: Connection) -> tuple[VersionInfo, Known, Mapping[str, Any] | None]:
            found = self._found(connection, principal, wanted)
            stored = {row.version: row for row in found.versions}
            for info in versions_of(found.definition, found.versions):
                if info.version == version:
                    row = stored.get(version)
                    read = self._versions.get(row.id, tenant=row.tenant) if row else found.definition
                    raw = _raw(connection, row) if row and isinstance(read, JackfieldError) else None
                    return info, read, raw
            raise UnknownVersion(type=found.info.name, version=version[:80], known=list(stored))

        async with self._recording(principal, "get", wanted):
            principal.require("read")
            return await asyncio.to_thread(_version_details, *await self._read(work))

    async def update(
        self, principal: Principal, wanted: str, document: Mapping[str, Any], *, revision: int | None = None
    ) -> TypeInfo:
        """Change a type: what the document leaves out stays as it is, `null` clears.

        The document may say what people see (`displayName, description, category, tags, icon`), what the type does
        (`configSchema`, `operations`, `scriptSource` ...), and whether it is `enabled` and `public`. Its version is
        raised as the change needs; a change that breaks those who use it needs a sufficient `version`, or
        `autoBump: true`. What a type of a package does cannot be changed; the rest can, and stays so when the package
        changes. What is shown and cannot be set (`slug`, `versions` ...) may be sent as it is.

        Args:
            revision: Only if it still has this one.

        Raises:
            ScopeMissing, NotOwner, AdminRequired: The caller may not.
            UnknownType: There is none.
            InvalidDefinition: The document cannot be read or carried out, or changes what a package defines.
            VersionTooLow: The version does not say that something breaks.
            RevisionConflict: It has changed since.
        """

        async def attempt() -> TypeInfo:
            change = await self._redefined(principal, wanted, revision, given)
            return await self._write(lambda connection: work(connection, change))

        def work(connection: Connection, change: Redefinition | None) -> TypeInfo:
            row = before = self._changeable(connection, principal, wanted, revision)
            self._check_sent_back(connection, principal, row, document)
            old, definition = self._changed(connection, principal, row, given, change)
            switched = replace(row, enabled=given.enabled(row.enabled), public=given.public(row.public))
            if row.enabled and not switched.enabled:  # it stops what others have made, as a broken definition does
                check_may_redefine(connection, principal, row)
            if definition is not old:
                changed = replace(switched, seeded=self._seeded(row, definition))
                source = change.source if change else None
                row = add_version(
                    connection,
                    changed,
                    definition,
                    author=principal.id,
                    versions=self._versions,
                    source=source,
                )
            elif switched != row:
                row = types.save(connection, switched)
            if row is not before:
                said = sorted(str(key) for key in document)
                self._note(connection, principal, "update", row, changed=said, version=row.version)
            return replace(self._info(connection, row), warnings=list(lacking(definition)))

        async with self._recording(principal, "update", wanted):
            principal.require("manage")
            given = await asyncio.to_thread(_read_change, document, wanted)
            return await laid_over_newest(attempt)

    def _check_sent_back(
        self, connection: Connection, principal: Principal, row: TypeRow, document: Mapping[str, Any]
    ) -> None:
        """Refuse a document that says something else than is shown of what cannot be set."""

        def shown() -> Mapping[str, Any]:
            found = self._found(connection, principal, row.id)
            details = views.to_json(details_of(found.info, found.definition, found.versions))
            return {**details["type"], **details}

        check_sent_back(document, OF_TYPES, shown, what=f"connector type `{row.name}`")

    async def _redefined(
        self, principal: Principal, wanted: str, revision: int | None, given: TypeDocument
    ) -> Redefinition | None:
        """What a document makes of a type; `None` where it says nothing of its definition, or that is a package's."""

        def look(connection: Connection) -> tuple[TypeRow, ConnectorDefinition] | None:
            row = stored_row(connection, principal, wanted)
            if row is None or row.seeded:
                return None
            self._check_changeable(connection, principal, row, revision)
            return row, stored_definition(connection, self._versions, row)

        found = await self._read(look) if given.definition else None
        if found is None:
            return None
        row, old = found
        return await redefined(row, old, lambda: changed_by(old, given), check=self._check)

    def _changed(
        self,
        connection: Connection,
        principal: Principal,
        row: TypeRow,
        given: TypeDocument,
        change: Redefinition | None,
    ) -> tuple[ConnectorDefinition, ConnectorDefinition]:
        """The definition of a type, and what it becomes; the same object where nothing changes."""
        if row.seeded:
            old = self._shown(connection, row)
            definition = replace(old, **edited_by(old, given))
            return (old, old) if definition == old else (old, definition)
        if not given.definition:  # what is stored of it may be beyond reading
            old = shown_definition(connection, self._versions, row)
            return old, old
        change = still_counts(change, row)
        if change.redefines:
            check_may_redefine(connection, principal, row)
        return change.old, new_version(change, asked=given.version, auto_bump=given.auto_bump)

    async def enable(self, principal: Principal, wanted: str) -> TypeInfo:
        """Let connectors of the type be called again. Raises what `update` raises."""
        return await self.update(principal, wanted, {"enabled": True})

    async def disable(self, principal: Principal, wanted: str) -> TypeInfo:
        """Refuse calls of all connectors of the type. Raises what `update` raises."""
        return await self.update(principal, wanted, {"enabled": False})

    async def delete(self, principal: Principal, wanted: str) -> None:
        """Delete a type that somebody made.

        Raises:
            ScopeMissing, NotOwner, AdminRequired: The caller may not.
            UnknownType: There is none.
            TypeInUse: There are connectors of it.
            TypeNotDeletable: It came with a package.
        """

        def work(connection: Connection) -> None:
            row = self._changeable(connection, principal, wanted, None)
            if row.seeded:
                raise TypeNotDeletable(type=row.name)
            if users := connectors.of_type(connection, tenant=principal.tenant, type_id=row.id):
                raise TypeInUse(type=row.name, connectors=[user.full_name for user in users])
            types.delete(connection, row)
            self._note(connection, principal, "delete", row)

        await self._changing(principal, "delete", wanted, work)

    async def _changing(self, principal: Principal, verb: str, wanted: str, work: Callable[[Connection], T]) -> T:
        async with self._recording(principal, verb, wanted):
            principal.require("manage")
            return await self._write(work)

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await self._versions.within(self._database, self._database.read, work)

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._versions.within(self._database, self._database.write, work)

    def _changeable(self, connection: Connection, principal: Principal, wanted: str, revision: int | None) -> TypeRow:
        row = find_row(connection, self._base, principal, wanted)
        self._check_changeable(connection, principal, row, revision)
        return row

    def _check_changeable(
        self, connection: Connection, principal: Principal, row: TypeRow, revision: int | None
    ) -> None:
        check_may_change(connection, principal, row)
        if revision is not None and row.revision != revision:
            raise RevisionConflict(what=types.WHAT, name=row.name, expected=revision)

    def _made(
        self,
        connection: Connection,
        principal: Principal,
        definition: ConnectorDefinition,
        given: TypeDocument,
        source: Written,
    ) -> TypeRow:
        row = make_type(
            connection,
            self._base,
            self._versions,
            principal,
            definition,
            source=source,
            public=given.public(True),
            enabled=given.enabled(True),
        )
        self._note(connection, principal, "create", row, version=row.version)
        return row

    def _found(self, connection: Connection, principal: Principal, wanted: str) -> _Found:
        """The type that `wanted` names by id or name; looking at one that is not stored stores nothing."""
        row = stored_row(connection, principal, wanted)
        if row is None and (process := self._base.find_type(wanted, tenant=principal.tenant)):
            definition = process.definition
            info = info_of(definition, origin="process", installed=self._runs(definition))
            return _Found(info=info, definition=definition, versions=())
        row = row or find_row(connection, self._base, principal, wanted)
        versions = types.versions(connection, tenant=principal.tenant, type_id=row.id)
        return _Found(info=self._info(connection, row), definition=self._shown(connection, row), versions=versions)

    def _runs(self, definition: ConnectorDefinition) -> bool:
        return definition.execution_model in self._models

    def _every(self, connection: Connection, principal: Principal) -> Sequence[TypeInfo]:
        self._versions.require(types.newest(connection, tenant=principal.tenant).values(), tenant=principal.tenant)
        rows = types.every(connection, tenant=principal.tenant)
        own = {row.name_folded for row in rows if row.tenant == principal.tenant}
        seen = [row for row in rows if row.tenant == principal.tenant or row.name_folded not in own]
        found = [self._info(connection, row) for row in seen]
        stored = {row.name_folded for row in seen}
        process = [kind.definition for kind in self._base.types(principal.tenant)]
        found += [
            info_of(each, origin="process", installed=self._runs(each))
            for each in process
            if folded(each.name) not in stored
        ]
        return sorted(found, key=lambda info: info.name)

    def _info(self, connection: Connection, row: TypeRow) -> TypeInfo:
        usable = usable_definition(connection, self._base, self._versions, row)
        installed = usable is not None and self._runs(usable)
        origin: Origin = "package" if row.seeded else "stored"
        return info_of(self._shown(connection, row), row, installed=installed, origin=origin)

    def _shown(self, connection: Connection, row: TypeRow) -> ConnectorDefinition:
        """What people see of a type: the definition of the package, with what they have edited."""
        stored = shown_definition(connection, self._versions, row)
        installed = self._base.find_type(row.name, tenant=row.tenant) if row.seeded else None
        if installed is None:
            return stored
        return replace(installed.definition, **{name: getattr(stored, name) for name in METADATA})

    def _seeded(self, row: TypeRow, definition: ConnectorDefinition) -> str:
        """By what it is told that a type was edited; one whose edits were all taken back is not."""
        installed = self._base.find_type(row.name, tenant=row.tenant) if row.seeded else None
        return fingerprint(stored_json(definition)) if installed and installed.definition == definition else row.seeded

    def _note(self, connection: Connection, principal: Principal, verb: str, row: TypeRow, **details: Any) -> None:
        details = {"id": row.id, **details}
        append(connection, principal, action=f"type.{verb}", resource="type", resource_id=row.name, details=details)

    def _recording(self, principal: Principal, verb: str, name: str) -> AbstractAsyncContextManager[None]:
        return recording_denials(self._database, principal, action=f"type.{verb}", resource="type", resource_id=name)


def _version_details(info: VersionInfo, read: Known, raw: Mapping[str, Any] | None) -> VersionDetails:
    """One version; of one that cannot be read, what is stored."""
    definition = (raw or {}) if isinstance(read, JackfieldError) else to_json(read)
    return VersionDetails(
        version=info.version, note=info.note, author=info.author, created=info.created, definition=definition
    )


def _raw(connection: Connection, version: TypeVersion) -> Mapping[str, Any]:
    text = types.definition_texts(connection, tenant=version.tenant, ids=[version.id])[version.id]
    value = json_text.read(text)
    return value if isinstance(value, Mapping) else {}


def _read(document: Mapping[str, Any]) -> tuple[TypeDocument, ConnectorDefinition, Written]:
    given = read_document(document)
    definition = read_type(given.definition)
    return given, definition, written_source(definition)


def _read_change(document: Mapping[str, Any], wanted: str) -> TypeDocument:
    return read_document(settable(document, OF_TYPES, what=f"connector type `{wanted[:80]}`"))


def make_type(
    connection: Connection,
    base: MemoryCatalogue,
    versions: Versions,
    principal: Principal,
    definition: ConnectorDefinition,
    *,
    source: Written,
    public: bool = False,
    enabled: bool = True,
) -> TypeRow:
    """Store a new type of the caller's tenant.

    Args:
        versions: Will know it.
        source: Of `definition`; see `type_changes.written_source`.

    Raises:
        NameTaken: The tenant, the installation or this process has a type of that name.
    """
    taken = types.find(connection, tenant=principal.tenant, name=definition.name)
    if taken is not None or base.find_type(definition.name, tenant=principal.tenant) is not None:
        raise NameTaken(what="connector type", name=definition.name)
    row = TypeRow(
        tenant=principal.tenant,
        name=definition.name,
        model=definition.execution_model,
        version=definition.version,
        public=public,
        enabled=enabled,
    )
    version_id = new_id()
    versions.put(version_id, definition)
    text = stored_text(definition, source)
    return types.add(connection, row, text, author=principal.id, version_id=version_id)
