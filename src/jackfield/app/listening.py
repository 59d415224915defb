"""The socket of the server, and how it is run on it."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from jackfield.app.request_heads import BoundedHeads
from jackfield.app.server_errors import AddressUnusable

BACKLOG = 2048
KEEP_ALIVE_S = 75
"""Longer than the minute that proxies keep a connection, so that it is they who close it."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        AddressUnusable: It cannot.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        try:
            if sys.platform != "win32":  # where it would let two servers have one port
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(BACKLOG)
        except BaseException:
            listening.close()
            raise
    except OSError as error:
        in_use = error.errno == errno.EADDRINUSE
        raise AddressUnusable(host=host, port=port, reason=(error.strerror or "").lower(), in_use=in_use) from None
    listening.setblocking(False)
    return listening


def url_of(listening: socket.socket, host: str) -> str:
    """The address by which a browser on this machine finds the server."""
    port = listening.getsockname()[1]
    shown = _reached_as(host)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def _reached_as(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host or "127.0.0.1"
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "::1"
    return host


class _Http(BoundedHeads):
    """One connection, with nothing to say to the log: the edge notes requests, and notes no queries."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.access_log = False

    def _unsupported_upgrade_warning(self) -> None:
        """Whoever asks for a web socket gets the answer of that path, and strangers do not fill the log."""


class Listener(uvicorn.Server):
    """An HTTP server in this event loop, stopped by `stop`. Signals are not its business."""

    def __init__(self, app: ASGIApp, *, shutdown_s: int, on_stop: Callable[[], None] | None = None) -> None:
        """Args:
        app: What answers.
        shutdown_s: How long requests in flight may take to finish.
        on_stop: Ends answers that would go on for ever.
        """
        self._on_stop = on_stop or _nobody_waits
        self._on_started: Callable[[], None] = _nobody_waits
        super().__init__(
            uvicorn.Config(
                app,
                loop="none",
                http=_Http,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=shutdown_s,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None: who runs the loop handles them, and there is more to close than this."""
        yield

    async def run_on(self, listening: socket.socket, *, started: Callable[[], None]) -> None:
        """Answer requests until stopped.

        Args:
            listening: Closed when it stops.
            started: Told once requests are taken.
        """
        self._on_started = started
        await self.serve(sockets=[listening])
        await self._end_tasks()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take requests, and say so."""
        await super().startup(sockets)
        self._on_started()

    async def _end_tasks(self) -> None:
        """Of requests that took too long: what they do is cancelled, and recorded as that, before the rest closes."""
        late = list(self.server_state.tasks)
        for task in late:
            if not task.cancelling():  # a second time would interrupt the record
                task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def stop(self) -> None:
        """Take no more requests, and let those in flight finish; asked again, do not wait for them."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self._on_stop()


class Stop:
    """Stops a server: gently once it runs, and before that as soon as it would run."""

    def __init__(self) -> None:
        self._listener: Listener | None = None
        self._asked = False

    def __call__(self) -> None:
        """Somebody wants it to stop."""
        if self._listener is not None:
            self._listener.stop()
        elif self._asked:  # again, while it starts: nothing is in flight that could be lost
            os._exit(130)
        self._asked = True

    def reaches(self, listener: Listener) -> bool:
        """Let it stop `listener` from now on; whether that is to run at all."""
        self._listener = listener
        return not self._asked


def _nobody_waits() -> None:
    """Nobody is told."""


def stop_on_signals(stop: Callable[[], None]) -> None:
    """Call `stop` when somebody presses Ctrl-C, or the system asks the process to end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
