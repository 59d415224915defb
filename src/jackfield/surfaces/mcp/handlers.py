"""What is answered to `tools/list` and `tools/call`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from mcp.shared.exceptions import MCPError
from mcp_types import INTERNAL_ERROR, INVALID_PARAMS

from jackfield.agents.showing import show_error
from jackfield.agents.status import status_text
from jackfield.agents.tool import Tool, ToolContext, ToolResult
from jackfield.errors import JackfieldError
from jackfield.surfaces.mcp.authoring import Authoring, authoring_tools, wire_authoring
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

BETWEEN = "__"

Who = Callable[[Any], Awaitable[Visit]]
"""From the context of a request to who asks, and through which gateway."""


class Handlers:
    """Answers requests of any client."""

    def __init__(self, tools: Tools, *, authoring: Authoring | None = None, who: Who, visit: VisitOf) -> None:
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
            more = [wire_authoring(tool) for tool in await authoring_tools(self._authoring, visit)]
            page = await self._listing.page(offered, visit.gateway, more=more, cursor=cursor)
        except JackfieldError as error:
            raise MCPError(INTERNAL_ERROR, error.message, {"code": error.code, "hint": error.hint}) from None
        except CursorUnreadable:
            raise MCPError(INVALID_PARAMS, "the cursor is none that a list of tools has given") from None
        following_page = {"nextCursor": page.next} if page.next else {}
        return {"resultType": COMPLETE, "tools": page.tools, **following_page}

    async def call_tool(self, ctx: ServerRequestContext[Any, Any], params: CallToolRequestParams) -> Any:
        """What a tool answers. All that can go wrong is in it: models read that, and no errors of the protocol."""
        visit, given = await self.who(ctx), params.arguments or {}
        outputs = visit.gateway.output_schemas
        tool = await self._tool(visit, params.name) if outputs or is_followed(ctx) else None
        async with following(ctx, begins=status_text(tool, given) if tool else params.name):
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
            if self._authoring and await self._makes(visit, name):
                context = ToolContext(chat_id=visit.chat_id)
                return await self._authoring.call(
                    visit.principal, name, given, sample=sample, context=context, trigger="mcp"
                )
        except JackfieldError as error:
            return show_error(error)
        return await call_command(self._tools, visit, name, given)

    async def _tool(self, visit: Visit, name: str) -> Tool | None:
        """The command behind a name, where it is one."""
        try:
            return (await self._tools.list(visit.principal, choice=visit.gateway.choice)).by_name.get(name)
        except JackfieldError:  # it is said by the call itself
            return None

    async def _makes(self, visit: Visit, name: str) -> bool:
        """Whether it is one of the tools that make connectors, whose names are not made of two."""
        return BETWEEN not in name and name in {tool.name for tool in await authoring_tools(self._authoring, visit)}
