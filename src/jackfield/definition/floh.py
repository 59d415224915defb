"""Definitions as JSON: Floh's `configSchema` with full JSON Schema inside, read and written.

Reading is lenient where guides differ; writing has one form, and what was written reads back equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, cast, get_args

from jackfield.definition.connection import options
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.hints import SECRET_SCHEMA
from jackfield.definition.model import (
    CommandDefinition,
    ConnectionField,
    ConnectorDefinition,
    Deprecation,
    ExecutionModelName,
    FieldKind,
)
from jackfield.definition.model_said import MODEL_NAMES, MODELS
from jackfield.definition.names import find

T = TypeVar("T")

Path = tuple[str, ...]

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
_KEYWORDS = ("properties", "patternProperties", "additionalProperties")
_NO_JSON_TYPES = frozenset({"date", "secret", "password", "select", "url", "textarea", "text", "raw", "json"})
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
        "configSchema": schema_json(definition),
        "defaultCommand": definition.default_command,
        "testCommand": definition.test_command,
        "authRequired": definition.auth_required,
        "auth": dict(definition.auth),
        "rateLimits": dict(definition.rate_limits),
        "source": dict(definition.source),
    }


def stored_json(definition: ConnectorDefinition) -> dict[str, Any]:
    """As `to_json`, without commands that the document in `source` has: `from_json` reads them from there again."""
    if definition.execution_model != "openapi" or not definition.source.get("spec"):
        return to_json(definition)
    from jackfield.definition.openapi.described import are_derived

    kept = replace(definition, commands={}, default_command=None, test_command=None)
    written = to_json(kept) if are_derived(definition.commands) else to_json(definition)
    return {**written, "defaultCommand": definition.default_command, "testCommand": definition.test_command}


def schema_json(definition: ConnectorDefinition) -> dict[str, Any]:
    """Floh's `configSchema`: `{connectionConfig, commands}`, both maps by name."""
    return {
        "connectionConfig": {f.name: _field_json(f) for f in definition.fields},
        "commands": {name: command_json(command) for name, command in definition.commands.items()},
    }


def from_json(document: Mapping[str, Any]) -> ConnectorDefinition:
    """The definition that `document` describes.

    Raises:
        InvalidDefinition: A part of it cannot be read; the message has its path.
    """
    document = _camel(document)
    raw = _camel(_object(document.get("configSchema"), ("configSchema",)))
    fields = read_connection(raw.get("connectionConfig"), path=("configSchema", "connectionConfig"))
    commands: Mapping[str, CommandDefinition] = read_commands(raw.get("commands"), path=("configSchema", "commands"))
    secrets = any(f.secret and f.required and not f.shown_when for f in fields)
    name, model = str(document.get("name", "")), _read_model(document.get("executionModel", "built_in"))
    source = dict(_object(document.get("source"), ("source",)))
    if model == "openapi" and not commands and source.get("spec"):
        fields, commands = _of_document(name, fields, source)
    return ConnectorDefinition(
        name=name,
        version=str(document.get("version", "1.0.0")),
        execution_model=model,
        display_name=document.get("displayName") or "",
        description=document.get("description") or "",
        category=document.get("category") or "",
        tags=_texts(document, "tags", ()),
        icon=document.get("icon") or "",
        fields=fields,
        commands=commands,
        default_command=document.get("defaultCommand"),
        test_command=document.get("testCommand", find("test", commands)),
        auth_required=bool(document.get("authRequired", secrets)),
        auth=dict(_object(document.get("auth"), ("auth",))),
        rate_limits=dict(_object(document.get("rateLimits"), ("rateLimits",))),
        source=source,
    )


def _of_document(
    name: str, fields: tuple[ConnectionField, ...], source: Mapping[str, Any]
) -> tuple[tuple[ConnectionField, ...], Mapping[str, CommandDefinition]]:
    """The fields and commands of an imported type, which `stored_json` has left in its document."""
    from jackfield.definition.openapi.described import joined_fields
    from jackfield.definition.openapi.reader import read_again

    read = read_again(source, name=name)
    return joined_fields(fields, read), read.commands


