"""Which kinds of values a schema may take, as far as it says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SCALARS = frozenset({"string", "number", "boolean"})
EVERY = SCALARS | {"array", "object", "null"}

_NAMES = {"integer": "number"}
_DEEP = 30


def kinds(schema: Any, root: Mapping[str, Any], *, depth: int = 0) -> frozenset[str]:
    """The JSON types of the values that `schema` takes, or more: what it does not say is not guessed.

    Args:
        schema: A part of `root`.
        root: The whole schema, for its references.
        depth: How far references were followed: one that leads to itself says nothing.
    """
    if not isinstance(schema, Mapping) or depth > _DEEP:
        return frozenset() if schema is False else EVERY
    found = _own(schema).intersection(*(kinds(part, root, depth=depth + 1) for part in _parts(schema, root)))
    for key in ("anyOf", "oneOf"):
        if isinstance(every := schema.get(key), list) and every:
            found &= frozenset().union(*(kinds(part, root, depth=depth + 1) for part in every))
    return found


def item_kinds(schema: Any, root: Mapping[str, Any], *, depth: int = 0) -> frozenset[str]:
    """Likewise, of the items of the lists that it takes."""
    if not isinstance(schema, Mapping) or depth > _DEEP:
        return EVERY
    found = EVERY
    if "items" in schema and "prefixItems" not in schema:
        found = kinds(schema["items"], root, depth=depth + 1)
    for part in _parts(schema, root):
        found &= item_kinds(part, root, depth=depth + 1)
    for key in ("anyOf", "oneOf"):
        every = schema.get(key)
        lists = [part for part in every if "array" in kinds(part, root)] if isinstance(every, list) else []
        if lists:
            found &= frozenset().union(*(item_kinds(part, root, depth=depth + 1) for part in lists))
    return found


def _own(schema: Mapping[str, Any]) -> frozenset[str]:
    said = schema.get("type")
    named = {said} if isinstance(said, str) else set(said) if isinstance(said, list) else set()
    found = frozenset(_NAMES.get(name, name) for name in named) & EVERY if named else EVERY
    listed = schema.get("enum") if isinstance(schema.get("enum"), list) else None
    if "const" in schema:
        listed = [schema["const"]]
    return found if listed is None else found & frozenset(_kind(value) for value in listed)


def _parts(schema: Mapping[str, Any], root: Mapping[str, Any]) -> list[Any]:
    parts = list(schema["allOf"]) if isinstance(schema.get("allOf"), list) else []
    reference = schema.get("$ref")
    if isinstance(reference, str):
        parts.append(_target(reference, root))
    return parts


def _target(reference: str, root: Mapping[str, Any]) -> Any:
    found: Any = root
    for step in reference.removeprefix("#").split("/")[1:]:
        found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, Mapping) else None
    return True if found is None or not reference.startswith("#/") else found


def _kind(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "object" if isinstance(value, Mapping) else "array"
