"""What a tool answered, as an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mcp_types import CallToolResult

from jackfield.definition.outcome import Outcome, succeed
from jackfield.execution.mcp.errors import UpstreamToolFailed

_SAID = 2_000


def outcome_of(result: CallToolResult, *, tool: str) -> Outcome[Any]:
    """A success whose payload is the structured content, else the text, else the list of all parts.

    Raises:
        UpstreamToolFailed: The tool reports a failure.
    """
    if result.is_error:
        content = payload_of(result)
        raise UpstreamToolFailed(tool=tool, said=_text(result.content)[:_SAID], content=content)
    return succeed(payload_of(result))


def payload_of(result: CallToolResult) -> Any:
    """See `outcome_of`. Pictures, sounds and files are objects with `mimeType`, and `data` or `blob` in base64."""
    if result.structured_content is not None:
        return result.structured_content
    if not result.content:
        return None
    if all(part.type == "text" for part in result.content):
        return _text(result.content)
    return [_part(part) for part in result.content]


def _text(content: Sequence[Any]) -> str:
    return "\n".join(part.text for part in content if part.type == "text")


def _part(part: Any) -> dict[str, Any]:
    said: dict[str, Any] = part.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {key: value for key, value in said.items() if key not in {"_meta", "annotations"}}
