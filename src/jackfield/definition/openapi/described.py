"""Types that say which document they are, and what they say beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jackfield.definition.model import CommandDefinition, ConnectionField, ConnectorDefinition
from jackfield.definition.names import folded
from jackfield.definition.openapi.commands import Commands
from jackfield.definition.openapi.reader import Read


def joined_fields(own: tuple[ConnectionField, ...], read: Read) -> tuple[ConnectionField, ...]:
    """The fields of a document, each replaced by the type's own of its name; the type's others come last."""
    by_name = {folded(f.name): f for f in own}
    known = {folded(f.name) for f in read.fields}
    replaced = tuple(replace(by_name.get(folded(f.name), f), name=f.name) for f in read.fields)
    return (*replaced, *(f for f in own if folded(f.name) not in known))


def in_full(definition: ConnectorDefinition) -> ConnectorDefinition:
    """`definition`; of a document, with the params of its commands in the document's own words, uncut."""
    commands = definition.commands
    return replace(definition, commands=commands.in_full()) if isinstance(commands, Commands) else definition


def are_derived(commands: Mapping[str, CommandDefinition]) -> bool:
    """Whether commands come from a document, and so need not be kept beside it."""
    return isinstance(commands, Commands)
