"""What several tools take and show of connectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.model import Schema
from jackfield.definition.names import find
from jackfield.manage.connector_views import ConnectorInfo

_MOST_COMMANDS = 100
_TEXT = 300

CONFIG: Schema = {
    "type": "object",
    # What is said about its faults does not quote it: there may be a secret in it all the same.
    "writeOnly": True,
    "description": 'Connection fields by name. A secret is {"secret": "NAME"}, the name of a stored secret.',
}
DEFINITION: Mapping[str, Schema] = {
    "displayName": {"type": "string"},
    "description": {"type": "string"},
    "version": {"type": "string"},
    "executionModel": {"type": "string"},
    "category": {"type": "string"},
    "tags": {"type": "array", "items": {"type": "string"}},
    "scriptSource": {"type": "string", "description": "JavaScript: one top-level function for each command."},
    "configSchema": {
        "type": "object",
        "description": "`{connectionConfig: {field: {type, required, secret, description}}, commands: {name: "
        "{description, params, paramSchema, outputs, readsOnly}}}`.",
    },
    "defaultCommand": {"type": "string"},
    "spec": {"type": ["object", "string"], "description": "An OpenAPI document."},
    "specUrl": {"type": "string", "description": "Its address."},
    "select": {"type": "array", "items": {"type": "string"}, "description": "Of the document, only these operations."},
    "operations": {"type": "array", "description": "HTTP operations: `{name, method, path, parameters}`."},
    "baseUrl": {"type": "string", "description": "Of `operations`."},
}
"""Keys with which a body describes a type of its own."""


def refuse_network(body: Mapping[str, Any]) -> None:
    """Do nothing if `body` says nothing about the network.

    Raises:
        InvalidDefinition: It opens the network. A person does that, and no model, whoever it works for.
    """
    if find("egress", body) is not None:
        fault = {"pointer": "/egress", "message": "cannot be given here"}
        hint = "leave it out; an administrator can open the network for the connector afterwards"
        raise InvalidDefinition("a tool cannot open the network", hint=hint, errors=[fault])


def brief(info: ConnectorInfo) -> dict[str, Any]:
    """What a model needs to know of a connector. No value of its connection is in it."""
    schema = info.config_schema or {}
    names = list(schema.get("commands") or {})
    told = {"warnings": [str(one)[:_TEXT] for one in info.warnings[:10]]} if info.warnings else {}
    waits = "uses named secrets of its owner only, until an administrator approves it"
    return {
        "connector": info.full_name,
        "type": info.type,
        "version": info.type_version,
        "executionModel": info.execution_model,
        "enabled": info.enabled,
        "configured": info.configured,
        **({"missing": list(info.missing)} if info.missing else {}),
        **({} if info.approved else {"approved": False, "approval": waits}),
        "commands": names[:_MOST_COMMANDS],
        **({"moreCommands": len(names) - _MOST_COMMANDS} if len(names) > _MOST_COMMANDS else {}),
        **told,
    }
