"""Lists of views: filtered, sorted, one page of them.

These are pure functions for lists that are read whole. Where a database does the work, as for executions, it takes
the filters that it has an index for.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from jackfield.definition.faults import Fault
from jackfield.manage.errors import InvalidQuery
from jackfield.manage.listing_fields import Field, Kind, field_of, kind_of, read_value, shown

T = TypeVar("T")

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
MAX_NUMBER = 1_000_000_000
MAX_CONDITIONS = 20
MAX_MEMBERS = 200
"""Of `in`. A list is filtered while other requests wait."""

_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}
OPERATORS = ("eq", "ne", *_ORDERED, "in", "contains")
_TAKES: Mapping[Kind, Sequence[str]] = {
    "text": OPERATORS,
    "number": OPERATORS[:-1],
    "time": OPERATORS[:-1],
    "boolean": ("eq", "ne", "in"),
    "list": ("contains",),
    "any": OPERATORS,
}


@dataclass(frozen=True, kw_only=True)
class Query:
    """What somebody wants of a list.

    Attributes:
        where: Conditions that all have to be met, each `field:op:value`.
        sort: Fields, separated by commas, a `-` before those with the greatest first.
        page: From 1, with `page_size`; or `offset`, from 0, with `limit`. Sizes are 1 to 200, and 50 unless given.
    """

    where: Sequence[str] = ()
    sort: str = ""
    page: int | None = None
    page_size: int | None = None
    limit: int | None = None
    offset: int | None = None


@dataclass(frozen=True, kw_only=True)
class Window:
    """Which part of a list."""

    offset: int
    limit: int

    @property
    def page(self) -> int:
        """Number of the page that it begins in, from 1."""
        return self.offset // self.limit + 1


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition, as it was written."""

    field: str
    operator: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Listed(Generic[T]):
    """One page of a list.

    Attributes:
        total: How many views meet the conditions.
    """

    items: Sequence[T]
    total: int
    window: Window


def listed(views: Sequence[T], query: Query, *, kind: type[T]) -> Listed[T]:
    """The page of `views` that is wanted. In what order they came they stay, where `sort` does not say otherwise.

    Raises:
        InvalidQuery: The query names what is not there, or cannot be read. It tells all that is wrong.
    """
    faults: list[Fault] = []
    window, tests, orders = window_of(query, faults), _tests(query, kind, faults), _orders(query, kind, faults)
    if faults:
        raise InvalidQuery(faults=faults)
    found = [view for view in views if all(test(view) for test in tests)]
    for field, descending in reversed(orders):
        found = _sorted(found, field, descending=descending)
    return Listed(items=found[window.offset : window.offset + window.limit], total=len(found), window=window)


def window_of(query: Query, faults: list[Fault]) -> Window:
    """Which part of the list is wanted. What is wrong is added to `faults`."""
    checks = (
        ("page", query.page, 1, MAX_NUMBER),
        ("pageSize", query.page_size, 1, MAX_PAGE_SIZE),
        ("limit", query.limit, 1, MAX_PAGE_SIZE),
        ("offset", query.offset, 0, MAX_NUMBER),
    )
    for name, value, low, high in checks:
        if value is not None and not low <= value <= high:
            faults.append(Fault(pointer=f"/{name}", message=f"is `{value}`; it can be {low} to {high}"))
    given = [name for name, value, _, _ in checks if value is not None]
    if {"page", "pageSize"} & {*given} and {"limit", "offset"} & {*given}:
        message = "stands beside `page` or `pageSize`; use either these two, or `limit` and `offset`"
        faults.append(Fault(pointer="/limit" if query.limit is not None else "/offset", message=message))
    limit = query.limit or query.page_size or PAGE_SIZE
    return Window(limit=limit, offset=query.offset or ((query.page or 1) - 1) * limit)


