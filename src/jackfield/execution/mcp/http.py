"""Streamable HTTP through egress: a request that fails is answered with an error of the protocol, and remembered.

The SDK would end the whole session at a broken connection, and forget the status of a refusal.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, runtime_checkable

import httpx2
import orjson
from mcp.client.streamable_http import MCP_SESSION_ID, streamable_http_client

from jackfield.egress.signed_transport import SignedTransport
from jackfield.errors import JackfieldError, UpstreamStatus
from jackfield.execution.mcp.flight import FLIGHT

_FAILED = -32000
_EVENTS = "text/event-stream"


@runtime_checkable
class Transports(Protocol):
    """A client of a call that gives its transport away; `egress.client.Client` is one."""

    def transport(self) -> SignedTransport:
        """See `egress.client.Client.transport`."""


@asynccontextmanager
async def over_http(url: str, transport: SignedTransport) -> AsyncIterator[Any]:
    """The streams of a server at `url`, for the SDK."""
    client = httpx2.AsyncClient(transport=Answering(transport), timeout=None, trust_env=False)
    connected: AbstractAsyncContextManager[Any] = streamable_http_client(
        url, http_client=client, max_sse_event_size=transport.max_body_bytes
    )
    async with client, connected as streams:
        yield streams


class Answering(httpx2.AsyncBaseTransport):
    """Answers every request to a server, if need be by itself."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer of the server; an error of the protocol where there is none, or none that says what is wrong."""
        try:
            response = await self._inner.handle_async_request(request)
            if response.headers.get("content-type", "").lower().startswith(_EVENTS):
                response.stream = _Remembering(response.stream)
                _note(None)
                return response
            content = await response.aread()
        except JackfieldError as error:  # the network policy, or a credential that cannot be written
            return _failed(request, error)
        except httpx2.TransportError as error:
            if not isinstance(error.__cause__, JackfieldError):
                raise
            return _failed(request, error.__cause__)
        if response.status_code >= 400 and (_is_gone(request, response) or not _is_said(content)):
            return _refused(request, response)
        _note(None)
        return httpx2.Response(response.status_code, headers=response.headers, content=content, request=request)


class _Remembering(httpx2.AsyncByteStream):
    """A stream that notes why it broke."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._inner:
                yield piece
        except httpx2.TransportError as error:
            if isinstance(error.__cause__, JackfieldError):
                _note(error.__cause__)
            raise

    async def aclose(self) -> None:
        """Close it."""
        await self._inner.aclose()


def _refused(request: httpx2.Request, response: httpx2.Response) -> httpx2.Response:
    """A refusal whose status is told. The SDK knows what 404 and 405 mean, of which eras of the protocol are made."""
    url = str(request.url.copy_with(query=None, fragment=None))
    error = UpstreamStatus(status=response.status_code, url=url)
    if response.status_code in {404, 405}:
        _note(error)
        return httpx2.Response(response.status_code, request=request)
    return _failed(request, error, status=response.status_code)


def _failed(request: httpx2.Request, error: JackfieldError, *, status: int = 502) -> httpx2.Response:
    _note(error)
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": _FAILED, "message": error.message}}
    return httpx2.Response(
        status, headers={"content-type": "application/json"}, content=orjson.dumps(body), request=request
    )


def _is_gone(request: httpx2.Request, response: httpx2.Response) -> bool:
    """Whether the server does not know the session any more, whatever its words for that.

    Source: Model Context Protocol, revision 2025-11-25, "Session Management".
    """
    return response.status_code == 404 and MCP_SESSION_ID in request.headers


def _is_said(content: bytes) -> bool:
    """Whether a refusal is an error of the protocol, which says more than its status."""
    try:
        said = orjson.loads(content)
    except orjson.JSONDecodeError:
        return False
    return isinstance(said, dict) and isinstance(said.get("error"), dict) and "jsonrpc" in said


def _note(failure: JackfieldError | None) -> None:
    flight = FLIGHT.get()
    if flight is not None:
        flight.failure = failure
