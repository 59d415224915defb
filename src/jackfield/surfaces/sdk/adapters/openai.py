"""Tools for OpenAI's APIs, and for the many services that do as these.

Source: OpenAI's API reference: "Create chat completion", `tools` and messages of the role `tool`; "Create a model
response", `tools`, items `function_call` and `function_call_output`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from jackfield.agents import formats
from jackfield.agents.tool import Tool, ToolResult
from jackfield.surfaces.sdk.tools.asked import Asked, member

Api: TypeAlias = Literal["chat", "responses"]


def tool_json(tool: Tool, *, api: Api = "chat") -> dict[str, Any]:
    """The tool as `api` takes it."""
    chat = formats.openai(tool)
    # Without a word, responses are strict where chat completions are not.
    return chat if api == "chat" else {"type": "function", **chat["function"], "strict": False}


def asked_in(calls: Sequence[Any]) -> list[tuple[Api, Asked]]:
    """The calls of functions among the tool calls of a message, or the items of a response, and whose they are."""
    found: list[tuple[Api, Asked]] = []
    for call in calls:
        function = member(call, "function")
        if member(call, "type") == "function_call":
            found.append(("responses", _asked(call, member(call, "call_id"))))
        elif function is not None:
            found.append(("chat", _asked(function, member(call, "id"))))
        elif (custom := member(call, "custom")) is not None:  # none of ours, and yet it needs an answer
            found.append(("chat", _asked(custom, member(call, "id"))))
    return found


def answer(api: Api, asked: Asked, result: ToolResult) -> dict[str, Any]:
    """What the model is told."""
    if api == "responses":
        return {"type": "function_call_output", "call_id": asked.call_id, "output": result.text}
    return {"role": "tool", "tool_call_id": asked.call_id, "content": result.text}


def _asked(function: Any, call_id: Any) -> Asked:
    return Asked(
        name=str(member(function, "name") or ""), arguments=member(function, "arguments"), call_id=str(call_id or "")
    )
