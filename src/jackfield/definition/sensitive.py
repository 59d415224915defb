"""Finding the secrets in a value, where its schema says they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jackfield.definition.model import Schema
from jackfield.definition.secret import MASK

_CHOICES = ("anyOf", "oneOf", "allOf")
_LOCAL = "#/$defs/"


def has_secrets(schema: Schema) -> bool:
    """Whether anything in `schema`, however deep, is marked as a secret."""
    return _marked(schema)


def hide_secrets(value: Any, schema: Schema) -> Any:
    """`value` with a mask in place of all that `schema` marks as secret."""
    return _walk(value, schema, schema, lambda _: MASK)


def map_secrets(value: Any, schema: Schema, wrap: Callable[[str], Any]) -> Any:
    """`value` with `wrap` applied to each text that `schema` marks as secret."""
    return _walk(value, schema, schema, lambda secret: wrap(secret) if isinstance(secret, str) else secret)


def secrets_in(value: Any, schema: Schema) -> Iterator[str]:
    """The texts that `schema` marks as secret."""
    found: list[str] = []

    def keep(secret: Any) -> Any:
        if isinstance(secret, str):
            found.append(secret)
        return secret

    _walk(value, schema, schema, keep)
    return iter(found)


def is_secret(schema: Any) -> bool:
    """Whether `schema` itself marks its value as one that is never shown."""
    if not isinstance(schema, Mapping):
        return False
    if schema.get("writeOnly") is True or schema.get("format") == "password":
        return True
    return any(is_secret(choice) for key in _CHOICES for choice in schema.get(key) or ())


def _marked(schema: Any) -> bool:
    if isinstance(schema, Mapping):
        return is_secret(schema) or any(_marked(part) for part in schema.values())
    return isinstance(schema, list | tuple) and any(_marked(part) for part in schema)


def _walk(
    value: Any, schema: Any, root: Schema, visit: Callable[[Any], Any], followed: frozenset[str] = frozenset()
) -> Any:
    """A copy of `value`, with `visit` applied to what is secret.

    Args:
        value: Any JSON.
        schema: Of the value.
        root: Has the `$defs`.
        visit: Gives what stands in place of a secret.
        followed: References that led from this very value to `schema`; following one again would not end.
    """
    if not isinstance(schema, Mapping) or value is None:
        return value
    if is_secret(schema):
        return visit(value)
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith(_LOCAL) and reference not in followed:
        definition = (root.get("$defs") or {}).get(reference.removeprefix(_LOCAL))
        value = _walk(value, definition, root, visit, followed | {reference})
    for choice in (choice for key in _CHOICES for choice in schema.get(key) or ()):
        value = _walk(value, choice, root, visit, followed)
    if isinstance(value, Mapping):
        properties, others = schema.get("properties") or {}, schema.get("additionalProperties")
        return {name: _walk(inner, properties.get(name, others), root, visit) for name, inner in value.items()}
    if isinstance(value, list) and "items" in schema:
        return [_walk(inner, schema["items"], root, visit) for inner in value]
    return value
