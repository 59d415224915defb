"""Declarative connectors: a document with a base URL and operations becomes a definition.

The form is that of Sinas's connectors. Keys may be camelCase or snake_case; operations a list or a map. What Floh's
`configSchema` says of a command counts for the operation of its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jackfield.definition.common_keys import (
    COMMON_ALIASES,
    COMMON_KEYS,
    read_auth,
    read_command_name,
    read_fields,
    read_floh_commands,
    read_limits,
    read_metadata,
)
from jackfield.definition.lifted import lifted
from jackfield.definition.model import CommandDefinition, ConnectionField, ConnectorDefinition
from jackfield.definition.names import find, folded
from jackfield.definition.operations_command import (
    Operation,
    check_base,
    open_operation,
    operation_name,
    read_headers,
    read_name,
    read_operation,
)
from jackfield.definition.operations_described import described
from jackfield.definition.operations_reader import Faults, Place, Reader, dotted, entries

BASE_URL = "baseUrl"
"""The connection field that holds the base URL, so that each configured connector may have its own."""

IMPORTED = "imported"
"""What a definition of another system said beside what is carried out: `{format, warnings, kept}`."""

CONNECTOR_KEYS = (*COMMON_KEYS, BASE_URL, "headers", "operations", IMPORTED)
_ALIASES = {**COMMON_ALIASES, "defaultOperation": "defaultCommand", "testOperation": "testCommand"}


def read_operations(body: Mapping[str, Any]) -> ConnectorDefinition:
    """The definition that a document with `baseUrl` and `operations` describes.

    Raises:
        InvalidDefinition: Something in it is wrong. All faults are in `details.errors`, with their places.
    """
    faults = Faults()
    values, places = lifted(body)
    reader = Reader(values, at=(), faults=faults, known=CONNECTOR_KEYS, aliases=_ALIASES, places=places)
    name = read_name(reader, what="connector type")
    metadata = read_metadata(reader)
    if (model := reader.text("executionModel", "http")) != "http":
        faults.wrong(reader.place("executionModel"), model, "`http` where there are operations")
    fields, headers, limits = _read_fields(reader), read_headers(reader), read_limits(reader)
    auth = read_auth(reader, fields)
    operations = _read_all(reader, fields, read_floh_commands(reader))
    imported = dict(reader.mapping(IMPORTED))
    default, test = (read_command_name(reader, key, operations) for key in ("defaultCommand", "testCommand"))
    faults.raise_any(what=f"connector `{name}`" if name else "the connector")
    return ConnectorDefinition(
        name=name,
        execution_model="http",
        fields=fields,
        commands={name: operation.command for name, operation in operations.items()},
        default_command=default,
        test_command=test or find("test", operations),
        rate_limits=limits,
        auth=auth,
        auth_required=reader.flag("authRequired", default=auth.get("type") not in (None, "none")),
        source={
            BASE_URL: reader.text(BASE_URL),
            "headers": headers,
            "operations": {name: operation.source for name, operation in operations.items()},
            **({IMPORTED: imported} if imported else {}),
        },
        **metadata,
    )


def _read_fields(reader: Reader) -> tuple[ConnectionField, ...]:
    """The declared connection, with the base URL in front unless it declares one itself."""
    base = reader.text(BASE_URL)
    declared = read_fields(reader)
    check_base(reader, base, [f.name for f in declared])
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


def _read_all(
    reader: Reader, fields: tuple[ConnectionField, ...], commands: Mapping[str, CommandDefinition]
) -> dict[str, Operation]:
    raw, at, faults = reader.value("operations"), reader.place("operations"), reader.faults
    if not raw:
        faults.missing(at, "a list of at least one operation, or an object of them by name")
        return {}
    found: dict[str, Operation] = {}
    places: dict[str, Place] = {}
    said = reader.mapping("commands")
    for place, entry, key in entries(raw, at=at, faults=faults):
        if not isinstance(entry, Mapping):
            faults.wrong(place, entry, "an object")
            continue
        command = find(str(entry.get("name", key)), commands)
        more = described(entry, said[command], commands[command]) if command else entry
        operation = open_operation(more, at=place, faults=faults)
        name = operation_name(operation, key)
        read = read_operation(operation, name, fields)
        first = places.setdefault(folded(name), place)
        if name and first is not place:
            what = f"`{name}` is the name of `{dotted(first)}` already"
            faults.add(operation.place("name"), what, hint=f"rename one of them, for example `{name}_2`")
        elif read is not None:
            found[name] = read
    for name in commands:
        if folded(name) not in places and not faults.found:
            what = f"command `{name}` has no operation"
            faults.add((*reader.place("commands"), name), what, hint=f"describe `{name}` in `operations` too")
    return found
