"""Schemas of calls and of their outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.surfaces.rest.models.shown import Schema


@dataclass(frozen=True, kw_only=True)
class Plain:
    """A schema that is written out."""

    name: str
    document: Mapping[str, Any]

    def schema(self, components: dict[str, Schema]) -> Schema:
        """See `models.shown.Answered`."""
        components.setdefault(self.name, {"title": self.name, **self.document})
        return {"$ref": f"#/components/schemas/{self.name}"}


_FAILURE = {
    "error": {"type": ["string", "null"], "description": "What went wrong, in words. Of a failure."},
    "code": {"type": ["string", "null"], "description": "Stable name of the failure."},
    "diagnostics": {"type": "object", "additionalProperties": True, "description": "Why it failed."},
}
_METADATA = {
    "type": "object",
    "additionalProperties": True,
    "description": "Facts about the call: executionId, connector, command, environment, durationMs, status ...",
}

OUTCOME: Mapping[str, Any] = {
    "description": "What became of a command that ran.",
    "type": "object",
    "required": ["success", "variables", "metadata"],
    "properties": {
        "success": {"type": "boolean", "description": "Whether the command did what it was asked."},
        "payload": {"description": "The result: any JSON."},
        "variables": {"type": "object", "additionalProperties": True, "description": "For a workflow's run."},
        "metadata": _METADATA,
        **_FAILURE,
    },
}

ENVELOPE: Mapping[str, Any] = {
    "description": "What became of a command that ran, as `{success, data, metadata}`.",
    "type": "object",
    "required": ["success", "data", "metadata"],
    "properties": {
        "success": {"type": "boolean"},
        "data": {"description": "The result: any JSON."},
        "metadata": _METADATA,
        **_FAILURE,
    },
}

TRIED: Mapping[str, Any] = {
    "description": "What a service answered to an operation that was tried.",
    "type": "object",
    "required": ["status_code", "headers", "body", "elapsed_ms", "success", "execution_id"],
    "properties": {
        "status_code": {"type": ["integer", "null"], "description": "Null for a command that made no request."},
        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
        "body": {"description": "The result; of a failure what the service said."},
        "elapsed_ms": {"type": ["number", "null"], "description": "Milliseconds until the service had answered."},
        "success": {"type": "boolean"},
        "execution_id": {"type": "string"},
        "error": {"type": ["string", "null"]},
        "code": {"type": ["string", "null"]},
    },
}

_OPTIONS = {
    "type": "object",
    "description": "`timeout` (milliseconds, 1000 to 300000), `useMock`, `scenario`, `headers`, `idempotencyKey`, "
    "`environment`, `plan`, `debug`, `trace`.",
    "properties": {
        "timeout": {"type": "number", "minimum": 1000, "maximum": 300_000},
        "useMock": {"type": "boolean"},
        "scenario": {"type": "string"},
        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
        "idempotencyKey": {"type": "string"},
        "environment": {"type": "string", "description": "One of the connector's; its default unless given."},
        "plan": {"type": "boolean", "description": "Answer with the request that would be sent."},
        "debug": {"type": "boolean", "description": "Answer with what the command logs, in `metadata.log`."},
        "trace": {"type": "boolean", "description": "Answer with what the command sends, in `metadata.requests`."},
    },
    "additionalProperties": True,
}

PARAMS: Mapping[str, Any] = {
    "title": "Params",
    "type": "object",
    "description": "Params of the command, flat, or all of them under `params`.",
    "additionalProperties": True,
}

CALL: Mapping[str, Any] = {
    "title": "Call",
    "type": "object",
    "description": "A command with its params, in one of three styles. Without `command`, `resource` and `action`, the "
    "default command is called, and every key is a param.",
    "properties": {
        "command": {"type": "string", "description": "In any case style."},
        "params": {"type": "object", "additionalProperties": True},
        "resource": {"type": "string", "description": "The same as `command`, beside `data`."},
        "data": {"type": "object", "additionalProperties": True},
        "action": {"type": "string", "description": "The same as `command`, beside `parameters`."},
        "parameters": {"type": "object", "additionalProperties": True},
        "options": _OPTIONS,
        "idempotencyKey": {"type": "string", "description": "Of a write: with this key it happens once."},
        "plan": {
            "type": "boolean",
            "description": "Beside `params`: answer with the request that would be sent, `{method, url, headers, body}`"
            " without secrets, and send nothing. For operations that are described by data.",
        },
    },
    "additionalProperties": True,
}

CALL_EXAMPLES: Mapping[str, Any] = {
    "Structured": {"command": "list_books", "params": {"limit": 5}, "options": {"timeout": 5000}},
    "Flat": {"command": "list_books", "limit": 5},
    "Resource": {"resource": "list-books", "data": {"limit": 5}},
    "Action": {"action": "list_books", "parameters": {"limit": 5}},
}
