"""The notes of a schema: description, title, examples and the like, without those that only repeat something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from jackfield.definition.openapi.short_text import short_text

_WIDTHS = frozenset({"int64", "float", "double", "string", "integer", "number"})
"""Formats that say how a service keeps a value, or its type again. `int32` says how large a number may be."""

_WITHOUT_FORMAT = frozenset({"object", "array", "boolean", "null"})
_KNOWN_FORMATS = frozenset({"date-time", "date", "time", "uuid", "email", "uri", "url", "ipv4", "ipv6", "hostname"})
_SELF_EVIDENT = frozenset({"boolean", "integer", "number", "null"})
"""What needs no example."""

_CODE_NAME = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\dA-Z_]+|\d+|[^\w\s.,'()]")
_FILLERS = frozenset({"the", "a", "an", "of", "for", "to", "this", "that", "which", "unique", "specifies"})
_LONGEST_REPETITION = 80


def said_briefly(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """`schema` with short notes.

    Args:
        schema: Without what is said only by its parts.
        name: Of the property or definition that it is of; empty for one that has none.
    """
    gone = set[str]()
    if len(schema.get("enum", ())) == 1:  # one value can be given, and no words help to choose it
        gone |= {"description", "default"}
    if schema.get("format") in _WIDTHS or _types(schema) <= _WITHOUT_FORMAT:
        gone.add("format")
    if "examples" in schema and _are_known(schema):
        gone.add("examples")
    made = {key: value for key, value in schema.items() if key not in gone}
    if isinstance(said := made.get("description"), str):
        made["description"] = short_text(said, known=_values(schema), default=_default(schema))
        if repeats(made["description"], name):
            del made["description"]
    if isinstance(title := made.get("title"), str) and _is_code(title, name, "description" in made):
        del made["title"]
    return made


def repeats(text: str, name: str) -> bool:
    """Whether `text` says no more than the name of what it describes: "The ID of the project." of `projectId`."""
    if len(text) > _LONGEST_REPETITION:
        return False
    known = {_stem(word) for word in _WORD.findall(name)}
    return all(_stem(word) in known for word in _WORD.findall(text) if word.lower() not in _FILLERS)


def _stem(word: str) -> str:
    return "id" if word.lower() == "identifier" else word.lower().removesuffix("s")


def _is_code(title: str, name: str, described: bool) -> bool:
    """Whether a title says nothing to people: a name in somebody's program, or one more beside name and description."""
    return repeats(title, name) or bool(_CODE_NAME.fullmatch(title)) or (bool(name) and described)


def _are_known(schema: Mapping[str, Any]) -> bool:
    """Whether examples tell nothing that the rest of their schema does not."""
    if "enum" in schema or "const" in schema or _types(schema) <= _SELF_EVIDENT:
        return True
    return schema.get("format") in _KNOWN_FORMATS or schema["examples"] == [schema.get("default", ())]


def _default(schema: Mapping[str, Any]) -> str:
    """A plain one, as texts write it."""
    default = schema.get("default")
    return default if isinstance(default, str) else orjson.dumps(default).decode() if default is not None else ""


def _types(schema: Mapping[str, Any]) -> set[str]:
    types = schema.get("type", "")
    return set(types) if isinstance(types, list) else {types}


def _values(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """The texts that may be given for it, or for its items."""
    items = schema.get("items")
    listed = schema.get("enum") or (items.get("enum") if isinstance(items, Mapping) else ()) or ()
    return tuple(one for one in listed if isinstance(one, str))
