"""Real MCP servers on loopback, and as programs, for tests."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from mcp.server.lowlevel import Server
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler
from mcp_types import CallToolResult, InputRequiredResult, ListToolsResult, TextContent, Tool

from jackfield.app.embedded import Embedded
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import CallOptions, Origin
from jackfield.settings import Settings


@dataclass
class Running:
    """A server that runs.

    Attributes:
        url: Of its MCP endpoint.
        address: `host:port`, as `JACKFIELD_EGRESS_ALLOW` takes it.
        asked: Method of HTTP and headers of every request so far.
    """

    url: str
    address: str
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def running(app: Any, *, token: str | Callable[[str], bool] = "", legacy: bool = False) -> Iterator[Running]:
    """Run an ASGI application on a free port until the block ends.

    Args:
        app: With its endpoint at `/mcp`.
        token: That it asks for as a bearer, or what tells whether it takes one.
        legacy: It knows nothing of the revision of 2026-07-28.
    """
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()  # so that who connects before the server runs waits for it
    address = f"127.0.0.1:{listening.getsockname()[1]}"
    told = Running(url=f"http://{address}/mcp", address=address)
    config = uvicorn.Config(
        _watched(app, told, token=token, legacy=legacy), log_config=None, timeout_graceful_shutdown=1, lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    try:
        yield told
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def _watched(app: Any, told: Running, *, token: str | Callable[[str], bool], legacy: bool) -> Any:
    takes = token if callable(token) else token.__eq__

    async def asked(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        told.asked.append((scope["method"], headers))
        if token and not takes(headers.get("authorization", "").removeprefix("Bearer ")):
            return await _answer(send, 401)
        if legacy and headers.get("mcp-protocol-version", "2025-11-25") > "2025-11-25":
            return await _answer(send, 400)
        await app(scope, receive, send)

    return asked


async def _answer(send: Any, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b"no"})


Answered = Callable[[dict[str, Any], Any], Awaitable[CallToolResult | InputRequiredResult]]


async def echoed(arguments: dict[str, Any], ctx: Any) -> CallToolResult:
    """What a tool answers unless a test says otherwise."""
    return CallToolResult(content=[TextContent(type="text", text=json.dumps(arguments, sort_keys=True))])


def tool(name: str, description: str = "A tool.", **more: Any) -> Tool:
    """The definition of a tool that takes anything."""
    return Tool(**{"name": name, "description": description, "inputSchema": {"type": "object"}, **more})


class Upstream:
    """An MCP server of the low-level kind, whose tools a test changes as it likes.

    Attributes:
        tools: Offered, in their order.
        answers: By the name of a tool.
        page: Tools that a page has.
        called: Tools that were called, with their arguments.
    """

    def __init__(self, *tools: Tool, **answers: Answered) -> None:
        self.tools = list(tools)
        self.answers = answers
        self.page = 1000
        self.called: list[tuple[str, dict[str, Any]]] = []
        self.changes = InMemorySubscriptionBus()
        self.server = Server(
            "upstream",
            on_list_tools=self._list,
            on_call_tool=self._call,
            on_subscriptions_listen=ListenHandler(self.changes),
        )

    def app(self, **options: Any) -> Any:
        """Over HTTP."""
        return self.server.streamable_http_app(**options)

    async def _list(self, ctx: Any, params: Any) -> ListToolsResult:
        at = int(params.cursor) if params and params.cursor else 0
        more = at + self.page < len(self.tools)
        return ListToolsResult(tools=self.tools[at : at + self.page], next_cursor=str(at + self.page) if more else None)

    async def _call(self, ctx: Any, params: Any) -> CallToolResult | InputRequiredResult:
        self.called.append((params.name, params.arguments or {}))
        return await self.answers.get(params.name, echoed)(params.arguments or {}, ctx)


@asynccontextmanager
async def runtime_of(up: Running | None = None, **settings: Any) -> AsyncIterator[Embedded]:
    """A runtime that may reach a server."""
    kept = {"database_url": "memory", "egress_allow": up.address if up else ""}
    runtime = Embedded(Settings(**{**kept, **settings}), types=())
    try:
        yield runtime
    finally:
        await runtime.close()


async def called(runtime: Embedded, command: str, params: dict[str, Any] | None = None, **options: Any) -> Outcome[Any]:
    """What the connector `it` answers."""
    return await runtime.call("it", command, params or {}, CallOptions(**options), Origin())
