"""Tools for Anthropic's messages API.

Source: Anthropic's API reference: "Messages", `tools`, blocks `tool_use` and `tool_result`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jackfield.agents.tool import ToolResult
from jackfield.surfaces.sdk.tools.asked import Asked, member


def asked_in(content: Sequence[Any]) -> list[Asked]:
    """The calls among the blocks of an answer."""
    return [
        Asked(name=str(member(block, "name")), arguments=member(block, "input"), call_id=str(member(block, "id")))
        for block in content
        if member(block, "type") == "tool_use"
    ]


def answer(asked: Asked, result: ToolResult) -> dict[str, Any]:
    """The block that tells the model."""
    block: dict[str, Any] = {"type": "tool_result", "tool_use_id": asked.call_id, "content": result.text}
    return {**block, "is_error": True} if result.failed else block
