"""One client over stdin and stdout, for programs that start their servers themselves."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import redirect_stdout
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.stdio import stdio_server

from jackfield.surfaces.mcp.authoring import Authoring
from jackfield.surfaces.mcp.changes import LOOK_S, Watch
from jackfield.surfaces.mcp.handlers import Handlers
from jackfield.surfaces.mcp.server import make_server
from jackfield.surfaces.mcp.services import Tools, VisitOf
from jackfield.surfaces.mcp.subscriptions import Subscriptions
from jackfield.surfaces.mcp.visit import Visit
from jackfield.surfaces.runtime import Runtime

LOOK_AT_SERVER_S = 10.0
"""Between looks whether tools have changed, where each asks a server."""


async def serve_stdio(
    runtime: Runtime,
    tools: Tools,
    visit: VisitOf,
    *,
    authoring: Authoring | None,
    gateway: str,
    remote: bool,
) -> None:
    """Answer the client until it closes stdin.

    While that goes on, nothing else reaches stdout: what anything in this process prints goes to stderr.

    Args:
        runtime: Knows who asks.
        tools: Of the runtime.
        visit: Lets the client in.
        authoring: Tools that make connectors.
        gateway: Through which; empty for everything.
        remote: Whether the runtime is a server's.

    Raises:
        JackfieldError: The client cannot be let in.
    """

    async def who(_ctx: ServerRequestContext[Any, Any]) -> Visit:
        return await visit(await runtime.principal(), gateway)

    watch = Watch(look_s=LOOK_AT_SERVER_S if remote else LOOK_S)
    handlers = Handlers(tools, authoring=authoring, who=who, visit=visit)
    server = make_server(handlers, watch, Subscriptions(handlers, watch), tells=True)
    await visit(await runtime.principal(), gateway)
    lines: Any = _Lines()
    try:
        # What is printed goes to stderr at once: what lay in a buffer of stdout would come out there at the end.
        async with stdio_server(stdin=lines) as (read, write):
            with redirect_stdout(sys.stderr):
                await server.run(read, write, server.create_initialization_options())
    finally:
        watch.close()


class _Lines:
    """The lines of stdin. Waiting for one keeps nothing from ending: the SDK's own reader cannot be cancelled."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()
        # What commands start themselves must not read what is the client's.
        self._file = os.fdopen(os.dup(sys.stdin.fileno()), "r", encoding="utf-8", errors="replace", closefd=False)
        with open(os.devnull) as nothing:
            os.dup2(nothing.fileno(), sys.stdin.fileno())
        threading.Thread(target=self._read, daemon=True, name="stdin").start()

    def _read(self) -> None:
        for line in self._file:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, line)
        self._loop.call_soon_threadsafe(self._queue.put_nowait, None)

    async def __aiter__(self) -> AsyncIterator[str]:
        while (line := await self._queue.get()) is not None:
            yield line
