"""The tools that make connectors, beside those that commands are: for who may change things, and on no gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from jackfield.access.principal import Principal
from jackfield.agents.tool import ToolContext, ToolResult
from jackfield.dispatch.call import Trigger
from jackfield.surfaces.mcp.sampling import Sample
from jackfield.surfaces.mcp.visit import Visit


class AuthoringTool(Protocol):
    """One of them."""

    @property
    def name(self) -> str:
        """The same for everybody."""

    @property
    def title(self) -> str:
        """For people."""

    @property
    def description(self) -> str:
        """For the model."""

    @property
    def input_schema(self) -> Mapping[str, Any]:
        """Of an object."""

    @property
    def reads_only(self) -> bool:
        """Changes nothing."""

    @property
    def destructive(self) -> bool:
        """May delete or overwrite."""

    @property
    def idempotent(self) -> bool:
        """Twice is the same as once."""

    @property
    def open_world(self) -> bool:
        """Reaches services outside."""


class Authoring(Protocol):
    """All of them, here or at a server. Implemented by `manage.authoring`."""

    async def tools(self, principal: Principal, /) -> Sequence[AuthoringTool]:
        """Those that the caller's token allows."""

    async def call(
        self,
        principal: Principal,
        name: str,
        arguments: Mapping[str, Any],
        /,
        *,
        sample: Sample | None,
        context: ToolContext,
        trigger: Trigger,
    ) -> ToolResult:
        """Call one. All that can go wrong is in the result."""


async def authoring_tools(authoring: Authoring | None, visit: Visit) -> Sequence[AuthoringTool]:
    """Those that a visitor is offered."""
    if authoring is None or not visit.authoring or "manage" not in visit.principal.scopes:
        return ()
    return await authoring.tools(visit.principal)


def wire_authoring(tool: AuthoringTool) -> dict[str, Any]:
    """As it is listed."""
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "inputSchema": dict(tool.input_schema),
        "annotations": {
            "title": tool.title,
            "readOnlyHint": tool.reads_only,
            "destructiveHint": tool.destructive,
            "idempotentHint": tool.idempotent,
            "openWorldHint": tool.open_world,
        },
    }
