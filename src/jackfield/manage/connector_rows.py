"""Making and changing rows of connectors, inside a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection

from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.faults import pointer
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.model_said import said_model
from jackfield.definition.names import check_name, folded
from jackfield.definition.places import leaves, put
from jackfield.definition.secret import MASK
from jackfield.manage.connector_connection import changed_connection, columns, new_connection
from jackfield.manage.connector_mocks import read_mocks
from jackfield.manage.type_changes import (
    Redefinition,
    add_version,
    auto_bump_in,
    new_version,
    still_counts,
    version_in,
    written_source,
)
from jackfield.manage.type_rows import (
    check_may_redefine,
    find_row,
    row_in_body,
    shown_definition,
    type_fault,
    usable_definition,
)
from jackfield.manage.types import make_type
from jackfield.registry.bodies import Entry, instance_part, type_part
from jackfield.registry.catalogue import ConfiguredConnector, MemoryCatalogue
from jackfield.registry.chosen_type import choose_type, ignored
from jackfield.registry.connection import declared_names
from jackfield.registry.definitions import lacks_source
from jackfield.registry.environments import Environment, Said, from_json
from jackfield.registry.errors import NameTaken, UnknownType
from jackfield.registry.sealing import ConnectionSealer, context_of
from jackfield.registry.versions import Versions
from jackfield.storage import connectors, credentials, oauth_grants, types
from jackfield.storage.connectors import APPROVED, ConnectorRow
from jackfield.storage.ids import new_id
from jackfield.storage.json_text import Written
from jackfield.storage.types import TypeRow

Changes = Mapping[str, Any]
"""By the names of the fields of `ConfiguredConnector`, as `registry.bodies.read_changes` gives them."""

_PLAIN = ("namespace", "name", "display_name", "description", "tags", "enabled")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A row, its type's row, and the definition by which it is filled in; `None` where that cannot be used here.

    Attributes:
        warnings: What was said of its type, and does not count.
    """

    row: ConnectorRow
    type: TypeRow
    definition: ConnectorDefinition | None
    warnings: tuple[str, ...] = ()


