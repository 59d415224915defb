"""A way to a server for programs that cannot send a token: it is put into each request as it passes."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_CONNECTION = re.compile(rb"(?i)\r\nconnection: [^\r]*")


@contextmanager
def with_token(url: str, token: str) -> Iterator[str]:
    """Another address of the server at `url`. Each connection carries one request, and is closed after its answer."""
    target = urlsplit(url)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            first, _, rest = _CONNECTION.sub(b"", head).partition(b"\r\n")
            own, to = await asyncio.open_connection(target.hostname, target.port)
            to.write(b"\r\n".join([first, b"connection: close", b"authorization: Bearer " + token.encode(), rest]))
            await asyncio.gather(_pass_on(reader, to), _pass_on(own, writer))
        writer.close()

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while content := await reader.read(65536):
            writer.write(content)
            await writer.drain()
    finally:
        writer.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
