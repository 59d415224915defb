"""`retrieve_tool_result`: what did not fit into an earlier result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from jackfield.agents.retrieve_tool import RETRIEVE_TOOL, read_retrieval
from jackfield.agents.tool import ToolResult
from jackfield.surfaces.mcp.own.tool import OwnTool
from jackfield.surfaces.mcp.services import Tools
from jackfield.surfaces.mcp.visit import Visit


class RetrieveToolResult(OwnTool):
    """More of an earlier result, which its record has."""

    name = RETRIEVE_TOOL.name
    title = RETRIEVE_TOOL.title
    description = RETRIEVE_TOOL.description
    input_schema: ClassVar[Mapping[str, Any]] = RETRIEVE_TOOL.input_schema

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def call(self, visit: Visit, given: Mapping[str, Any]) -> ToolResult:
        """Of the same caller, through the same gateway."""
        wanted = read_retrieval(given)
        return await self._tools.retrieve(
            visit.principal,
            wanted.call_id,
            chat_id=visit.chat_id,
            fields=wanted.fields,
            limit=wanted.limit,
            start=wanted.start,
            characters=visit.gateway.characters,
        )
