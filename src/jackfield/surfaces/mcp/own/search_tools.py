"""`search_tools`: which of many tools do what is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from jackfield.agents.finding import Query, answer_of
from jackfield.agents.offered import Offered
from jackfield.agents.tool import Risk, ToolResult
from jackfield.definition.names import folded
from jackfield.surfaces.mcp.own.tool import OwnTool, answered
from jackfield.surfaces.mcp.services import Tools
from jackfield.surfaces.mcp.visit import Visit

LIMIT = 5
RISKS: Sequence[Risk] = ("read", "write", "destructive")


class SearchTools(OwnTool):
    """The tools that fit best, with the schemas of the first where they are small."""

    name = "search_tools"
    title = "Find tools"
    description = (
        "Find tools by what they do, for example `send a message to a channel`. `describe_tool` tells what one takes, "
        "`call_tool` calls it."
    )
    input_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {
            "query": {"type": "string", "minLength": 1, "maxLength": 500},
            "connector": {"type": "string", "description": "Only tools of this one."},
            "risk": {
                "enum": list(RISKS),
                "description": "The most harm that one may do: `read` for those that change nothing.",
            },
            "limit": {"type": "integer", "minimum": 1, "maximum": 20, "default": LIMIT},
        },
        "required": ["query"],
        "additionalProperties": False,
    }

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def call(self, visit: Visit, given: Mapping[str, Any]) -> ToolResult:
        """Names, and what they do."""
        wanted = self.read(given)
        connector = wanted.get("connector")
        query = Query(
            text=wanted["query"],
            limit=wanted["limit"],
            connector=None if connector is None else await self._named(visit, connector),
            risk=RISKS[: RISKS.index(wanted["risk"]) + 1] if "risk" in wanted else None,
        )
        hits = await self._tools.search(visit.principal, query, choice=visit.gateway.choice)
        return answered(answer_of(hits))

    async def _named(self, visit: Visit, connector: str) -> frozenset[str]:
        """Full names of connectors, of which a model may know a part."""
        offered: Offered = await self._tools.list(visit.principal, choice=visit.gateway.choice)
        wanted = folded(connector)
        known = {tool.connector for tool in offered.tools}
        return frozenset(one for one in known if wanted in (folded(one), folded(one.rpartition("/")[2])))
