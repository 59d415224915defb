"""The SDK's server with our handlers."""

from __future__ import annotations

from typing import Any

from mcp.server.caching import CacheHint
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.lowlevel import NotificationOptions, Server
from mcp.server.models import InitializationOptions

from jackfield.surfaces.mcp.changes import Watch
from jackfield.surfaces.mcp.handlers import Handlers
from jackfield.surfaces.mcp.subscriptions import Subscriptions
from jackfield.version import __version__

NAME = "jackfield"
FRESH_MS = 5_000
"""So long may a client keep a list of tools without asking: what is called then has its params checked anyway."""


class _Server(Server[Any]):
    """Says that it tells when tools change, also where nobody can say so for it."""

    tells = True

    def create_initialization_options(
        self,
        notification_options: NotificationOptions | None = None,
        experimental_capabilities: dict[str, dict[str, Any]] | None = None,
        extensions: dict[str, dict[str, Any]] | None = None,
    ) -> InitializationOptions:
        """As the SDK's, with `listChanged`."""
        told = notification_options or NotificationOptions(tools_changed=self.tells)
        return super().create_initialization_options(told, experimental_capabilities, extensions)


def make_server(handlers: Handlers, watch: Watch, subscriptions: Subscriptions, *, tells: bool) -> Server[Any]:
    """A server for any number of clients.

    Args:
        handlers: Answer.
        watch: Tells of changes.
        subscriptions: To them.
        tells: Whether a client of the older revision keeps a session, and can be told.
    """
    server = _Server(
        NAME,
        version=__version__,
        title="Jackfield",
        cache_hints={"tools/list": CacheHint(ttl_ms=FRESH_MS, scope="private")},
        get_tool_input_schema=_nothing_in_headers,
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
        on_subscriptions_listen=subscriptions,
    )
    server.tells = tells
    server.middleware = [_Introduction(handlers, watch if tells else None)]
    return server


def _nothing_in_headers(_name: str) -> None:
    """No tool of ours wants params in headers; without this, each call would have all tools listed first."""


class _Introduction:
    """Adds to the first answer what differs between gateways, and lets the client hear of changes."""

    def __init__(self, handlers: Handlers, watch: Watch | None) -> None:
        self._handlers = handlers
        self._watch = watch

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        result = await call_next(ctx)
        if ctx.method not in {"initialize", "server/discover"} or not isinstance(result, dict):
            return result
        visit = await self._handlers.who(ctx)
        if visit.gateway.instructions:
            result["instructions"] = visit.gateway.instructions
        if ctx.method == "initialize":
            result["serverInfo"]["title"] = visit.gateway.title or visit.gateway.name
            if self._watch is not None:
                # Its connection lives as long as the session, and there is no other way to hear of its end.
                connection = ctx.session._connection
                connection.exit_stack.callback(
                    await self._watch.add(
                        visit.principal,
                        version=self._handlers.version(visit),
                        tell=ctx.session.send_tool_list_changed,
                    )
                )
        return result
