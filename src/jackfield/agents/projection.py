"""Only some fields, and some items, of a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jackfield.agents.errors import UnknownField
from jackfield.agents.lists import Place, item_fields, list_place


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a payload.

    Attributes:
        payload: With the items and fields that were asked for.
        place: Of the list; `None` where there is none.
        start: Number of the first item.
        total: How many items there are in all; 0 where there is no list.
    """

    payload: Any
    place: Place | None
    start: int = 0
    total: int = 0

    @property
    def items(self) -> Sequence[Any]:
        """Those of the list."""
        if self.place is None:
            return ()
        found: Sequence[Any] = self.payload[self.place[0]] if self.place else self.payload
        return found

    def with_items(self, items: list[Any]) -> Any:
        """The payload with other items."""
        return {**self.payload, self.place[0]: items} if self.place else items


def project(
    payload: Any,
    schema: Mapping[str, Any] | None,
    *,
    fields: Sequence[str] = (),
    start: int = 0,
    limit: int | None = None,
) -> Part:
    """The `fields` of `limit` items from `start`, of a payload that has a list; else of the payload.

    Args:
        payload: Any JSON. What stands beside the list stays.
        schema: Of it, where one is known: a field that it does not have is refused, for a model that has misspelt one
            would take its absence for an answer.
        fields: Names; dots lead inside, through lists too.

    Raises:
        UnknownField: Neither the schema nor any item has such a field.
    """
    place = list_place(payload, schema)
    if place is None:
        _check(fields, schema, place, [payload])
        return Part(payload=_only(payload, fields), place=None)
    items = payload[place[0]] if place else payload
    chosen = items[start:] if limit is None else items[start : start + limit]
    _check(fields, schema, place, items)
    made = [_only(item, fields) for item in chosen]
    part = Part(payload=payload, place=place, start=start, total=len(items))
    return Part(payload=part.with_items(made), place=place, start=start, total=len(items))


def _check(fields: Sequence[str], schema: Mapping[str, Any] | None, place: Place | None, items: Sequence[Any]) -> None:
    known = dict.fromkeys(item_fields(schema, place) or ())
    known |= dict.fromkeys(name for item in items[:200] if isinstance(item, Mapping) for name in item)
    if not known:  # there is nothing to choose from, as in an empty list
        return
    for field in fields:
        if field not in known and field.partition(".")[0] not in known:
            raise UnknownField(field=field, known=[str(name) for name in known])


def _only(value: Any, fields: Sequence[str]) -> Any:
    if not fields:
        return value
    if isinstance(value, list):
        return [_only(item, fields) for item in value]
    if not isinstance(value, Mapping):
        return value
    made: dict[str, Any] = {name: value[name] for name in fields if name in value}
    inner: dict[str, list[str]] = {}
    for field in fields:
        first, dot, rest = field.partition(".")
        if dot and field not in value and first in value and first not in made:
            inner.setdefault(first, []).append(rest)
    return made | {name: _only(value[name], rest) for name, rest in inner.items()}
