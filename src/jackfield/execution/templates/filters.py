"""The filters that templates may use. Each is bounded by what it is given, or counts before it makes.

Most are Jinja's, written anew: several of Jinja's own make any amount from a few characters
(`center`, `indent`, `round(1000000000)`), yield generators, or read attributes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from jinja2 import Undefined
from jinja2.filters import do_title, do_truncate

from jackfield.execution.templates.predicates import TESTS
from jackfield.execution.templates.values import ITEM, Forbidden, bounded, plain, settled
from jackfield.execution.templates.values import text as written

if TYPE_CHECKING:
    from jackfield.execution.templates.sandbox import Scope

Filter: TypeAlias = Callable[..., Any]
"""Called as `filter(scope, value, *args, **kwargs)`."""

FILTERS: dict[str, Filter] = {}

SLICE, JOIN = "[:]", "~"
"""Names under which `grammar` reaches slicing and `~`. No template can spell them."""

_UNSET: Any = object()


def _filter(*names: str) -> Callable[[Filter], Filter]:
    """Register a filter that gets present values, secrets as text."""

    def register(function: Filter) -> Filter:
        def settle(scope: Scope, *args: Any, **kwargs: Any) -> Any:
            named = {name: settled(value, reveal=scope.reveal) for name, value in kwargs.items()}
            return function(scope, *[settled(value, reveal=scope.reveal) for value in args], **named)

        FILTERS.update(dict.fromkeys(names, settle))
        return function

    return register


def _text(scope: Scope, value: Any) -> str:
    return written(value, scope.work, reveal=scope.reveal)


def _items(scope: Scope, value: Any) -> list[Any]:
    """What can be gone through: a list, the names of an object, the characters of a text."""
    if not isinstance(value, list | tuple | str | Mapping):
        raise TypeError(f"a {type(value).__name__} has no items")
    scope.work.spend(len(value) * ITEM)
    return list(value)


def _positions(value: Any) -> int:
    """How many things stand in a row in a list or a text."""
    if not isinstance(value, list | tuple | str):
        raise TypeError(f"a {type(value).__name__} has no positions")
    return len(value)


def _at(scope: Scope, item: Any, attribute: str | int) -> Any:
    """The part of `item` at a dotted path."""
    for part in str(attribute).split("."):
        item = scope.environment.getitem(item, int(part) if part.isdecimal() else part)
    return item


def _key(scope: Scope, attribute: str | int | None, *, case_sensitive: bool) -> Callable[[Any], Any]:
    def key(item: Any) -> Any:
        value = settled(item if attribute is None else _at(scope, item, attribute), reveal=scope.reveal)
        return value.lower() if isinstance(value, str) and not case_sensitive else value

    return key


# Not through `_filter`: a missing value is what it is for.
def _default(scope: Scope, value: Any, default_value: Any = "", boolean: bool = False) -> Any:
    return default_value if isinstance(value, Undefined) or (boolean and not value) else value


FILTERS |= {"default": _default, "d": _default}


@_filter(SLICE)
def _slice(scope: Scope, value: Any, start: int | None, stop: int | None, step: int | None) -> Any:
    chosen = slice(start, stop, step)
    count = len(range(*chosen.indices(_positions(value))))
    scope.work.spend(count if isinstance(value, str) else count * ITEM)
    return value[chosen]


@_filter(JOIN)
def _join_all(scope: Scope, values: list[Any]) -> str:
    return "".join([_text(scope, value) for value in values])


@_filter("upper")
def _upper(scope: Scope, value: Any) -> str:
    return _text(scope, value).upper()


@_filter("lower")
def _lower(scope: Scope, value: Any) -> str:
    return _text(scope, value).lower()


@_filter("title")
def _title(scope: Scope, value: Any) -> str:
    return do_title(_text(scope, value))


@_filter("capitalize")
def _capitalize(scope: Scope, value: Any) -> str:
    return _text(scope, value).capitalize()


@_filter("trim")
def _trim(scope: Scope, value: Any, chars: str | None = None) -> str:
    return _text(scope, value).strip(chars)


@_filter("string")
def _string(scope: Scope, value: Any) -> str:
    return _text(scope, value)


@_filter("truncate")
def _truncate(scope: Scope, value: Any, length: int = 255, killwords: bool = False, end: str = "...") -> str:
    return do_truncate(scope.environment, _text(scope, value), max(length, len(end)), killwords, end, 0)


@_filter("replace")
def _replace(scope: Scope, value: Any, old: str, new: str, count: int = -1) -> str:
    text = _text(scope, value)
    found = text.count(old)
    scope.work.spend((found if count < 0 else min(found, count)) * len(new))
    return text.replace(old, new, count)


@_filter("urlencode")
def _urlencode(scope: Scope, value: Any) -> str:
    text = _text(scope, value)
    scope.work.spend(3 * len(text.encode()))
    return quote(text, safe="/")


@_filter("tojson")
def _tojson(scope: Scope, value: Any) -> str:
    result = plain(value, scope.work, reveal=scope.reveal)
    made = json.dumps(result, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    scope.work.spend(len(made))
    return made


@_filter("join")
def _join(scope: Scope, value: Any, d: str = "", attribute: str | int | None = None) -> str:
    items = _items(scope, value)
    if attribute is not None:
        items = [_at(scope, item, attribute) for item in items]
    scope.work.spend(len(d) * len(items))
    return d.join([_text(scope, item) for item in items])


@_filter("length", "count")
def _length(_: Scope, value: Any) -> int:
    return len(value)


@_filter("first")
def _first(scope: Scope, value: Any) -> Any:
    return value[0] if _positions(value) else scope.environment.undefined(obj=[], name="first")


@_filter("last")
def _last(scope: Scope, value: Any) -> Any:
    return value[-1] if _positions(value) else scope.environment.undefined(obj=[], name="last")


@_filter("list")
def _list(scope: Scope, value: Any) -> list[Any]:
    return _items(scope, value)


@_filter("keys")
def _keys(scope: Scope, value: Any) -> list[str]:
    return _items(scope, dict(value))


@_filter("values")
def _values(scope: Scope, value: Any) -> list[Any]:
    return _items(scope, list(dict(value).values()))


@_filter("items")
def _pairs(scope: Scope, value: Any) -> list[list[Any]]:
    scope.work.spend(3 * ITEM * len(value))
    return [[name, item] for name, item in dict(value).items()]


@_filter("reverse")
def _reverse(scope: Scope, value: Any) -> Any:
    return _text(scope, value)[::-1] if isinstance(value, str) else _items(scope, value)[::-1]


@_filter("sort")
def _sort(
    scope: Scope, value: Any, reverse: bool = False, case_sensitive: bool = False, attribute: str | int | None = None
) -> list[Any]:
    return sorted(_items(scope, value), key=_key(scope, attribute, case_sensitive=case_sensitive), reverse=reverse)


@_filter("unique")
def _unique(scope: Scope, value: Any, case_sensitive: bool = False, attribute: str | int | None = None) -> list[Any]:
    key = _key(scope, attribute, case_sensitive=case_sensitive)
    first: dict[Any, Any] = {}
    for item in _items(scope, value):
        first.setdefault(key(item), item)
    return list(first.values())


@_filter("min")
def _min(scope: Scope, value: Any, case_sensitive: bool = False, attribute: str | int | None = None) -> Any:
    missing = scope.environment.undefined(obj=[], name="min")
    return min(_items(scope, value), key=_key(scope, attribute, case_sensitive=case_sensitive), default=missing)


@_filter("max")
def _max(scope: Scope, value: Any, case_sensitive: bool = False, attribute: str | int | None = None) -> Any:
    missing = scope.environment.undefined(obj=[], name="max")
    return max(_items(scope, value), key=_key(scope, attribute, case_sensitive=case_sensitive), default=missing)


@_filter("sum")
def _sum(scope: Scope, value: Any, attribute: str | int | None = None, start: float = 0) -> Any:
    items = _items(scope, value)
    numbers = [settled(item if attribute is None else _at(scope, item, attribute), reveal=False) for item in items]
    if not all(isinstance(number, int | float) for number in [start, *numbers]):
        raise TypeError("`sum` adds numbers")
    return bounded(sum(numbers, start))


@_filter("abs")
def _abs(_: Scope, value: Any) -> Any:
    return abs(value)


@_filter("round")
def _round(_: Scope, value: Any, precision: int = 0, method: str = "common") -> Any:
    if method != "common":
        raise Forbidden("`round` knows only the method `common`")
    if not -30 <= precision <= 30:
        raise Forbidden("`round` takes a precision of -30 to 30")
    return round(value, precision)


@_filter("int")
def _int(_: Scope, value: Any, default: Any = _UNSET, base: int = 10) -> Any:
    try:
        return bounded(_whole(value, base))
    except (ValueError, OverflowError):
        return _otherwise(default, value, "an integer")


@_filter("float")
def _float(_: Scope, value: Any, default: Any = _UNSET) -> Any:
    try:
        return float(value)
    except (ValueError, OverflowError):
        return _otherwise(default, value, "a number")


def _whole(value: Any, base: int) -> int:
    if not isinstance(value, str):
        return int(value)
    try:
        return int(value, base)
    except ValueError:
        return int(float(value))


def _otherwise(default: Any, value: Any, wanted: str) -> Any:
    # Jinja yields 0 here, and a wrong amount is then sent somewhere.
    if default is _UNSET:
        raise TypeError(f"this {type(value).__name__} is not {wanted}; a default can be given")
    return default


@_filter("map")
def _map(scope: Scope, value: Any, name: str = "", *args: Any, attribute: Any = None, default: Any = _UNSET) -> Any:
    items = _items(scope, value)
    if attribute is None:
        return [_named(FILTERS, name, "filter")(scope, item, *args) for item in items]
    found = [_at(scope, item, attribute) for item in items]
    return found if default is _UNSET else [_default(scope, item, default) for item in found]


@_filter("select")
def _select(scope: Scope, value: Any, name: str = "", *args: Any) -> list[Any]:
    return [item for item in _items(scope, value) if _passes(item, name, args)]


@_filter("reject")
def _reject(scope: Scope, value: Any, name: str = "", *args: Any) -> list[Any]:
    return [item for item in _items(scope, value) if not _passes(item, name, args)]


@_filter("selectattr")
def _selectattr(scope: Scope, value: Any, attribute: str | int, name: str = "", *args: Any) -> list[Any]:
    return [item for item in _items(scope, value) if _passes(_at(scope, item, attribute), name, args)]


@_filter("rejectattr")
def _rejectattr(scope: Scope, value: Any, attribute: str | int, name: str = "", *args: Any) -> list[Any]:
    return [item for item in _items(scope, value) if not _passes(_at(scope, item, attribute), name, args)]


def _passes(value: Any, name: str, args: Iterable[Any]) -> bool:
    return bool(_named(TESTS, name, "test")(value, *args)) if name else bool(value)


def _named(among: Mapping[str, Callable[..., Any]], name: str, what: str) -> Callable[..., Any]:
    if name not in among or name in {SLICE, JOIN}:
        raise Forbidden(f"there is no {what} `{str(name)[:40]}`")
    return among[name]
