"""Executions as server-sent events.

Source: HTML Standard, section 9.2, "Server-sent events".
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from jackfield.errors import JackfieldError
from jackfield.manage.execution_stream import Gap, Listener, Told
from jackfield.surfaces.errors import ServerStopping

MEDIA_TYPE = "text/event-stream"
BEAT_S = 15.0
"""Between comments, so that nobody on the way takes the connection for dead."""
CHECK_S = 2.0
"""Between looks whether the caller may still listen."""
SEND_S = 60.0
"""Whoever takes nothing for so long is cut off, and may come back."""

_RETRY = b"retry: 1000\n\n"
_HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]


class EventStream(Response):
    """An answer without end. Errors before its first byte are raised."""

    media_type = MEDIA_TYPE

    def __init__(
        self,
        following: AbstractAsyncContextManager[Listener],
        is_still_allowed: Callable[[], Awaitable[bool]],
    ) -> None:
        """Args:
        following: What to tell.
        is_still_allowed: Whether the caller may go on listening as before; may raise why not.
        """
        super().__init__()
        self._following = following
        self._is_still_allowed = is_still_allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell until the client leaves, may listen no longer, or the server ends."""
        async with self._following as listener:
            await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
            if not scope.get("state", {}).get("head"):
                leaving = asyncio.create_task(_left(receive))
                leaving.add_done_callback(lambda _: listener.end())
                try:
                    await self._tell(listener, leaving, send)
                except TimeoutError:
                    return
                finally:
                    leaving.cancel()
            await send({"type": "http.response.body", "body": b""})

    async def _tell(self, listener: Listener, leaving: asyncio.Task[None], send: Send) -> None:
        await _write(send, _RETRY + _block(await listener.next(0)) + _place(listener))
        now = time.monotonic()
        beat, check = now + BEAT_S, now + CHECK_S
        while not leaving.done():
            told = await listener.next(max(0.0, min(beat, check) - time.monotonic()))
            if told:
                await _write(send, _block(told))
            if listener.over:
                if not leaving.done():
                    await _write(send, _end(ServerStopping()))
                return
            now = time.monotonic()
            if now >= beat:
                await _write(send, b":\n" + _place(listener))
                beat = now + BEAT_S
            if now >= check:
                check = now + CHECK_S
                if end := await self._refusal():
                    await _write(send, end)
                    return

    async def _refusal(self) -> bytes:
        """Why the caller may not go on; nothing while it may."""
        try:
            return b"" if await self._is_still_allowed() else _event("end", b"{}")
        except JackfieldError as error:
            return _end(error)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, content: bytes) -> None:
    async with asyncio.timeout(SEND_S):
        await send({"type": "http.response.body", "body": content, "more_body": True})


def _block(told: Sequence[Told]) -> bytes:
    return b"".join(
        _event("gap", b"{}", id=each.cursor)
        if isinstance(each, Gap)
        else _event("execution", each.json, id=each.cursor)
        for each in told
    )


def _event(name: str, data: bytes, *, id: str = "") -> bytes:
    where = f"id: {id}\n".encode() if id else b""
    return b"event: %b\n%bdata: %b\n\n" % (name.encode(), where, data)


def _end(error: JackfieldError) -> bytes:
    return _event("end", orjson.dumps(error.to_json(), default=str))


def _place(listener: Listener) -> bytes:
    """An `id` without an event: who comes back before the next one goes on from here."""
    return f"id: {listener.cursor}\n\n".encode()
