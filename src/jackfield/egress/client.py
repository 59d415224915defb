"""The HTTP client that a command is handed."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from jackfield.definition.wire import Answer, Authorizer, Outgoing, Query
from jackfield.egress.bodies import pairs, set_body
from jackfield.egress.exchange import Exchange, Trail
from jackfield.egress.headers import merge
from jackfield.egress.pools import Pool
from jackfield.egress.refusal import is_refused, tell
from jackfield.egress.seen import Seen
from jackfield.errors import WrongUse

if TYPE_CHECKING:
    from jackfield.egress.signed_transport import SignedTransport

DEFAULT_TIMEOUT_S = 30.0
"""Seconds for a request where neither the call nor the command sets a limit."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_METHOD = re.compile(r"[A-Z][A-Z_-]*")


class Client:
    """Sends the requests of one call. Implements `definition.wire.Http`.

    Args:
        pool: The connections, and the policy, of the connector.
        auth: The connector's credential.
        headers: Headers of this call; they win over the credential and over the command's own.
        deadline: When the call must be over, in the loop's time.
        mask: Takes the call's secrets out of what is quoted of an answer.
        seen: Is told of each request.

    Attributes:
        trail: The newest answer, and whether a service may have seen anything.

    Raises:
        HeaderRefused: One of `headers` may not be sent.
    """

    def __init__(
        self,
        pool: Pool,
        *,
        auth: Authorizer | None = None,
        headers: Mapping[str, str] | None = None,
        deadline: float = math.inf,
        mask: Callable[[str], str] = str,
        seen: Seen | None = None,
    ) -> None:
        self._pool = pool
        self._auth = auth
        self._headers = merge(headers) if headers else None
        self._deadline = deadline
        self._now = asyncio.get_running_loop().time
        self.trail = Trail(mask=mask, seen=seen)

    async def request(
        self,
        method: str,
        url: str,
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = ...,
        form: Query | None = None,
        content: bytes | str | None = None,
        auth: Authorizer | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Send one request, follow redirects, and read the whole answer.

        What is refused is sent once more if the credential renewed itself. Nothing else is repeated.

        Args:
            method: HTTP method.
            url: Complete address. Its characters go out as they are; what may not stand in a URL is encoded.
            query: Added to the URL's own query.
            headers: Replaced by the credential's and the call's where they collide.
            json: Any JSON value. Of `json`, `form` and `content` at most one is given.
            form: Pairs.
            content: Bytes, or text sent as UTF-8.
            auth: Instead of the connector's credential.
            timeout_s: Seconds for this request, redirects and body included; the call's deadline still holds.

        Raises:
            UrlRefused: The policy forbids the address, or a redirect to it.
            HeaderRefused: A header may not be sent.
            Unreachable: No connection could be made.
            TlsFailed: The service could not prove who it is.
            CertificateRefused: It does not take the client's certificate, or misses one.
            Disconnected: The connection broke before the answer was complete.
            BadResponse: The answer is not valid HTTP.
            TooManyRedirects: More hops than the policy follows.
            ResponseTooLarge: The answer exceeds the cap.
            CallTimeout: No complete answer in time.
            WrongUse: Two bodies are given, or the method or the body is none.
        """
        started = self._now()
        outgoing = Outgoing(method=method if method in _METHODS else _checked(method), url=url)
        if headers:
            outgoing.headers.update(headers)
        if query:
            outgoing.query.extend(pairs(query))
        if json is not ... or form is not None or content is not None:
            set_body(outgoing, json=json, form=form, content=content)
        authorizer = auth or self._auth
        until = self._until(started, timeout_s)
        exchange = self._exchange(outgoing, authorizer, started, until)
        answer = await exchange.run()
        if authorizer is None or not is_refused(authorizer, answer):
            return answer
        if exchange.at_home and await authorizer.on_refused(answer):
            answer = await self._exchange(outgoing, authorizer, started, until).run()
            tell(authorizer, answer)
        return answer

    def get(self, url: str, **options: Any) -> Coroutine[Any, Any, Answer]:
        """GET; options as for `request`."""
        return self.request("GET", url, **options)

    def head(self, url: str, **options: Any) -> Coroutine[Any, Any, Answer]:
        """HEAD; options as for `request`."""
        return self.request("HEAD", url, **options)

    def post(self, url: str, **options: Any) -> Coroutine[Any, Any, Answer]:
        """POST; options as for `request`."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Any) -> Coroutine[Any, Any, Answer]:
        """PUT; options as for `request`."""
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Any) -> Coroutine[Any, Any, Answer]:
        """PATCH; options as for `request`."""
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Any) -> Coroutine[Any, Any, Answer]:
        """DELETE; options as for `request`."""
        return self.request("DELETE", url, **options)

    def transport(self) -> SignedTransport:
        """For libraries that want an httpx client: the same policy, credential and headers, and no deadline.

        It outlives the call. What it sends is not in the call's `trail`.
        """
        from jackfield.egress.signed_transport import SignedTransport

        return SignedTransport(self._pool, auth=self._auth, headers=self._headers)

    def _until(self, started: float, timeout_s: float | None) -> float:
        if timeout_s is not None:
            return min(self._deadline, started + timeout_s)
        return self._deadline if self._deadline < math.inf else started + DEFAULT_TIMEOUT_S

    def _exchange(self, request: Outgoing, authorizer: Authorizer | None, started: float, until: float) -> Exchange:
        return Exchange(
            self._pool,
            request,
            authorizer=authorizer,
            call_headers=self._headers,
            started=started,
            until=until,
            now=self._now,
            trail=self.trail,
        )


def _checked(method: str) -> str:
    upper = method.upper()
    if not _METHOD.fullmatch(upper) or upper in {"CONNECT", "TRACE"}:
        raise WrongUse("the method is none that can be sent", hint="use GET, HEAD, POST, PUT, PATCH or DELETE")
    return upper
