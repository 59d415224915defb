"""Streams that would go on for ever end when the server stops, and when their token counts no longer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.types import Message, Receive

from jackfield.errors import JackfieldError

CHECK_S = 2.0
"""Between looks whether the caller may still listen."""

Again = Callable[[], Awaitable[object]]
"""Finds the caller of a request once more; raises when there is none any more."""


class Leashes:
    """All such streams."""

    def __init__(self) -> None:
        self._over: set[asyncio.Event] = set()
        self._ended = False

    def end(self) -> None:
        """The server stops: end them all, and whatever comes."""
        self._ended = True
        for over in self._over:
            over.set()

    @asynccontextmanager
    async def on(self, receive: Receive, again: Again, *, until_end: bool) -> AsyncIterator[Receive]:
        """`receive` for a stream: once it is over, it says that the client has gone, which ends it everywhere.

        Args:
            receive: Of the request.
            again: Finds its caller once more.
            until_end: Whether it is over when the server stops; otherwise something else sees to that.
        """
        over = asyncio.Event()
        if until_end:
            self._over.add(over)
            if self._ended:
                over.set()
        checking = asyncio.create_task(_check(again, over))
        try:
            yield _ending(receive, over)
        finally:
            checking.cancel()
            self._over.discard(over)


async def _check(again: Again, over: asyncio.Event) -> None:
    try:
        while True:
            await asyncio.sleep(CHECK_S)
            await again()
    except JackfieldError:
        over.set()


def _ending(receive: Receive, over: asyncio.Event) -> Receive:
    async def received() -> Message:
        asked = asyncio.ensure_future(receive())
        ended = asyncio.ensure_future(over.wait())
        try:
            await asyncio.wait({asked, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
            if not asked.done():
                asked.cancel()
        return asked.result() if asked.done() and not asked.cancelled() else {"type": "http.disconnect"}

    return received
