"""What is answered to `tools/list` and `tools/call`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcp.shared.exceptions import MCPError
from mcp_types import INTERNAL_ERROR, INVALID_PARAMS

from jackfield.agents.showing import show_error
from jackfield.agents.tool import Tool, ToolResult
from jackfield.errors import JackfieldError
from jackfield.execution.templates.template import render
from jackfield.surfaces.mcp.changes import Version
from jackfield.surfaces.mcp.content import COMPLETE, wire_result
from jackfield.surfaces.mcp.listing import CursorUnreadable, Listing
from jackfield.surfaces.mcp.outputs import conforming
from jackfield.surfaces.mcp.own.all import own_tools
from jackfield.surfaces.mcp.own.call_tool import call_command
from jackfield.surfaces.mcp.progress import following, is_followed
from jackfield.surfaces.mcp.sampling import Sample, sampler
from jackfield.surfaces.mcp.services import Tools, VisitOf
from jackfield.surfaces.mcp.undisturbed import undisturbed
from jackfield.surfaces.mcp.visit import Visit

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from mcp_types import CallToolRequestParams, PaginatedRequestParams

Who = Callable[[Any], Awaitable[Visit]]
"""From the context of a request to who asks, and through which gateway."""


class Handlers:
    """Answers requests of any client."""

    def __init__(self, tools: Tools, *, authoring: Any = None, who: Who, visit: VisitOf) -> None:
        """Args:
        tools: Of callers.
        authoring: Tools that make connectors.
        who: Knows who asks.
        visit: Lets callers in.
        """
        self._tools = tools
        self._authoring = authoring
        self._visit = visit
        self.who = who
        self._own = own_tools(tools)
        self._listing = Listing(self._own)

    async def list_tools(self, ctx: ServerRequestContext[Any, Any], params: PaginatedRequestParams | None) -> Any:
        """A page of the tools."""
        visit = await self.who(ctx)
        cursor = params.cursor if params else None
        try:
            offered = await self._tools.list(visit.principal, choice=visit.gateway.choice)
            page = await self._listing.page(offered, visit.gateway, more=self._making(visit), cursor=cursor)
        except JackfieldError as error:
            raise MCPError(INTERNAL_ERROR, error.message, {"code": error.code, "hint": error.hint}) from None
        except CursorUnreadable:
            raise MCPError(INVALID_PARAMS, "the cursor is none that a list of tools has given") from None
        more = {"nextCursor": page.next} if page.next else {}
        return {"resultType": COMPLETE, "tools": page.tools, **more}

    async def call_tool(self, ctx: ServerRequestContext[Any, Any], params: CallToolRequestParams) -> Any:
        """What a tool answers. All that can go wrong is in it: models read that, and no errors of the protocol."""
        visit, given = await self.who(ctx), params.arguments or {}
        outputs = visit.gateway.output_schemas
        tool = await self._tool(visit, params.name) if outputs or is_followed(ctx) else None
        async with following(ctx, begins=_status(tool, given) or params.name):
            result = await undisturbed(self._call(visit, params.name, given, sampler(ctx)))
        return wire_result(conforming(tool, result) if tool and outputs else result)

    def version(self, visit: Visit) -> Version:
        """What is another whenever the tools of a visitor may be others: the catalogue, or the gateway itself."""
        caller = visit.bearer or visit.principal

        async def look() -> object:
            gateway = (await self._visit(caller, visit.gateway.name)).gateway
            return await self._tools.version(visit.principal), gateway

        return look

    async def _call(self, visit: Visit, name: str, given: Mapping[str, Any], sample: Sample | None) -> ToolResult:
        try:
            if own := self._own.get(name):
                return await own.call(visit, given)
            if any(tool["name"] == name for tool in self._making(visit)):
                made: ToolResult = await self._authoring.call(visit.principal, name, given, sample=sample)
                return made
        except JackfieldError as error:
            return show_error(error)
        return await call_command(self._tools, visit, name, given)

    async def _tool(self, visit: Visit, name: str) -> Tool | None:
        """The command behind a name, where it is one."""
        try:
            return (await self._tools.list(visit.principal, choice=visit.gateway.choice)).by_name.get(name)
        except JackfieldError:  # it is said by the call itself
            return None

    def _making(self, visit: Visit) -> Sequence[Mapping[str, Any]]:
        """The tools that make connectors, as they are listed."""
        return ()


def _status(tool: Tool | None, given: Mapping[str, Any]) -> str:
    """What people are shown while it runs."""
    if tool is None:
        return ""
    try:
        return str(render(tool.rule.status, given)) if tool.rule.status else tool.title
    except JackfieldError:  # it names what the model has not given
        return tool.title
