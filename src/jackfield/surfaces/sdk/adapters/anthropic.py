"""Tools for Anthropic's messages API.

Source: Anthropic's API reference: "Messages", `tools`, blocks `tool_use` and `tool_result`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jackfield.agents.tool import ToolResult
from jackfield.surfaces.sdk.tools.asked import Asked, member

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""Types that the API takes. Others make it refuse the whole request."""


def asked_in(content: Sequence[Any]) -> list[Asked]:
    """The calls among the blocks of an answer."""
    return [
        Asked(name=str(member(block, "name")), arguments=member(block, "input"), call_id=str(member(block, "id")))
        for block in content
        if member(block, "type") == "tool_use"
    ]


def answer(asked: Asked, result: ToolResult) -> dict[str, Any]:
    """The block that tells the model, with the pictures that it can see. Sounds and files it has by name only."""
    pictures = [
        {"type": "image", "source": {"type": "base64", "media_type": one.mime_type, "data": one.data}}
        for one in result.media
        if one.mime_type in PICTURES and one.data
    ]
    content: Any = [{"type": "text", "text": result.text}, *pictures] if pictures else result.text
    block: dict[str, Any] = {"type": "tool_result", "tool_use_id": asked.call_id, "content": content}
    return {**block, "is_error": True} if result.failed else block