def read_connection(raw: Any, *, path: Path = ("connectionConfig",)) -> tuple[ConnectionField, ...]:
    """The fields of a `connectionConfig`: a map from name to `{type, required, secret, default, ...}`.

    Raises:
        InvalidDefinition: A part of it cannot be read; the message has its path, which begins with `path`.
    """
    return tuple(_each(raw, path, _read_field))


def read_commands(raw: Any, *, path: Path = ("commands",)) -> dict[str, CommandDefinition]:
    """The commands of a `configSchema`: a map from name to `{params, paramSchema, outputs, ...}`.

    `params` is a list of names (one without schema in `paramSchema` is optional and of any type), a map from
    names to schemas, or a JSON Schema of an object.

    Raises:
        InvalidDefinition: A part of it cannot be read; the message has its path, which begins with `path`.
    """
    return {command.name: command for command in _each(raw, path, _read_command)}


def _each(raw: Any, path: Path, read: Callable[[str, Mapping[str, Any], Path], T]) -> list[T]:
    found = []
    for name, described in _object(raw, path).items():
        if not isinstance(described, Mapping):  # it is not shown: it may be a value, and a secret one
            raise _unreadable((*path, name), type(described).__name__, "an object that describes it, such as {}")
        found.append(read(str(name), described, (*path, name)))
    return found


def _read_model(said: Any) -> ExecutionModelName:
    model = MODEL_NAMES.get(said, said) if isinstance(said, str) else said
    if model not in MODELS:
        raise _unreadable(("executionModel",), said, f"one of {', '.join(MODELS)}")
    return cast(ExecutionModelName, model)


def _read_field(name: str, raw: Mapping[str, Any], path: Path) -> ConnectionField:
    raw = _camel(raw)
    kind = _read_kind(raw, path)
    declared = raw.get("schema")
    shown = _object(raw.get("displayOptions"), (*path, "displayOptions")).get("show")
    conditions = _object(shown, (*path, "displayOptions", "show"))
    return ConnectionField(
        name=name,
        kind=kind,
        schema=_declared_schema(kind, raw) if declared is None else dict(_object(declared, (*path, "schema"))),
        label=_text(raw, "label", path),
        description=_text(raw, "description", path),
        required=_flag(raw, "required", path),
        default=raw.get("default", ...),
        placeholder=_text(raw, "placeholder", path),
        help_url=_text(raw, "helpUrl", path),
        help_text=_text(raw, "helpText", path),
        shown_when={key: tuple(value if isinstance(value, list) else [value]) for key, value in conditions.items()},
    )


def _declared_schema(kind: FieldKind, raw: Mapping[str, Any]) -> dict[str, Any]:
    schema = _KIND_SCHEMAS[kind] | {key: raw[key] for key in _CONSTRAINTS if key in raw}
    if offered := raw.get("options"):
        if not isinstance(offered, list | tuple):
            raise _unreadable(("options",), offered, "a list of values")
        schema["enum"] = [o.get("value") if isinstance(o, Mapping) else o for o in offered]
    return schema


def _read_kind(raw: Mapping[str, Any], path: Path) -> FieldKind:
    said = str(raw.get("type", "string"))
    kind = _KIND_NAMES.get(said, said)
    if raw.get("secret") is True:
        kind = "secret"
    elif kind == "string" and (raw.get("options") or raw.get("enum")):
        kind = "select"
    if kind not in _KINDS:
        raise _unreadable((*path, "type"), said, f"one of {', '.join(_KINDS)}")
    return cast(FieldKind, kind)


def _read_command(name: str, raw: Mapping[str, Any], path: Path) -> CommandDefinition:
    raw = _camel(raw)
    said = raw.get("outputs")
    described = raw.get("outputSchema") if not isinstance(said, Mapping) else said
    output_schema = None if described is None else dict(_object(described, (*path, "outputSchema")))
    outputs = tuple(said.get("properties", ())) if isinstance(said, Mapping) else _texts(raw, "outputs", path)
    return CommandDefinition(
        name=name,
        display_name=_text(raw, "displayName", path),
        description=_text(raw, "description", path),
        params=_read_params(raw.get("params"), raw.get("paramSchema"), path),
        outputs=outputs,
        output_schema=output_schema,
        strict_outputs=_flag(raw, "strictOutputs", path),
        reads_only=_flag(raw, "readsOnly", path),
        destructive=_flag(raw, "destructive", path),
        idempotent=_flag(raw, "idempotent", path),
        deprecated=_read_deprecated(raw, path),
        added_in=_text(raw, "addedInVersion", path) or None,
        tags=_texts(raw, "tags", path),
        tool=_flag(raw, "tool", path, default=True),
        ai_description=_text(raw, "aiDescription", path),
        verified=_flag(raw, "verified", path),
        scenarios=_texts(raw, "scenarios", path),
    )


