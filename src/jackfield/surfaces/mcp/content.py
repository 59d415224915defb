"""The result of a tool as the protocol has it."""

from __future__ import annotations

from typing import Any

from jackfield.agents.media import Medium
from jackfield.agents.tool import ToolResult

COMPLETE = "complete"
"""Of every result: none waits for more input. Clients of older revisions are not sent it."""


def wire_result(result: ToolResult) -> dict[str, Any]:
    """A `CallToolResult`. What is said of a failure is short, and what to do about it is in it."""
    content: list[dict[str, Any]] = [{"type": "text", "text": result.text}]
    content += [_wire_medium(medium) for medium in result.media]
    wire: dict[str, Any] = {"resultType": COMPLETE, "content": content, "isError": result.failed}
    if result.structured is not None and not result.failed:
        wire["structuredContent"] = dict(result.structured)
    return wire


def _wire_medium(medium: Medium) -> dict[str, Any]:
    if medium.kind != "resource":
        return {"type": medium.kind, "mimeType": medium.mime_type, "data": medium.data}
    held = {"text": medium.text} if medium.text is not None else {"blob": medium.data}
    return {"type": "resource", "resource": {"uri": medium.uri, "mimeType": medium.mime_type, **held}}
