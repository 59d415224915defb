"""One operation of a declarative connector, read: what callers see, and what is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.definition.errors import InvalidName, NamesFallTogether
from jackfield.definition.model import CommandDefinition, ConnectionField, Deprecation
from jackfield.definition.names import check_distinct, check_name, closest
from jackfield.definition.operations_answers import read_errors, read_mock, read_response
from jackfield.definition.operations_mapping import TOKEN, read_joined, read_mapping, read_names, without_places
from jackfield.definition.operations_paths import base_fault, check_path, holes
from jackfield.definition.operations_reader import Faults, Place, Reader, named

_OPERATION_KEYS = (
    *("name", "displayName", "description", "method", "path", "parameters", "mapping", "response", "errors", "headers"),
    *("baseUrl", "names", "joined", "bodyRequired"),
    *("outputs", "outputSchema", "strictOutputs", "readsOnly", "destructive", "idempotent", "deprecated"),
    *("deprecatedMessage", "addedInVersion", "tags", "tool", "aiDescription", "verified", "mock"),
)
_OPERATION_ALIASES = {"requestBodyMapping": "mapping", "responseMapping": "response", "mocks": "mock"}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REPEATABLE = _SAFE | {"PUT", "DELETE"}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation, read: what callers see, and what is sent."""

    command: CommandDefinition
    source: dict[str, Any]


def open_operation(raw: Any, *, at: Place, faults: Faults, places: Mapping[str, Place] | None = None) -> Reader:
    """A reader of one operation; `places` as `Reader` has them."""
    return Reader(raw, at=at, faults=faults, known=_OPERATION_KEYS, aliases=_OPERATION_ALIASES, places=places)


def read_operation(operation: Reader, name: str, fields: tuple[ConnectionField, ...]) -> Operation | None:
    """The operation, or `None` where it is too wrong to make one; the faults are noted either way."""
    method, path = _read_method(operation), _read_path(operation)
    declared = _read_parameters(operation)
    in_path = _path_params(path, declared, fields)
    # Numbers too: callers write ids as they have them.
    undeclared = {name: {"type": ["string", "number"]} for name in in_path if name not in declared["properties"]}
    properties = {**declared["properties"], **undeclared}
    names = read_names(operation, in_path=in_path, properties=properties)
    mapping = read_mapping(operation, method=method, in_path=in_path, properties=properties, names=names)
    joined = read_joined(operation, mapping)
    base = operation.text("baseUrl")
    check_base(operation, base, [f.name for f in fields])
    source = {
        "method": method,
        "path": path,
        "mapping": mapping,
        "headers": read_headers(operation),
        "response": read_response(operation),
        "errors": read_errors(operation),
        "mock": read_mock(operation),
        **({"baseUrl": base} if base else {}),
        **({"names": names} if names else {}),
        **({"joined": joined} if joined else {}),
        **({} if operation.flag("bodyRequired", default=True) else {"bodyRequired": False}),
    }
    params = _params(declared, properties, in_path)
    command = _read_command(operation, name, method, params)
    return Operation(command=command, source=source) if command else None


def operation_name(operation: Reader, key: str | None) -> str:
    """The name of an operation: its own, or the key of the object that it is in."""
    if key is None:
        return read_name(operation, what="command")
    said = operation.text("name", key)
    if said != key:
        operation.faults.wrong(operation.place("name"), said, f"`{key}`, as its key says")
    _check_name(operation, operation.at, key, what="command")
    return key


def read_name(reader: Reader, *, what: str, key: str = "name") -> str:
    """The name of a connector type, a command or a namespace."""
    name = reader.text(key)
    if reader.value(key) is None:
        reader.faults.missing(reader.place(key), "a name, for example `todo`")
    elif isinstance(reader.value(key), str):
        _check_name(reader, reader.place(key), name, what=what)
    return name


def check_base(reader: Reader, base: str, fields: Collection[str]) -> None:
    """Note what keeps paths from being appended to `base`, the `baseUrl` of what is read."""
    at = reader.place("baseUrl")
    if not base:
        return
    try:
        unknown = [hole.name for hole in holes(base) if hole.name and hole.name not in fields]
        filled = base if not holes(base) else ""
    except ValueError as error:
        reader.faults.add(at, f"it is no base URL: {error}", hint="write holes as `{name}`")
        return
    for name in unknown:
        reader.faults.add(at, f"the base URL needs `{name}`", hint=f"declare `{name}` under `connectionConfig`")
    if filled and (reason := base_fault(filled)):
        reader.faults.add(at, f"it is no base URL: {reason}", hint="use one such as `https://api.example.com/v1`")


def read_headers(reader: Reader) -> dict[str, str]:
    """Static headers; their values may be templates."""
    headers, found = reader.mapping("headers"), {}
    for name, value in headers.items():
        at = (*reader.place("headers"), name)
        if not TOKEN.fullmatch(name):
            reader.faults.add(at, f"`{name}` is no header name", hint="use letters, digits and `-`")
        elif isinstance(value, bool) or not isinstance(value, str | int | float):
            reader.faults.wrong(at, value, "a text; quote it")
        else:
            found[name] = str(value)
    return found


