"""Filters of lists that a database searches: each field takes what there is an index for, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jackfield.definition.faults import Fault
from jackfield.definition.names import folded
from jackfield.manage.errors import InvalidQuery
from jackfield.manage.listing import Query, Window, conditions, window_of
from jackfield.manage.listing_fields import shown, sound_text


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One way to narrow a list.

    Attributes:
        field: As it is called in the items.
        operator: The one that works.
        argument: What `list` of the resource calls it.
        read: Reads a value; raises `ValueError` with words that follow `which`.
    """

    field: str
    operator: str
    argument: str
    read: Callable[[str], Any] = sound_text


@dataclass(frozen=True, kw_only=True)
class Searched:
    """What somebody wants of such a list.

    Attributes:
        filters: Arguments for `list` of the resource.
    """

    filters: Mapping[str, Any]
    window: Window


def one_of(names: Sequence[str], *, spelt: Callable[[str], str] = str) -> Callable[[str], str]:
    """What reads one of `names`, which are `spelt` so."""

    def read(text: str) -> str:
        if (found := spelt(text)) not in names:
            raise ValueError(f"is none of {', '.join(f'`{name}`' for name in names)}")
        return found

    return read


def search_of(
    known: Sequence[Filter], query: Query, *, given: Mapping[str, str | None], order: str, cursor: str | None
) -> Searched:
    """What is wanted of a list.

    Args:
        known: The filters that there are.
        query: With conditions as `field:op:value`.
        given: Filters that have query parameters of their own, by argument.
        order: The only order that there is, as `sort` names it.
        cursor: Where to go on.

    Raises:
        InvalidQuery: It cannot be answered. Tells all that is wrong.
    """
    faults: list[Fault] = []
    window = window_of(query, faults)
    if cursor is not None and (query.page is not None or query.offset is not None):
        faults.append(Fault(pointer="/cursor", message="says where to go on; leave out `page` and `offset`"))
    if query.sort not in {"", order}:
        message = f"`{shown(query.sort)}` is not possible; the only order is `{order}`"
        faults.append(Fault(pointer="/sort", message=message))
    filters = _filters(known, query.where, given, faults)
    if faults:
        ways = ", ".join(f"`{each.field}:{each.operator}`" for each in known)
        raise InvalidQuery(faults=faults, hint=f"this list is filtered by {ways}")
    return Searched(filters=filters, window=window)


def searched_document(
    items: Sequence[Any], wanted: Searched, *, total: int | None, cursor: str | None, after: str | None
) -> dict[str, Any]:
    """A page of such a list as JSON: `{items, total, page, pageSize, nextCursor?}`.

    Args:
        items: As JSON.
        total: How many there are in all, if they were counted.
        cursor: After which the page began; then nobody knows its number.
        after: Continues after it; none at the end.
    """
    page = None if cursor else wanted.window.page
    document = {"items": items, "total": total, "page": page, "pageSize": wanted.window.limit}
    return document | ({"nextCursor": after} if after else {})


def _filters(
    known: Sequence[Filter], where: Sequence[str], given: Mapping[str, str | None], faults: list[Fault]
) -> dict[str, Any]:
    by_argument = {each.argument: each for each in known}
    asked = [(f"/{name}", by_argument[name], text) for name, text in given.items() if text is not None]
    for place, condition in conditions(where, faults):
        found = [each for each in known if folded(each.field) == folded(condition.field)]
        way = next((each for each in found if each.operator == condition.operator), None)
        if way is not None:
            asked.append((place, way, condition.value))
            continue
        name = f"{shown(condition.field)}:{condition.operator}"
        takes = f"`{condition.field}` takes {' and '.join(f'`{each.operator}`' for each in found)}" if found else ""
        faults.append(Fault(pointer=place, message=f"cannot be filtered by `{name}`{takes and '; ' + takes}"))
    filters: dict[str, Any] = {}
    for place, way, text in asked:
        try:
            value = way.read(text)
        except ValueError as error:
            faults.append(Fault(pointer=place, message=f"`{shown(text)}` {error}"))
            continue
        if filters.setdefault(way.argument, value) != value:
            faults.append(Fault(pointer=place, message="asks for something else than another filter of the same"))
    return filters
