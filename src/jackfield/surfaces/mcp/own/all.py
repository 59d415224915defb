"""All of them."""

from __future__ import annotations

from collections.abc import Mapping

from jackfield.surfaces.mcp.own.call_tool import CallTool
from jackfield.surfaces.mcp.own.describe_tool import DescribeTool
from jackfield.surfaces.mcp.own.retrieve_tool_result import RetrieveToolResult
from jackfield.surfaces.mcp.own.search_tools import SearchTools
from jackfield.surfaces.mcp.own.tool import OwnTool
from jackfield.surfaces.mcp.services import Tools

ALWAYS = RetrieveToolResult.name
"""Is listed also where each command is."""
DESCRIBES = DescribeTool.name
"""Is listed where tools are only in outline."""


def own_tools(tools: Tools) -> Mapping[str, OwnTool]:
    """By their names, which no command's tool has here."""
    made: list[OwnTool] = [SearchTools(tools), DescribeTool(tools), CallTool(tools), RetrieveToolResult(tools)]
    return {one.name: one for one in made}
