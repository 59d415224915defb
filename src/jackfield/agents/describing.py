"""Commands as they are now, for whoever makes tools of them elsewhere: only what is asked for, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from jackfield.agents.present import present
from jackfield.definition.model import CommandDefinition, ConnectorDefinition
from jackfield.dispatch.errors import ConnectorDisabled
from jackfield.errors import JackfieldError
from jackfield.registry.catalogue import Catalogue
from jackfield.registry.errors import UnknownCommand
from jackfield.registry.resolve import resolve


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """What is to be described.

    Attributes:
        connector: As in a call; `None` for every connector that the caller sees.
        command: In any case style; `None` for all that may be offered to models.
    """

    connector: str | None = None
    command: str | None = None


@dataclass(frozen=True, kw_only=True)
class Described:
    """A connector with the commands that were wanted.

    Attributes:
        connector: `namespace/name`, or the name of a type that is called without a connector.
        definition: Has those commands, and may have others. Name, version and execution model are its type's; nothing
            else of it counts.
    """

    connector: str
    definition: ConnectorDefinition


Answered: TypeAlias = Sequence[Described] | JackfieldError
"""What was wanted, or why it is not there."""


def describe(catalogue: Catalogue, wanted: Lookup, *, tenant: str) -> Answered:
    """What `catalogue` has of it. Nothing is raised: what cannot be described keeps nothing else from being there.

    Args:
        catalogue: What exists, refreshed.
        wanted: One thing.
        tenant: Whose.
    """
    try:
        return list(_described(catalogue, wanted, tenant))
    except JackfieldError as error:
        return error


def cut(described: Described, command: str | None) -> Described:
    """The same with no more than its wanted commands, to be sent elsewhere."""
    definition = described.definition
    found = definition.find_command(command) if command is not None else None
    kept: Mapping[str, CommandDefinition] = {name: one for name, one in definition.commands.items() if one.tool}
    return Described(
        connector=described.connector,
        definition=ConnectorDefinition(
            name=definition.name,
            version=definition.version,
            execution_model=definition.execution_model,
            commands=kept if found is None else {found.name: found},
        ),
    )


def _described(catalogue: Catalogue, wanted: Lookup, tenant: str) -> Sequence[Described]:
    if wanted.connector is None:
        found = present(catalogue, tenant)
        return [Described(connector=name, definition=definition) for name, definition in found]
    target = resolve(catalogue, wanted.connector, tenant=tenant)
    if target.connector is not None and not target.connector.enabled:
        raise ConnectorDisabled(connector=target.name)
    definition = target.type.definition
    if wanted.command is not None:
        command = definition.find_command(wanted.command)
        if command is None or not command.tool:
            known = [one.name for one in definition.commands.values() if one.tool]
            raise UnknownCommand(connector=target.name, command=wanted.command, known=known)
    return [Described(connector=target.name, definition=definition)]
