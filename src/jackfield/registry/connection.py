"""The connection of a connector, with its secrets, when a call needs it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from jackfield.definition.connection import connection_schema
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import pointer
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.names import folded
from jackfield.definition.places import leaves
from jackfield.definition.references import references_in, without_references
from jackfield.definition.secret import MASK
from jackfield.definition.validation import ObjectValidator
from jackfield.registry.catalogue import ConfiguredConnector
from jackfield.registry.sealing import ConnectionSealer, context_of
from jackfield.registry.sealing_environments import SealedConnection


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A connection with its secrets, as plain text; references to named secrets are as they were given.

    Attributes:
        config: The fields.
        environments: Those of each environment, which lie over them.
    """

    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    environments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)


class ConnectionOpener(Protocol):
    """Opens connections. One that cannot be opened says so when it is called, and keeps no other from working."""

    def open(self, connector: ConfiguredConnector) -> Opened:
        """The connection, with those of its environments.

        Raises:
            Undecryptable: The secrets cannot be read. The connection is never opened without them.
        """


class MemoryConnections:
    """Connections of connectors that are in memory only."""

    def open(self, connector: ConfiguredConnector) -> Opened:
        """The fields as they were given."""
        return _as_given(connector)


class StoredConnections:
    """Connections of connectors that are stored, and of others."""

    def __init__(self, sealer: ConnectionSealer) -> None:
        self._sealer = sealer

    def open(self, connector: ConfiguredConnector) -> Opened:
        """The fields, with the secrets decrypted; see `ConnectionOpener.open`."""
        if not connector.type_id:
            return _as_given(connector)
        name, revision = connector.full_name, connector.revision
        context = context_of(tenant=connector.tenant, id=connector.id, revision=revision, name=name)
        sealed = SealedConnection(config=connector.config, environments=connector.environments, sealed=connector.sealed)
        config, environments = sealed.opened(self._sealer, context)
        return Opened(config=config, environments=environments)


def _as_given(connector: ConfiguredConnector) -> Opened:
    environments = {name: each.config for name, each in connector.environments.items()}
    return Opened(config=connector.config, environments=environments)


def declared_names(definition: ConnectorDefinition, given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` with the names of its fields as the type declares them, whatever case style they were written in."""
    names = {folded(f.name): f.name for f in definition.fields}
    exact = {f.name for f in definition.fields}
    return {name if name in exact else names.get(folded(name), name): value for name, value in given.items()}


def lying_over(definition: ConnectorDefinition, config: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The connection with the fields of an environment over its own, by their names in the type."""
    return {**declared_names(definition, config), **declared_names(definition, over)}


def check_connection(
    definition: ConnectorDefinition, config: Mapping[str, Any], *, place: str = "/config"
) -> tuple[str, ...]:
    """The required fields that `config` lacks: it may be completed later.

    Args:
        definition: Of the type.
        config: Fields by their names in the type. References and masks stand for secrets that fit.
        place: As for `read_connection`.

    Raises:
        InvalidParams: A value does not match its field, or is of none.
    """
    masks = {pointer(at) for at, value in leaves(config) if value == MASK}
    return read_connection(definition, config, stand_ins=masks, place=place).missing


@dataclass(frozen=True, kw_only=True)
class ConnectionRead:
    """A connection that fits its type.

    Attributes:
        values: Its fields with defaults filled in, a mask in place of each reference.
        missing: The required fields that it lacks.
        references: Names of stored secrets by the JSON Pointers of where they belong.
    """

    values: Mapping[str, Any]
    missing: tuple[str, ...]
    references: Mapping[str, str]


def read_connection(
    definition: ConnectorDefinition, config: Mapping[str, Any], *, stand_ins: Collection[str] = (), place: str = ""
) -> ConnectionRead:
    """The connection that `config` is; required fields may be missing.

    Args:
        definition: Of the type.
        config: Fields by their names in the type. References stand for secrets that fit.
        stand_ins: JSON Pointers of what else stands for a value that fits.
        place: JSON Pointer of `config` in what was sent; faults are told from there.

    Raises:
        InvalidParams: A value does not match its field, or is of none.
    """
    schema = connection_schema(definition)
    references = references_in(config, schema)
    written = without_references(config, references, stand_in=MASK)
    values, faults = ObjectValidator(schema).prepare(written)
    fitting = {*references, *stand_ins}
    if wrong := [fault for fault in faults if not fault.missing and fault.pointer not in fitting]:
        placed = [replace(fault, pointer=place + fault.pointer) for fault in wrong]
        where = f"connection of `{definition.name}`"
        raise InvalidParams(faults=placed, where=where, hint="correct the connector's `config`")
    missing = tuple(fault.missing for fault in faults if fault.missing)
    return ConnectionRead(values=values, missing=missing, references=references)
