"""What is shown of a resource, as JSON, and back."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

TIMES = frozenset(
    {"at", "created", "updated", "expires", "used", "revoked", "disabled", "deleted", "tested", "refreshed"}
)
"""Fields of views that are times, in microseconds since 1970."""
INSTANTS = frozenset({"started", "ended"})
"""Those that are shown to the millisecond."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII)

_Reader = Callable[[Any], Any]


def to_json(view: Any) -> dict[str, Any]:
    """A view (a dataclass) with camelCase names and times as RFC 3339 texts; mappings inside stay as they are."""
    return {
        camel(field.name): _value(field.name, getattr(view, field.name))
        for field in dataclasses.fields(view)
        if not field.name.startswith("_")
    }


def from_json(kind: type[T], document: Mapping[str, Any]) -> T:
    """The view that `to_json` wrote as `document`. Keys that `kind` does not have are left alone.

    A key that is missing becomes the field's default, else `None` where the field may be that: a newer or an older
    server, and the items of a list, may say more or less than this version knows.

    Raises:
        ValueError: It is no such view: something is missing, or is of another shape.
    """
    if not isinstance(document, Mapping):
        raise ValueError(f"`{kind.__name__}` is no JSON object")
    given: dict[str, Any] = {}
    hashable: Any = kind
    for name, key, read, default in _fields(hashable):
        if key in document:
            try:
                given[name] = read(document[key])
            except ValueError as error:
                raise ValueError(f"`{key}` of `{kind.__name__}`: {error}") from None
        elif default is _REQUIRED:
            raise ValueError(f"`{key}` of `{kind.__name__}` is missing")
        elif default is not _BY_ITSELF:
            given[name] = default
    return kind(**given)


def moment(microseconds: int) -> str:
    """A time as text, such as `2026-11-21T06:45:53Z`."""
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: str) -> int:
    """A time of RFC 3339 in microseconds since 1970; a day, and a time without an offset, are those of UTC.

    Raises:
        ValueError: It is none.

    Source: RFC 3339, section 5.6.
    """
    if not _MOMENT.fullmatch(text):
        raise ValueError("is no time such as `2026-11-21T06:45:53Z`")
    try:
        found = datetime.fromisoformat(text.upper())
        return ((found if found.tzinfo else found.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        raise ValueError("is no time such as `2026-11-21T06:45:53Z`") from None


@cache
def camel(name: str) -> str:
    """A name as it is on the wire: `display_name` is `displayName`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _value(name: str, value: Any) -> Any:
    if name in TIMES and type(value) is int:  # `created` of an answer is a boolean
        return moment(value)
    if name in INSTANTS and type(value) is int:
        return f"{moment(value)[:-1]}.{value // 1000 % 1000:03d}Z"
    if dataclasses.is_dataclass(value):
        return to_json(value)
    if isinstance(value, list | tuple):
        return [_value("", inner) for inner in value]
    return dict(value) if isinstance(value, Mapping) else value


_REQUIRED, _BY_ITSELF = object(), object()


@cache
def _fields(kind: Any) -> Sequence[tuple[str, str, _Reader, Any]]:
    """Name, key on the wire, reader and default of each field of a view."""
    hints = get_type_hints(kind)
    shown = [field for field in dataclasses.fields(kind) if not field.name.startswith("_")]
    return [
        (
            field.name,
            camel(field.name),
            _reader(hints[field.name], time=field.name in TIMES | INSTANTS),
            _default(field, hints),
        )
        for field in shown
    ]


def _default(field: dataclasses.Field[Any], hints: Mapping[str, Any]) -> Any:
    if field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING:
        return _BY_ITSELF
    hint = hints[field.name]
    return None if hint is Any or NoneType in get_args(hint) else _REQUIRED


def _reader(hint: Any, *, time: bool = False) -> _Reader:
    """What reads a JSON value as what `hint` says."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        (wanted,) = [one for one in inner if one is not NoneType]
        read = _reader(wanted, time=time)
        return lambda value: None if value is None else read(value)
    if dataclasses.is_dataclass(hint):
        return lambda value: from_json(hint, value)  # type: ignore[arg-type]  # it is a class: hints are
    if origin is not None and isinstance(origin, type) and issubclass(origin, Sequence):
        return _each(_reader(inner[0]))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return _of(dict, "object")
    if hint is int and time:
        return lambda value: read_moment(_text(value))
    known: dict[Any, _Reader] = {str: _text, bool: _of(bool, "boolean"), int: _whole, float: _number}
    return known.get(hint, lambda value: value)


def _each(read: _Reader) -> _Reader:
    array = _of(list, "array")
    return lambda value: [read(one) for one in array(value)]


def _of(kind: type, name: str) -> _Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, kind):
            raise ValueError(f"is no {name}")
        return value

    return read


_text = _of(str, "text")


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("is no whole number")
    return value


def _number(value: Any) -> float:
    if type(value) not in {int, float}:
        raise ValueError("is no number")
    return float(value)
