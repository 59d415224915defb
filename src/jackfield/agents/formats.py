"""A tool as the interfaces of language models take it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

from jackfield.agents.model_limits import parameters_of, short_description
from jackfield.agents.tool import Tool

Format: TypeAlias = Literal["openai", "anthropic", "mcp"]


def openai(tool: Tool) -> dict[str, Any]:
    """For the `tools` of OpenAI's chat completions.

    Not strict: that wants every param to be given, and takes only a part of JSON Schema. What a model says is checked
    when the tool is called.
    """
    function = {"name": tool.name, "description": short_description(tool), "parameters": parameters_of(tool)}
    return {"type": "function", "function": function}


def anthropic(tool: Tool) -> dict[str, Any]:
    """For the `tools` of Anthropic's messages."""
    return {"name": tool.name, "description": tool.description, "input_schema": tool.input_schema}


def mcp(tool: Tool) -> dict[str, Any]:
    """As a server of the Model Context Protocol lists it, without a schema of what it answers.

    Source: the specification of 2025-11-25, "Tools".
    """
    hints = {
        "readOnlyHint": tool.reads_only,
        "destructiveHint": tool.destructive,
        "idempotentHint": tool.idempotent or tool.reads_only,
        "openWorldHint": True,
    }
    described = tool.description or tool.title or tool.command
    listed = {"name": tool.name, "description": described, "inputSchema": tool.input_schema, "annotations": hints}
    return {**listed, "title": tool.title} if tool.title else listed


FORMATS: Mapping[Format, Callable[[Tool], dict[str, Any]]] = {"openai": openai, "anthropic": anthropic, "mcp": mcp}
