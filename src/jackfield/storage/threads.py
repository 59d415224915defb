"""Threads that do not keep a process from ending."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Threads:
    """As many threads as are busy, up to a bound, kept for what comes next.

    They are daemons, unlike those of `concurrent.futures`: what hangs in one must not keep the process from ending,
    after Ctrl-C for one; and what closes when a process exits can still use them.
    """

    def __init__(self, limit: int, *, name: str) -> None:
        self._limit = limit
        self._name = name
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._started = 0
        self._idle = threading.Semaphore(0)

    async def run(self, function: Callable[[], T]) -> T:
        """What `function` returns.

        Python cannot stop a thread: it goes on although its caller was cancelled.
        """
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        done: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            try:
                result = context.run(function)
            except BaseException as error:  # a thread must survive what it runs, and its caller be told
                _tell(loop, done, None, error)
            else:
                _tell(loop, done, result, None)

        self._work.put(work)
        if not self._idle.acquire(blocking=False) and self._started < self._limit:
            self._started += 1
            threading.Thread(target=self._serve, name=f"{self._name}-{self._started}", daemon=True).start()
        return await done

    def close(self) -> None:
        """Let the threads end after what they are doing. Does not wait for them."""
        started, self._started = self._started, 0
        for _ in range(started):
            self._work.put(None)

    async def join(self) -> None:
        """Wait until what was begun has ended, then let the threads end."""
        # Each takes one, and none takes two: they wait for each other.
        together = threading.Barrier(self._started) if self._started else None
        if together:
            await asyncio.gather(*(self.run(together.wait) for _ in range(self._started)))
        self.close()

    def _serve(self) -> None:
        while (work := self._work.get()) is not None:
            work()
            self._idle.release()


def _tell(loop: asyncio.AbstractEventLoop, done: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    def settle() -> None:
        if done.done():
            return
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)

    with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
        loop.call_soon_threadsafe(settle)
