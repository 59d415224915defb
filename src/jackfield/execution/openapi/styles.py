"""What a value becomes in one of OpenAPI's styles: names and texts, before any encoding.

A null is as if it was not given; so are an array and an object with nothing in them. Values inside of values, for
which only `deepObject` has a form, are written as JSON.

Source: OpenAPI 3.1.1, section 4.8.12.4 (style examples), and RFC 6570, sections 2.3 and 3.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.definition.openapi.plan import Style
from jackfield.definition.secret import Secret
from jackfield.egress.bodies import encode_json
from jackfield.errors import WrongUse
from jackfield.execution.errors import ParamUnplaceable
from jackfield.execution.values import as_text

_DELIMITERS: Mapping[Style, str] = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|", "deepObject": ","}

# Every float from here on is a whole number anyway, and readers of JavaScript write it with an exponent.
_WRITTEN_OUT = 1e15


@dataclass(frozen=True, slots=True)
class Pair:
    """A name and its value.

    Attributes:
        texts: Parts of the value; each is encoded for itself, so that no part looks like two.
        delimiter: Stands between them.
    """

    name: str
    texts: tuple[str, ...]
    delimiter: str = ","

    @property
    def text(self) -> str:
        """The value, not encoded."""
        return self.delimiter.join(self.texts)


def pairs(name: str, value: Any, *, style: Style, explode: bool, param: str, place: str) -> list[Pair]:
    """The pairs of a query, a form or a cookie.

    Raises:
        ParamUnplaceable: The value is no JSON, or not valid Unicode.
    """
    name = as_text(name, param=param, place=place)
    if style == "deepObject" and isinstance(value, list | tuple | Mapping):
        said = {"param": param, "place": place}
        return [Pair(as_text(at, **said), (text_of(leaf, **said),)) for at, leaf in _leaves(name, value)]
    delimiter = _DELIMITERS.get(style, ",")
    if isinstance(value, Mapping):
        found = members(value, param=param, place=place)
        if explode:
            return [Pair(key, (text,)) for key, text in found]
        return [Pair(name, tuple(text for member in found for text in member), delimiter)] if found else []
    texts = items(value, param=param, place=place)
    if explode or not isinstance(value, list | tuple):
        return [Pair(name, (text,)) for text in texts]
    return [Pair(name, tuple(texts), delimiter)] if texts else []


def items(value: Any, *, param: str, place: str) -> list[str]:
    """The texts of a list's items, or of a value that is none: nothing of null."""
    every = value if isinstance(value, list | tuple) else (value,)
    return [text_of(item, param=param, place=place) for item in every if item is not None]


def members(value: Mapping[str, Any], *, param: str, place: str) -> list[tuple[str, str]]:
    """Names and texts of an object's members, those that are null apart."""
    return [
        (as_text(name, param=param, place=place), text_of(member, param=param, place=place))
        for name, member in value.items()
        if member is not None
    ]


def text_of(value: Any, *, param: str, place: str) -> str:
    """`value` as text: numbers and booleans as JSON has them, objects and lists as JSON.

    Raises:
        ParamUnplaceable: It is no JSON, or not valid Unicode.
    """
    if isinstance(value, str | Secret):
        return as_text(value, param=param, place=place)
    if isinstance(value, float) and value.is_integer() and abs(value) < _WRITTEN_OUT:
        return str(int(value))
    return json_bytes(value, param=param, place=place).decode()


def json_bytes(value: Any, *, param: str, place: str) -> bytes:
    """`value` as JSON.

    Raises:
        ParamUnplaceable: It is none: it holds something else than JSON, or text that is not valid Unicode.
    """
    try:
        return encode_json(value.reveal() if isinstance(value, Secret) else value)
    except WrongUse:
        hint = f"give `{param}` as plain JSON"
        raise ParamUnplaceable(param=param, place=place, reason="it is no JSON", hint=hint) from None


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """`name[member][0]` and what is there. Positions are written: lists of objects could not be told apart else."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _leaves(f"{name}[{key}]", member)
    elif isinstance(value, list | tuple):
        for position, item in enumerate(value):
            yield from _leaves(f"{name}[{position}]", item)
    elif value is not None:
        yield name, value
