"""Keeping the schema of a command to a size that a form, a model and a database can bear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

MAX_SCHEMA_BYTES = 900_000
_PREFIX = "#/$defs/"
_WORDS = frozenset({"description", "examples", "title"})
_NAMES = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs"})
_VALUES = frozenset({"enum", "const", "default"})


def bounded(schema: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """`schema`, in at most `MAX_SCHEMA_BYTES` as JSON, and in words what was done for it: nothing, mostly."""
    if len(orjson.dumps(schema)) <= MAX_SCHEMA_BYTES:
        return schema, ""
    shorter = _without_words(schema)
    if len(orjson.dumps(shorter)) <= MAX_SCHEMA_BYTES:
        return shorter, "the schema of a command would be larger than 1 MB; descriptions inside it are left out"
    return _cut(shorter), "the schema of a command would be larger than 1 MB; what is deepest in it allows anything"


def _cut(schema: dict[str, Any]) -> dict[str, Any]:
    """Keep the definitions that are nearest to the top, as far as there is room; the others allow anything."""
    defs, kept = schema.get("$defs", {}), dict[str, Any]()
    top = _top({key: value for key, value in schema.items() if key != "$defs"})
    room = MAX_SCHEMA_BYTES - len(orjson.dumps(top))
    waiting = list(dict.fromkeys(_referred(top)))
    for name in waiting:
        if name in kept:
            continue
        size, least = len(orjson.dumps(defs[name])) + len(name), len(name) + 10
        fits = size < room
        room -= size if fits else least
        kept[name] = defs[name] if fits else {}
        waiting += [other for other in _referred(kept[name]) if other not in kept]
    return {**top, **({"$defs": kept} if kept else {})}


def _top(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema`, where the largest properties allow anything as long as it would take most of the room."""
    properties = schema.get("properties")
    properties = dict(properties) if isinstance(properties, Mapping) else {}
    sizes = {name: len(orjson.dumps(one)) for name, one in properties.items()}
    rest = {key: value for key, value in schema.items() if key != "properties"}
    if len(orjson.dumps(rest)) > MAX_SCHEMA_BYTES // 2:
        rest = {"type": "object"} if properties else {}
    total = sum(sizes.values())
    for name in sorted(sizes, key=sizes.__getitem__, reverse=True):
        if total <= MAX_SCHEMA_BYTES // 2:
            break
        total -= sizes[name]
        properties[name] = {}
    if sum(map(len, properties)) > MAX_SCHEMA_BYTES // 20:  # names alone take too much, with what JSON adds to each
        properties = {}
    return {**rest, **({"properties": properties} if properties else {})}


def _referred(schema: Any) -> list[str]:
    found, waiting = [], [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            if isinstance(reference := value.get("$ref"), str):
                found.append(reference.removeprefix(_PREFIX))
            waiting.extend(inner for key, inner in value.items() if key not in _VALUES)
        elif isinstance(value, list):
            waiting.extend(value)
    return found


def _without_words(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_words(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        key: {name: _without_words(one) for name, one in value.items()}
        if key in _NAMES
        else (value if key in _VALUES else _without_words(value))
        for key, value in schema.items()
        if key not in _WORDS
    }
