"""Real MCP servers on loopback, and as programs, for tests."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn


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
def running(app: Any, *, token: str = "") -> Iterator[Running]:
    """Run an ASGI application on a free port until the block ends.

    Args:
        app: With its endpoint at `/mcp`.
        token: That it asks for as a bearer.
    """
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    address = f"127.0.0.1:{listening.getsockname()[1]}"
    told = Running(url=f"http://{address}/mcp", address=address)
    config = uvicorn.Config(_watched(app, told, token), log_config=None, timeout_graceful_shutdown=1, lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    try:
        yield told
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def _watched(app: Any, told: Running, token: str) -> Any:
    async def asked(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
            told.asked.append((scope["method"], headers))
            if token and headers.get("authorization") != f"Bearer {token}":
                await send({"type": "http.response.start", "status": 401, "headers": []})
                await send({"type": "http.response.body", "body": b"who are you?"})
                return
        await app(scope, receive, send)

    return asked
