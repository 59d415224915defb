"""A listener on this machine, to which a browser comes back from a service, where there is no server.

Source: RFC 8252, section 7.3.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from html import escape
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from jackfield.errors import WrongUse

MAX_HEAD = 16 * 1024
PATIENCE_S = 10.0
COOKIE = "jackfield_signin"

ComesBack = Callable[[Sequence[tuple[str, str]], str, str | None], Coroutine[Any, Any, str]]
"""Gets the parameters, the end of the path and the cookie of a browser that comes back; the words for its page."""

_HEADERS = (
    "Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nX-Frame-Options: DENY\r\nConnection: close\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
)


class Loopback:
    """Sends one browser to a service, and takes it back. No other machine reaches it."""

    def __init__(self, server: asyncio.Server) -> None:
        self._server = server
        self._begin = secrets.token_urlsafe(16)
        self._away: tuple[str, str] | None = None
        self._comes_back: ComesBack | None = None

    @classmethod
    async def open(cls, port: int) -> Self:
        """Listen.

        Args:
            port: 0 for any that is free.

        Raises:
            WrongUse: Another program has that port.
        """
        found: list[Self] = []

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await found[0]._answer(reader, writer)

        try:
            server = await asyncio.start_server(answer, "127.0.0.1", port, limit=MAX_HEAD)
        except OSError as error:
            problem = f"nothing can listen on the port `{port}`: {(error.strerror or str(error)).lower()}"
            raise WrongUse(problem, hint="choose another one with `--port`, or let it be chosen") from None
        found.append(cls(server))
        return found[0]

    @property
    def origin(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def send(self, url: str, *, browser: str, comes_back: ComesBack) -> str:
        """Where the person's browser has to go: from there it is sent on to `url`.

        Args:
            url: Of the service.
            browser: What the browser has to bring along when it comes back.
            comes_back: Judges that.
        """
        self._away, self._comes_back = (url, browser), comes_back
        return f"{self.origin}/begin/{self._begin}"

    async def close(self) -> None:
        """Stop listening."""
        self._server.close()
        await self._server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
            writer.write((await self._said(head.decode("latin-1"))).encode())
            await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def _said(self, head: str) -> str:
        first, *lines = head.split("\r\n")
        headers = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        method, _, rest = first.partition(" ")
        target = urlsplit(rest.partition(" ")[0])
        hosts = [value for name, value in headers if name == "host"]
        if method != "GET" or hosts != [self.origin.removeprefix("http://")]:  # a page could lead its own name here
            return _page("400 Bad Request", "This is nothing for you.")
        if self._away and hmac.compare_digest(target.path.encode(), f"/begin/{self._begin}".encode()):
            cookie = f"{COOKIE}={self._away[1]}; Path=/api/oauth/callback; Max-Age=600; HttpOnly; SameSite=Lax"
            return f"HTTP/1.1 303 See Other\r\nLocation: {self._away[0]}\r\nSet-Cookie: {cookie}\r\n{_HEADERS}\r\n"
        slug = target.path.removeprefix("/api/oauth/callback/")
        if self._comes_back is None or slug == target.path:
            return _page("404 Not Found", "There is nothing here.")
        words = await self._comes_back(parse_qsl(target.query, keep_blank_values=True), slug, _cookie(headers))
        return _page("200 OK", words)


def _cookie(headers: Sequence[tuple[str, str]]) -> str | None:
    pairs = [pair.strip().partition("=") for name, value in headers if name == "cookie" for pair in value.split(";")]
    found = [value for name, _, value in pairs if name == COOKIE]
    return found[0] if len(found) == 1 else None


def _page(status: str, words: str) -> str:
    text = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Jackfield</title><p>{escape(words)}</p></html>'
    length = len(text.encode())
    kind = f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n"
    return f"HTTP/1.1 {status}\r\n{kind}{_HEADERS}\r\n{text}"
