"""Connector types: made, changed in versions, switched off, deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.floh import to_json
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.names import folded
from jackfield.manage.denied import recording_denials
from jackfield.manage.type_changes import add_version, auto_bump_in, new_version, version_in
from jackfield.manage.type_rows import (
    check_may_change,
    check_may_redefine,
    find_row,
    shown_definition,
    stored_definition,
    usable_definition,
)
from jackfield.manage.type_views import Origin, TypeDetails, TypeInfo, details_of, info_of
from jackfield.registry.catalogue import MemoryCatalogue
from jackfield.registry.definitions import changed_type, read_type
from jackfield.registry.errors import NameTaken, TypeInUse, TypeNotDeletable
from jackfield.registry.stored_rows import METADATA, fingerprint
from jackfield.storage import connectors, types
from jackfield.storage.database import Database
from jackfield.storage.errors import RevisionConflict
from jackfield.storage.types import TypeRow

T = TypeVar("T")

Check = Callable[[ConnectorDefinition], None]

_EDITS = {folded(name): name for name in (*METADATA, "version", "enabled", "public")}
_KINDS: dict[str, tuple[type, ...]] = {"tags": (list, tuple), "enabled": (bool,), "public": (bool,)}


class Types:
    """Makes, shows and changes connector types. Who made one may change it, and administrators may.

    Types that came with installed packages are everybody's: administrators of the tenant `default` may edit what is
    said about them (names, description, category, tags, icon) and switch them off.
    """

    def __init__(self, database: Database, base: MemoryCatalogue, check: Check) -> None:
        """Args:
        database: Where they are.
        base: What this process has.
        check: Refuses a definition that its execution model could not run.
        """
        self._database = database
        self._base = base
        self._check = check

    async def create(self, principal: Principal, document: Mapping[str, Any]) -> TypeInfo:
        """Make a type of a declarative document, for all connectors of the tenant.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            InvalidDefinition: The document cannot be read or carried out.
            NameTaken: The tenant, the installation or this process has a type of that name.
        """
        async with self._recording(principal, "create", str(document.get("name", ""))):
            principal.require("manage")
            definition = read_type(document)
            self._check(definition)
            row = await self._database.write(lambda connection: self._made(connection, principal, definition))
        return info_of(definition, row)

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
            found = await self._database.read(lambda connection: self._every(connection, principal))
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

        def work(connection: Connection) -> TypeDetails:
            row = types.get(connection, tenant=principal.tenant, id=wanted)
            row = row if row and row.deleted is None else types.find(connection, tenant=principal.tenant, name=wanted)
            if row is None and (process := self._base.find_type(wanted, tenant=principal.tenant)):
                return details_of(info_of(process.definition, origin="process"), process.definition, ())
            row = row or find_row(connection, self._base, principal, wanted)
            definition = self._shown(connection, row)
            versions = types.versions(connection, tenant=principal.tenant, type_id=row.id)
            return details_of(self._info(connection, row), definition, versions)

        async with self._recording(principal, "get", wanted):
            principal.require("read")
            return await self._database.read(work)

    async def update(
        self, principal: Principal, wanted: str, document: Mapping[str, Any], *, revision: int | None = None
    ) -> TypeInfo:
        """Change the definition of a declarative type: what the document leaves out stays as it is.

        The version is raised as the change needs. A change that breaks those who use it needs a sufficient
        `version` in the document, or `autoBump: true`.

        Args:
            revision: Only if it still has this one.

        Raises:
            ScopeMissing, NotOwner, AdminRequired: The caller may not.
            UnknownType: There is none.
            InvalidDefinition: The document cannot be read or carried out, or the type is not declarative.
            VersionTooLow: The version does not say that something breaks.
            RevisionConflict: It has changed since.
        """
        auto_bump = auto_bump_in(document)
        document = {key: value for key, value in document.items() if folded(str(key)) != "autobump"}

        def work(connection: Connection) -> TypeInfo:
            row = self._changeable(connection, principal, wanted, revision)
            if row.seeded:
                raise _not_declarative(row)
            check_may_redefine(connection, principal, row)
            old = stored_definition(connection, row)
            changed = changed_type(old, document)
            self._check(changed)
            definition = new_version(old, changed, asked=version_in(document), auto_bump=auto_bump)
            if definition is not old:
                row = add_version(connection, row, definition, author=principal.id)
                self._note(connection, principal, "update", row, version=row.version)
            return info_of(definition, row)

        return await self._changing(principal, "update", wanted, work)

    async def edit(
        self, principal: Principal, wanted: str, changes: Mapping[str, Any], *, revision: int | None = None
    ) -> TypeInfo:
        """Change what is said about a type: `displayName, description, category, tags, icon, version, enabled, public`.

        Edits of a type that came with a package stay when the package changes.

        Raises:
            ScopeMissing, NotOwner, AdminRequired: The caller may not.
            UnknownType: There is none.
            InvalidDefinition: Something else is to be changed, or a value is wrong.
            VersionTooLow: `version` is not above the one that there is.
            RevisionConflict: It has changed since.
        """
        edits = _read_edits(changes)

        def work(connection: Connection) -> TypeInfo:
            row = self._changeable(connection, principal, wanted, revision)
            old = self._shown(connection, row)
            said = {name: value for name, value in edits.items() if name in METADATA}
            definition = replace(old, **said)
            if row.seeded and edits.get("version") not in {None, old.version}:
                raise _not_declarative(row)
            if not row.seeded:
                definition = new_version(old, definition, asked=edits.get("version"))
            flags = {name: edits[name] for name in ("enabled", "public") if name in edits}
            before = row
            if definition != old:
                changed = replace(row, **flags, seeded=self._seeded(row, definition))
                row = add_version(connection, changed, definition, author=principal.id)
            elif any(getattr(row, name) != value for name, value in flags.items()):
                row = types.save(connection, replace(row, **flags))
            if row is not before:
                self._note(connection, principal, "update", row, changed=sorted(edits))
            return self._info(connection, row)

        return await self._changing(principal, "update", wanted, work)

    async def enable(self, principal: Principal, wanted: str) -> TypeInfo:
        """Let connectors of the type be called again. Raises what `edit` raises."""
        return await self.edit(principal, wanted, {"enabled": True})

    async def disable(self, principal: Principal, wanted: str) -> TypeInfo:
        """Refuse calls of all connectors of the type. Raises what `edit` raises."""
        return await self.edit(principal, wanted, {"enabled": False})

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
            return await self._database.write(work)

    def _changeable(self, connection: Connection, principal: Principal, wanted: str, revision: int | None) -> TypeRow:
        row = find_row(connection, self._base, principal, wanted)
        check_may_change(connection, principal, row)
        if revision is not None and row.revision != revision:
            raise RevisionConflict(what=types.WHAT, name=row.name, expected=revision)
        return row

    def _made(self, connection: Connection, principal: Principal, definition: ConnectorDefinition) -> TypeRow:
        row = make_type(connection, self._base, principal, definition, public=True)
        self._note(connection, principal, "create", row, version=row.version)
        return row

    def _every(self, connection: Connection, principal: Principal) -> Sequence[TypeInfo]:
        rows = types.every(connection, tenant=principal.tenant)
        own = {row.name_folded for row in rows if row.tenant == principal.tenant}
        seen = [row for row in rows if row.tenant == principal.tenant or row.name_folded not in own]
        found = [self._info(connection, row) for row in seen]
        stored = {row.name_folded for row in seen}
        process = [kind.definition for kind in self._base.types(principal.tenant)]
        found += [info_of(each, origin="process") for each in process if folded(each.name) not in stored]
        return sorted(found, key=lambda info: info.name)

    def _info(self, connection: Connection, row: TypeRow) -> TypeInfo:
        installed = usable_definition(connection, self._base, row) is not None
        origin: Origin = "package" if row.seeded else "stored"
        return info_of(self._shown(connection, row), row, installed=installed, origin=origin)

    def _shown(self, connection: Connection, row: TypeRow) -> ConnectorDefinition:
        """What people see of a type: the definition of the package, with what they have edited."""
        stored = shown_definition(connection, row)
        installed = self._base.find_type(row.name, tenant=row.tenant) if row.seeded else None
        if installed is None:
            return stored
        return replace(installed.definition, **{name: getattr(stored, name) for name in METADATA})

    def _seeded(self, row: TypeRow, definition: ConnectorDefinition) -> str:
        """By what it is told that a type was edited; one whose edits were all taken back is not."""
        installed = self._base.find_type(row.name, tenant=row.tenant) if row.seeded else None
        return fingerprint(to_json(definition)) if installed and installed.definition == definition else row.seeded

    def _note(self, connection: Connection, principal: Principal, verb: str, row: TypeRow, **details: Any) -> None:
        details = {"id": row.id, **details}
        append(connection, principal, action=f"type.{verb}", resource="type", resource_id=row.name, details=details)

    def _recording(self, principal: Principal, verb: str, name: str) -> AbstractAsyncContextManager[None]:
        return recording_denials(self._database, principal, action=f"type.{verb}", resource="type", resource_id=name)


def make_type(
    connection: Connection,
    base: MemoryCatalogue,
    principal: Principal,
    definition: ConnectorDefinition,
    *,
    public: bool = False,
) -> TypeRow:
    """Store a new type of the caller's tenant.

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
    )
    from jackfield.definition.floh import to_json

    return types.add(connection, row, to_json(definition), author=principal.id)


def _read_edits(changes: Mapping[str, Any]) -> dict[str, Any]:
    edits: dict[str, Any] = {}
    for key, value in changes.items():
        name = _EDITS.get(folded(str(key)))
        if name is None:
            known = "displayName, description, category, tags, icon, version, enabled, public"
            raise InvalidDefinition(f"`{key}` of a connector type cannot be edited", hint=f"one can edit {known}")
        kinds = _KINDS.get(name, (str,))
        texts = all(isinstance(tag, str) for tag in value) if isinstance(value, list | tuple) else True
        if not isinstance(value, kinds) or not texts:
            wanted = "a list of texts" if name == "tags" else "true or false" if kinds == (bool,) else "text"
            raise InvalidDefinition(f"`{key}` of a connector type is `{str(value)[:80]}`", hint=f"give {wanted}")
        edits[name] = tuple(value) if isinstance(value, list | tuple) else value
    return edits


def _not_declarative(row: TypeRow) -> InvalidDefinition:
    return InvalidDefinition(
        f"the definition of connector type `{row.name}` comes from its package or class",
        hint="change it there; what can be edited here is its description, category, tags, icon and whether it is "
        "enabled",
    )
