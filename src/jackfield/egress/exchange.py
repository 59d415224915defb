"""One request of a command, with the redirects that follow from it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import ClientError, ClientResponse, ClientTimeout
from multidict import CIMultiDict

from jackfield.definition.wire import Answer, Authorizer, Certificate, Outgoing
from jackfield.egress import redirects
from jackfield.egress.errors import BadResponse, Sent, TooManyRedirects, UrlRefused, timed_out
from jackfield.egress.failures import translate
from jackfield.egress.headers import merge
from jackfield.egress.once import Dropped, nothing_sent
from jackfield.egress.pools import Pool
from jackfield.egress.reading import read, read_now
from jackfield.egress.seen import Hop, Seen, answered, broke, url_shown
from jackfield.egress.urls import Target, with_query
from jackfield.errors import JackfieldError

CONNECT_S = 10.0
"""Seconds for one address to accept a connection; leaves time to report `unreachable` instead of a time-out."""

NETWORK_ERRORS = (ClientError, OSError, Dropped, JackfieldError)

# aiohttp warns about larger bodies given as bytes, because one write of them holds up the loop.
_WRITTEN_AT_ONCE = 1024 * 1024

# aiohttp would call the missing body of these an octet stream.
_TYPE = ("Content-Type",)
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


@dataclass(slots=True, kw_only=True)
class Trail:
    """What the requests of one call left behind, for its metadata.

    Attributes:
        last: The newest answer.
        requests: How many requests were attempted, redirects included.
        method: Of the newest request.
        sent: `maybe` once a service may have seen a request.
        changing: How many requests that may change something went out.
        unanswered: How many of those have no complete answer: nobody knows what they did.
        mask: Takes the call's secrets out of what is quoted of an answer.
        seen: Each request by itself, for a caller who has asked for them.
    """

    last: Answer | None = None
    requests: int = 0
    method: str = ""
    sent: Sent = "no"
    changing: int = 0
    unanswered: int = 0
    mask: Callable[[str], str] = str
    seen: Seen | None = None


SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""They ask for no change. Source: RFC 9110, section 9.2.1."""


