"""Definitions in place of the references to them, where that is shorter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson

from jackfield.definition.openapi.subschemas import NOTES, inner, mapped

PREFIX = "#/$defs/"
_SAID_ONCE = NOTES | {"type"}
"""Keywords that are left out beside a reference whose target says the very same."""

_REFERENCE = len('{"$ref":"#/$defs/"}')
_DEFINITION = len('"":,')


def inlined(schema: Mapping[str, Any]) -> dict[str, Any]:
    """`schema`, with each definition in place of its references that is used once, or is no longer than they are.

    What leads back to itself stays a definition.
    """
    defs = schema.get("$defs", {})
    return _Inlining(schema, defs).whole() if defs else dict(schema)


class _Inlining:
    def __init__(self, schema: Mapping[str, Any], defs: Mapping[str, Mapping[str, Any]]) -> None:
        self._top = {key: value for key, value in schema.items() if key != "$defs"}
        self._defs = defs
        self._uses = Counter[str]()
        self._refers = {name: _count(part, self._uses) for name, part in defs.items()}
        _count(self._top, self._uses)
        self._made: dict[str, dict[str, Any]] = {}
        self._stays: dict[str, bool] = {}

    def whole(self) -> dict[str, Any]:
        top = self._put(self._top)
        kept: dict[str, Any] = {}
        waiting = list(_count(top, Counter()))
        for name in waiting:
            if name not in kept:
                kept[name] = self._definition(name)
                waiting += _count(kept[name], Counter())
        return {**top, **({"$defs": {name: kept[name] for name in self._defs if name in kept}} if kept else {})}

    def _put(self, schema: Mapping[str, Any], _: str = "") -> dict[str, Any]:
        made = mapped(schema, self._put)
        reference = made.get("$ref")
        if not isinstance(reference, str) or (name := reference.removeprefix(PREFIX)) not in self._defs:
            return made
        target = self._defs[name]
        beside = {
            key: value
            for key, value in made.items()
            if key != "$ref" and not (key in _SAID_ONCE and key in target and target[key] == value)
        }
        if not beside.keys() <= NOTES or self._must_stay(name):
            return {"$ref": reference, **beside}
        return {**self._definition(name), **beside}

    def _definition(self, name: str) -> dict[str, Any]:
        if name not in self._made:
            self._made[name] = self._put(self._defs[name])
        return self._made[name]

    def _must_stay(self, name: str) -> bool:
        if name not in self._stays:
            self._stays[name] = True  # as long as it is not known: it may lead back to itself
            self._stays[name] = self._leads_back(name) or not self._is_shorter(name)
        return self._stays[name]

    def _is_shorter(self, name: str) -> bool:
        uses = self._uses[name]
        if uses <= 1:
            return True
        length = len(orjson.dumps(self._definition(name)))
        return uses * length <= uses * (_REFERENCE + len(name)) + length + len(name) + _DEFINITION

    def _leads_back(self, name: str) -> bool:
        seen, waiting = set[str](), [name]
        while waiting:
            for other in self._refers.get(waiting.pop(), ()):
                if other == name:
                    return True
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return False


def _count(schema: Mapping[str, Any], uses: Counter[str]) -> dict[str, None]:
    """Count the references in `schema`, and name what they lead to."""
    found: dict[str, None] = {}
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        if isinstance(reference := one.get("$ref"), str):
            found[reference.removeprefix(PREFIX)] = None
            uses[reference.removeprefix(PREFIX)] += 1
        waiting += [part for _, part in inner(one)]
    return found
