"""Connectors: made, shown, changed, switched off, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection

from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.names import folded
from jackfield.errors import JackfieldError
from jackfield.manage.connector_credentials import with_credentials
from jackfield.manage.connector_finding import Finder, note
from jackfield.manage.connector_mocks import check_mock_script
from jackfield.manage.connector_new import OPEN_EGRESS, Fill, check_new, fill_nothing
from jackfield.manage.connector_new import said as said_in
from jackfield.manage.connector_rows import Made, Rows, is_still_approved
from jackfield.manage.connector_views import ConnectorInfo, info_of, row_info, test_result, with_schema
from jackfield.manage.denied import recording_denials, require_admin
from jackfield.manage.type_changes import Redefinition, laid_over_newest, redefined, written_source
from jackfield.manage.type_rows import stored_definition
from jackfield.manage.views import to_json
from jackfield.registry.bodies import Entry, changes_in, native, read_entry, type_part
from jackfield.registry.catalogue import ConfiguredConnector, MemoryCatalogue
from jackfield.registry.checking import Check
from jackfield.registry.definitions import changed_type
from jackfield.registry.sealing import ConnectionSealer
from jackfield.registry.sent_back import OF_CONNECTORS, check_sent_back, settable
from jackfield.registry.versions import Versions
from jackfield.storage import connectors, types
from jackfield.storage.clock import now_us
from jackfield.storage.connectors import ConnectorRow
from jackfield.storage.database import Database
from jackfield.storage.json_text import Written
from jackfield.storage.types import TypeRow
from jackfield.vault.errors import Undecryptable

T = TypeVar("T")


class Connectors:
    """Makes, shows and changes connectors.

    Everybody in the tenant sees them, without their secrets. Who made one may change it, and administrators may.
    """

    def __init__(
        self,
        database: Database,
        base: MemoryCatalogue,
        sealer: ConnectionSealer,
        check: Check,
        versions: Versions | None = None,
        *,
        fill: Fill = fill_nothing,
    ) -> None:
        """Args:
        database: Where they are.
        base: What this process has: its connectors are shown too.
        sealer: Of their secrets.
        check: Refuses a definition that its execution model could not run.
        versions: Shared with whoever else reads definitions.
        fill: Of bodies that name a draft.
        """
        self._fill = fill
        self._database = database
        self._base = base
        self._check = check
        self._versions = versions or Versions()
        self._finder = Finder(base)
        self._rows = Rows(base, sealer, self._versions)

    async def create(self, principal: Principal, body: Mapping[str, Any]) -> ConnectorInfo:
        """Make a connector of a type that there is, or with a definition in its body one of a type of its own.

        A definition has `operations`, `scriptSource`, `endpointUrl` or `spec`. Required connection fields may be
        missing: it cannot be called until an update fills them in.

        Args:
            body: As in a file, see `registry.bodies.read_entry`. With `draft`, the id of a draft of the caller's, its
                secrets come into the places of their markers; and without anything else, it is the draft's.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            AdminRequired: It has `egress`, and the caller is no administrator.
            InvalidDefinition, InvalidName, InvalidParams: Something in it is wrong; its type is not there.
            NameTaken, AlreadyExists: Its name is taken, or that of its type by one that does something else.
        """

        def work(connection: Connection, entry: Entry, source: Written | None) -> Made:
            made = self._rows.make(connection, principal, entry, source)
            note(connection, principal, "create", made.row, type=made.type.name)
            return made

        async with self._recording(principal, "create", str(body.get("name", ""))[:120]):
            principal.require("manage")
            body = await self._fill(principal, body)
            check_new(principal, body)
            # Reading a large document takes its time: neither the event loop nor other writers wait for it.
            entry, source = await asyncio.to_thread(_read_new, body, principal.tenant)
            if entry.type is not None:
                await self._check(entry.type.definition)
            await check_mock_script(entry.connector.mocks, self._check)
            made = await self._write(lambda connection: work(connection, entry, source))
        return await asyncio.to_thread(_info, made)

    async def list(
        self,
        principal: Principal,
        *,
        namespace: str | None = None,
        type: str | None = None,
        category: str | None = None,
        tag: str | None = None,
        enabled: bool | None = None,
        deleted: bool = False,
    ) -> Sequence[ConnectorInfo]:
        """The connectors of the tenant, by full name; those of files and of the program among them.

        Args:
            namespace, type: In any case style.
            category: Of their types.
            tag: One that they have.
            enabled: Whether they can be called.
            deleted: Also those that were deleted.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
        """

        def fits(info: ConnectorInfo) -> bool:
            return (
                (namespace is None or folded(info.namespace) == folded(namespace))
                and (type is None or folded(info.type) == folded(type))
                and (category is None or info.category == category)
                and (tag is None or tag in info.tags)
                and (enabled is None or info.enabled is enabled)
            )

        async with self._recording(principal, "list", "all"):
            principal.require("read")
            found = await self._read(lambda connection: self._every(connection, principal, deleted))
        return sorted(filter(fits, found), key=lambda info: info.full_name)

    async def get(self, principal: Principal, wanted: str) -> ConnectorInfo:
        """A connector by id, `namespace/name` or name.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
            UnknownConnector, AmbiguousConnector: None fits, or several do.
        """

        def work(connection: Connection) -> tuple[ConnectorInfo, ConnectorDefinition | None]:
            found = self._finder.find(connection, principal, wanted)
            if isinstance(found, ConnectorRow):
                made = self._rows.known(connection, found)
                told = (_shown(made), made.definition)
            else:
                told = self._process_info(found)
            return with_credentials(connection, principal, [told])[0], told[1]

        async with self._recording(principal, "get", wanted):
            principal.require("read")
            info, definition = await self._read(work)
        return await asyncio.to_thread(with_schema, info, definition)

    async def update(
        self, principal: Principal, wanted: str, body: Mapping[str, Any], *, revision: int | None = None
    ) -> ConnectorInfo:
        """Change a connector: what the body leaves out stays as it is.

        Inside `config` likewise: a field that is left out, or a secret that is sent as the mask, stays; `null` clears.
        What it says of its type (`operations`, `scriptSource`, `configSchema` ...) becomes a new version of that. What
        is shown and cannot be set (`slug`, `owner`, `created` ...) may be sent as it is.

        Args:
            body: The keys of `create` that change, and for the type `version` and `autoBump`.
            revision: Only if it still has this one.

        Raises:
            ScopeMissing, NotOwner, AdminRequired: The caller may not.
            UnknownConnector, AmbiguousConnector, ConnectorNotStored: There is none that can be changed.
            InvalidDefinition, InvalidName, InvalidParams, NameTaken: Something in it is wrong.
            VersionTooLow: Others use its type, and would break.
            RevisionConflict: It has changed since.
            Undecryptable: Secrets that are to stay cannot be read; sent anew, they need not be.
        """

        async def attempt() -> Made:
            change = await self._redefined(principal, wanted, revision, said)
            return await self._write(lambda connection: work(connection, change))

        def work(connection: Connection, change: Redefinition | None) -> Made:
            before = self._rows.known(connection, self._finder.changeable(connection, principal, wanted, revision))
            what = f"connector `{before.row.name}`"
            check_sent_back(body, OF_CONNECTORS, lambda: to_json(_shown(before)), what=what)
            changes = changes_in(said, name=before.row.name)
            _check_type(before, changes)
            if "egress" in changes and changes["egress"] != (before.row.options.get("egress") or {}):
                require_admin(principal, "manage", to=OPEN_EGRESS)
            made = self._rows.change_type(connection, principal, before, said, change)
            approved = is_still_approved(principal, before, made, changes)
            made = replace(made, warnings=(*made.warnings, *_reach(made, body)))
            row = self._rows.change(connection, made.row, changes, made, approved=approved)
            details = {"changed": sorted(changes), "revision": row.revision}
            details |= {"type": made.type.name, "version": made.type.version} if made.type is not before.type else {}
            note(connection, principal, "update", row, **details)
            return replace(made, row=row)

        async with self._recording(principal, "update", wanted):
            principal.require("manage")
            said = await asyncio.to_thread(_read_change, body, wanted)
            await check_mock_script(said_in(said, "mocks"), self._check)
            made = await laid_over_newest(attempt)
        return await asyncio.to_thread(_info, made)

    async def _redefined(
        self, principal: Principal, wanted: str, revision: int | None, said: Mapping[str, Any]
    ) -> Redefinition | None:
        """What `said` makes of the connector's type; `None` where it says nothing of it, or that is a package's."""
        part = type_part(said)

        def look(connection: Connection) -> tuple[TypeRow, ConnectorDefinition] | None:
            row = self._finder.changeable(connection, principal, wanted, revision)
            kind = types.get(connection, tenant=row.tenant, id=row.type_id)
            return None if kind is None or kind.seeded else (kind, stored_definition(connection, self._versions, kind))

        found = await self._read(look) if part else None
        if found is None:
            return None
        kind, old = found
        return await redefined(kind, old, lambda: changed_type(old, part), check=self._check)

    async def approve(self, principal: Principal, wanted: str, *, revision: int | None = None) -> ConnectorInfo:
        """Stand for where its requests go: it may use the secrets of everybody who calls it, and shared ones.

        That ends when somebody who is no administrator changes its connection or its type.

        Args:
            revision: Only if it still has this one, so that nobody changes it between the look at it and the approval.

        Raises:
            ScopeMissing, AdminRequired: The caller may not.
            UnknownConnector, AmbiguousConnector, ConnectorNotStored: There is none that can be approved.
            RevisionConflict: It has changed since.
        """

        def work(connection: Connection) -> Made:
            require_admin(principal, "manage", to="approve a connector")
            made = self._rows.known(connection, self._finder.changeable(connection, principal, wanted, revision))
            row = self._rows.change(connection, made.row, {}, made, approved=True)
            note(connection, principal, "approve", row, revision=row.revision)
            return replace(made, row=row)

        made = await self._changing(principal, "approve", wanted, work)
        return await asyncio.to_thread(_info, made)

    async def enable(self, principal: Principal, wanted: str) -> ConnectorInfo:
        """Let it be called again. Raises what `update` raises."""
        return await self.update(principal, wanted, {"enabled": True})

    async def disable(self, principal: Principal, wanted: str) -> ConnectorInfo:
        """Refuse its calls. That works also when its secrets cannot be read. Raises what `update` raises."""
        try:
            return await self.update(principal, wanted, {"enabled": False})
        except Undecryptable:
            made = await self._changing(principal, "update", wanted, lambda c: self._switched_off(c, principal, wanted))
            return await asyncio.to_thread(_info, made)

    async def set_mocks(self, principal: Principal, wanted: str, mocks: Mapping[str, Any]) -> ConnectorInfo:
        """Replace its stored mocks.

        Shape: `{"enabled": bool, "scenario": name, "data": {command: {scenario: outcome}}, "script": source}`.

        Raises what `update` raises.
        """
        return await self.update(principal, wanted, {"mocks": dict(mocks)})

    async def record_test(self, principal: Principal, wanted: str, result: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep how the test of its connection went. That is no change of the connector: its revision stays.

        Args:
            result: `{success, latencyMs, code?, error?}`, without secrets; nothing else of it is kept.

        Returns:
            What is kept: the same, with `testedAt`.

        Raises:
            ScopeMissing: The caller's token lacks `execute`.
            UnknownConnector, AmbiguousConnector, ConnectorNotStored: There is none that can be changed.
        """
        tested = now_us()
        kept = test_result(result, tested=tested)

        def work(connection: Connection) -> None:
            row = self._finder.stored(connection, principal, wanted)
            connectors.record_test(connection, tenant=principal.tenant, id=row.id, result=kept, tested=tested)
            note(connection, principal, "test", row, success=kept["success"])

        async with self._recording(principal, "test", wanted):
            principal.require("execute")
            await self._write(work)
        return kept

    async def delete(self, principal: Principal, wanted: str) -> None:
        """Delete it: its name is free, and its secrets are gone for good. Executions still name it.

        Raises:
            ScopeMissing, NotOwner: The caller may not.
            UnknownConnector, AmbiguousConnector, ConnectorNotStored: There is none that can be deleted.
        """

        def work(connection: Connection) -> None:
            row = self._finder.changeable(connection, principal, wanted, None)
            self._rows.delete(connection, row)
            note(connection, principal, "delete", row)

        await self._changing(principal, "delete", wanted, work)

    async def _changing(self, principal: Principal, verb: str, wanted: str, work: Callable[[Connection], T]) -> T:
        async with self._recording(principal, verb, wanted):
            principal.require("manage")
            return await self._write(work)

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await self._versions.within(self._database, self._database.read, work)

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._versions.within(self._database, self._database.write, work)

    def _switched_off(self, connection: Connection, principal: Principal, wanted: str) -> Made:
        row = self._finder.changeable(connection, principal, wanted, None)
        connectors.switch_off(connection, tenant=row.tenant, id=row.id)
        note(connection, principal, "update", row, changed=["enabled"], undecryptable=True)
        changed = connectors.get(connection, tenant=row.tenant, id=row.id)
        return self._rows.known(connection, changed or row)

    def _every(self, connection: Connection, principal: Principal, deleted: bool) -> Sequence[ConnectorInfo]:
        rows = connectors.every(connection, tenant=principal.tenant, deleted=deleted)
        self._versions.require(types.newest(connection, tenant=principal.tenant).values(), tenant=principal.tenant)
        kinds: dict[str, Made] = {}
        found: list[tuple[ConnectorInfo, ConnectorDefinition | None]] = []
        for row in rows:
            kind = kinds.get(row.type_id) or kinds.setdefault(row.type_id, self._rows.known(connection, row))
            try:
                found.append((row_info(row, kind.type.name, kind.definition), kind.definition))
            except JackfieldError:  # the catalogue reports it
                continue
        stored = {(row.namespace_folded, row.name_folded) for row in rows if row.deleted is None}
        process = self._base.connectors(principal.tenant)
        hidden = [c for c in process if (folded(c.namespace), folded(c.name)) in stored]
        found += [self._process_info(connector) for connector in process if connector not in hidden]
        return with_credentials(connection, principal, found)

    def _process_info(self, connector: ConfiguredConnector) -> tuple[ConnectorInfo, ConnectorDefinition | None]:
        kind = self._base.type_of(connector)
        definition = kind.definition if kind else None
        return info_of(connector, definition), definition

    def _recording(self, principal: Principal, verb: str, name: str) -> AbstractAsyncContextManager[None]:
        action = f"connector.{verb}"
        return recording_denials(self._database, principal, action=action, resource="connector", resource_id=name)


