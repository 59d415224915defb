"""What the document says of connectors that are tried, and of how that went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.manage.connector_views import ConnectorInfo
from jackfield.surfaces.rest.models.calls import CALL, OUTCOME
from jackfield.surfaces.rest.models.connectors import CONNECTOR, TEXT, keys
from jackfield.surfaces.rest.models.shown import Schema, Shown

_CONNECTOR = {
    **{name: value for name, value in CONNECTOR.items() if name not in {"title", "anyOf"}},
    "description": "What `POST /api/connectors` takes. Without a `name` it is called `trial`.",
}


def _or_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same, where null says nothing."""
    return {**schema, "type": [schema["type"], "null"]}


TRY: Mapping[str, Any] = {
    "title": "TryBody",
    "type": "object",
    "required": ["connector"],
    "properties": {
        "connector": _CONNECTOR,
        "dryRun": {
            "type": ["boolean", "null"],
            "description": "Call nothing: answer what the connector would be. So without a command.",
        },
        **{name: _or_null(CALL["properties"][name]) for name in ("command", "params", "options")},
    },
    # In two other styles it is `resource` with `data`, and `action` with `parameters`.
    "additionalProperties": True,
}

_SCRIPT = 'function greet() { floh.log.info("greeting"); return { success: true, payload: "Hello" }; }'
_GREETER = {"scriptSource": _SCRIPT, "configSchema": {"commands": {"greet": {"params": []}}}}

TRY_EXAMPLES: Mapping[str, Any] = {
    "Call a command": {"connector": _GREETER, "command": "greet", "params": {}, "options": {"timeout": 5000}},
    "Only look at it": {"connector": _GREETER, "dryRun": True},
}

_LOGS = {
    "type": "array",
    "description": "What the command has logged, masked.",
    "items": {"type": "object", "properties": {"level": TEXT, "message": TEXT}},
}
_REQUEST = {
    "type": "object",
    "required": ["method", "url", "ms"],
    "properties": {
        **keys(
            method=(TEXT, "Of the request."),
            url=(TEXT, "Masked. Where a redirect has led is shown without its query."),
            ms=({"type": "number"}, "Milliseconds until there was an answer, or none."),
            status=({"type": "integer"}, "Of the answer; not there where none came."),
            code=(TEXT, "Why none came: `url-refused` is what the network policy forbids."),
            error=(TEXT, "The same, in words."),
        )
    },
}
_USAGE = {
    "type": "object",
    "additionalProperties": True,
    "description": "`{durationMs, requests}`, and of a script `{cpuMs, wallMs, memoryBytes, hostCalls}`.",
}
_LEFT_OUT = {
    "type": "object",
    "description": "How many there was no room for.",
    "properties": {"logs": {"type": "integer"}, "requests": {"type": "integer"}},
}


class Tried:
    """An outcome with what led to it, or what a connector would be."""

    def schema(self, components: dict[str, Schema]) -> Schema:
        """See `models.shown.Answered`."""
        shown = Shown(view=ConnectorInfo, name="Connector").schema(components)
        properties = {
            **OUTCOME["properties"],
            "logs": _LOGS,
            "requests": {"type": "array", "items": _REQUEST, "description": "What the command has sent, at most 100."},
            "usage": _USAGE,
            "leftOut": _LEFT_OUT,
            "dryRun": {"type": "boolean", "description": "True where nothing was called; then there is `connector`."},
            "connector": shown,
        }
        components["Trial"] = {
            "title": "Trial",
            "description": "How a call of a connector went that is kept nowhere; of a dry run, what it would be.",
            "type": "object",
            "required": ["success"],
            "properties": properties,
        }
        return {"$ref": "#/components/schemas/Trial"}
