"""The server in a test's own process."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self, Unpack

from aiohttp import web

from jackfield.testing.oauth.authority import Authority
from jackfield.testing.oauth.controls import Controls
from jackfield.testing.oauth.operations import Operations
from jackfield.testing.oauth.options import RuleOptions
from jackfield.testing.oauth.parties import CLIENT_ID, CLIENT_SECRET
from jackfield.testing.oauth.refusal import Refused
from jackfield.testing.oauth.rules import Rules
from jackfield.testing.oauth.web import application

BACKLOG = 1024
"""Connections that may wait to be taken; a torture test opens hundreds at once."""


class FakeOAuth(Controls):
    """An OAuth 2.0 authorization server on loopback, with a small API that takes its tokens.

    It runs in a thread of its own while the block lasts:

        with FakeOAuth(redirect_uris=["http://127.0.0.1:8000/callback"]) as server:
            server.faults.next("token", status=429, retry_after=1)

    Args:
        redirect_uris: Where the client that is registered from the start may send its users back to.
        path: Path of the issuer, such as `/tenants/a`.
        port: Where it listens; 0: anywhere.
        rules: What kind of server it is: the attributes of `Rules`.
    """

    def __init__(
        self, *, redirect_uris: Sequence[str] = (), path: str = "", port: int = 0, **rules: Unpack[RuleOptions]
    ) -> None:
        kind = Rules().changed(**rules)
        self._socket = socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
        url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        issuer = url + path.rstrip("/")
        super().__init__(url=url, issuer=issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
        self._authority = Authority(url=url, issuer=issuer, rules=kind)
        self._operations = Operations(self._authority)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fake-oauth", daemon=True)
        self._ready, self._ending = threading.Event(), asyncio.Event()
        self.register_client(CLIENT_ID, secret=CLIENT_SECRET, redirect_uris=redirect_uris)

    def ask(self, operation: str, **arguments: Any) -> Any:
        """Carry out an operation, in this process.

        Raises:
            ValueError: There is none of this name, or it refuses.
        """
        try:
            return self._operations.do(operation, arguments)
        except (TypeError, KeyError, Refused) as error:
            raise ValueError(str(error)) from error

    def start(self) -> Self:
        """Listen.

        Raises:
            RuntimeError: It could not; what kept it is on stderr.
        """
        self._thread.start()
        self._ready.wait()
        if not self._thread.is_alive():
            raise RuntimeError("the server did not start")
        return self

    def close(self) -> None:
        """Stop; requests that wait at a gate are let through first. Nothing happens a second time."""
        self._authority.gates.open_all()
        if not self._thread.is_alive():
            self._socket.close()
            self._loop.close()
            return
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._serve())
            finally:
                self._ready.set()

    async def _serve(self) -> None:
        # No lingering: what is still on its way when a test ends is of no interest to it.
        runner = web.AppRunner(application(self._authority), access_log=None, shutdown_timeout=0.05)
        await runner.setup()
        await web.SockSite(runner, self._socket, backlog=BACKLOG).start()
        self._ready.set()
        await self._ending.wait()
        await runner.cleanup()
