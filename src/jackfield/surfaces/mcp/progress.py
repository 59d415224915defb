"""How a call goes on, for a client that has asked to be told: that it begins, what it logs, that it has ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from jackfield.dispatch.logs import TOLD

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

MOST = 200
"""Lines of one call that are told."""
MAX_CHARACTERS = 500


def is_followed(ctx: ServerRequestContext[Any, Any]) -> bool:
    """Whether the client has asked to be told how its request goes on."""
    meta = (ctx.params or {}).get("_meta")
    return isinstance(meta, dict) and meta.get("progressToken") is not None


@asynccontextmanager
async def following(ctx: ServerRequestContext[Any, Any], *, begins: str) -> AsyncIterator[None]:
    """Tell the client of `ctx` what is done inside, if it wants to know.

    Args:
        begins: What is said first.
    """
    if not is_followed(ctx):
        yield
        return
    teller = _Teller(ctx)
    await teller.say(begins[:MAX_CHARACTERS])
    outer = TOLD.set(teller.hear)
    telling = asyncio.create_task(teller.run())
    try:
        yield
    finally:
        TOLD.reset(outer)
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling
    await teller.finish()


class _Teller:
    def __init__(self, ctx: ServerRequestContext[Any, Any]) -> None:
        self._report = ctx.session.report_progress
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        self._heard, self._said = 0, 0

    def hear(self, level: int, message: str) -> None:
        """A line of the log, from any thread."""
        if level < logging.INFO or self._heard >= MOST:
            return
        self._heard += 1
        with suppress(RuntimeError):  # the loop is closed: the server has ended
            self._loop.call_soon_threadsafe(self._lines.put_nowait, message[:MAX_CHARACTERS])

    async def run(self) -> None:
        """Say each line as it comes."""
        while True:
            await self.say(await self._lines.get())

    async def say(self, message: str) -> None:
        """One more step. How many there will be nobody knows."""
        self._said += 1
        await self._report(self._said - 1, None, message)

    async def finish(self) -> None:
        """What is left, and that it was the last."""
        while not self._lines.empty():
            await self.say(self._lines.get_nowait())
        await self._report(self._said, self._said, "done")
