"""What several tools take and show of connectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.mcp.tools import SERVER
from jackfield.definition.model import Schema
from jackfield.definition.names import find
from jackfield.manage.authoring.bench import Bench
from jackfield.manage.connector_views import ConnectorInfo
from jackfield.registry.catalogue import Catalogue, ConfiguredConnector

_FOR_PEOPLE = {"egress": "open the network", "draft": "take a draft"}
"""Keys of a body that tools do not take, and what they do."""
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
    "auth": {
        "type": "object",
        # A careless author may have put a secret there: what is said about its faults does not quote it.
        "writeOnly": True,
        "description": "How all requests are signed: `{type: bearer, field}`, `{type: api_key, name, field}`, or "
        "`{type: oauth2, authorizationUrl, tokenUrl, scopes}`, where people sign in. A secret is a connection field.",
    },
}
"""Keys with which a body describes a type of its own."""


def refuse_beyond_models(bench: Bench, body: Mapping[str, Any], *, tenant: str) -> None:
    """Do nothing if `body` asks for nothing that only people may: whoever a model works for, it may have been misled.

    Args:
        bench: Has the catalogue.
        body: Of a connector.
        tenant: Whose.

    Raises:
        InvalidDefinition: It opens the network, takes a person's draft, or starts a program of this machine.
    """
    for key, doing in _FOR_PEOPLE.items():
        if find(key, body) is not None:
            raise _refused(key, f"a tool cannot {doing}")
    if starts_program(body):
        raise _refused(SERVER, "a tool cannot start a program of this machine")
    named = find("type", body)
    if named and _is_program(bench.catalogue, str(body[named]), tenant=tenant):
        raise _refused("type", "a tool cannot start a program of this machine")


def _is_program(catalogue: Catalogue, wanted: str, *, tenant: str) -> bool:
    """Whether a type that there is, by its name or id, starts a program."""
    by_id = ConfiguredConnector(id="", name=wanted, type=wanted, type_id=wanted, tenant=tenant)
    kind = catalogue.find_type(wanted, tenant=tenant) or catalogue.type_of(by_id)
    return kind is not None and starts_program(kind.definition.source)


def starts_program(source: Mapping[str, Any]) -> bool:
    """Whether what a definition is made of names a program, which an operator lists for people to use."""
    key = find(SERVER, source)
    server = source[key] if key else None
    return isinstance(server, Mapping) and find("command", server) is not None


def _refused(key: str, message: str) -> InvalidDefinition:
    fault = {"pointer": f"/{key}", "message": "cannot be given here"}
    hint = "leave it out; a person can do that, and knows why"
    return InvalidDefinition(message, hint=hint, errors=[fault])


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
