"""A Jackfield server of its own for a test, in a thread."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from jackfield.app.server import run_server
from jackfield.settings import Settings
from jackfield.surfaces.serving import Started

ADMIN_TOKEN = "admin-token-of-the-tests-0123456789"


@contextmanager
def served(settings: Settings, *, demo: bool = False) -> Iterator[Started]:
    """A server that takes requests until the block ends. What keeps it from starting is raised."""
    told: Future[Started] = Future()
    stops: list[Callable[[], None]] = []

    async def run() -> None:
        loop = asyncio.get_running_loop()
        await run_server(
            settings,
            demo=demo,
            started=told.set_result,
            stopped_by=lambda stop: stops.append(lambda: loop.call_soon_threadsafe(stop)),
        )

    def in_a_thread() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            if told.done():
                raise
            told.set_exception(error)

    thread = threading.Thread(target=in_a_thread)
    thread.start()
    try:
        yield told.result(30)
    finally:
        for stop in stops:
            with suppress(RuntimeError):  # its loop is closed: it did not start
                stop()
        thread.join(30)


def post(path: str, body: Any) -> tuple[int, Any]:
    """Status and JSON that the server of the environment answers."""
    headers = {"Authorization": f"Bearer {os.environ['JACKFIELD_TOKEN']}", "Content-Type": "application/json"}
    request = Request(os.environ["JACKFIELD_URL"] + path, json.dumps(body).encode(), headers, method="POST")
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)
