"""The rules of OpenAI's APIs, as far as tools go.

Source: OpenAI's API reference and guide "Function calling"; the messages of its errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.testing.models.rules import is_text, judge_names, judge_top, need, objects

MAX_TOOLS = 128
MAX_DESCRIPTION = 1_024
_FUNCTION = {"name", "description", "parameters", "strict"}
_ROLES = {"system", "developer", "user", "assistant", "tool"}
_PLAIN_ITEMS = {"reasoning", "item_reference"}


def judge_chat(body: Mapping[str, Any]) -> None:
    """Judge a request to chat completions.

    Raises:
        Refused: It breaks a rule.
    """
    need(is_text(body.get("model")), "you must provide a model parameter")
    messages = objects(body.get("messages"), "messages")
    need(bool(messages), "messages is too short")
    tools = objects(body.get("tools", []), "tools")
    for tool in tools:
        need(set(tool) == {"type", "function"} and tool["type"] == "function", "a tool is {type, function}")
        _judge_function(tool["function"], strict=tool["function"].get("strict") is True)
    _judge_tools([tool["function"] for tool in tools], body)
    _judge_messages(messages)


def judge_responses(body: Mapping[str, Any]) -> None:
    """Judge a request to the responses API.

    Raises:
        Refused: It breaks a rule.
    """
    need(is_text(body.get("model")), "you must provide a model parameter")
    tools = objects(body.get("tools", []), "tools")
    for tool in tools:
        need(tool.get("type") == "function", "only tools of type function are known here")
        _judge_function({key: of for key, of in tool.items() if key != "type"}, strict=tool.get("strict") is not False)
    _judge_tools(tools, body)
    given = body.get("input")
    if not isinstance(given, str):
        _judge_items(objects(given, "input"), follows=body.get("previous_response_id") is not None)


def _judge_tools(functions: Sequence[Mapping[str, Any]], body: Mapping[str, Any]) -> None:
    need(len(functions) <= MAX_TOOLS, f"at most {MAX_TOOLS} tools")
    need(bool(functions) or "tools" not in body, "tools is too short")
    judge_names([function.get("name") for function in functions])


def _judge_function(function: Any, *, strict: bool) -> None:
    need(isinstance(function, dict) and set(function) <= _FUNCTION, f"a function has {sorted(_FUNCTION)}")
    name, description = function.get("name"), function.get("description", "")
    need(isinstance(description, str), f"description of {name} must be text")
    need(len(description) <= MAX_DESCRIPTION, f"description of {name} is too long")
    schema = judge_top(function.get("parameters", {"type": "object", "properties": {}}), f"schema of {name}")
    _judge_schema(schema, f"schema of {name}", strict=strict)


def _judge_schema(schema: Any, where: str, *, strict: bool) -> None:
    """Lists say of what they are; a strict object lists all its members and no others."""
    if isinstance(schema, list):
        for one in schema:
            _judge_schema(one, where, strict=strict)
    if not isinstance(schema, dict):
        return
    kinds = schema.get("type")
    is_list = kinds == "array" or (isinstance(kinds, list) and "array" in kinds)
    need(not is_list or "items" in schema or "prefixItems" in schema, f"{where}: array schema missing items")
    if strict and kinds == "object":
        need(schema.get("additionalProperties") is False, f"{where}: additionalProperties must be false")
        need(set(schema.get("required", [])) == set(schema.get("properties", {})), f"{where}: all must be required")
    for key, inner in schema.items():
        if key in {"properties", "$defs", "patternProperties"}:
            for name, one in inner.items():
                _judge_schema(one, f"{where}.{name}", strict=strict)
        elif key in {"items", "anyOf", "oneOf", "allOf", "additionalProperties", "prefixItems"}:
            _judge_schema(inner, where, strict=strict)


def _judge_messages(messages: Sequence[Mapping[str, Any]]) -> None:
    """Every call of a tool has its answer next to it, and no answer is without a call."""
    open_calls: set[str] = set()
    for message in messages:
        role = message.get("role")
        need(role in _ROLES, f"role {role!r} is unknown")
        if role == "tool":
            need(isinstance(message.get("content"), str | list), "content of a tool message must be text")
            need(message.get("tool_call_id") in open_calls, "a tool message must answer a preceding tool call")
            open_calls.discard(message["tool_call_id"])
            continue
        need(not open_calls, f"tool calls {sorted(open_calls)} have no answer")
        open_calls = {_call_id(call) for call in objects(message.get("tool_calls") or [], "tool_calls")}
    need(not open_calls, f"tool calls {sorted(open_calls)} have no answer")


def _call_id(call: Mapping[str, Any]) -> str:
    function = call.get("function")
    need(call.get("type") == "function" and isinstance(function, dict), "a tool call has type and function")
    assert isinstance(function, dict)  # noqa: S101 - for the type checker
    need(is_text(call.get("id")) and is_text(function.get("name")), "a tool call has an id and a name")
    need(isinstance(function.get("arguments"), str), "arguments of a tool call must be text")
    return str(call["id"])


def _judge_items(items: Sequence[Mapping[str, Any]], *, follows: bool) -> None:
    called, answered = set[str](), set[str]()
    for item in items:
        kind = item.get("type", "message")
        if kind == "function_call":
            need(
                is_text(item.get("call_id")) and isinstance(item.get("arguments"), str), "a call has call_id, arguments"
            )
            called.add(item["call_id"])
        elif kind == "function_call_output":
            need(isinstance(item.get("output"), str | list), "output of a function call must be text")
            need(follows or item.get("call_id") in called, "no tool call found for function call output")
            answered.add(item["call_id"])
        elif kind not in _PLAIN_ITEMS:
            need(kind == "message" and item.get("role") in _ROLES - {"tool"}, f"item {kind!r} is unknown")
    need(called <= answered, "no tool output found for function call")
