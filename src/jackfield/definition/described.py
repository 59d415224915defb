"""Types that are described and not written in Python: Floh's `configSchema`, with a script, an endpoint, a document ...

Keys may be camelCase or snake_case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
from jackfield.definition.connection import connection_schema
from jackfield.definition.lifted import lifted
from jackfield.definition.model import CommandDefinition, ConnectionField, ConnectorDefinition, ExecutionModelName
from jackfield.definition.model_said import source_key
from jackfield.definition.names import find
from jackfield.definition.operations_command import read_name
from jackfield.definition.operations_reader import Faults, Reader
from jackfield.definition.script_functions import commands_of
from jackfield.definition.sources import DOCUMENT_KEYS, SCRIPT_KEYS, UPSTREAM_KEYS, read_source
from jackfield.definition.validation import check_schema

if TYPE_CHECKING:
    from jackfield.definition.openapi.reader import Read


def read_described(body: Mapping[str, Any], *, model: ExecutionModelName) -> ConnectorDefinition:
    """The definition of a script, an external service, an OpenAPI document or an on-premise agent.

    Args:
        body: Plain JSON.
        model: What `model_said.said_model` says of it; not `built_in`, and not `http`.

    Raises:
        InvalidDefinition: Something in it is wrong. All faults are in `details.errors`, with their places.
        InvalidName, NamesFallTogether: Names cannot be told apart.
        InvalidSchema: What is said of a param or field is no JSON Schema.
    """
    faults = Faults()
    values, places = lifted(body)
    own = _source_keys(model)
    known = (*COMMON_KEYS, *own)
    reader = Reader(values, at=(), faults=faults, known=known, aliases=COMMON_ALIASES, places=places)
    name = read_name(reader, what="connector type")
    metadata, fields, commands = read_metadata(reader), read_fields(reader), read_floh_commands(reader)
    limits, source = read_limits(reader), read_source(reader, model)
    if model == "script":
        commands = commands or commands_of(source)
    if model == "mcp":
        commands = _of_tools(reader, commands, source)
    document = _read_document(source, name) if model == "openapi" and not commands and not faults.found else None
    if document is not None:
        fields, commands = _joined(fields, document), document.commands
        source = {**source, **document.source}  # which is parsed
    auth = read_auth(reader, fields) or (dict(document.auth) if document is not None else {})
    default, test = (read_command_name(reader, key, commands) for key in ("defaultCommand", "testCommand"))
    required = reader.flag("authRequired", default=needs_credential(fields, auth))
    if document is not None and reader.value("authRequired") is None:
        required = required or document.auth_required
    faults.raise_any(what=f"connector `{name}`" if name else "the connector")
    definition = ConnectorDefinition(
        name=name,
        execution_model=model,
        fields=fields,
        commands=commands,
        default_command=default,
        # A tool called `test` is the server's, and need not be about the connection.
        test_command=test or (find("test", commands) if model != "mcp" else None),
        auth_required=required,
        auth=auth,
        rate_limits=limits,
        source=source,
        **metadata,
    )
    _check_schemas(definition, derived=document is not None)
    return definition


def _source_keys(model: ExecutionModelName) -> tuple[str, ...]:
    key = source_key(model)
    if model == "openapi":
        return DOCUMENT_KEYS
    if model == "script":
        return SCRIPT_KEYS
    if model == "mcp":
        return UPSTREAM_KEYS
    return (key,) if key else ()


def _of_tools(
    reader: Reader, commands: Mapping[str, CommandDefinition], source: Mapping[str, Any]
) -> Mapping[str, CommandDefinition]:
    """What the author says of the commands, or what follows from the pinned tools."""
    from jackfield.definition.mcp.reading import check_commands
    from jackfield.definition.mcp.tools import commands_of as commands_of_tools

    check_commands(reader, commands, source)
    return commands or (commands_of_tools(source) if not reader.faults.found else {})


def _read_document(source: Mapping[str, Any], name: str) -> Read:
    from jackfield.definition.openapi.reader import read_again

    return read_again(source, name=name)


def _joined(fields: tuple[ConnectionField, ...], document: Read) -> tuple[ConnectionField, ...]:
    from jackfield.definition.openapi.described import joined_fields

    return joined_fields(fields, document)


def needs_credential(fields: tuple[ConnectionField, ...], auth: Mapping[str, Any]) -> bool:
    """Whether a type that says nothing of it needs a credential: it signs its requests, or has a required secret."""
    declared = auth.get("type") not in (None, "none") and not auth.get("optional")
    return declared or any(f.secret and f.required and not f.shown_when for f in fields)


def _check_schemas(definition: ConnectorDefinition, *, derived: bool) -> None:
    # Those of a document are made when they are asked for, and are schemas by then.
    for command in () if derived else definition.commands.values():
        check_schema(command.params, where=f"command `{command.name}`")
    # Without the rules of fields that are shown at times: they ask for what is filled in later.
    schema = {key: value for key, value in connection_schema(definition).items() if key != "allOf"}
    check_schema(schema, where="the connection")
