"""What Floh's map of commands says of an operation that is described elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.floh import command_json
from jackfield.definition.model import CommandDefinition
from jackfield.definition.names import folded

_SAID: Mapping[str, tuple[str, ...]] = {
    "parameters": ("params", "paramSchema"),
    "outputs": ("outputs",),
    "outputSchema": ("outputSchema", "outputs"),
    "deprecated": ("deprecated",),
    **{
        key: (key,)
        for key in (
            *("displayName", "description", "strictOutputs", "readsOnly", "destructive", "idempotent"),
            *("deprecatedMessage", "addedInVersion", "tags", "tool", "aiDescription", "verified"),
        )
    },
}
"""The keys of an operation, and those of a command that say the same."""


def described(operation: Mapping[str, Any], said: Mapping[str, Any], command: CommandDefinition) -> dict[str, Any]:
    """`operation` with what its command says, where the operation itself says nothing.

    Args:
        operation: As it was written.
        said: Its command, as it was written.
        command: The same, read.
    """
    own, there = {folded(str(key)) for key in operation}, {folded(str(key)) for key in said}
    written = command_json(command) | {"parameters": dict(command.params)}
    more = {
        key: written[key]
        for key, spellings in _SAID.items()
        if folded(key) not in own and any(folded(spelling) in there for spelling in spellings) and key in written
    }
    return {**more, **operation}
