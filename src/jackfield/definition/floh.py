"""Definitions as JSON: Floh's `configSchema` with full JSON Schema inside, read and written.

Reading is lenient where guides differ; writing has one form, and what was written reads back equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast, get_args

from jackfield.definition.connection import options
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.hints import SECRET_SCHEMA
from jackfield.definition.model import (
    CommandDefinition,
    ConnectionField,
    ConnectorDefinition,
    Deprecation,
    ExecutionModelName,
    FieldKind,
)

T = TypeVar("T")

_KINDS: tuple[str, ...] = get_args(FieldKind)
_KIND_SCHEMAS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "secret": dict(SECRET_SCHEMA),
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "select": {},
    "url": {"type": "string", "format": "uri"},
    "textarea": {"type": "string"},
    "raw": {},
}
_KIND_NAMES = {"password": "secret", "text": "string", "json": "raw", "object": "raw", "array": "raw"}
_CONSTRAINTS = ("enum", "minimum", "maximum", "minLength", "maxLength", "pattern", "format", "items", "properties")


def to_json(definition: ConnectorDefinition) -> dict[str, Any]:
    """The whole definition as JSON. `from_json` reads it back equal.

    Shape: `{name, version, executionModel, displayName, description, category, tags, icon,
    configSchema: {connectionConfig, commands}, defaultCommand, testCommand, authRequired, auth, rateLimits,
    source}`.
    """
    return {
        "name": definition.name,
        "version": definition.version,
        "executionModel": definition.execution_model,
        "displayName": definition.display_name,
        "description": definition.description,
        "category": definition.category,
        "tags": list(definition.tags),
        "icon": definition.icon,
        "configSchema": {
            "connectionConfig": {f.name: _field_json(f) for f in definition.fields},
            "commands": {name: _command_json(command) for name, command in definition.commands.items()},
        },
        "defaultCommand": definition.default_command,
        "testCommand": definition.test_command,
        "authRequired": definition.auth_required,
        "auth": dict(definition.auth),
        "rateLimits": dict(definition.rate_limits),
        "source": dict(definition.source),
    }


def from_json(document: Mapping[str, Any]) -> ConnectorDefinition:
    """The definition that `document` describes.

    Raises:
        InvalidDefinition: A part of it cannot be read; the message has its path.
    """
    raw = document.get("configSchema") or {}
    if not isinstance(raw, Mapping):
        raise _unreadable("configSchema", raw, "an object")
    fields = read_connection(raw.get("connectionConfig") or {})
    secrets = any(f.secret and f.required and not f.shown_when for f in fields)
    return ConnectorDefinition(
        name=str(document.get("name", "")),
        version=str(document.get("version", "1.0.0")),
        execution_model=cast(ExecutionModelName, document.get("executionModel", "built_in")),
        display_name=document.get("displayName") or "",
        description=document.get("description") or "",
        category=document.get("category") or "",
        tags=tuple(document.get("tags") or ()),
        icon=document.get("icon") or "",
        fields=fields,
        commands=read_commands(raw.get("commands") or {}),
        default_command=document.get("defaultCommand"),
        test_command=document.get("testCommand"),
        auth_required=bool(document.get("authRequired", secrets)),
        auth=dict(document.get("auth") or {}),
        rate_limits=dict(document.get("rateLimits") or {}),
        source=dict(document.get("source") or {}),
    )


def read_connection(raw: Mapping[str, Any]) -> tuple[ConnectionField, ...]:
    """The fields of a `connectionConfig`: a map from name to `{type, required, secret, default, ...}`."""
    return tuple(_each(raw, "connectionConfig", _read_field))


def read_commands(raw: Mapping[str, Any]) -> dict[str, CommandDefinition]:
    """The commands of a `configSchema`: a map from name to `{params, paramSchema, outputs, ...}`.

    `params` is a list of names (one without schema in `paramSchema` is optional and of any type) or a
    JSON Schema of an object.
    """
    return {command.name: command for command in _each(raw, "commands", _read_command)}


def _each(raw: Any, path: str, read: Callable[[str, Mapping[str, Any], str], T]) -> list[T]:
    if not isinstance(raw, Mapping):
        raise _unreadable(path, raw, "an object that maps names to descriptions")
    found = []
    for name, described in raw.items():
        where = f"{path}.{name}"
        if not isinstance(described, Mapping):
            raise _unreadable(where, described, "an object")
        found.append(read(str(name), described, where))
    return found


def _read_field(name: str, raw: Mapping[str, Any], path: str) -> ConnectionField:
    kind = _read_kind(raw, path)
    schema = dict(raw["schema"]) if raw.get("schema") else _declared_schema(kind, raw)
    shown = (raw.get("displayOptions") or {}).get("show") or {}
    return ConnectionField(
        name=name,
        kind=kind,
        schema=schema,
        label=raw.get("label") or "",
        description=raw.get("description") or "",
        required=bool(raw.get("required", False)),
        default=raw.get("default", ...),
        placeholder=raw.get("placeholder") or "",
        help_url=raw.get("helpUrl") or "",
        help_text=raw.get("helpText") or "",
        shown_when={key: tuple(value if isinstance(value, list) else [value]) for key, value in shown.items()},
    )


def _declared_schema(kind: FieldKind, raw: Mapping[str, Any]) -> dict[str, Any]:
    schema = _KIND_SCHEMAS[kind] | {key: raw[key] for key in _CONSTRAINTS if key in raw}
    if offered := raw.get("options"):
        schema["enum"] = [o.get("value") if isinstance(o, Mapping) else o for o in offered]
    return schema


def _read_kind(raw: Mapping[str, Any], path: str) -> FieldKind:
    said = str(raw.get("type", "string"))
    kind = _KIND_NAMES.get(said, said)
    if raw.get("secret") is True:
        kind = "secret"
    elif kind == "string" and (raw.get("options") or raw.get("enum")):
        kind = "select"
    if kind not in _KINDS:
        raise _unreadable(f"{path}.type", said, f"one of {', '.join(_KINDS)}")
    return cast(FieldKind, kind)


def _read_command(name: str, raw: Mapping[str, Any], path: str) -> CommandDefinition:
    outputs = raw.get("outputs") or ()
    output_schema = dict(outputs) if isinstance(outputs, Mapping) else raw.get("outputSchema")
    if isinstance(outputs, Mapping):
        outputs = tuple(outputs.get("properties", ()))
    return CommandDefinition(
        name=name,
        display_name=raw.get("displayName") or "",
        description=raw.get("description") or "",
        params=_read_params(raw.get("params"), raw.get("paramSchema") or {}, path),
        outputs=tuple(outputs),
        output_schema=output_schema,
        strict_outputs=bool(raw.get("strictOutputs", False)),
        reads_only=bool(raw.get("readsOnly", False)),
        destructive=bool(raw.get("destructive", False)),
        idempotent=bool(raw.get("idempotent", False)),
        deprecated=Deprecation(message=raw.get("deprecatedMessage") or "") if raw.get("deprecated") else None,
        added_in=raw.get("addedInVersion"),
        tags=tuple(raw.get("tags") or ()),
        tool=bool(raw.get("tool", True)),
        verified=bool(raw.get("verified", False)),
        scenarios=tuple(raw.get("scenarios") or ()),
    )


def _read_params(params: Any, schemas: Any, path: str) -> dict[str, Any]:
    if isinstance(params, Mapping):
        return dict(params)
    if not isinstance(params or [], Sequence) or isinstance(params, str):
        raise _unreadable(f"{path}.params", params, "a list of names or a JSON Schema")
    if not isinstance(schemas, Mapping):
        raise _unreadable(f"{path}.paramSchema", schemas, "an object that maps names to schemas")
    names = list(dict.fromkeys([*(params or []), *schemas]))
    properties, required = {}, []
    for name in names:
        schema = dict(schemas.get(name) or {})
        # Floh marks a single param as required inside its own schema, where JSON Schema has a list outside.
        if schema.get("required") is True:
            required.append(name)
        if isinstance(schema.get("required"), bool):
            del schema["required"]
        properties[name] = schema
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


def _field_json(f: ConnectionField) -> dict[str, Any]:
    written: dict[str, Any] = {"type": f.kind, "required": f.required, "schema": dict(f.schema)}
    if f.secret:
        written["secret"] = True
    if f.kind == "select":
        written["options"] = options(f)
    if f.default is not ...:
        written["default"] = f.default
    texts = {"label": f.label, "description": f.description, "placeholder": f.placeholder}
    texts |= {"helpUrl": f.help_url, "helpText": f.help_text}
    written |= {key: text for key, text in texts.items() if text}
    if f.shown_when:
        written["displayOptions"] = {"show": {name: list(values) for name, values in f.shown_when.items()}}
    return written


def _command_json(command: CommandDefinition) -> dict[str, Any]:
    written: dict[str, Any] = {
        "displayName": command.display_name,
        "slug": command.slug,
        "description": command.description,
        "params": dict(command.params),
        "outputs": list(command.outputs),
        "outputSchema": command.output_schema,
        "strictOutputs": command.strict_outputs,
        "readsOnly": command.reads_only,
        "destructive": command.destructive,
        "idempotent": command.idempotent,
        "deprecated": command.deprecated is not None,
        "addedInVersion": command.added_in,
        "tags": list(command.tags),
        "tool": command.tool,
        "verified": command.verified,
        "scenarios": list(command.scenarios),
    }
    if command.deprecated is not None:
        written["deprecatedMessage"] = command.deprecated.message
    return written


def _unreadable(path: str, value: Any, wanted: str) -> InvalidDefinition:
    shown = repr(value)[:80]
    return InvalidDefinition(
        f"`{path}` is `{shown}`, which cannot be read",
        hint=f"it must be {wanted}",
        errors=[{"pointer": "/" + path.replace(".", "/"), "message": f"must be {wanted}"}],
    )
