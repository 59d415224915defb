"""`EgressTransport` with the credential of a connector: for libraries that talk to one service for a while."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import httpx2
import orjson

from jackfield.definition.wire import Answer, Authorizer, Certificate, Outgoing
from jackfield.egress.headers import merge
from jackfield.egress.httpx_transport import SET_BELOW, EgressTransport
from jackfield.egress.pools import Pool
from jackfield.egress.refusal import is_refused, tell
from jackfield.egress.urls import with_query


class SignedTransport(httpx2.AsyncBaseTransport):
    """Signs requests, and sends them as `EgressTransport` does. The first one says to which origin the credential goes:

    others get neither it nor the headers.

    Args:
        pool: The connections, and the policy, of the connector.
        auth: Its credential.
        headers: Win over the credential's and the library's own.
    """

    def __init__(self, pool: Pool, *, auth: Authorizer | None, headers: Mapping[str, str] | None) -> None:
        self._pool = pool
        self._inner = EgressTransport(pool)
        self._auth = auth
        self._headers = headers
        self._home: tuple[str, str, int | None] | None = None

    @property
    def max_body_bytes(self) -> int:
        """The policy's cap on an answer."""
        return self._inner.max_body_bytes

    async def identity(self, url: str) -> str:
        """What tells its credential and headers from others: a digest of what they add to a request for `url`.

        Equal ones may share what is kept open. A credential that signs each request anew says itself who it is.
        """
        own: str = getattr(self._auth, "identity", "")
        plain = Outgoing(method="POST", url=url)
        request = plain if own else await self._signed(plain)
        said = [*sorted((request.headers | dict(self._headers or {})).items()), *request.query]
        said += [("url", request.url), ("identity", own)]
        return hashlib.sha256(orjson.dumps(said)).hexdigest()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send `request`; once more after a 401, if the credential renewed itself.

        Raises: as `EgressTransport.handle_async_request`.
        """
        if self._origin(request) != (self._home or self._origin(request)):
            return await self._inner.handle_async_request(request)
        self._home = self._origin(request)
        prepared, mark = await self._prepared(request)
        response = await self._sent(prepared)
        if self._auth is None or not is_refused(self._auth, refused := _answer(request, response, mark)):
            return response
        if not await self._auth.on_refused(refused):
            return response
        await response.aclose()
        prepared, mark = await self._prepared(request)
        response = await self._sent(prepared)
        tell(self._auth, _answer(request, response, mark))
        return response

    async def _sent(self, request: httpx2.Request) -> httpx2.Response:
        certificate: Certificate | None = getattr(self._auth, "certificate", None)
        inner = EgressTransport(self._pool.showing(certificate)) if certificate else self._inner
        return await inner.handle_async_request(request)

    def _origin(self, request: httpx2.Request) -> tuple[str, str, int | None]:
        return request.url.scheme, request.url.host, request.url.port

    async def _prepared(self, request: httpx2.Request) -> tuple[httpx2.Request, Any]:
        own = {name: value for name, value in request.headers.items() if name.lower() not in SET_BELOW}
        content = await request.aread()
        outgoing = Outgoing(method=request.method, url=str(request.url), headers=own, content=content or None)
        signed = await self._signed(outgoing)
        prepared = httpx2.Request(
            signed.method,
            with_query(signed.url, signed.query) if signed.query else signed.url,
            headers=signed.headers,
            content=content,
            extensions=request.extensions,
        )
        return prepared, signed.mark

    async def _signed(self, request: Outgoing) -> Outgoing:
        if self._headers:  # what is signed are the headers that go out
            request.headers = dict(merge(request.headers, self._headers))
        if self._auth is not None:
            await self._auth.sign(request)
        request.headers = dict(merge(request.headers, self._headers))
        return request


def _answer(request: httpx2.Request, response: httpx2.Response, mark: Any) -> Answer:
    """What is known of an answer before its body is read."""
    url = str(request.url.copy_with(query=None))
    return Answer(status=response.status_code, headers=dict(response.headers), content=b"", url=url, mark=mark)
