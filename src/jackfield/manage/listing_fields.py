"""The fields of views that lists can be filtered and sorted by, and the values that they are compared with."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from jackfield.definition.names import closest, folded
from jackfield.manage.views import INSTANTS, TIMES, camel, read_moment

Kind = Literal["text", "number", "boolean", "time", "list", "any"]

CLOSED = frozenset({"config", "mocks", "values"})
"""Nobody can ask for what is in these: secrets may be, and answers to a few thousand questions spell one out."""

_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?", re.ASCII)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a kind of views.

    Attributes:
        name: As people write it, such as `testResult.success`.
        kind: How its values are compared; `any` where each view has what it has.
        optional: It may be without a value, which is written `null`.
        get: The value in a view, as exact as it is shown.
    """

    name: str
    kind: Kind
    optional: bool
    get: Callable[[Any], Any]


def field_of(view: type, name: str) -> Field:
    """The field that people call `name`: camelCase or snake_case, dots between a field and one inside it.

    Raises:
        ValueError: There is none, or it cannot be compared.
    """
    first, *inner = name.split(".")
    found = _fields(view).get(folded(first))
    if found is None:
        known = sorted(field.name for field in _fields(view).values())
        close = closest(first, known)
        told = f"did you mean `{close}`?" if close else f"there are {', '.join(f'`{one}`' for one in known)}"
        raise ValueError(f"there is no field `{shown(first)}`; {told}")
    if found.kind != "any":
        if inner:
            raise ValueError(f"`{found.name}` has no fields of its own")
        return found
    if not inner:
        raise ValueError(f"`{found.name}` is an object; name a field inside it, as in `{found.name}.name`")
    return _inside(found, inner)


def read_value(text: str, kind: Kind) -> Any:
    """What `text` says, to be compared with a field of that kind; of `any`, the text.

    Raises:
        ValueError: It cannot be read as that.
    """
    if kind == "number":
        if not _NUMBER.fullmatch(text):
            raise ValueError("is no number")
        return float(text) if any(mark in text for mark in ".eE") else int(text)
    if kind == "boolean":
        if text not in {"true", "false"}:
            raise ValueError("is neither `true` nor `false`")
        return text == "true"
    return read_moment(text) if kind == "time" else sound_text(text)


def sound_text(text: str) -> str:
    """`text`, if every database can hold it.

    Raises:
        ValueError: It has NUL characters or halves of surrogate pairs.
    """
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("has characters that no text may have")
    return text


def shown(text: str) -> str:
    """`text` in a message: not endless, and in one line."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text[:100])


def kind_of(value: Any) -> Kind | None:
    """How a value of a field of the kind `any` is compared; `None` for what cannot be."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, list | tuple) else None


@cache
def _fields(view: Any) -> Mapping[str, Field]:
    """The fields of a kind of views, by their folded names."""
    hints = get_type_hints(view)
    names = [each.name for each in dataclasses.fields(view) if each.name not in CLOSED and each.name[0] != "_"]
    return {folded(name): _field(name, hints[name]) for name in names}


def _field(name: str, hint: Any) -> Field:
    inner = [one for one in get_args(hint) if one is not NoneType]
    optional = NoneType in get_args(hint)
    kind = _kind(name, inner[0] if optional else hint)
    return Field(name=camel(name), kind=kind, optional=optional, get=_getter(name, kind))


def _kind(name: str, hint: Any) -> Kind:
    plain: dict[Any, Kind] = {str: "text", bool: "boolean", float: "number", int: "number"}
    if hint is int and name in TIMES | INSTANTS:
        return "time"
    if get_origin(hint) is Literal:
        return "text"
    if get_origin(hint) is Sequence:
        return "list"
    return plain.get(hint, "any")


def _getter(name: str, kind: Kind) -> Callable[[Any], Any]:
    if kind != "time":
        return lambda view: getattr(view, name)
    unit = 1000 if name in INSTANTS else 1_000_000

    def get(view: Any) -> int | None:
        value: int | None = getattr(view, name)
        return None if value is None else value // unit * unit

    return get


def _inside(outer: Field, names: Sequence[str]) -> Field:
    def get(view: Any) -> Any:
        value = outer.get(view)
        for name in names:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    return Field(name=".".join((outer.name, *names)), kind="any", optional=True, get=get)
