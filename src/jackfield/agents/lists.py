"""Where in a result its list is: what is worth shortening, by whole items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Place: TypeAlias = tuple[()] | tuple[str]
"""Of a list in a payload: its key, or nothing where the payload itself is one."""


def list_place(payload: Any, schema: Mapping[str, Any] | None) -> Place | None:
    """Where in `payload` its list is; `None` where there is none.

    The schema of the payload decides; where it says nothing, the longest list of objects, or else the longest.

    Args:
        payload: Any JSON.
        schema: Of it, where one is known.
    """
    if isinstance(payload, list):
        return ()
    if not isinstance(payload, Mapping):
        return None
    lists = {key: value for key, value in payload.items() if isinstance(value, list)}
    declared = [key for key in _declared(schema) if key in lists]
    if len(declared) == 1:
        return (declared[0],)
    among = {key: value for key, value in lists.items() if not declared or key in declared}
    if not among:
        return None
    longest: str = max(among, key=lambda key: (_has_objects(among[key]), len(among[key])))
    return (longest,)


def item_fields(schema: Mapping[str, Any] | None, place: Place | None) -> Mapping[str, Any] | None:
    """The properties that the schema gives the items at `place`, or the payload where there is no list.

    `None` where the schema does not say them all.
    """
    if schema is None:
        return None
    found: Any = resolved(schema, schema)
    if place:
        found = resolved(schema, (found.get("properties") or {}).get(place[0]))
    if place is not None:
        found = resolved(schema, found.get("items"))
    properties = found.get("properties")
    return properties if isinstance(properties, Mapping) and properties else None


def resolved(root: Mapping[str, Any], schema: Any) -> Mapping[str, Any]:
    """`schema`, or the definition of `root` that it refers to; empty where there is neither."""
    for _ in range(10):
        if not isinstance(schema, Mapping):
            return {}
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        schema = (root.get("$defs") or {}).get(reference.removeprefix("#/$defs/"))
    return {}


def _declared(schema: Mapping[str, Any] | None) -> list[str]:
    if schema is None:
        return []
    properties = resolved(schema, schema).get("properties") or {}
    return [key for key, of in properties.items() if resolved(schema, of).get("type") == "array"]


def _has_objects(values: list[Any]) -> bool:
    return any(isinstance(value, Mapping) for value in values[:3])
