"""Gates at which requests wait until a test lets them through. Nothing sleeps."""

from __future__ import annotations

import asyncio
import threading


class Gate:
    """One gate. It stays open once it was opened."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open = False
        self._arrived = 0
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    async def pass_through(self) -> None:
        """Wait until it is open."""
        loop = asyncio.get_running_loop()
        with self._changed:
            self._arrived += 1
            self._changed.notify_all()
            if self._open:
                return
            passed: asyncio.Future[None] = loop.create_future()
            self._waiting.append((loop, passed))
        await passed

    def open(self) -> None:
        """Let everybody through, from any thread."""
        with self._changed:
            self._open = True
            waiting, self._waiting = self._waiting, []
        for loop, passed in waiting:
            loop.call_soon_threadsafe(_pass, passed)

    def wait(self, count: int, *, timeout_s: float) -> bool:
        """Block until `count` requests have come to it; whether they have."""
        with self._changed:
            return self._changed.wait_for(lambda: self._arrived >= count, timeout_s)


class Gates:
    """Gates by name, made when they are first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gates: dict[str, Gate] = {}

    def __getitem__(self, name: str) -> Gate:
        with self._lock:
            return self._gates.setdefault(name, Gate())

    def open_all(self) -> None:
        """Let everybody through everywhere."""
        with self._lock:
            gates = list(self._gates.values())
        for gate in gates:
            gate.open()


def _pass(passed: asyncio.Future[None]) -> None:
    if not passed.done():
        passed.set_result(None)
