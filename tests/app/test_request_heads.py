"""Whoever has shown no token yet cannot fill the memory of the server, nor keep its connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from jackfield.app import listening, request_heads
from jackfield.app.listening import Listener, listen

START = b"GET / HTTP/1.1\r\nhost: x\r\n"


async def answer(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Where a server listens in this event loop."""
    started, listener, sock = asyncio.Event(), Listener(answer, shutdown_s=1), listen("127.0.0.1", 0)
    running = asyncio.create_task(listener.run_on(sock, started=started.set))
    await started.wait()
    yield sock.getsockname()[1]
    listener.stop()
    await running


async def sent(port: int, *pieces: bytes) -> bytes:
    """All that is answered until the server closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize("start", [START, START + b"x: ", b"GET /"], ids=["headers", "one header", "path"])
async def test_a_head_without_end_is_cut_off(port, start):
    piece = b"x: " + b"a" * 1000 + b"\r\n" if start == START else b"a" * 1005
    answered = await sent(port, start, *[piece] * 10_000)

    assert answered[:12] in {b"HTTP/1.1 431", b""}  # what came too late to be read takes the answer with it


async def test_a_head_that_takes_too_long_is_given_up(port, monkeypatch):
    """One byte now and then would else keep a connection for ever."""
    monkeypatch.setattr(request_heads, "HEAD_S", 0.05)

    assert await sent(port, START, b"x: y\r\n") == b""


async def test_a_connection_that_says_nothing_is_closed(monkeypatch):
    monkeypatch.setattr(listening, "KEEP_ALIVE_S", 0.05)
    started, listener, sock = asyncio.Event(), Listener(answer, shutdown_s=1), listen("127.0.0.1", 0)
    running = asyncio.create_task(listener.run_on(sock, started=started.set))
    await started.wait()

    assert await sent(sock.getsockname()[1]) == b""
    listener.stop()
    await running


async def test_heads_of_usual_size_pass_in_any_pieces(port):
    """Also several on one connection: each is counted by itself."""
    head = START + b"x: " + b"a" * 40_000 + b"\r\n"
    last = b"connection: close\r\n\r\n"
    halves = [head[:20_000], head[20_000:]]

    assert (await sent(port, *halves, b"\r\n", *halves, b"\r\n", *halves, last)).count(b"HTTP/1.1 204") == 3
