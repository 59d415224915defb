"""What a connector type can do, for whoever builds forms, menus and tools from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jackfield.definition.connection import form
from jackfield.definition.model import CommandDefinition, ConnectionField, ConnectorDefinition


@dataclass(frozen=True, kw_only=True)
class CommandCapabilities:
    """What one command takes and gives.

    Attributes:
        params: JSON Schema of an object.
        outputs: Names that the payload declares.
        output_schema: JSON Schema of the payload, where one is known.
        deprecated_message: What to use instead; empty where nothing is said.
        added_in_version: The first version that has it; empty where nothing is said.
        scenarios: Of its mocks, in its code or its definition.
    """

    name: str
    slug: str
    display_name: str
    description: str
    params: Mapping[str, Any]
    outputs: Sequence[str]
    output_schema: Mapping[str, Any] | None
    deprecated: bool
    deprecated_message: str
    added_in_version: str
    reads_only: bool
    destructive: bool
    idempotent: bool
    tool: bool
    ai_description: str
    verified: bool
    tags: Sequence[str]
    scenarios: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class TypeCapabilities:
    """What a connector type can do.

    Attributes:
        installed: Its commands can be run here.
        connection: The fields of its form, in order: `{name, kind, label, description, required, secret, default?,
            options?, placeholder?, helpUrl?, helpText?, shownWhen?, schema}`.
        auth_required: It cannot be called without a configured connector.
        default_command: Runs when a call names none.
        test_command: Shows whether a connection works.
    """

    id: str
    name: str
    version: str
    execution_model: str
    installed: bool
    enabled: bool
    auth_required: bool
    default_command: str | None
    test_command: str | None
    connection: Sequence[Mapping[str, Any]]
    commands: Sequence[CommandCapabilities]


def capabilities_of(definition: ConnectorDefinition, *, id: str, installed: bool, enabled: bool) -> TypeCapabilities:
    """What the type of `definition` can do.

    Args:
        definition: As it is shown.
        id: Of its row; empty where it is not stored.
        installed: Whether its commands can be run here.
        enabled: Whether they may.
    """
    return TypeCapabilities(
        id=id,
        name=definition.name,
        version=definition.version,
        execution_model=definition.execution_model,
        installed=installed,
        enabled=enabled,
        auth_required=definition.auth_required,
        default_command=definition.default_command,
        test_command=definition.test_command,
        connection=[_field(*both) for both in zip(definition.fields, form(definition), strict=True)],
        commands=[_command(command) for command in definition.commands.values()],
    )


def _field(field: ConnectionField, shown: Mapping[str, Any]) -> dict[str, Any]:
    described = {key: value for key, value in shown.items() if key != "displayOptions"}
    if field.shown_when:
        described["shownWhen"] = {name: list(values) for name, values in field.shown_when.items()}
    return described | {"schema": dict(field.schema)}


def _command(command: CommandDefinition) -> CommandCapabilities:
    return CommandCapabilities(
        name=command.name,
        slug=command.slug,
        display_name=command.display_name,
        description=command.description,
        params=command.params,
        outputs=list(command.outputs),
        output_schema=command.output_schema,
        deprecated=command.deprecated is not None,
        deprecated_message=command.deprecated.message if command.deprecated else "",
        added_in_version=command.added_in or "",
        reads_only=command.reads_only,
        destructive=command.destructive,
        idempotent=command.idempotent,
        tool=command.tool,
        ai_description=command.ai_description,
        verified=command.verified,
        tags=list(command.tags),
        scenarios=list(command.scenarios),
    )
