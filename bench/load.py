"""A client that keeps so many requests in flight, each on a kept connection of its own, and notes how long each took.

As little of Python as possible lies between its clock and the socket: it shares the machine with what it measures.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Request = Callable[[int], bytes]
"""The bytes of the request of that number."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """What came of a load.

    Attributes:
        per_second: Requests answered.
        p50_ms, p99_ms: Of the time from the first byte sent to the last one received.
        wrong: Answers that were not 200, or not `"success":true` where that was asked for.
    """

    per_second: float
    p50_ms: float
    p99_ms: float
    wrong: int


async def load(host: str, port: int, request: Request, *, callers: int, seconds: float, expect: bytes = b"") -> Load:
    """Send `request` from `callers` connections for `seconds`.

    Args:
        expect: What a right answer has in it.
    """
    loop = asyncio.get_running_loop()
    until = time.perf_counter() + seconds
    clients = [_Client(request, number, callers, until, expect, loop.create_future()) for number in range(callers)]
    started = time.perf_counter()
    for client in clients:
        await loop.create_connection(lambda client=client: client, host, port)
    await asyncio.gather(*(client.done for client in clients))
    took = time.perf_counter() - started
    times = sorted(each for client in clients for each in client.times)
    return Load(
        per_second=len(times) / took,
        p50_ms=_at(times, 0.5) * 1000,
        p99_ms=_at(times, 0.99) * 1000,
        wrong=sum(client.wrong for client in clients),
    )


def _at(times: Sequence[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))] if times else float("nan")


class _Client(asyncio.Protocol):
    def __init__(
        self, request: Request, number: int, step: int, until: float, expect: bytes, done: asyncio.Future[None]
    ) -> None:
        self._request, self._number, self._step, self._until, self._expect = request, number, step, until, expect
        self.done = done
        self.times: list[float] = []
        self.wrong = 0
        self._received = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request(self._number))  # type: ignore[attr-defined]
        self._number += self._step

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        now = time.perf_counter()
        self.times.append(now - self._sent)
        if not head.startswith(b"HTTP/1.1 200") or self._expect not in body:
            self.wrong += 1
        self._received = b""
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 :].partition(b"\r\n")[0]) if at >= 0 else 0


def post(path: str, body: bytes, *, token: str) -> bytes:
    """A `POST` of JSON, whole."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
