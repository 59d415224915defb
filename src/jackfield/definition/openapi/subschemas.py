"""Where a schema has other schemas inside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

NOTES = frozenset({"title", "description", "default", "examples", "deprecated", "writeOnly", "readOnly"})
"""Keywords that make no value valid or invalid."""

_ONE = frozenset(
    {
        *("additionalProperties", "propertyNames", "contains", "unevaluatedProperties", "unevaluatedItems", "items"),
        *("contentSchema", "not", "if", "then", "else"),
    }
)
_LIST = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAP = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs"})


def mapped(schema: Mapping[str, Any], change: Callable[[Mapping[str, Any], str], dict[str, Any]]) -> dict[str, Any]:
    """A copy of `schema`, with `change` applied to each schema that stands right inside it.

    Args:
        schema: An object.
        change: Takes the schema, and the name of the property or definition that it is of; else empty.
    """
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _ONE and isinstance(value, Mapping):
            made[key] = change(value, "")
        elif key in _LIST:
            made[key] = [change(one, "") if isinstance(one, Mapping) else one for one in value]
        elif key in _MAP:
            made[key] = {name: change(one, name) if isinstance(one, Mapping) else one for name, one in value.items()}
        else:
            made[key] = value
    return made


def inner(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each schema that stands right inside `schema`, after the name of the property that it is of; else empty."""
    for key, value in schema.items():
        if key in _ONE and isinstance(value, Mapping):
            yield "", value
        elif key in _LIST:
            yield from (("", one) for one in value if isinstance(one, Mapping))
        elif key in _MAP:
            yield from ((name, one) for name, one in value.items() if isinstance(one, Mapping))
