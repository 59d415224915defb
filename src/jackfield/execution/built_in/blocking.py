"""Plain functions as commands: they run in threads, so that one that blocks stalls nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any

from jackfield.definition.wire import Answer, Http
from jackfield.errors import CallTimeout

MAX_THREADS = 256


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
