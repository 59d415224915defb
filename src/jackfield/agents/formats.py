"""A tool as the interfaces of language models take it, which is less than JSON Schema and any text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

from jackfield.agents.tool import Tool

Format: TypeAlias = Literal["openai", "anthropic", "mcp"]

MAX_DESCRIPTION = 1_024
"""Characters. Source: the errors of OpenAI's API, "string too long. Expected a string with maximum length 1024"."""

_NAMED = frozenset({"properties", "patternProperties", "$defs"})
_INNER = frozenset({"items", "additionalProperties", "anyOf", "oneOf", "allOf", "prefixItems"})


def openai(tool: Tool) -> dict[str, Any]:
    """For the `tools` of OpenAI's chat completions.

    Not strict: that wants every param to be given, and takes only a part of JSON Schema. What a model says is checked
    when the tool is called.

    Source: OpenAI's API reference, "Create chat completion".
    """
    return {"type": "function", "function": function_of(tool)}


def function_of(tool: Tool) -> dict[str, Any]:
    """What OpenAI's interfaces call a function."""
    return {"name": tool.name, "description": short_description(tool), "parameters": parameters_of(tool)}


def anthropic(tool: Tool) -> dict[str, Any]:
    """For the `tools` of Anthropic's messages.

    Source: Anthropic's API reference, "Messages".
    """
    return {"name": tool.name, "description": tool.description, "input_schema": dict(tool.input_schema)}


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
    listed = {"name": tool.name, "description": described, "inputSchema": dict(tool.input_schema), "annotations": hints}
    return {**listed, "title": tool.title} if tool.title else listed


FORMATS: Mapping[Format, Callable[[Tool], dict[str, Any]]] = {"openai": openai, "anthropic": anthropic, "mcp": mcp}


def short_description(tool: Tool) -> str:
    """The description of `tool`, or the beginning of one that OpenAI would refuse."""
    if len(tool.description) <= MAX_DESCRIPTION:
        return tool.description
    return f"{tool.description[: MAX_DESCRIPTION - 1].rsplit(maxsplit=1)[0]}…"


def parameters_of(tool: Tool) -> dict[str, Any]:
    """The schema of the tool's params, in which each list says of what it is, if only of anything.

    Source: the errors of OpenAI's API, "array schema missing items".
    """
    made = _with_items(tool.input_schema)
    return dict(made)


def _with_items(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_with_items(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    made: dict[str, Any] = {}
    for key, inner in schema.items():
        if key in _NAMED and isinstance(inner, Mapping):
            made[key] = {name: _with_items(one) for name, one in inner.items()}
        else:
            made[key] = _with_items(inner) if key in _INNER else inner
    kinds = made.get("type")
    if (kinds == "array" or (isinstance(kinds, list) and "array" in kinds)) and "prefixItems" not in made:
        made.setdefault("items", {})
    return made
