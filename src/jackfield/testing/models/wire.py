"""A turn as each API says it. Numbers of tokens are made up."""

from __future__ import annotations

import json
from typing import Any

from jackfield.testing.models.turns import Calls, Says, ToolCall


def chat_answer(turn: Says | Calls, *, model: str, number: int) -> dict[str, Any]:
    """An answer of chat completions."""
    message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
    if isinstance(turn, Says):
        message["content"] = turn.text
    else:
        message["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": _text(call)}}
            for call in turn.calls
        ]
    reason = "stop" if isinstance(turn, Says) else "tool_calls"
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": reason, "logprobs": None}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


def responses_answer(turn: Says | Calls, *, model: str, number: int) -> dict[str, Any]:
    """An answer of the responses API."""
    if isinstance(turn, Says):
        text = {"type": "output_text", "text": turn.text, "annotations": []}
        output = [
            {"type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed", "content": [text]}
        ]
    else:
        output = [
            {
                "type": "function_call",
                "id": f"fc_{number}_{at}",
                "call_id": call.id,
                "name": call.name,
                "arguments": _text(call),
                "status": "completed",
            }
            for at, call in enumerate(turn.calls)
        ]
    details = {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    return {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": 0,
        "status": "completed",
        "model": model,
        "output": output,
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2, **details},
    }


def messages_answer(turn: Says | Calls, *, model: str, number: int) -> dict[str, Any]:
    """An answer of the messages API."""
    if isinstance(turn, Says):
        content: list[dict[str, Any]] = [{"type": "text", "text": turn.text}]
    else:
        content = [
            {"type": "tool_use", "id": call.id, "name": call.name, "input": json.loads(_text(call))}
            for call in turn.calls
        ]
    return {
        "id": f"msg_{number}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": "end_turn" if isinstance(turn, Says) else "tool_use",
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }


def _text(call: ToolCall) -> str:
    return call.arguments if isinstance(call.arguments, str) else json.dumps(dict(call.arguments))
