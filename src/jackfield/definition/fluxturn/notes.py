"""What a definition says and is not carried out, and where it says so: nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.faults import pointer
from jackfield.definition.names import folded
from jackfield.definition.operations_reader import Place, dotted

MOST = 100
"""That are told of one definition; of the rest only how many there are."""

SECRET_NAMES = frozenset(
    {
        *("password", "secret", "token", "apikey", "apitoken", "apisecret", "accesstoken", "authtoken", "bearertoken"),
        *("clientsecret", "refreshtoken", "privatekey", "secretkey", "webhooksecret", "signingsecret", "appsecret"),
    }
)
"""What secrets are called, whatever the author says of them; without case style."""


class Notes:
    """What was left out, weakened or assumed, in the order in which it was found."""

    def __init__(self) -> None:
        """None yet."""
        self._found: dict[tuple[Place, str], None] = {}

    def add(self, at: Place, message: str) -> None:
        """Note what was made of the value at a place; the same note again changes nothing."""
        self._found.setdefault((at, message))

    def to_json(self) -> list[dict[str, str]]:
        """Shape: `[{pointer, message}]`; the messages name their places too."""
        told = [{"pointer": pointer(at), "message": f"`{dotted(at)}`: {text}"} for at, text in list(self._found)[:MOST]]
        more = len(self._found) - len(told)
        return [*told, *([{"pointer": "", "message": f"and {more} more notes like these"}] if more else [])]


def without_secrets(value: Any, at: Place, notes: Notes) -> Any:
    """`value` without the texts under keys that are names of secrets: everybody may see a definition."""
    if isinstance(value, list | tuple):
        return [without_secrets(inner, (*at, index), notes) for index, inner in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    kept = {}
    for key, inner in value.items():
        if isinstance(inner, str) and inner and folded(str(key)) in SECRET_NAMES:
            notes.add((*at, str(key)), "it is not kept: a definition is no place for a secret")
        else:
            kept[str(key)] = without_secrets(inner, (*at, str(key)), notes)
    return kept