def _read_deprecated(raw: Mapping[str, Any], path: Path) -> Deprecation | None:
    said, message = raw.get("deprecated"), _text(raw, "deprecatedMessage", path)
    if isinstance(said, str) and said:
        return Deprecation(message=said)
    return Deprecation(message=message) if _flag(raw, "deprecated", path) else None


def _read_params(params: Any, schemas: Any, path: Path) -> dict[str, Any]:
    if isinstance(params, Mapping):
        return _from_schemas(params, (*path, "params")) if _is_map(params) else dict(params)
    names = _strings(params, (*path, "params"), "a list of names, a map from names to schemas or a JSON Schema")
    return _from_schemas(dict.fromkeys(names) | dict(_object(schemas, (*path, "paramSchema"))), (*path, "paramSchema"))


def _is_map(params: Mapping[str, Any]) -> bool:
    """Whether `params` maps names to schemas, which none of the keywords of an object's schema does."""
    named = not any(name.startswith("$") or name in _KEYWORDS for name in params)
    return named and bool(params) and all(isinstance(schema, Mapping) for schema in params.values())


def _from_schemas(schemas: Mapping[str, Any], path: Path) -> dict[str, Any]:
    properties, required = {}, []
    for name, described in schemas.items():
        schema = dict(_object(described, (*path, name)))
        # Floh marks a single param as required inside its own schema, where JSON Schema has a list outside.
        if schema.get("required") is True:
            required.append(name)
        if isinstance(schema.get("required"), bool):
            del schema["required"]
        if isinstance(schema.get("type"), str) and schema["type"] in _NO_JSON_TYPES:
            schema = _as_json_schema(schema, (*path, name))
        properties[name] = schema
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


def _as_json_schema(described: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A param whose type is one of Floh's kinds, such as `date` or `select`."""
    kept = {key: value for key, value in described.items() if key not in {"type", "options", "secret"}}
    return kept | _declared_schema(_read_kind(described, path), described)


def _camel(raw: Mapping[str, Any]) -> dict[str, Any]:
    """`raw` with our own keys as they are written; snake case is read too. Names of fields and params are not keys."""
    return {re.sub(r"_([a-z])", lambda found: found[1].upper(), key): value for key, value in raw.items()}


def _object(value: Any, path: Path) -> Mapping[str, Any]:
    """`value` as an object; nothing is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _unreadable(path, value, "an object")
    return value


def _text(raw: Mapping[str, Any], key: str, path: Path) -> str:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise _unreadable((*path, key), value, "a text; quote it")
    return value or ""


def _flag(raw: Mapping[str, Any], key: str, path: Path, *, default: bool = False) -> bool:
    value = raw.get(key)
    if value is not None and not isinstance(value, bool):
        raise _unreadable((*path, key), value, "true or false")
    return default if value is None else value


def _texts(raw: Mapping[str, Any], key: str, path: Path) -> tuple[str, ...]:
    return _strings(raw.get(key), (*path, key), "a list of texts")


def _strings(value: Any, path: Path, wanted: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise _unreadable(path, value, wanted)
    return tuple(value)


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


def command_json(command: CommandDefinition) -> dict[str, Any]:
    """One command, as in the map of `schema_json`."""
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
        "aiDescription": command.ai_description,
        "verified": command.verified,
        "scenarios": list(command.scenarios),
    }
    if command.deprecated is not None:
        written["deprecatedMessage"] = command.deprecated.message
    return written


def _unreadable(path: Path, value: Any, wanted: str) -> InvalidDefinition:
    shown = repr(value)[:80]
    fault = Fault(pointer=pointer(path), message=f"must be {wanted}")
    return InvalidDefinition(
        f"`{'.'.join(map(str, path))}` is `{shown}`, which cannot be read",
        hint=f"it {fault.message}",
        errors=[fault.to_json()],
    )
