"""`search_tools`: which of many tools do what is wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from jackfield.agents.tool import Risk, Tool, ToolResult
from jackfield.surfaces.mcp.own.tool import OwnTool, answered
from jackfield.surfaces.mcp.services import Tools
from jackfield.surfaces.mcp.visit import Visit

LIMIT = 8
MAX_SAID = 200
"""Characters of what is said of each."""
RISKS: Sequence[Risk] = ("read", "write", "destructive")

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


class SearchTools(OwnTool):
    """The tools that fit best, without their schemas."""

    name = "search_tools"
    title = "Find tools"
    description = (
        "Find tools by what they do, for example `send a message to a channel`. Then `describe_tool` tells what one "
        "takes, and `call_tool` calls it."
    )
    input_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {
            "query": {"type": "string", "minLength": 1, "maxLength": 500},
            "connector": {"type": "string", "description": "Only tools of this one."},
            "risk": {
                "enum": ["read", "write", "destructive"],
                "description": "The most harm that one may do: `read` for those that change nothing.",
            },
            "limit": {"type": "integer", "minimum": 1, "maximum": 25, "default": LIMIT},
        },
        "required": ["query"],
        "additionalProperties": False,
    }

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def call(self, visit: Visit, given: Mapping[str, Any]) -> ToolResult:
        """Names, and what they do."""
        wanted = self.read(given)
        offered = await self._tools.list(visit.principal, choice=visit.gateway.choice)
        found = found_among(offered.tools, wanted)
        told = [{"name": tool.name, "does": _briefly(tool), "risk": tool.risk} for tool in found]
        return answered({"tools": told, "of": len(offered.tools)})


def _briefly(tool: Tool) -> str:
    said = tool.description or tool.title
    return said if len(said) <= MAX_SAID else f"{said[:MAX_SAID]}..."


def found_among(tools: Sequence[Tool], wanted: Mapping[str, Any]) -> Sequence[Tool]:
    """Those that fit best, first."""
    allowed = RISKS[: RISKS.index(wanted.get("risk", RISKS[-1])) + 1]
    connector = wanted.get("connector", "")
    words = _words(wanted["query"])
    scored = [
        (_score(tool, words), tool)
        for tool in tools
        if tool.risk in allowed and connector in ("", tool.connector, tool.connector.rpartition("/")[2])
    ]
    best = sorted((one for one in scored if one[0]), key=lambda one: -one[0])
    return [tool for _, tool in best[: wanted["limit"]]]


def _score(tool: Tool, words: Sequence[str]) -> int:
    named, said = set(_words(f"{tool.name} {tool.title}")), set(_words(tool.description))
    return sum(3 * (word in named) + (word in said) for word in words)


def _words(text: str) -> list[str]:
    return _WORD.findall(_HUMP.sub(" ", text).lower())
