"""`describe_tool`: what one of many tools takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from jackfield.agents.tool import ToolResult
from jackfield.surfaces.mcp.own.tool import OwnTool, answered
from jackfield.surfaces.mcp.services import Tools
from jackfield.surfaces.mcp.visit import Visit


class DescribeTool(OwnTool):
    """One tool with its schema."""

    name = "describe_tool"
    title = "What a tool takes"
    description = "All that is known of a tool: what it does, and the whole JSON Schema of its arguments."
    input_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {"name": {"type": "string", "description": "Of the tool."}},
        "required": ["name"],
        "additionalProperties": False,
    }

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def call(self, visit: Visit, given: Mapping[str, Any]) -> ToolResult:
        """The tool, as a list of tools would have it."""
        offered = await self._tools.list(visit.principal, choice=visit.gateway.choice)
        tool = offered.get(self.read(given)["name"])
        return answered(
            {
                "name": tool.name,
                "description": tool.description or tool.title,
                "risk": tool.risk,
                "inputSchema": dict(tool.input_schema),
            }
        )
