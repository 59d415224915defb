"""Plain functions as commands: they run in threads, so that one that blocks stalls nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import queue
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from jackfield.definition.wire import Answer, Http
from jackfield.errors import CallTimeout

T = TypeVar("T")

MAX_THREADS = 256


class Threads:
    """Threads for handlers: as many as are busy, up to a bound, kept for the next ones.

    They are daemons, unlike those of `concurrent.futures`: a handler that hangs must not keep the process from
    ending, after Ctrl-C for one.
    """

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._started = 0
        self._idle = threading.Semaphore(0)

    async def run(self, function: Callable[[], T]) -> T:
        """What `function` returns.

        Python cannot stop a thread: after a time-out it goes on until its next use of `ctx.http`.
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
        if not self._idle.acquire(blocking=False) and self._started < MAX_THREADS:
            self._started += 1
            threading.Thread(target=self._serve, name=f"jackfield-command-{self._started}", daemon=True).start()
        return await done

    def close(self) -> None:
        """Let the threads end after what they are doing. Does not wait for handlers that hang."""
        for _ in range(self._started):
            self._work.put(None)

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


class BlockingHttp:
    """`Http` with blocking methods, for a handler in a thread."""

    def __init__(self, http: Http, loop: asyncio.AbstractEventLoop) -> None:
        self._http = http
        self._loop = loop
        self._pending: set[Future[Answer]] = set()
        self._over = False

    def request(self, method: str, url: str, **options: Any) -> Answer:
        """Send one request and wait for the answer."""
        return self._wait(self._http.request(method, url, **options))

    def get(self, url: str, **options: Any) -> Answer:
        """GET."""
        return self.request("GET", url, **options)

    def head(self, url: str, **options: Any) -> Answer:
        """HEAD."""
        return self.request("HEAD", url, **options)

    def post(self, url: str, **options: Any) -> Answer:
        """POST."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Any) -> Answer:
        """PUT."""
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Any) -> Answer:
        """PATCH."""
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Any) -> Answer:
        """DELETE."""
        return self.request("DELETE", url, **options)

    def end(self) -> None:
        """The call is over: abort what is under way and refuse the rest."""
        self._over = True
        for pending in list(self._pending):
            pending.cancel()

    def _wait(self, sending: Coroutine[Any, Any, Answer]) -> Answer:
        if self._over:
            sending.close()
            raise CallTimeout(timeout_s=0, doing="a handler that went on after its call was over")
        pending = asyncio.run_coroutine_threadsafe(sending, self._loop)
        self._pending.add(pending)
        try:
            return pending.result()
        finally:
            self._pending.discard(pending)
