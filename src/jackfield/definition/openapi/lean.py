"""The params of a command without what says nothing, and each part where it is shortest: in its place, or once.

The same values stay valid. Schemas are read with every call that a model plans, and beside every field of a form, so
they should cost no more than they tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.openapi.inlined import inlined
from jackfield.definition.openapi.said import said_briefly
from jackfield.definition.openapi.shared import shared
from jackfield.definition.openapi.subschemas import NOTES, mapped

_SAYS_NOTHING: Mapping[str, Any] = {
    "minLength": 0,
    "minItems": 0,
    "minProperties": 0,
    "properties": {},
    "patternProperties": {},
    "dependentSchemas": {},
    "dependentRequired": {},
    "additionalProperties": {},
}
_LISTS = ("allOf", "anyOf", "oneOf")
_OF_ANY_TYPE = frozenset({"$ref", "const", "not", "if", "then", "else", *_LISTS})
"""What a type beside them does not limit to values of that type."""


def lean(schema: Mapping[str, Any]) -> dict[str, Any]:
    """`schema`, made for the params of a command, and smaller. It is not changed."""
    defs = {name: _lean(part, name) for name, part in schema.get("$defs", {}).items()}
    top = _lean({key: value for key, value in schema.items() if key != "$defs"}, "")
    whole = {"type": "object", "properties": {}, **top, **({"$defs": defs} if defs else {})}
    return shared(inlined(whole))


def _lean(schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    made = {key: value for key, value in mapped(schema, _lean).items() if not _says_nothing(key, value)}
    for key in _LISTS:
        if key in made:
            made = _or_null(_merged(made, key), key)
    return said_briefly(_bounded(made), name)


def _says_nothing(key: str, value: Any) -> bool:
    return key in _SAYS_NOTHING and not isinstance(value, bool) and value == _SAYS_NOTHING[key]


def _merged(schema: dict[str, Any], key: str) -> dict[str, Any]:
    """With what a list of one part says in place of the list, and of `allOf` the notes beside it."""
    parts = schema[key]
    if key == "allOf":
        notes = [part for part in parts if part.keys() <= NOTES]
        parts = [part for part in parts if part.keys() - NOTES]
        schema = {**{name: value for part in reversed(notes) for name, value in part.items()}, **schema, key: parts}
    rest = {name: value for name, value in schema.items() if name != key}
    if not parts:
        return rest
    if len(parts) == 1 and rest.keys() <= NOTES:
        return {**parts[0], **rest}
    return schema


def _or_null(schema: dict[str, Any], key: str) -> dict[str, Any]:
    """With two types in place of a choice between one and null."""
    parts, nothing = schema.get(key, ()), {"type": "null"}
    rest = {name: value for name, value in schema.items() if name != key}
    if key == "allOf" or len(parts) != 2 or nothing not in parts or not rest.keys() <= NOTES:
        return schema
    other = parts[1 - parts.index(nothing)]
    if other.get("type") in (None, "null") or isinstance(other["type"], list) or other.keys() & _OF_ANY_TYPE:
        return schema
    listed = {"enum": [*other["enum"], None]} if "enum" in other else {}
    return {**other, "type": [other["type"], "null"], **listed, **rest}


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """Without lengths that all texts of an `enum` have."""
    texts = schema.get("enum")
    if not isinstance(texts, list) or not texts or not all(isinstance(one, str) for one in texts):
        return schema
    lengths = [len(one) for one in texts]
    met = {
        "minLength": min(lengths) >= schema.get("minLength", 0),
        "maxLength": max(lengths) <= schema.get("maxLength", 0),
    }
    return {key: value for key, value in schema.items() if not met.get(key, False)}
