"""`EgressTransport` with the credential of a connector: for libraries that talk to one service for a while."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import httpx2
import orjson

from jackfield.definition.wire import Answer, Authorizer, Outgoing
from jackfield.egress.headers import merge
from jackfield.egress.httpx_transport import SET_BELOW, EgressTransport
from jackfield.egress.pools import Pool
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

        Equal ones may share what is kept open. A credential that signs each request anew has another each time.
        """
        request = await self._signed(Outgoing(method="POST", url=url))
        said = [*sorted(request.headers.items()), *request.query, ("url", request.url)]
        return hashlib.sha256(orjson.dumps(said)).hexdigest()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send `request`; once more after a 401, if the credential renewed itself.

        Raises: as `EgressTransport.handle_async_request`.
        """
        if self._origin(request) != (self._home or self._origin(request)):
            return await self._inner.handle_async_request(request)
        self._home = self._origin(request)
        response = await self._inner.handle_async_request(await self._prepared(request))
        if response.status_code != 401 or self._auth is None:
            return response
        refused = Answer(
            status=401, headers=dict(response.headers), content=b"", url=str(request.url.copy_with(query=None))
        )
        if not await self._auth.on_refused(refused):
            return response
        await response.aclose()
        return await self._inner.handle_async_request(await self._prepared(request))

    def _origin(self, request: httpx2.Request) -> tuple[str, str, int | None]:
        return request.url.scheme, request.url.host, request.url.port

    async def _prepared(self, request: httpx2.Request) -> httpx2.Request:
        own = {name: value for name, value in request.headers.items() if name.lower() not in SET_BELOW}
        content = await request.aread()
        outgoing = Outgoing(method=request.method, url=str(request.url), headers=own, content=content or None)
        signed = await self._signed(outgoing)
        return httpx2.Request(
            signed.method,
            with_query(signed.url, signed.query) if signed.query else signed.url,
            headers=signed.headers,
            content=content,
            extensions=request.extensions,
        )

    async def _signed(self, request: Outgoing) -> Outgoing:
        if self._auth is not None:
            await self._auth.sign(request)
        request.headers = dict(merge(request.headers, self._headers))
        return request
