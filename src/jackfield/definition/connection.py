"""The connection of a type: its JSON Schema, its form, and the values a connector ends up with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.model import ConnectionField, ConnectorDefinition


def connection_schema(definition: ConnectorDefinition) -> dict[str, Any]:
    """JSON Schema (2020-12) of the connection fields.

    A field with `shown_when` is required only while the field it depends on has one of the listed values.
    """
    fields = definition.fields
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {f.name: _property(f) for f in fields},
        "additionalProperties": False,
    }
    needed = [f for f in fields if f.required and f.default is ...]
    if always := [f.name for f in needed if not f.shown_when]:
        schema["required"] = always
    if rules := [_rule(f) for f in needed if f.shown_when]:
        schema["allOf"] = rules
    definitions: dict[str, Any] = {}
    for f in fields:
        definitions |= f.schema.get("$defs", {})
    if definitions:
        schema["$defs"] = definitions
    return schema


def form(definition: ConnectorDefinition) -> list[dict[str, Any]]:
    """What a form shows, in order.

    Shape: `[{name, kind, label, description, required, secret, default?, options?, placeholder?, helpUrl?,
    helpText?, displayOptions?}]`; `displayOptions` is `{"show": {field: [values]}}`.
    """
    return [_input(f) for f in definition.fields]


def is_shown(f: ConnectionField, values: Mapping[str, Any]) -> bool:
    """Whether `f` takes part, given the values of the other fields."""
    return all(values.get(name) in wanted for name, wanted in f.shown_when.items())


def options(f: ConnectionField) -> list[Any]:
    """The values that a select offers; empty for other kinds."""
    definitions = f.schema.get("$defs", {})
    for part in [f.schema, *f.schema.get("anyOf", ())]:
        described = definitions.get(str(part.get("$ref", "")).rpartition("/")[2], part)
        if "enum" in described:
            return list(described["enum"])
    return []


def _property(f: ConnectionField) -> dict[str, Any]:
    said = {"title": f.label, "description": f.description}
    own = {key: value for key, value in f.schema.items() if key != "$defs"}
    given = {} if f.default is ... else {"default": f.default}
    return own | {key: text for key, text in said.items() if text} | given


def _rule(f: ConnectionField) -> dict[str, Any]:
    condition = {name: {"enum": list(values)} for name, values in f.shown_when.items()}
    return {"if": {"properties": condition, "required": list(condition)}, "then": {"required": [f.name]}}


def _input(f: ConnectionField) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": f.name,
        "kind": f.kind,
        "label": f.label or f.name,
        "description": f.description,
        "required": f.required,
        "secret": f.secret,
    }
    if f.default is not ...:
        shown["default"] = f.default
    if f.kind == "select":
        shown["options"] = options(f)
    texts = {"placeholder": f.placeholder, "helpUrl": f.help_url, "helpText": f.help_text}
    shown |= {key: text for key, text in texts.items() if text}
    if f.shown_when:
        shown["displayOptions"] = {"show": {name: list(values) for name, values in f.shown_when.items()}}
    return shown
