"""Finding the secrets in a value, where its schema says they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jackfield.definition.model import Schema
from jackfield.definition.places import Place
from jackfield.definition.secret import MASK

_CHOICES = ("anyOf", "oneOf", "allOf")
_LOCAL = "#/$defs/"


def has_secrets(schema: Schema) -> bool:
    """Whether anything in `schema`, however deep, is marked as a secret."""
    return _marked(schema)


def hide_secrets(value: Any, schema: Schema) -> Any:
    """`value` with a mask in place of all that `schema` marks as secret."""
    return _walk(value, schema, schema, lambda _, __: MASK)


def blank_secrets(value: Any, schema: Schema, *, mask: str = MASK) -> Any:
    """As `hide_secrets`, but objects and lists keep their form: it can stand where `value` stands."""
    return _walk(value, schema, schema, lambda secret, _: _blank(secret, mask))


def map_secrets(value: Any, schema: Schema, wrap: Callable[[str], Any]) -> Any:
    """`value` with `wrap` applied to each text that `schema` marks as secret."""
    return _walk(value, schema, schema, lambda secret, _: wrap(secret) if isinstance(secret, str) else secret)


def secrets_in(value: Any, schema: Schema) -> Iterator[str]:
    """The texts that `schema` marks as secret."""
    found: list[str] = []

    def keep(secret: Any, _: Place) -> Any:
        if isinstance(secret, str):
            found.append(secret)
        return secret

    _walk(value, schema, schema, keep)
    return iter(found)


def secret_places(value: Any, schema: Schema) -> dict[Place, Any]:
    """Whatever `schema` marks as secret, texts and others, by place. `None` is no secret."""
    found: dict[Place, Any] = {}

    def keep(secret: Any, at: Place) -> Any:
        found[at] = secret
        return secret

    _walk(value, schema, schema, keep)
    return found


def is_secret(schema: Any) -> bool:
    """Whether `schema` itself marks its value as one that is never shown."""
    if not isinstance(schema, Mapping):
        return False
    if schema.get("writeOnly") is True or schema.get("format") == "password":
        return True
    return any(is_secret(choice) for key in _CHOICES for choice in schema.get(key) or ())


def _blank(secret: Any, mask: str) -> Any:
    if isinstance(secret, Mapping):
        return {name: _blank(inner, mask) for name, inner in secret.items()}
    if isinstance(secret, list | tuple):
        return [_blank(inner, mask) for inner in secret]
    return secret if secret is None else mask


def _marked(schema: Any) -> bool:
    if isinstance(schema, Mapping):
        return is_secret(schema) or any(_marked(part) for part in schema.values())
    return isinstance(schema, list | tuple) and any(_marked(part) for part in schema)


def _walk(
    value: Any,
    schema: Any,
    root: Schema,
    visit: Callable[[Any, Place], Any],
    at: Place = (),
    followed: frozenset[str] = frozenset(),
) -> Any:
    """A copy of `value`, with `visit` applied to what is secret.

    Args:
        value: Any JSON.
        schema: Of the value.
        root: Has the `$defs`.
        visit: Gives what stands in place of a secret, from it and its place.
        at: The place of the value.
        followed: References that led from this very value to `schema`; following one again would not end.
    """
    if not isinstance(schema, Mapping) or value is None:
        return value
    if is_secret(schema):
        return visit(value, at)
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith(_LOCAL) and reference not in followed:
        definition = (root.get("$defs") or {}).get(reference.removeprefix(_LOCAL))
        value = _walk(value, definition, root, visit, at, followed | {reference})
    for choice in (choice for key in _CHOICES for choice in schema.get(key) or ()):
        value = _walk(value, choice, root, visit, at, followed)
    if isinstance(value, Mapping):
        return {
            name: _walk_all(inner, _schemas_of(name, schema), root, visit, (*at, name)) for name, inner in value.items()
        }
    if isinstance(value, list):
        first, rest = schema.get("prefixItems") or (), schema.get("items")
        return [
            _walk(inner, first[index] if index < len(first) else rest, root, visit, (*at, index))
            for index, inner in enumerate(value)
        ]
    return value


def _walk_all(value: Any, schemas: list[Any], root: Schema, visit: Callable[[Any, Place], Any], at: Place) -> Any:
    for schema in schemas:
        value = _walk(value, schema, root, visit, at)
    return value


def _schemas_of(name: str, schema: Mapping[str, Any]) -> list[Any]:
    """What an object's schema says about its property `name`."""
    properties, patterns = schema.get("properties") or {}, schema.get("patternProperties") or {}
    found = [properties[name]] if name in properties else []
    found += [part for pattern, part in patterns.items() if _matches(pattern, name)]
    return found or [schema.get("additionalProperties")]


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:  # one that only JSON Schema understands: what it describes is treated alike, to be safe
        return True
