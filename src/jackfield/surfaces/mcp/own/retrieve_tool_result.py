"""`retrieve_tool_result`: what did not fit into an earlier result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from jackfield.agents.showing import RETRIEVE
from jackfield.agents.tool import ToolResult
from jackfield.surfaces.mcp.own.tool import OwnTool
from jackfield.surfaces.mcp.services import Tools
from jackfield.surfaces.mcp.visit import Visit


class RetrieveToolResult(OwnTool):
    """More of an earlier result, which its record has."""

    name = RETRIEVE
    title = "More of a result"
    description = "The rest of an earlier result that was `shortened`: other items, or fewer fields."
    input_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {
            "toolCallId": {"type": "string", "description": "As `shortened` names it."},
            "fields": {"type": "array", "items": {"type": "string"}, "description": "Only these, of each item."},
            "limit": {"type": "integer", "minimum": 1, "description": "At most so many items."},
            "cursor": {"type": "string", "pattern": "^[0-9]{1,9}$", "description": "As `shortened` gives it."},
        },
        "required": ["toolCallId"],
        "additionalProperties": False,
    }

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def call(self, visit: Visit, given: Mapping[str, Any]) -> ToolResult:
        """Of the same caller, through the same gateway."""
        wanted = self.read(given)
        return await self._tools.retrieve(
            visit.principal,
            wanted["toolCallId"],
            chat_id=visit.chat_id,
            fields=tuple(wanted.get("fields", ())),
            limit=wanted.get("limit"),
            start=int(wanted.get("cursor", 0)),
            characters=visit.gateway.characters,
        )
