"""Types that say only which document they are: what the document says counts wherever they say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jackfield.definition.model import CommandDefinition, ConnectionField, ConnectorDefinition
from jackfield.definition.names import folded
from jackfield.definition.openapi.commands import Commands
from jackfield.definition.openapi.reader import Read, read_again


def completed(definition: ConnectorDefinition) -> ConnectorDefinition:
    """`definition` with the commands of its document, if it has none of its own. They are made when asked for.

    Raises:
        OpenApiInvalid, InvalidDefinition: Its document cannot be read.
    """
    if definition.execution_model != "openapi" or definition.commands or not definition.source.get("spec"):
        return definition
    read = read_again(definition.source, name=definition.name)
    return replace(definition, commands=read.commands, fields=joined_fields(definition.fields, read))


def joined_fields(own: tuple[ConnectionField, ...], read: Read) -> tuple[ConnectionField, ...]:
    """The fields of a document, each replaced by the type's own of its name; the type's others come last."""
    by_name = {folded(f.name): f for f in own}
    known = {folded(f.name) for f in read.fields}
    replaced = tuple(replace(by_name.get(folded(f.name), f), name=f.name) for f in read.fields)
    return (*replaced, *(f for f in own if folded(f.name) not in known))


def are_derived(commands: Mapping[str, CommandDefinition]) -> bool:
    """Whether commands come from a document, and so need not be kept beside it."""
    return isinstance(commands, Commands)