class Rows:
    """Makes and changes rows of connectors. Judges no rights, but those to change a type along with its connector."""

    def __init__(self, base: MemoryCatalogue, sealer: ConnectionSealer, versions: Versions) -> None:
        self._base = base
        self._versions = versions
        self._sealer = sealer

    def make(self, connection: Connection, principal: Principal, entry: Entry, source: Written | None) -> Made:
        """A new connector, with its type if the entry brings one.

        Args:
            source: Of that type; see `type_changes.written_source`.

        Raises:
            InvalidName, NameTaken, AlreadyExists: Its name cannot be, or is taken.
            InvalidParams: Its type is not there, or its connection or mocks are wrong. Required fields may be missing.
        """
        given = entry.connector
        self._check_free(connection, principal, given.namespace, given.name)
        kind, definition, warnings = self._kind(connection, principal, entry, source)
        own_id = new_id()
        context = context_of(tenant=principal.tenant, id=own_id, revision=1, name=given.full_name)
        sealed = new_connection(self._sealer, definition, given.config, given.environments, context)
        row = ConnectorRow(
            id=own_id,
            tenant=principal.tenant,
            namespace=given.namespace,
            name=given.name,
            type_id=kind.id,
            type_version=definition.version,
            display_name=given.display_name,
            description=given.description,
            tags=given.tags,
            enabled=given.enabled,
            **columns(sealed),
            environment=given.environment,
            options=_options({APPROVED: principal.admin}, _said(given), definition),
            owner=principal.id,
        )
        return Made(row=connectors.add(connection, row), type=kind, definition=definition, warnings=warnings)

    def known(self, connection: Connection, row: ConnectorRow) -> Made:
        """A row with its type."""
        kind = types.get(connection, tenant=row.tenant, id=row.type_id)
        assert kind is not None  # noqa: S101 - a foreign key
        return Made(row=row, type=kind, definition=usable_definition(connection, self._base, self._versions, kind))

    def change(
        self, connection: Connection, row: ConnectorRow, changes: Changes, kind: Made, *, approved: bool
    ) -> ConnectorRow:
        """The row as it is after a change.

        Args:
            approved: Whether an administrator stands for where its requests go from now on.

        Raises:
            InvalidName, NameTaken, AlreadyExists: Its new name cannot be, or is taken.
            InvalidParams: Its connection or mocks are wrong, or its type cannot be used here to tell.
            UnknownEnvironment, NamesFallTogether, InvalidDefinition: An environment cannot be.
            Undecryptable: Its secrets that stay cannot be read.
            RevisionConflict: Somebody else saved or deleted it since it was read.
        """
        definition = kind.definition
        if definition is None and {"config", "environments", "mocks"} & changes.keys():
            raise type_fault(_not_installed(kind.type.name))
        refilled = bool({"config", "environments"} & changes.keys())
        plain = {name: changes[name] for name in _PLAIN if name in changes}
        renamed = replace(row, **plain)
        if (renamed.namespace_folded, renamed.name_folded) != (row.namespace_folded, row.name_folded):
            self._check_free_row(connection, renamed)
        sealed, environment = changed_connection(
            self._sealer,
            definition,
            row,
            changes,
            before=context_of(tenant=row.tenant, id=row.id, revision=row.revision, name=row.full_name),
            context=context_of(tenant=row.tenant, id=row.id, revision=row.revision + 1, name=renamed.full_name),
        )
        changed = replace(
            renamed,
            **columns(sealed),
            environment=environment,
            options=_options({**row.options, APPROVED: approved}, changes, definition),
            type_version=definition.version if definition and refilled else row.type_version,
        )
        return connectors.save(connection, changed)

    def change_type(
        self,
        connection: Connection,
        principal: Principal,
        made: Made,
        raw: Mapping[str, Any],
        change: Redefinition | None,
    ) -> Made:
        """The connector with the type that `raw` describes: a new version of the one that it has.

        While no other connector uses the type, nobody else can be broken, and its version is raised as needed. What
        is said of a type of a package or class does not count.

        Args:
            change: What `raw` makes of the type, if it says anything of one that is no package's or class's.

        Raises:
            Moved: The type has changed since `change` was read.
            NotOwner, AdminRequired: The caller may not change the type.
            InvalidDefinition: The type cannot be changed.
            VersionTooLow: Others use it, and the version does not say that something breaks.
        """
        said = type_part(raw)
        if made.type.seeded:
            return replace(made, warnings=_said_of_class(made, said))
        if not said:
            return made
        change = still_counts(change, made.type)
        if not change.changed:
            return replace(made, warnings=ignored(instance_part(said), change.old, model=None))
        return self.redefine(connection, principal, made, change, asked=version_in(raw), auto_bump=auto_bump_in(raw))

    def redefine(
        self,
        connection: Connection,
        principal: Principal,
        made: Made,
        change: Redefinition,
        *,
        asked: str | None,
        auto_bump: bool,
    ) -> Made:
        """The connector with a new version of its type.

        Args:
            asked: The version that the caller gives, if any.
            auto_bump: Raise it as far as the change needs; it is while no other connector is of the type.

        Raises:
            Moved: The type has changed since `change` was read.
            NotOwner, AdminRequired: The caller may not change the type.
            VersionTooLow: Others use it, and the version does not say that something breaks.
        """
        change = still_counts(change, made.type)
        check_may_redefine(connection, principal, made.type)
        users = connectors.of_type(connection, tenant=principal.tenant, type_id=made.type.id)
        alone = [user.id for user in users] == [made.row.id]
        new = new_version(change, asked=asked, auto_bump=alone or auto_bump)
        row = add_version(
            connection, made.type, new, author=principal.id, versions=self._versions, source=change.source
        )
        return replace(made, type=row, definition=new)

    def delete(self, connection: Connection, row: ConnectorRow) -> None:
        """Delete a connector; its secrets, credentials and tokens for good.

        Raises:
            RevisionConflict: Somebody else saved or deleted it since it was read.
        """
        credentials.remove_of(connection, tenant=row.tenant, connector_id=row.id)
        oauth_grants.remove_of_connector(connection, tenant=row.tenant, connector_id=row.id)
        config, environments = _without_masks(row.config), _without_masks(row.environments)
        bare = replace(row, config=config, environments=environments, sealed=None)
        connectors.delete(connection, connectors.save(connection, bare))

    def _kind(
        self, connection: Connection, principal: Principal, entry: Entry, source: Written | None
    ) -> tuple[TypeRow, ConnectorDefinition, tuple[str, ...]]:
        chosen = choose_type(entry, lambda name: self._known(connection, principal, name))
        if chosen.new is not None:
            source = source or written_source(chosen.new)
            row = make_type(
                connection, self._base, self._versions, principal, chosen.new, source=source, public=entry.public
            )
            return row, chosen.new, chosen.warnings
        if entry.needs_source and self._known(connection, principal, chosen.name) is None:
            raise lacks_source(f"connector `{entry.connector.name}`", entry.model)
        row = row_in_body(connection, self._base, principal, chosen.name)
        usable = usable_definition(connection, self._base, self._versions, row)
        if usable is None:
            raise type_fault(_not_installed(row.name))
        return row, usable, chosen.warnings

    def _known(self, connection: Connection, principal: Principal, name: str) -> ConnectorDefinition | None:
        try:
            row = find_row(connection, self._base, principal, name)
        except UnknownType:
            return None
        return usable_definition(connection, self._base, self._versions, row) or shown_definition(
            connection, self._versions, row
        )

    def _check_free(self, connection: Connection, principal: Principal, namespace: str, name: str) -> None:
        check_name(namespace, what="namespace")
        check_name(name, what="connector")
        full = (folded(namespace), folded(name))
        for present in self._base.connectors(principal.tenant):
            if (folded(present.namespace), folded(present.name)) == full:
                raise NameTaken(what="connector", name=present.full_name)
        if found := connectors.find(connection, tenant=principal.tenant, namespace=namespace, name=name):
            raise NameTaken(what="connector", name=found.full_name)

    def _check_free_row(self, connection: Connection, row: ConnectorRow) -> None:
        self._check_free(connection, Principal(user="", tenant=row.tenant), row.namespace, row.name)