def _check_name(reader: Reader, at: Place, name: str, *, what: str) -> None:
    try:
        check_name(name, what=what)
    except InvalidName as error:
        reader.faults.add(at, error.message, hint=error.hint)


def _read_method(operation: Reader) -> str:
    method = operation.text("method").upper()
    if operation.value("method") is None:
        operation.faults.missing(operation.place("method"), f"one of {named(_METHODS)}")
    elif method not in _METHODS:
        operation.faults.wrong(operation.place("method"), operation.value("method"), f"one of {named(_METHODS)}")
    return method


def _read_path(operation: Reader) -> str:
    path, at = operation.text("path"), operation.place("path")
    if operation.value("path") is None:
        operation.faults.missing(at, "a path such as `/todos/{id}`")
        return ""
    try:
        check_path(path)
    except ValueError as error:
        operation.faults.add(at, f"`{path}` is no path: {error}", hint="use one such as `/todos/{id}`")
        return ""
    return path if path.startswith(("/", "?")) or not path else f"/{path}"


def _path_params(path: str, declared: Mapping[str, Any], fields: tuple[ConnectionField, ...]) -> tuple[str, ...]:
    """The params that the path names. An undeclared name that is a connection field is that field."""
    connection = {f.name for f in fields} - set(declared.get("properties", {}))
    return tuple(dict.fromkeys(hole.name for hole in holes(path) if hole.name and hole.name not in connection))


def _read_parameters(operation: Reader) -> dict[str, Any]:
    """The JSON Schema of the params. Whether it is a valid one is judged where it is compiled."""
    schema, at = operation.mapping("parameters"), operation.place("parameters")
    if schema.get("type", "object") != "object":
        operation.faults.wrong((*at, "type"), schema["type"], "`object`")
    properties, required = schema.get("properties", {}), schema.get("required", [])
    if not isinstance(properties, Mapping):
        operation.faults.wrong((*at, "properties"), properties, "an object from param to JSON Schema")
        properties = {}
    if not isinstance(required, list | tuple) or not all(isinstance(name, str) for name in required):
        operation.faults.wrong((*at, "required"), required, "a list of names of params")
        required = []
    for name, part in properties.items():
        if not isinstance(part, Mapping | bool):
            operation.faults.wrong((*at, "properties", str(name)), part, "a JSON Schema")
    return {**schema, "properties": {str(n): part for n, part in properties.items()}, "required": list(required)}


def _params(declared: Mapping[str, Any], properties: Mapping[str, Any], in_path: tuple[str, ...]) -> dict[str, Any]:
    """The schema that callers see: without places, and with every part of the path in it."""
    given = [name for name in in_path if not _has_default(properties[name])]
    required = list(dict.fromkeys([*declared["required"], *given]))
    schema = {"type": "object", **declared, "properties": without_places(properties), "required": required}
    return schema if required else {key: value for key, value in schema.items() if key != "required"}


def _has_default(schema: Any) -> bool:
    return isinstance(schema, Mapping) and "default" in schema


def _read_command(operation: Reader, name: str, method: str, params: dict[str, Any]) -> CommandDefinition | None:
    faults, at = operation.faults, operation.place("parameters")
    for wanted in [wanted for wanted in params.get("required", []) if wanted not in params["properties"]]:
        close = closest(wanted, params["properties"]) if faults.are_told() else None
        hint = f"did you mean `{close}`?" if close else "declare it under `properties`"
        faults.add((*at, "required"), f"the required param `{wanted}` is not declared", hint=hint)
    try:
        check_distinct(params["properties"], what="params", where=f"operation `{name}`")
    except NamesFallTogether as error:
        faults.add(at, error.message, hint=error.hint)
        return None
    try:
        return CommandDefinition(
            name=name,
            display_name=operation.text("displayName"),
            description=operation.text("description"),
            params=params,
            outputs=operation.texts("outputs"),
            output_schema=operation.mapping("outputSchema") or None,
            strict_outputs=operation.flag("strictOutputs", default=False),
            reads_only=operation.flag("readsOnly", default=method in _SAFE),
            destructive=operation.flag("destructive", default=method == "DELETE"),
            idempotent=operation.flag("idempotent", default=method in _REPEATABLE),
            deprecated=_read_deprecated(operation),
            added_in=operation.text("addedInVersion") or None,
            tags=operation.texts("tags"),
            tool=operation.flag("tool", default=True),
            ai_description=operation.text("aiDescription"),
            verified=operation.flag("verified", default=False),
            scenarios=tuple(operation.mapping("mock")),
        )
    except InvalidName:
        return None  # noted where the name was read


def _read_deprecated(operation: Reader) -> Deprecation | None:
    said, message = operation.value("deprecated", False), operation.text("deprecatedMessage")
    if isinstance(said, str):
        return Deprecation(message=said)
    if not isinstance(said, bool):
        operation.faults.wrong(operation.place("deprecated"), said, "true, false, or what to use instead")
    return Deprecation(message=message) if said else None
