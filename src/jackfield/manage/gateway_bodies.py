"""Bodies of new and of changed gateways, read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

import orjson

from jackfield.agents.choice_reading import choice_json, read_choice
from jackfield.agents.showing import CHARACTERS
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.names import check_name, find
from jackfield.definition.plain import plain
from jackfield.manage.gateway_views import Mode

FEWEST_CHARACTERS, MOST_CHARACTERS = 500, 1_000_000
MAX_TITLE, MAX_DESCRIPTION, MAX_INSTRUCTIONS = 200, 2_000, 20_000
MAX_CHOICE_BYTES = 256 * 1024

SHOWN_ONLY = ("id", "owner", "endpoint", "created", "updated")
"""Shown, and set by nobody; may be sent back as it is."""

USUAL: Mapping[str, Any] = {
    "title": "",
    "description": "",
    "instructions": "",
    "choice": {"readsOnly": False},
    "mode": "auto",
    "output_schemas": False,
    "characters": CHARACTERS,
    "enabled": True,
}


def read_gateway(body: Mapping[str, Any], *, what: str) -> dict[str, Any]:
    """What `body` says of a gateway, by the names of its columns; `null` says nothing.

    Args:
        body: `{name, title, description, instructions, choice, mode, outputSchemas, characters, enabled}`.
        what: It is, for errors.

    Raises:
        InvalidParams: Something in it is wrong. All faults at once.
        InvalidName, InvalidChoice: The name is none; the choice cannot be read.
    """
    said: dict[str, Any] = {}
    faults: list[Fault] = []
    for key, value in body.items():
        name = find(str(key), _READ)
        if name in SHOWN_ONLY:
            continue
        if name is None:
            known = ", ".join(f"`{one}`" for one in _READ if one not in SHOWN_ONLY)
            faults.append(Fault(pointer=f"/{str(key)[:100]}", message=f"is not known; there are {known}"))
        else:
            try:
                said[_COLUMN.get(name, name)] = _READ[name](value)
            except ValueError as error:
                faults.append(Fault(pointer=f"/{name}", message=str(error)))
    if faults:
        hint = "give, for example, `{name: desk, choice: {connectors: [{connector: acme-prod}]}}`"
        raise InvalidParams(faults=faults, where=what, hint=hint)
    return said


def _name(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return check_name(value, what="gateway")


def _line(limit: int, *, lines: bool) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > limit or not _is_sound(value, lines=lines):
            raise ValueError(f"must be text of at most {limit} characters")
        return value

    return read


def _is_sound(text: str, *, lines: bool) -> bool:
    plain = text.replace("\n", "").replace("\r", "").replace("\t", "") if lines else text
    return plain.isprintable()


def _choice(value: Any) -> Mapping[str, Any]:
    """As it is kept: whatever spelling it was written in."""
    if value is None:  # all is chosen by saying nothing, not by a value that got lost
        raise ValueError("must be a choice, or be left out for everything")
    written = choice_json(read_choice(plain(value, ("choice",))))
    if len(orjson.dumps(written)) > MAX_CHOICE_BYTES:
        raise ValueError(f"has more than {MAX_CHOICE_BYTES} bytes")
    return written


def _mode(value: Any) -> str:
    if value not in get_args(Mode):
        raise ValueError(f"must be one of {', '.join(f'`{mode}`' for mode in get_args(Mode))}")
    return str(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _characters(value: Any) -> int:
    if type(value) is not int or not FEWEST_CHARACTERS <= value <= MOST_CHARACTERS:
        raise ValueError(f"must be a whole number from {FEWEST_CHARACTERS} to {MOST_CHARACTERS}")
    return value


_READ: Mapping[str, Callable[[Any], Any]] = {
    "name": _name,
    "title": _line(MAX_TITLE, lines=False),
    "description": _line(MAX_DESCRIPTION, lines=True),
    "instructions": _line(MAX_INSTRUCTIONS, lines=True),
    "choice": _choice,
    "mode": _mode,
    "outputSchemas": _flag,
    "characters": _characters,
    "enabled": _flag,
    **{name: lambda value: value for name in SHOWN_ONLY},
}
_COLUMN = {"outputSchemas": "output_schemas"}
