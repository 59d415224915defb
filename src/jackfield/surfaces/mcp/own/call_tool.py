"""`call_tool`: one of many tools, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from jackfield.agents.offered import Offered
from jackfield.agents.tool import ToolContext, ToolResult
from jackfield.surfaces.mcp.own.tool import OwnTool
from jackfield.surfaces.mcp.services import Tools
from jackfield.surfaces.mcp.visit import Visit


class CallTool(OwnTool):
    """A call as any other: what is settled for a tool stays settled."""

    name = "call_tool"
    title = "Call a tool"
    description = "Call a tool that `search_tools` has found, with arguments as `describe_tool` tells them."
    input_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "Of the tool."},
            "arguments": {"type": "object", "description": "Its own.", "default": {}},
        },
        "required": ["name"],
        "additionalProperties": False,
    }

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def annotations(self, offered: Offered) -> dict[str, bool]:
        """What the worst of the tools may do, since it can be any of them."""
        return {
            "readOnlyHint": all(tool.reads_only for tool in offered.tools),
            "destructiveHint": any(tool.destructive for tool in offered.tools),
            "idempotentHint": all(tool.idempotent or tool.reads_only for tool in offered.tools),
            "openWorldHint": True,
        }

    async def call(self, visit: Visit, given: Mapping[str, Any]) -> ToolResult:
        """What that tool answers."""
        wanted = self.read(given)
        return await call_command(self._tools, visit, wanted["name"], wanted["arguments"])


async def call_command(tools: Tools, visit: Visit, name: str, arguments: Mapping[str, Any]) -> ToolResult:
    """The result of a command, recorded as called through the gateway of `visit`."""
    return await tools.call(
        visit.principal,
        name,
        arguments,
        choice=visit.gateway.choice,
        context=ToolContext(chat_id=visit.chat_id),
        trigger="mcp",
        characters=visit.gateway.characters,
    )
