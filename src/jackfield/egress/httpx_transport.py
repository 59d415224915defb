"""Give libraries that want an httpx client one whose requests go through egress."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
from aiohttp import ClientResponse, ClientTimeout

from jackfield.egress.errors import CertificateRefused, Disconnected, HeaderRefused, TlsFailed, Unreachable, UrlRefused
from jackfield.egress.exchange import CONNECT_S, NETWORK_ERRORS
from jackfield.egress.failures import translate
from jackfield.egress.headers import merge
from jackfield.egress.pools import Pool
from jackfield.egress.reading import read_pieces
from jackfield.egress.urls import Target
from jackfield.errors import CallTimeout, JackfieldError

# httpx adds these to every request; here they belong to the connection, or to what `reading` can decode.
SET_BELOW = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})

# True of the bytes on the wire, not of those that are handed on.
_ENDED_HERE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class EgressTransport(httpx2.AsyncBaseTransport):
    """Sends one hop of an httpx client's request. httpx's own redirects come back through here and are judged again.

    Answers are streamed, with the policy's cap on decoded bytes.

    Args:
        pool: The connections, and the policy, of the connector.
        deadline: When the call must be over, in the loop's time; httpx's own time-outs hold as well.
    """

    def __init__(self, pool: Pool, *, deadline: float | None = None) -> None:
        self._pool = pool
        self._deadline = deadline

    @property
    def max_body_bytes(self) -> int:
        """The policy's cap on an answer."""
        return self._pool.policy.max_body_bytes

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send `request`.

        Raises:
            UrlRefused: The policy forbids the address. Not an httpx error, so that no library repeats it.
            HeaderRefused: A header may not be sent, or `Host` names another host than the URL.
            httpx2.TransportError: The kind that fits what happened; its words and its cause are the egress error.
        """
        target = self._pool.judge(str(request.url))
        headers = merge(_own_headers(request, target))
        timeout = self._timeout(request)
        try:
            response = await self._pool.session.request(
                request.method,
                target.url,
                headers=headers,
                data=await request.aread() or None,
                allow_redirects=False,
                timeout=timeout,
                skip_auto_headers=("Content-Type", "User-Agent"),
            )
        except NETWORK_ERRORS as error:
            known = _known(error, request, target, timeout)
            failure = _as_httpx(known, request)
            raise failure from failure.__cause__
        return httpx2.Response(
            response.status,
            headers=[(name, value) for name, value in response.raw_headers if name.lower().decode() not in _ENDED_HERE],
            stream=_Body(response, request, target, timeout, limit=self._pool.policy.max_body_bytes),
            request=request,
        )

    def _timeout(self, request: httpx2.Request) -> ClientTimeout:
        given: dict[str, Any] = request.extensions.get("timeout", {})
        left = None
        if self._deadline is not None:
            # aiohttp reads zero as no limit.
            left = max(0.001, self._deadline - asyncio.get_running_loop().time())
        return ClientTimeout(
            total=left,
            sock_connect=min(CONNECT_S, given.get("connect") or CONNECT_S),
            sock_read=given.get("read"),
            ceil_threshold=1e9,
        )


class _Body(httpx2.AsyncByteStream):
    """The decoded body of an answer, as it arrives."""

    def __init__(
        self,
        response: ClientResponse,
        request: httpx2.Request,
        target: Target,
        timeout: ClientTimeout,
        *,
        limit: int,
    ) -> None:
        self._response = response
        self._request = request
        self._target = target
        self._timeout = timeout
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in read_pieces(self._response, limit=self._limit, url=self._target.shown):
                yield piece
        except (*NETWORK_ERRORS, RuntimeError) as error:
            known = _known(error, self._request, self._target, self._timeout)
            failure = _as_httpx(known, self._request)
            raise failure from failure.__cause__

    async def aclose(self) -> None:
        """Give the connection back, or close it if the body was not read to its end."""
        if not self._response.content.is_eof():
            self._response.close()


def _own_headers(request: httpx2.Request, target: Target) -> dict[str, str]:
    host = request.headers.get("host", "")
    if host.lower() != target.origin.prefix.partition("//")[2]:
        raise HeaderRefused(name="Host", reason="it names another host than the URL")
    return {name: value for name, value in request.headers.items() if name.lower() not in SET_BELOW}


def _known(error: Exception, request: httpx2.Request, target: Target, timeout: ClientTimeout) -> JackfieldError:
    timeout_s = timeout.total or timeout.sock_read or CONNECT_S
    return translate(error, target=target, method=request.method, timeout_s=timeout_s)


def _as_httpx(known: JackfieldError, request: httpx2.Request) -> httpx2.TransportError | JackfieldError:
    if isinstance(known, UrlRefused):
        return known
    words = f"{known.message} ({known.code})"
    error = _kind_of(known)(words, request=request)
    error.__cause__ = known
    return error


def _kind_of(known: JackfieldError) -> type[httpx2.TransportError]:
    match known:
        case CallTimeout():
            return httpx2.ReadTimeout
        case Unreachable() | TlsFailed() | CertificateRefused():
            return httpx2.ConnectError
        case Disconnected():
            return httpx2.ReadError
        case _:
            return httpx2.RemoteProtocolError