def _without_masks(shown: Mapping[str, Any]) -> Any:
    return put(shown, {pointer(place): None for place, value in leaves(shown) if value == MASK})


def _said_of_class(made: Made, said: Mapping[str, Any]) -> tuple[str, ...]:
    """Warnings of what a change says of a type of a package or class.

    Raises:
        InvalidDefinition: It says what only a definition can.
    """
    instance = instance_part(said)
    known = {folded(key) for key in instance}
    if unknown := [key for key, value in said.items() if folded(key) not in known and value is not None]:
        raise InvalidDefinition(
            f"connector `{made.row.full_name}` is of the type `{made.type.name}`, of a package or class",
            hint=f"leave `{unknown[0]}` out, or make a connector with a type of its own",
        )
    return ignored(instance, made.definition, model=said_model(said).model) if made.definition else ()


def is_still_approved(principal: Principal, before: Made, after: Made, changes: Mapping[str, Any]) -> bool:
    """Whether an administrator still stands for where its requests go."""
    untouched = after.type is before.type and _is_there(changes, before)
    return bool(before.row.options.get(APPROVED)) and (principal.admin or untouched)


def _is_there(changes: Changes, made: Made) -> bool:
    """Whether the connection has all that already, as it is shown: people send back what they were answered."""
    now, environments = made.row, from_json(made.row.environments)
    said: Mapping[str, Said | None] = changes.get("environments") or {}
    return (
        _are_there(changes.get("config") or {}, now.config, made.definition)
        and changes.get("environment", now.environment) == now.environment
        and all(_is_as_said(each, environments.get(name), made.definition) for name, each in said.items())
    )


def _is_as_said(said: Said | None, now: Environment | None, definition: ConnectorDefinition | None) -> bool:
    return (
        said is not None
        and now is not None
        and said.name is None
        and said.credential in (None, now.credential)
        and _are_there(said.config or {}, now.config, definition)
    )


def _are_there(given: Mapping[str, Any], now: Mapping[str, Any], definition: ConnectorDefinition | None) -> bool:
    given = declared_names(definition, given) if definition else given
    return all(name in now and orjson.dumps(value) == orjson.dumps(now[name]) for name, value in given.items())


def _not_installed(name: str) -> str:
    return f"the package or class of the type `{name}` is not installed here"


def _said(given: ConfiguredConnector) -> dict[str, Any]:
    return {
        "timeout_s": given.timeout_s,
        "egress": given.egress,
        "mocks": given.mocks,
        "log_level": given.log_level,
    }


def _options(before: Mapping[str, Any], changes: Changes, definition: ConnectorDefinition | None) -> dict[str, Any]:
    """What is stored of timeout (in milliseconds), egress, mocks and log level; nothing of what is not set."""
    options = dict(before)
    if "timeout_s" in changes:
        seconds = changes["timeout_s"]
        options["timeout"] = None if seconds is None else round(seconds * 1000)
    if "egress" in changes:
        options["egress"] = dict(changes["egress"])
    if "log_level" in changes:
        options["logLevel"] = changes["log_level"]
    if "mocks" in changes and definition is not None:
        options["mocks"] = read_mocks(changes["mocks"], definition)
    return {name: value for name, value in options.items() if value}
