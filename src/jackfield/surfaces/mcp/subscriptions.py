"""`subscriptions/listen` of the newer revision: an answer without end that tells of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp.server.context import ServerRequestContext
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ToolsListChanged
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    SubscriptionFilter,
    SubscriptionsListenRequestParams,
    SubscriptionsListenResult,
)

from jackfield.surfaces.mcp.changes import Watch

if TYPE_CHECKING:
    from jackfield.surfaces.mcp.handlers import Handlers


class Subscriptions:
    """Answers such requests. Each has a bus of its own, on which only changes of its caller's tenant come."""

    def __init__(self, handlers: Handlers, watch: Watch) -> None:
        self._handlers = handlers
        self._watch = watch
        self._open: set[ListenHandler] = set()

    def close(self) -> None:
        """Say to all who listen that it is over."""
        for handler in list(self._open):
            handler.close()

    async def __call__(
        self, ctx: ServerRequestContext[Any, Any], params: SubscriptionsListenRequestParams
    ) -> SubscriptionsListenResult:
        """Tell of changes until the client leaves."""
        visit = await self._handlers.who(ctx)
        if not self._watch.has_room(visit.principal):
            raise MCPError(INTERNAL_ERROR, "you listen too often already")
        bus = InMemorySubscriptionBus()
        handler = ListenHandler(bus)

        async def tell() -> None:
            await bus.publish(ToolsListChanged())

        remove = await self._watch.add(visit.principal, version=self._handlers.version(visit), tell=tell)
        self._open.add(handler)
        try:
            return await handler(ctx, _only_tools(params))
        finally:
            self._open.discard(handler)
            remove()


def _only_tools(params: SubscriptionsListenRequestParams) -> SubscriptionsListenRequestParams:
    """What there is of what was asked for: nothing else ever changes here, and is not promised."""
    wanted = SubscriptionFilter(tools_list_changed=params.notifications.tools_list_changed)
    return params.model_copy(update={"notifications": wanted})
