"""The rules of Anthropic's messages API, as far as tools go.

Source: Anthropic's API reference "Messages" and guide "Tool use"; the messages of its errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import jsonschema_rs

from jackfield.testing.models.rules import is_text, judge_names, judge_top, need, objects

PROPERTY = re.compile(r"[a-zA-Z0-9_.-]{1,64}")
_TOOL = {"name", "description", "input_schema", "type", "cache_control", "strict", "defer_loading"}


def judge_messages(body: Mapping[str, Any], headers: Mapping[str, str]) -> None:
    """Judge a request.

    Raises:
        Refused: It breaks a rule.
    """
    need("anthropic-version" in headers, "anthropic-version: header is required")
    need("x-api-key" in headers or "authorization" in headers, "x-api-key or a bearer token is required")
    need(is_text(body.get("model")), "model: Field required")
    most = body.get("max_tokens")
    need(isinstance(most, int) and most >= 1, "max_tokens: Field required")
    tools = objects(body.get("tools", []), "tools")
    for tool in tools:
        _judge_tool(tool)
    judge_names([tool.get("name") for tool in tools])
    _judge_turns(objects(body.get("messages"), "messages"))


def _judge_tool(tool: Mapping[str, Any]) -> None:
    name = tool.get("name")
    need(set(tool) <= _TOOL, f"tool {name}: extra inputs are not permitted")
    need(isinstance(tool.get("description", ""), str), f"tool {name}: description must be text")
    schema = judge_top(tool.get("input_schema"), f"input_schema of {name}")
    for key in schema.get("properties", {}):
        need(PROPERTY.fullmatch(key) is not None, f"property keys of {name} should match {PROPERTY.pattern}: {key!r}")
    need(jsonschema_rs.meta.is_valid(dict(schema)), f"input_schema of {name} is no JSON Schema of draft 2020-12")


def _judge_turns(messages: Sequence[Mapping[str, Any]]) -> None:
    """Each `tool_use` has its `tool_result` in the very next message, before anything else there."""
    need(bool(messages) and messages[0].get("role") == "user", "first message must use the user role")
    open_calls: set[str] = set()
    for message in messages:
        need(message.get("role") in {"user", "assistant"}, f"role {message.get('role')!r} is unknown")
        blocks = _blocks(message.get("content"))
        kinds = [block.get("type") for block in blocks]
        results = [block for block in blocks if block.get("type") == "tool_result"]
        need(kinds[: len(results)] == ["tool_result"] * len(results), "tool_result blocks must come first")
        answered = {_answered(block) for block in results}
        need(answered == open_calls, "each tool_use must have a tool_result in the next message, and no other")
        open_calls = {str(block.get("id")) for block in blocks if block.get("type") == "tool_use"}
        need(not open_calls or message["role"] == "assistant", "tool_use blocks are the assistant's")
    need(not open_calls, "each tool_use must have a tool_result in the next message, and no other")


def _blocks(content: Any) -> Sequence[Mapping[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else objects(content, "content")


def _answered(block: Mapping[str, Any]) -> str:
    need(isinstance(block.get("content", ""), str | list), "content of a tool_result must be text or blocks")
    need(isinstance(block.get("is_error", False), bool), "is_error must be true or false")
    return str(block.get("tool_use_id"))
