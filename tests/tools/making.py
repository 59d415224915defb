"""Commands and tools for tests."""

from __future__ import annotations

from typing import Any

from jackfield.agents.choice_reading import read_rule
from jackfield.agents.making import make_tool
from jackfield.agents.tool import Tool
from jackfield.definition.model import CommandDefinition, ConnectorDefinition

STRING = {"type": "string"}


def command(name: str = "list_messages", **described: Any) -> CommandDefinition:
    """A command with the params `channel` (required), `limit` and `api-key`, and no others, unless said otherwise."""
    params = {
        "type": "object",
        "properties": {"channel": STRING, "limit": {"type": "integer"}, "api-key": STRING},
        "required": ["channel"],
        "additionalProperties": False,
    }
    return CommandDefinition(**{"name": name, "params": params, **described})


def tool(rule: Any = None, *, model: Any = "built_in", **described: Any) -> Tool:
    """A tool of such a command, with what `rule` settles."""
    made = command(**described)
    definition = ConnectorDefinition(name="acme", commands={made.name: made}, execution_model=model)
    return make_tool("default/acme", definition, made, read_rule(rule or {}))
