"""The connection to a Jackfield server: what is asked, once, and what comes back."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from yarl import URL

from jackfield.surfaces.sdk.remote.answers import Answer, read_answer, unreadable
from jackfield.surfaces.sdk.remote.failures import failure
from jackfield.surfaces.sdk.remote.once import Dropped, Once
from jackfield.surfaces.server_errors import Asked
from jackfield.version import __version__

CONNECT_S = 10.0
"""Seconds for the server to accept a connection."""
ANSWER_S = 60.0
"""Seconds for anything but a call."""
MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""Four times what a connector may read from its service, for then it is written as JSON."""
SILENCE_S = 60.0
"""Seconds without a sign of life after which a stream of events is taken for dead. A server sends one every 15."""
EVENTS = "text/event-stream"
CLIENT_HEADER = "X-Jackfield-Client"
CHAT_HEADER = "X-Jackfield-Chat"
TOOL_CALL_HEADER = "X-Jackfield-Tool-Call"

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a server answered.

    Attributes:
        document: JSON; `None` if there is none.
    """

    status: int
    document: Any = field(repr=False)


class Wire:
    """Asks one server, as the user of one token. Belongs to one event loop.

    The token goes to that address and to no other: redirects are not followed, proxies of the environment are not
    used, and certificates are checked. No request is sent a second time.
    """

    def __init__(self, *, url: str, token: str, max_answer_bytes: int = MAX_ANSWER_BYTES) -> None:
        """Args:
        url: As `JACKFIELD_URL`, checked.
        token: As `JACKFIELD_TOKEN`; without one, requests go without.
        max_answer_bytes: A larger answer is not read.
        """
        self.url = url
        self._token = token
        self._max_bytes = max_answer_bytes

    def __repr__(self) -> str:
        return f"<connection to {self.url}>"

    async def ask(
        self,
        method: str,
        path: str,
        *,
        query: Pairs = (),
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = ANSWER_S,
        asked: Asked | None = None,
    ) -> Any:
        """The JSON of the answer, `None` if it has none; see `reply`."""
        found = await self.reply(
            method, path, query=query, body=body, headers=headers, timeout_s=timeout_s, asked=asked
        )
        return found.document

    async def reply(
        self,
        method: str,
        path: str,
        *,
        query: Pairs = (),
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = ANSWER_S,
        asked: Asked | None = None,
    ) -> Reply:
        """The answer to one request.

        Args:
            method: Of the request.
            path: Below the address of the server, percent-encoded where it has to be.
            query: Names and values, not encoded.
            body: JSON.
            headers: Beside the usual ones.
            timeout_s: Seconds until the answer must be complete.
            asked: What the request wants; without it, GET looks and everything else changes something.

        Raises:
            ServerUnreachable: There is no answer.
            ServerAnswerUnreadable: It is not that of a Jackfield server.
            JackfieldError: What the server answered, of the very type.
        """
        wants = asked or ("look" if method == "GET" else "change")
        url = URL(f"{self.url}{path}", encoded=True).with_query(list(query) or None)
        once = Once()
        try:
            response = await self._session.request(
                method,
                url,
                data=_data(body),
                headers=_headers(body, headers),
                allow_redirects=False,
                # Exact: by default aiohttp rounds a time of 5 s or more up to a full second.
                timeout=ClientTimeout(total=timeout_s, sock_connect=CONNECT_S, ceil_threshold=1e9),
                middlewares=(once,),
            )
            content = await self._read(response)
        except (
            ClientError,
            OSError,
            Dropped,
            RuntimeError,
        ) as error:  # aiohttp: `RuntimeError`, the connection is gone
            raise failure(error, url=self.url, sent=once.sent, asked=wants, timeout_s=timeout_s) from None
        answer = Answer(status=response.status, media_type=response.content_type, content=content)
        document = read_answer(answer, url=self.url, asked=wants, token=self._token)
        return Reply(status=response.status, document=document)

    async def lines(
        self, path: str, *, query: Pairs = (), headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[str]:
        """The lines of an answer without end, as they come; it is over when the server ends it.

        Raises:
            ServerUnreachable: There is no answer, or it breaks off.
            ServerAnswerUnreadable, JackfieldError: As `reply`.
        """
        once = Once()
        timeout = ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=SILENCE_S)
        url = URL(f"{self.url}{path}", encoded=True).with_query(list(query) or None)
        try:
            async with self._session.get(
                url, headers=dict(headers or {}), allow_redirects=False, timeout=timeout, middlewares=(once,)
            ) as response:
                if response.content_type != EVENTS:
                    answer = Answer(
                        status=response.status, media_type=response.content_type, content=await self._read(response)
                    )
                    read_answer(answer, url=self.url, asked="look", token=self._token)
                    raise unreadable("it has no stream of events", url=self.url)
                while line := await response.content.readline():
                    yield line.decode("utf-8", "replace").rstrip("\r\n")
        except (ClientError, OSError, Dropped, RuntimeError, ValueError) as error:  # `ValueError`: a line without end
            raise failure(error, url=self.url, sent=once.sent, asked="look", timeout_s=SILENCE_S) from None

    async def close(self) -> None:
        """Close every connection."""
        if "_session" in vars(self):
            await self._session.close()

    @cached_property
    def _session(self) -> ClientSession:
        headers = {
            "User-Agent": f"jackfield/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return ClientSession(
            connector=TCPConnector(limit=0, keepalive_timeout=15.0),
            cookie_jar=DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            headers=headers,
        )

    async def _read(self, response: ClientResponse) -> bytes | None:
        """The body; `None` if it is larger than it may be."""
        parts, size = [], 0
        try:
            async for part in response.content.iter_any():
                size += len(part)
                if size > self._max_bytes:
                    return None
                parts.append(part)
            return b"".join(parts)
        finally:
            if not response.content.at_eof():
                response.close()  # its connection cannot be used again


def _data(body: bytes | None) -> bytes | io.BytesIO | None:
    # aiohttp warns about larger bodies given as bytes, because one write of them holds up the loop.
    return body if body is None or len(body) <= 1024 * 1024 else io.BytesIO(body)


def _headers(body: bytes | None, more: Mapping[str, str] | None) -> Mapping[str, str]:
    return {**({} if body is None else {"Content-Type": "application/json"}), **(more or {})}


def to_body(value: Any) -> bytes:
    """JSON, for a request.

    Raises:
        TypeError: Something in it has no JSON form.
    """
    return orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS)
