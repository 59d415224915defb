"""The listener to which a browser comes back where there is no server; RFC 8252, 8.3 and 8.10."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence

import pytest

from jackfield.errors import WrongUse
from jackfield.surfaces.cli.loopback import COOKIE, Loopback

AWAY = "https://service.example/authorize?state=s"


@pytest.fixture
async def listening() -> AsyncIterator[Loopback]:
    made = await Loopback.open(0)
    yield made
    await made.close()


async def ask(listening: Loopback, target: str, *, host: str = "", method: str = "GET", **headers: str) -> str:
    """An answer, with its head."""
    address = listening.origin.removeprefix("http://")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.partition(":")[2]))
    given = {"Host": host or address, **headers}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items()), "", ""]
    writer.write("\r\n".join(lines).encode())
    said = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    return said


async def test_it_sends_a_browser_away_and_knows_it_again(listening: Loopback):
    """By a cookie that no script sees; whoever comes back is judged by who began."""
    seen: list[tuple[Sequence[tuple[str, str]], str, str | None]] = []

    async def comes_back(params: Sequence[tuple[str, str]], slug: str, cookie: str | None) -> str:
        seen.append((params, slug, cookie))
        return "<b>Done</b>"

    address = listening.send(AWAY, browser="kept", comes_back=comes_back)
    away = await ask(listening, address.removeprefix(listening.origin))
    back = await ask(listening, "/api/oauth/callback/acme?code=c&state=s", Cookie=f"a=b; {COOKIE}=kept")
    await ask(listening, "/api/oauth/callback/acme?state=s")
    await ask(listening, "/api/oauth/callback/acme?state=s", Cookie=f"{COOKIE}=a; {COOKIE}=b")

    assert away.startswith("HTTP/1.1 303")
    assert f"Location: {AWAY}" in away
    assert "HttpOnly; SameSite=Lax" in away
    assert "&lt;b&gt;Done" in back
    assert "Referrer-Policy: no-referrer" in back
    assert seen[0] == ([("code", "c"), ("state", "s")], "acme", "kept")
    assert [each[2] for each in seen] == ["kept", None, None]


@pytest.mark.parametrize("target", ["/", "/begin/", "/begin/guessed", "/api/oauth/callback/acme"])
async def test_nobody_else_is_sent_anywhere(listening: Loopback, target: str):
    """Other programs of this machine reach the port too, and guess no address."""
    said = await ask(listening, target)

    assert said.startswith("HTTP/1.1 404")
    assert "Set-Cookie" not in said


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1:1"])
async def test_a_name_that_leads_here_is_not_answered(listening: Loopback, host: str):
    """DNS rebinding: a page lets its own name lead to this machine."""
    address = listening.send(AWAY, browser="kept", comes_back=pytest.fail)
    said = await ask(listening, address.removeprefix(listening.origin), host=host)

    assert said.startswith("HTTP/1.1 400")
    assert AWAY not in said


async def test_a_port_that_is_taken_is_told():
    """Before a browser is opened."""
    wrong = pytest.raises(WrongUse, match="nothing can listen on the port")
    with socket.create_server(("127.0.0.1", 0)) as taken, wrong:
        await Loopback.open(taken.getsockname()[1])
