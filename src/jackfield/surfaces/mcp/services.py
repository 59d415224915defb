"""What the MCP surface works with; `app` makes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from jackfield.access.principal import Principal
from jackfield.agents.choice import Choice
from jackfield.agents.finding import Query, ToolHit
from jackfield.agents.offered import Offered
from jackfield.agents.tool import ToolContext, ToolResult
from jackfield.dispatch.call import Trigger
from jackfield.surfaces.mcp.authoring import Authoring
from jackfield.surfaces.mcp.visit import Visit


class Tools(Protocol):
    """The tools of a caller, here or at a server. Implemented by `manage.tools.Tools`."""

    async def list(self, principal: Principal, *, choice: Choice) -> Offered:
        """All that there are. Raises `ScopeMissing`."""

    async def search(self, principal: Principal, query: Query, *, choice: Choice) -> Sequence[ToolHit]:
        """Those that fit best, the best first. Raises `ScopeMissing`."""

    async def call(
        self,
        principal: Principal,
        name: str,
        given: Mapping[str, Any],
        *,
        choice: Choice,
        context: ToolContext,
        trigger: Trigger,
        characters: int,
    ) -> ToolResult:
        """Call one. All that can go wrong is in the result."""

    async def retrieve(
        self,
        principal: Principal,
        call_id: str,
        *,
        chat_id: str | None,
        fields: tuple[str, ...],
        limit: int | None,
        start: int,
        characters: int,
    ) -> ToolResult:
        """More of an earlier result."""

    async def version(self, principal: Principal) -> int:
        """Another one whenever the tools may have changed."""


VisitOf = Callable[[Principal, str], Awaitable[Visit]]
"""From a caller and the name of a gateway, empty for everything, to the visit. Raises what keeps the caller out."""


@dataclass(frozen=True, kw_only=True)
class McpServices:
    """What the surface works with.

    Attributes:
        tools: Of callers.
        authoring: Tools that make connectors; `None` where there are none.
        visit: Lets callers in.
        stateless: Whether the older revision is served without sessions, by any process of several.
        max_request_bytes: A larger request is refused.
        hosts: Names of this server, beside its addresses.
        public_url: Its address as others know it; empty for that of each request.
    """

    tools: Tools
    authoring: Authoring | None = None
    visit: VisitOf
    stateless: bool = False
    max_request_bytes: int
    hosts: tuple[str, ...] = ()
    public_url: str = ""
