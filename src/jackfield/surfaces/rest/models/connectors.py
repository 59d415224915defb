"""What the document says of connectors that are sent. `manage` reads them; here are the keys that it knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.levels import LEVELS

TEXT: Mapping[str, Any] = {"type": "string"}
OBJECT: Mapping[str, Any] = {"type": "object", "additionalProperties": True}
FLAG: Mapping[str, Any] = {"type": "boolean"}
ENVIRONMENTS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "type": ["object", "null"],
        "properties": {
            "config": {**OBJECT, "description": "As that of the connector, as far as it is different."},
            "credential": {"type": ["string", "null"], "maxLength": 200, "description": "Id or name of a credential."},
            "name": {"type": ["string", "null"], "description": "In a change: what it is called from now on."},
        },
        "additionalProperties": False,
    },
}
OBJECTS: Mapping[str, Any] = {"anyOf": [{"type": "array", "items": OBJECT}, OBJECT]}
MODELS = ["built_in", "http", "script", "openapi", "external", "onprem", "mcp"]


def keys(**described: tuple[Mapping[str, Any], str]) -> dict[str, Any]:
    """Properties of a schema, each with what is said of it."""
    return {name: {**schema, "description": told} for name, (schema, told) in described.items()}


DEFINITION = keys(
    executionModel=({"type": "string", "enum": MODELS}, "How commands run; without it, the other keys tell."),
    configSchema=(OBJECT, "`{connectionConfig, commands}`: fields of the connection, and commands with their params."),
    baseUrl=(TEXT, "Of an HTTP service."),
    auth=(OBJECT, "How an HTTP service is told who calls, such as `{type: bearer, secret: ACME_KEY}`."),
    headers=(OBJECT, "Sent with every request to an HTTP service."),
    operations=(OBJECTS, "Of an HTTP service: method, path and parameters of each."),
    scriptSource=(TEXT, "A script with one function for each command."),
    protocol=({"type": "string", "enum": ["2.0", "1.x"]}, "Of a script: which keys its outcomes have."),
    limits=(OBJECT, "Of a script: what one call may use, `{memoryMb, cpuMs, wallMs}`."),
    endpointUrl=(TEXT, "Of a service that implements connectors."),
    spec=({"anyOf": [OBJECT, TEXT]}, "An OpenAPI document, as JSON or as text."),
    mcpServer=(OBJECT, "An MCP server: `{url}`, or `{command}` with the name of a program that the operator lists."),
    tools=(OBJECT, "Pinned definitions of its tools, by command; fetched where they are left out."),
    supported_actions=(OBJECTS, "Of a definition of FluxTurn's, with its other keys: `auth_type`, `auth_fields` ..."),
    version=(TEXT, "Of the definition, as in semantic versioning."),
    autoBump=(FLAG, "Raise the version as far as the change needs."),
)

_ALIKE = keys(
    displayName=(TEXT, "For people."),
    description=(TEXT, "For people."),
    tags=({"type": "array", "items": TEXT}, "To find it by."),
    enabled=(FLAG, "Whether it can be called."),
)

_KEYS = {
    **keys(
        name=(TEXT, "1 to 100 letters, digits, `-` and `_`, beginning with a letter."),
        namespace=(TEXT, "`default` unless given."),
        type=(TEXT, "Name of its type."),
    ),
    **_ALIKE,
    **keys(
        config=(OBJECT, 'Fields of the connection. `{"secret": "NAME"}` stands for a named secret.'),
        environments=(
            ENVIRONMENTS,
            "By name: fields that lie over those of `config` in calls that name it (`options.environment`). In a "
            "change null removes one, and `name` gives one another name.",
        ),
        environment=({"type": ["string", "null"]}, "The one of them that calls use which name none."),
        timeout=({"type": "integer"}, "Milliseconds that a call may take."),
        logLevel=({"type": "string", "enum": [*LEVELS, ""]}, "Of its log; what is less important is not kept."),
        egress=(OBJECT, "What it may reach beside public addresses: `{allow, ports}`. Takes an administrator."),
        mocks=(OBJECT, "`{enabled, scenario, data: {command: {scenario: outcome}}, script}`."),
    ),
    **DEFINITION,
}

_DRAFT = keys(
    draft=(
        TEXT,
        "Id of a draft of the caller's, whose secrets come into the places of their markers; alone, all of it.",
    )
)

CONNECTOR = {
    "title": "ConnectorBody",
    "type": "object",
    "anyOf": [{"required": ["name"]}, {"required": ["draft"]}],
    "properties": {**_KEYS, **_DRAFT},
    "additionalProperties": True,
}
CHANGES = {
    "title": "ConnectorChanges",
    "type": "object",
    "properties": {**_KEYS, **keys(revision=({"type": "integer"}, "Only if it still has this one."))},
    "additionalProperties": True,
}
TYPE = {
    "title": "ConnectorTypeBody",
    "type": "object",
    "required": ["name"],
    "properties": {**keys(name=(TEXT, "Of the type.")), **_ALIKE, **DEFINITION},
    "additionalProperties": True,
}
TYPE_CHANGES = {
    "title": "ConnectorTypeChanges",
    "type": "object",
    "properties": {
        **_ALIKE,
        **keys(
            category=(TEXT, "One of the categories."),
            icon=(TEXT, "Name of an icon."),
            public=(FLAG, "Others of the tenant may make connectors of it."),
            revision=({"type": "integer"}, "Only if it still has this one."),
        ),
        **DEFINITION,
    },
    "additionalProperties": True,
}

_COMMANDS = {"commands": {"list_messages": {"params": ["channel"], "paramSchema": {"channel": {"type": "string"}}}}}

EXAMPLES: Mapping[str, Any] = {
    "Of a type that there is": {
        "name": "acme-prod",
        "type": "acme",
        "config": {"base_url": "https://acme.example", "api_key": {"secret": "ACME_KEY"}},
    },
    "HTTP service": {
        "name": "slack-api",
        "baseUrl": "https://slack.com/api",
        "auth": {"type": "bearer", "secret": "SLACK_BOT_TOKEN"},
        "operations": [
            {
                "name": "post_message",
                "method": "POST",
                "path": "/chat.postMessage",
                "parameters": {
                    "type": "object",
                    "properties": {"channel": {"type": "string"}, "text": {"type": "string"}},
                    "required": ["channel", "text"],
                },
            }
        ],
    },
    "Script": {
        "name": "my-crm",
        "executionModel": "script",
        "scriptSource": "function list_messages() { return { success: true, payload: [] }; }",
        "configSchema": _COMMANDS,
    },
    "External service": {
        "name": "my-service",
        "executionModel": "external",
        "endpointUrl": "https://connectors.acme.example",
        "configSchema": _COMMANDS,
    },
    "OpenAPI document": {
        "name": "petstore",
        "executionModel": "openapi",
        "spec": {"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": {}},
    },
}