def _info(made: Made) -> ConnectorInfo:
    """All that is shown. It has every command with its schema, which takes a while for those of a large document."""
    return with_schema(_shown(made), made.definition)


def _shown(made: Made) -> ConnectorInfo:
    return row_info(made.row, made.type.name, made.definition, warnings=made.warnings)


def _read_new(body: Mapping[str, Any], tenant: str) -> tuple[Entry, Written | None]:
    entry = read_entry(body, place="the request", tenant=tenant)
    return entry, written_source(entry.type.definition) if entry.type else None


def _read_change(body: Mapping[str, Any], wanted: str) -> dict[str, Any]:
    return native(settable(body, OF_CONNECTORS, what=f"connector `{wanted[:120]}`"))


def _check_type(made: Made, changes: Mapping[str, Any]) -> None:
    wanted = changes.get("type")
    if wanted and folded(wanted) not in {folded(made.type.name), folded(made.type.id)}:
        raise InvalidDefinition(
            f"connector `{made.row.full_name}` is of the type `{made.type.name}`, and cannot become a `{wanted}`",
            hint="make another connector of that type",
        )


def _reach(made: Made, body: Mapping[str, Any]) -> tuple[str, ...]:
    """A warning where a connector says that its type is a template, or none, and that is otherwise."""
    wanted = said_in(body, "public")
    if wanted is None or wanted is made.type.public:
        return ()
    return (f"`public` is ignored: whether the type `{made.type.name}` is a template is said at the type",)
