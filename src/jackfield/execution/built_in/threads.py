"""Plain functions as commands: they run in threads, so that one that blocks stalls nobody else."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from jackfield.definition.wire import Answer, Http
from jackfield.errors import CallTimeout

T = TypeVar("T")

MAX_THREADS = 64


class Threads:
    """A bounded pool of threads for handlers."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=MAX_THREADS, thread_name_prefix="jackfield-command")

    async def run(self, function: Callable[[], T]) -> T:
        """What `function` returns.

        Python cannot stop a thread: after a time-out it goes on until its next use of `ctx.http`.
        """
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._pool, context.run, function)

    def close(self) -> None:
        """Take no more work. Does not wait for handlers that hang."""
        self._pool.shutdown(wait=False, cancel_futures=True)


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