class Exchange:
    """Sends a request and follows redirects until there is an answer.

    Args:
        pool: Connections and policy.
        request: Without credential; it is not changed.
        authorizer: Signs each hop that stays on the first origin.
        call_headers: Win over all others, on the first origin.
        started: Loop time at which the command asked.
        until: Loop time at which the answer must be complete.
        now: The loop's clock.
        trail: Is written to.
    """

    __slots__ = (
        "_authorizer",
        "_call_headers",
        "_counted",
        "_home",
        "_hop",
        "_hops",
        "_mark",
        "_now",
        "_pool",
        "_request",
        "_source",
        "_started",
        "_trail",
        "_until",
        "at_home",
    )  # fmt: skip

    def __init__(
        self,
        pool: Pool,
        request: Outgoing,
        *,
        authorizer: Authorizer | None,
        call_headers: Mapping[str, str] | None,
        started: float,
        until: float,
        now: Callable[[], float],
        trail: Trail,
    ) -> None:
        self._pool = self._home = pool
        self._request = request
        self._authorizer = authorizer
        self._call_headers = call_headers
        self._started = started
        self._until = until
        self._now = now
        self._trail = trail
        self._hop: Hop | None = None
        self._hops = 0
        self._counted = False
        self._mark: object = None
        self._source: Target | None = None
        self.at_home = True

    async def run(self) -> Answer:
        """The first answer that is no redirect."""
        seen = self._trail.seen
        if seen is None:
            return await self._run()
        try:
            return await self._run()
        except BaseException as error:
            hop = self._hop or seen.began(self._request.method, self._refused_url(error), now=self._started)
            broke(hop, error, now=self._now(), mask=self._trail.mask)
            raise

    async def _run(self) -> Answer:
        request = self._request if self._authorizer is None else await self._signed()
        target = self._pool.judge(with_query(request.url, request.query) if request.query else request.url)
        while True:
            response = await self._send(request, target)
            if response.status in redirects.STATUSES and redirects.location_of(response):
                target = await self._follow(response, target)
                request = await self._signed() if self._authorizer and self.at_home else self._request
                if request.query or request.url != self._request.url:
                    target = self._pool.judge(with_query(request.url, request.query))
                continue
            content = read_now(response, self._pool.policy.max_body_bytes)
            if content is None:
                content = await self._read(response, target)
            return self._answer(response, target, content)

    async def _signed(self) -> Outgoing:
        plain = self._request
        # What is signed are the headers that go out.
        headers = merge(plain.headers, self._call_headers) if self._call_headers else plain.headers
        request = Outgoing(
            method=plain.method,
            url=plain.url,
            headers=dict(headers),
            query=list(plain.query),
            content=plain.content,
        )
        if self._authorizer is not None:
            await self._authorizer.sign(request)
            self._mark = request.mark
            certificate: Certificate | None = getattr(self._authorizer, "certificate", None)
            self._home = self._pool.showing(certificate) if certificate else self._pool
        return request

    async def _send(self, request: Outgoing, target: Target) -> ClientResponse:
        call_headers = self._call_headers if self.at_home else None
        content = request.content
        left = self._until - self._now()
        if left <= 0:
            raise self._late(request, target)
        self._trail.requests += 1
        self._trail.method = request.method
        if self._trail.seen is not None:
            self._hop = self._trail.seen.began(request.method, self._shown(target), now=self._now())
        try:
            response = await (self._home if self.at_home else self._pool).session.request(
                request.method,
                target.url,
                headers=merge(request.headers, call_headers) if request.headers or call_headers else None,
                data=content if content is None else _data(content),
                skip_auto_headers=_TYPE if content is None and request.method in _WITH_BODY else None,
                allow_redirects=False,
                # Exact: by default aiohttp rounds a time of 5 s or more up to a full second.
                timeout=ClientTimeout(total=left, sock_connect=CONNECT_S, ceil_threshold=1e9),
            )
        except NETWORK_ERRORS as error:
            raise self._failure(error, request.method, target) from None
        except BaseException as error:
            if not nothing_sent(error):
                self._went_out(request.method)
            raise
        self._went_out(request.method)
        if self._hop is not None:
            answered(self._hop, response.status, now=self._now())
        if response.status < 200:
            response.close()
            raise BadResponse(url=target.shown, reason="it switched protocols without being asked")
        return response

    def _went_out(self, method: str) -> None:
        """Note that a service may have seen a request."""
        self._trail.sent = "maybe"
        if not self._counted and method not in SAFE:
            self._counted = True
            self._trail.changing += 1
            self._trail.unanswered += 1

    async def _read(self, response: ClientResponse, target: Target) -> bytes:
        try:
            return await read(response, limit=self._pool.policy.max_body_bytes, url=target.shown)
        except (*NETWORK_ERRORS, RuntimeError) as error:
            # RuntimeError: aiohttp's word for a connection that is gone.
            raise self._failure(error, response.method, target) from None

    async def _follow(self, response: ClientResponse, source: Target) -> Target:
        """Where `response` redirects to. Makes that the request of this exchange."""
        location = redirects.location_of(response)
        try:
            await redirects.drain(response)
        except (*NETWORK_ERRORS, RuntimeError) as error:
            raise self._failure(error, response.method, source) from None
        except BaseException:
            response.close()
            raise
        self._hop = None  # it is answered: what is refused from here on is the next one
        self._source = source
        self._hops += 1
        if self._hops > self._pool.policy.max_redirects:
            raise TooManyRedirects(url=source.shown, limit=self._pool.policy.max_redirects)
        names: frozenset[str] = getattr(self._authorizer, "query_names", frozenset())
        target = redirects.resolve(location, source=source, judge=self._pool.judge, secret_names=names)
        if self.at_home and target.origin.prefix != source.origin.prefix:
            # Never trusted again, even if the redirects lead back.
            self.at_home = False
            self._request.headers = dict(merge(self._request.headers, self._call_headers))
        self._request = redirects.next_request(self._request, status=response.status, source=source, target=target)
        return target

    def _shown(self, target: Target) -> str:
        """With its query, as far as that is the command's own: where a redirect leads may be a secret in itself."""
        if self._hops:
            return self._trail.mask(target.shown)
        names: frozenset[str] = getattr(self._authorizer, "query_names", frozenset())
        return url_shown(target.url, target.shown, secret=names, mask=self._trail.mask)

    def _refused_url(self, error: BaseException) -> str:
        """The URL that a refusal names: whole ones may hold secrets."""
        details = error.details if isinstance(error, JackfieldError) else {}
        told = details.get("location", details.get("url"))
        return self._trail.mask(told) if isinstance(told, str) else ""

    def _answer(self, response: ClientResponse, target: Target, content: bytes) -> Answer:
        if self._hop is not None:
            answered(self._hop, response.status, now=self._now())
        answer = Answer(
            status=response.status,
            headers=_readable(response.headers),
            content=content,
            url=target.shown,
            elapsed_ms=(self._now() - self._started) * 1000,
            mark=self._mark,
            _mask=self._trail.mask,
        )
        self._trail.last = answer
        if self._counted:
            self._counted = False
            self._trail.unanswered -= 1
        return answer

    def _failure(self, error: Exception, method: str, target: Target) -> JackfieldError:
        known = translate(error, target=target, method=method, timeout_s=self._allowed())
        if isinstance(known, UrlRefused) and self._source:
            known = redirects.refused(known, source=self._source, target=target)
        if self._hops:
            known.details["sent"] = "maybe"
        if known.details.get("sent") != "no":
            self._went_out(method)
        return known

    def _allowed(self) -> float:
        return max(0.0, round(self._until - self._started, 3))

    def _late(self, request: Outgoing, target: Target) -> JackfieldError:
        return timed_out(
            timeout_s=self._allowed(),
            doing=f"{request.method} {target.shown}",
            sent="maybe" if self._hops else "no",
        )


def _data(content: bytes) -> bytes | io.BytesIO:
    return content if len(content) <= _WRITTEN_AT_ONCE else io.BytesIO(content)


def _readable(headers: Mapping[str, str]) -> Mapping[str, str]:
    """`headers` without the surrogates that stand for bytes which are not UTF-8: they cannot be written as JSON."""
    if "".join(headers.values()).isascii():
        return headers
    return CIMultiDict(
        (name, value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")) for name, value in headers.items()
    )