def conditions(texts: Sequence[str], faults: list[Fault]) -> Sequence[tuple[str, Condition]]:
    """The conditions and where they stand in the query, as far as they can be read. Faults are added to `faults`."""
    if len(texts) > MAX_CONDITIONS:
        faults.append(Fault(pointer="/where", message=f"is there {len(texts)} times; {MAX_CONDITIONS} are allowed"))
        return []
    found = []
    for place, text in enumerate(texts):
        parts = text.split(":", 2)
        if len(parts) < 3:
            faults.append(Fault(pointer=f"/where/{place}", message=f"`{shown(text)}` is not `field:op:value`"))
        elif parts[1] not in OPERATORS:
            message = f"`{shown(parts[1])}` is no operator; there are {_named(OPERATORS)}"
            faults.append(Fault(pointer=f"/where/{place}", message=message))
        else:
            found.append((f"/where/{place}", Condition(field=parts[0], operator=parts[1], value=parts[2])))
    return found


def _tests(query: Query, kind: type, faults: list[Fault]) -> Sequence[Callable[[Any], bool]]:
    tests = []
    for place, condition in conditions(query.where, faults):
        try:
            tests.append(_test(field_of(kind, condition.field), condition))
        except ValueError as error:
            faults.append(Fault(pointer=place, message=str(error)))
    return tests


def _test(field: Field, condition: Condition) -> Callable[[Any], bool]:
    """What a view has to meet.

    Raises:
        ValueError: The condition does not fit the field.
    """
    takes = _TAKES[field.kind]
    if condition.operator not in takes:
        raise ValueError(f"`{field.name}` does not take `{condition.operator}`; it takes {_named(takes)}")
    members = condition.value.split(",") if condition.operator == "in" else [condition.value]
    if len(members) > MAX_MEMBERS:
        raise ValueError(f"`in` has {len(members)} members; {MAX_MEMBERS} are allowed")
    wanted = [_wanted(field, condition.operator, member) for member in members]

    def test(view: Any) -> bool:
        actual = field.get(view)
        if field.kind != "any" or actual is None:
            return _meets(actual, condition.operator, wanted)
        return _meets(actual, condition.operator, _read_alike(actual, members))

    return test


def _wanted(field: Field, op: str, text: str) -> Any:
    if text == "null" and field.optional and op in {"eq", "ne", "in"}:
        return None
    try:
        return read_value(text, "text" if field.kind == "list" else field.kind)
    except ValueError as error:
        raise ValueError(f"`{field.name}` cannot be compared with `{shown(text)}`, which {error}") from None


def _read_alike(actual: Any, texts: Sequence[str]) -> Sequence[Any]:
    """What `texts` say as values of the type of `actual`, as far as they can be read so."""
    kind, found = kind_of(actual), []
    for text in texts:
        try:
            found.append(read_value(text, "text" if kind == "list" else kind or "text"))
        except ValueError:
            continue
    return found if kind else []


def _meets(actual: Any, op: str, wanted: Sequence[Any]) -> bool:
    if op in {"eq", "in"}:
        return actual in wanted
    if op == "ne":
        return actual not in wanted
    if actual is None or not wanted:
        return False
    if op == "contains":
        return _contains(actual, wanted[0])
    return not isinstance(actual, list | tuple) and _ORDERED[op](actual, wanted[0])


def _contains(actual: Any, wanted: Any) -> bool:
    """A list has it as a member; a text has it as a part, whatever the case."""
    if isinstance(actual, str):
        return str(wanted).casefold() in actual.casefold()
    return isinstance(actual, list | tuple) and wanted in actual


def _orders(query: Query, kind: type, faults: list[Fault]) -> Sequence[tuple[Field, bool]]:
    orders = []
    for name in filter(None, (part.strip() for part in query.sort.split(",")[: MAX_CONDITIONS + 1])):
        try:
            field = field_of(kind, name.removeprefix("-"))
        except ValueError as error:
            faults.append(Fault(pointer="/sort", message=str(error)))
            continue
        if field.kind in {"list", "any"}:
            faults.append(Fault(pointer="/sort", message=f"nothing can be sorted by `{field.name}`"))
        orders.append((field, name.startswith("-")))
    if len(orders) > MAX_CONDITIONS:
        faults.append(Fault(pointer="/sort", message=f"has more than {MAX_CONDITIONS} fields"))
    return orders


def _sorted(views: Sequence[T], field: Field, *, descending: bool) -> list[T]:
    """In order of a field; those without a value are last, in either direction."""
    having = [view for view in views if field.get(view) is not None]
    without = [view for view in views if field.get(view) is None]
    return sorted(having, key=field.get, reverse=descending) + without


def _named(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
