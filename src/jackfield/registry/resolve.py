"""From what a caller wrote to the connector and command that are meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from jackfield.definition.model import CommandDefinition, ConnectorDefinition
from jackfield.definition.names import folded
from jackfield.registry.catalogue import DEFAULT_NAMESPACE, Catalogue, ConfiguredConnector, ConnectorType
from jackfield.registry.errors import AmbiguousConnector, CommandMissing, TypeDisabled, UnknownCommand, UnknownConnector


class Named(Protocol):
    """A connector, as far as its names go."""

    @property
    def id(self) -> str:
        """Unique over all tenants."""

    @property
    def namespace(self) -> str:
        """Where its name is unique."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def full_name(self) -> str:
        """`namespace/name`."""


C = TypeVar("C", bound=Named)


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a call means.

    Attributes:
        connector: `None` when the type is called directly, with nothing configured.
    """

    type: ConnectorType
    connector: ConfiguredConnector | None

    @property
    def name(self) -> str:
        """`namespace/name` of the connector, else the name of the type."""
        return self.connector.full_name if self.connector else self.type.definition.name

    @property
    def chosen_by(self) -> str | None:
        """Who decides where its requests go, and so where secrets go; see `ConfiguredConnector.chosen_by`."""
        return self.connector.chosen_by if self.connector else self.type.chosen_by


def resolve(catalogue: Catalogue, wanted: str, *, tenant: str, configured_only: bool = True) -> Target:
    """The connector that `wanted` names: by id, `namespace/name`, name or slug, in this order.

    A bare name means the one in the namespace `default` where there is one. Without a fitting connector a
    type of that name is called directly, if its commands need neither credential nor connection.

    Args:
        catalogue: What exists.
        wanted: As the caller wrote it.
        tenant: The caller's.
        configured_only: Insist on a connector where the type needs one. Mocks do not.

    Raises:
        UnknownConnector: Nothing fits.
        AmbiguousConnector: Several connectors fit.
        TypeDisabled: Its type is switched off.
    """
    connectors = catalogue.connectors(tenant)
    if found := find_connector(connectors, wanted):
        if (kind := catalogue.type_of(found)) is None:
            raise UnknownConnector(connector=wanted, known=[], note=f"its type `{found.type}` is no longer installed")
        if not kind.enabled:
            raise TypeDisabled(type=kind.definition.name, connector=found.full_name)
        return Target(type=kind, connector=found)
    direct = catalogue.find_type(wanted, tenant=tenant)
    if direct and not direct.enabled:
        raise TypeDisabled(type=direct.definition.name)
    if direct and (direct.definition.callable_without_connector or not configured_only):
        return Target(type=direct, connector=None)
    raise _unknown(catalogue.types(tenant), connectors, wanted, direct)


def command_of(target: Target, wanted: str | None) -> CommandDefinition:
    """The command that `wanted` names, exactly or in another case style; the default one for `None`.

    Raises:
        UnknownCommand: There is none of that name.
        CommandMissing: No command was named, and there is no default.
    """
    definition = target.type.definition
    name = wanted or definition.default_command
    if name is None:
        raise CommandMissing(connector=target.name, known=list(definition.commands))
    if (command := definition.find_command(name)) is None:
        raise UnknownCommand(connector=target.name, command=name, known=list(definition.commands))
    return command


def find_connector(connectors: Sequence[C], wanted: str) -> C | None:
    """The one that `wanted` names: by id, `namespace/name`, name or slug, in this order.

    Raises:
        AmbiguousConnector: Several fit.
    """
    if by_id := next((c for c in connectors if c.id == wanted), None):
        return by_id
    namespace, slash, name = wanted.rpartition("/")
    here = [c for c in connectors if not slash or folded(c.namespace) == folded(namespace)]
    exact = [c for c in here if c.name == name]
    matches = exact or [c for c in here if folded(c.name) == folded(name)]
    if len(matches) > 1:
        matches = [c for c in matches if c.namespace == DEFAULT_NAMESPACE] or matches
    if len(matches) > 1:
        raise AmbiguousConnector(connector=wanted, matches=[c.full_name for c in matches])
    return matches[0] if matches else None


def _unknown(
    types: Sequence[ConnectorType],
    connectors: Sequence[ConfiguredConnector],
    wanted: str,
    direct: ConnectorType | None,
) -> UnknownConnector:
    free = [t.definition.name for t in types if t.enabled and t.definition.callable_without_connector]
    note = _needs_connector(direct.definition) if direct else ""
    return UnknownConnector(connector=wanted, known=[*(c.full_name for c in connectors), *free], note=note)


def _needs_connector(definition: ConnectorDefinition) -> str:
    needed = [f"`{f.name}`" for f in definition.fields if f.required and f.default is ... and not f.shown_when]
    because = f"needs {', '.join(needed)}" if needed else "needs a credential"
    return f"`{definition.name}` is a connector type that {because}: configure a connector of it"
