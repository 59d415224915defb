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
    if "$defs" not in schema or len(orjson.dumps(schema)) <= MAX_SCHEMA_BYTES:
        return schema, ""
    shorter = {**schema, "$defs": {name: _without_words(one) for name, one in schema["$defs"].items()}}
    if len(orjson.dumps(shorter)) <= MAX_SCHEMA_BYTES:
        return shorter, "the schema of a command would be larger than 1 MB; descriptions inside it are left out"
    return _cut(shorter), "the schema of a command would be larger than 1 MB; what is deepest in it allows anything"


def _cut(schema: dict[str, Any]) -> dict[str, Any]:
    """Keep the definitions that are nearest to the top, as far as there is room; the others allow anything."""
    defs, kept = schema["$defs"], dict[str, Any]()
    top = {key: value for key, value in schema.items() if key != "$defs"}
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
    return {**top, "$defs": kept}


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
