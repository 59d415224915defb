"""Declarative connectors: a document with a base URL and operations becomes a definition.

The form is that of Sinas's connectors. Keys may be camelCase or snake_case; operations a list or a map.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jackfield.definition.auth import auth_faults
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.model import ConnectionField, ConnectorDefinition
from jackfield.definition.names import find, folded
from jackfield.definition.operations_command import (
    Operation,
    open_operation,
    operation_name,
    read_headers,
    read_name,
    read_operation,
)
from jackfield.definition.operations_paths import base_fault, holes
from jackfield.definition.operations_reader import Faults, Place, Reader, dotted, entries, named

BASE_URL = "baseUrl"
"""The connection field that holds the base URL, so that each configured connector may have its own."""

CONNECTOR_KEYS = (
    *("name", "namespace", "displayName", "description", "version", "category", "tags", "icon", "executionModel"),
    *(BASE_URL, "auth", "headers", "operations", "connectionConfig", "defaultCommand", "testCommand", "rateLimits"),
)
_CONNECTOR_ALIASES = {
    "fields": "connectionConfig",
    "defaultOperation": "defaultCommand",
    "testOperation": "testCommand",
    "rateLimit": "rateLimits",
}

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def read_operations(body: Mapping[str, Any]) -> ConnectorDefinition:
    """The definition that a document with `baseUrl` and `operations` describes.

    Raises:
        InvalidDefinition: Something in it is wrong. All faults are in `details.errors`, with their places.
    """
    faults = Faults()
    reader = Reader(body, at=(), faults=faults, known=CONNECTOR_KEYS, aliases=_CONNECTOR_ALIASES)
    name = read_name(reader, what="connector type")
    metadata = _read_metadata(reader)
    fields, headers, limits = _read_fields(reader), read_headers(reader), _read_limits(reader)
    auth = _read_auth(reader, fields)
    operations = _read_all(reader, fields)
    default, test = (_read_command_name(reader, key, operations) for key in ("defaultCommand", "testCommand"))
    faults.raise_any(what=f"connector `{name}`" if name else "the connector")
    return ConnectorDefinition(
        name=name,
        execution_model="http",
        fields=fields,
        commands={name: operation.command for name, operation in operations.items()},
        default_command=default,
        test_command=test,
        rate_limits=limits,
        auth=auth,
        auth_required=auth.get("type") not in (None, "none"),
        source={
            BASE_URL: reader.text(BASE_URL),
            "headers": headers,
            "operations": {name: operation.source for name, operation in operations.items()},
        },
        **metadata,
    )


def _read_metadata(reader: Reader) -> dict[str, Any]:
    version, model = reader.text("version", "1.0.0"), reader.text("executionModel", "http")
    if not _VERSION.fullmatch(version):
        reader.faults.wrong(reader.place("version"), version, "three numbers such as `1.0.0`")
    if model != "http":
        reader.faults.wrong(reader.place("executionModel"), model, "`http` where there are operations")
    if reader.value("namespace") is not None:
        read_name(reader, key="namespace", what="namespace")
    return {
        "version": version,
        "display_name": reader.text("displayName"),
        "description": reader.text("description"),
        "category": reader.text("category"),
        "tags": reader.texts("tags"),
        "icon": reader.text("icon"),
    }


def _read_command_name(reader: Reader, key: str, operations: Mapping[str, Operation]) -> str | None:
    wanted = reader.text(key)
    if not wanted:
        return None
    name = find(wanted, operations)
    if name is None:
        reader.faults.wrong(reader.place(key), wanted, f"the name of an operation: {named(operations)}")
    return name


def _read_limits(reader: Reader) -> dict[str, int]:
    limits = reader.mapping("rateLimits")
    for name, limit in limits.items():
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            reader.faults.wrong((*reader.place("rateLimits"), name), limit, "a whole number above 0")
    return dict(limits)


def _read_auth(reader: Reader, fields: tuple[ConnectionField, ...]) -> dict[str, Any]:
    """`auth` as it was given. Values are not shown: a careless author may have put a secret there."""
    auth, at = reader.mapping("auth"), reader.place("auth")
    for place, what, hint in auth_faults(auth, fields=[f.name for f in fields]):
        reader.faults.add((*at, *place), what, hint=hint)
    return dict(auth)


def _read_fields(reader: Reader) -> tuple[ConnectionField, ...]:
    """The declared connection, with the base URL in front unless it declares one itself."""
    base = reader.text(BASE_URL)
    declared = _read_connection(reader)
    _check_base(reader, base, [f.name for f in declared])
    if any(folded(f.name) == folded(BASE_URL) for f in declared):
        return tuple(
            replace(f, default=base) if base and folded(f.name) == folded(BASE_URL) and f.default is ... else f
            for f in declared
        )
    field = ConnectionField(
        name=BASE_URL,
        kind="url",
        schema={"type": "string", "minLength": 1},
        label="Base URL",
        description="Address that the paths of the operations are appended to.",
        required=not base,
        default=base or ...,
    )
    return (field, *declared)


def _read_connection(reader: Reader) -> tuple[ConnectionField, ...]:
    raw = reader.mapping("connectionConfig")
    if not raw:
        return ()
    from jackfield.definition.floh import read_connection

    try:
        return read_connection(raw)
    except InvalidDefinition as error:
        reader.faults.add(reader.place("connectionConfig"), error.message, hint=error.hint)
        return ()


def _check_base(reader: Reader, base: str, fields: list[str]) -> None:
    at = reader.place(BASE_URL)
    if not base:
        return
    try:
        unknown = [hole.name for hole in holes(base) if hole.name and hole.name not in fields]
        filled = base if not holes(base) else ""
    except ValueError as error:
        reader.faults.add(at, f"`{base}` is no base URL: {error}", hint="write holes as `{name}`")
        return
    for name in unknown:
        reader.faults.add(at, f"the base URL needs `{name}`", hint=f"declare `{name}` under `connectionConfig`")
    if filled and (reason := base_fault(filled)):
        reader.faults.add(at, f"`{base}` is no base URL: {reason}", hint="use one such as `https://api.example.com/v1`")


def _read_all(reader: Reader, fields: tuple[ConnectionField, ...]) -> dict[str, Operation]:
    raw, at, faults = reader.value("operations"), reader.place("operations"), reader.faults
    if not raw:
        faults.missing(at, "a list of at least one operation, or an object of them by name")
        return {}
    found: dict[str, Operation] = {}
    places: dict[str, Place] = {}
    for place, entry, key in entries(raw, at=at, faults=faults):
        if not isinstance(entry, Mapping):
            faults.wrong(place, entry, "an object")
            continue
        operation = open_operation(entry, at=place, faults=faults)
        name = operation_name(operation, key)
        read = read_operation(operation, name, fields)
        first = places.setdefault(folded(name), place)
        if name and first is not place:
            what = f"`{name}` is the name of `{dotted(first)}` already"
            faults.add(operation.place("name"), what, hint=f"rename one of them, for example `{name}_2`")
        elif read is not None:
            found[name] = read
    return found
