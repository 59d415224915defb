"""The connection of a connector and those of its environments, on the way into its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jackfield.definition.connection import connection_schema
from jackfield.definition.faults import pointer
from jackfield.definition.model import ConnectorDefinition
from jackfield.registry.connection import check_connection, declared_names, lying_over
from jackfield.registry.environments import Environment, Laid, Said, default_of, from_json, laid_over, to_json
from jackfield.registry.errors import UnknownEnvironment
from jackfield.registry.sealing import ConnectionSealer
from jackfield.registry.sealing_environments import SealedConnection, seal
from jackfield.storage.connectors import ConnectorRow
from jackfield.vault.sealed import SealContext


def columns(connection: SealedConnection) -> dict[str, Any]:
    """What a row has of it."""
    return {
        "config": connection.config,
        "environments": to_json(connection.environments),
        "sealed": connection.sealed,
    }


def of_row(row: ConnectorRow) -> SealedConnection:
    """What a row has."""
    return SealedConnection(config=row.config, environments=from_json(row.environments), sealed=row.sealed)


def new_connection(
    sealer: ConnectionSealer,
    definition: ConnectorDefinition,
    config: Mapping[str, Any],
    environments: Mapping[str, Environment],
    context: SealContext,
) -> SealedConnection:
    """The connection of a new connector.

    Raises:
        InvalidParams: A value does not match its field, or is of none. Required fields may be missing.
    """
    config, environments = fitting(definition, config, environments)
    return seal(sealer, config, environments, connection_schema(definition), context)


def changed_connection(
    sealer: ConnectionSealer,
    definition: ConnectorDefinition | None,
    row: ConnectorRow,
    changes: Mapping[str, Any],
    *,
    before: SealContext,
    context: SealContext,
) -> tuple[SealedConnection, str]:
    """The connection of a row after a change, and its default environment.

    Args:
        definition: `None` where it cannot be used; then no field changes.
        changes: See `registry.bodies.read_changes`.

    Raises:
        InvalidParams: A value does not match its field, or is of none.
        UnknownEnvironment, NameTaken, NamesFallTogether, InvalidDefinition: An environment cannot be.
        Undecryptable: Secrets that stay cannot be read.
    """
    present = of_row(row)
    said: Mapping[str, Said | None] = changes.get("environments") or {}
    laid = laid_over(present.environments, said, connector=row.name)
    given: Mapping[str, Any] = {}
    schema: Mapping[str, Any] = {}
    if definition:
        schema = connection_schema(definition)
        given = declared_names(definition, changes.get("config") or {})
        laid = replace(laid, given={name: declared_names(definition, each) for name, each in laid.given.items()})
        _check_changed(definition, present, given, laid, every="config" in changes)
    changed = present.changed(sealer, given, laid, schema, before=before, context=context)
    return changed, _default(row.environment, changes.get("environment"), laid, connector=row.name)


def fitting(
    definition: ConnectorDefinition, config: Mapping[str, Any], environments: Mapping[str, Environment]
) -> tuple[dict[str, Any], dict[str, Environment]]:
    """A connection and its environments by the names of the fields in the type, if they fit it.

    Raises:
        InvalidParams: A value does not match its field, or is of none. Required fields may be missing.
    """
    config = _set(declared_names(definition, config))
    check_connection(definition, config)
    fit = {
        name: replace(each, config=_set(declared_names(definition, each.config))) for name, each in environments.items()
    }
    for name, each in fit.items():
        _check_environment(definition, config, each.config, name)
    return config, fit


def _check_changed(
    definition: ConnectorDefinition, present: SealedConnection, given: Mapping[str, Any], laid: Laid, *, every: bool
) -> None:
    config = _set({**declared_names(definition, present.config), **given})
    check_connection(definition, config)
    for name, each in laid.environments.items():
        if every or name in laid.given:
            _check_environment(definition, config, _set({**each.config, **laid.given.get(name, {})}), name)


def _check_environment(
    definition: ConnectorDefinition, config: Mapping[str, Any], over: Mapping[str, Any], name: str
) -> None:
    check_connection(definition, lying_over(definition, config, over), place=pointer(("environments", name, "config")))


def _default(present: str, wanted: str | None, laid: Laid, *, connector: str) -> str:
    """The default environment after a change: it keeps to one that got another name."""
    if wanted is not None or not present:
        return default_of(wanted or "", laid.environments, connector=connector)
    if (kept := next((new for new, old in laid.was.items() if old == present), None)) is None:
        # Never another one by itself: calls would go elsewhere without anybody having said so.
        hint = "it is the default: say with `environment` which one is from now on, or null for none"
        raise UnknownEnvironment(connector=connector, environment=present, known=list(laid.environments), hint=hint)
    return kept


def _set(config: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in config.items() if value is not None}
