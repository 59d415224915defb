"""Where a redirect leads, and what goes along."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin

from aiohttp import ClientResponse

from jackfield.definition.wire import Outgoing
from jackfield.egress import headers
from jackfield.egress.errors import RedirectRefused, UrlRefused
from jackfield.egress.urls import Judge, Target, shown, without_query_names

STATUSES = frozenset({301, 302, 303, 307, 308})

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DRAINED = 16 * 1024


def location_of(response: ClientResponse) -> str:
    """Where `response` redirects to, or nothing."""
    return response.headers.get("Location", "") if response.status in STATUSES else ""


async def drain(response: ClientResponse) -> None:
    """Read what is left of a small body, so that the connection can be used again; a large one closes it."""
    content = response.content
    left = _DRAINED
    while not content.is_eof() and left > 0:
        left -= len(await content.readany())
    if not content.is_eof():
        response.close()


def refused(error: UrlRefused, *, source: Target, target: Target) -> RedirectRefused:
    """`error`, which forbids connecting to `target`, as what `source` did."""
    return RedirectRefused(url=source.shown, location=target.shown, reason=str(error.details["reason"]))


def resolve(location: str, *, source: Target, judge: Judge, secret_names: frozenset[str]) -> Target:
    """The judged address that `location` means.

    Secret query parameters are taken out: a service may echo them, and on the same origin they are signed again.

    Raises:
        RedirectRefused: The policy forbids it, or it leads from https to http.
    """
    # aiohttp decodes header bytes as UTF-8 with surrogates for the rest; on the wire both are percent-encoded.
    plain = quote(location.encode("utf-8", "surrogateescape"), safe="".join(map(chr, range(128))))
    try:
        # urljoin drops tabs and line ends and would hide what was written, so the judge looks before and after it.
        _refuse_controls(plain)
        target = judge(without_query_names(_absolute(plain, source), secret_names))
    except (UrlRefused, ValueError) as error:
        reason = str(error.details["reason"]) if isinstance(error, UrlRefused) else "it is not a URL"
        raise RedirectRefused(url=source.shown, location=shown(plain), reason=reason) from None
    if source.origin.scheme == "https" and target.origin.scheme != "https":
        raise RedirectRefused(url=source.shown, location=target.shown, reason="it leaves https")
    return target


def next_request(request: Outgoing, *, status: int, source: Target, target: Target) -> Outgoing:
    """The request to send to `target`, before any credential is added.

    Source: Fetch, section 4.4 (HTTP-redirect fetch), for methods. Stricter for headers: across origins, which
    includes another scheme or port, only headers that can be no credential survive. A body stays with 307 and 308.
    """
    method, content, kept = request.method, request.content, dict(request.headers)
    if (status in {301, 302} and method == "POST") or (status == 303 and method not in {"GET", "HEAD"}):
        method, content, kept = "GET", None, headers.without_body(kept)
    if target.origin.prefix != source.origin.prefix:
        kept = headers.for_other_origin(kept)
    return Outgoing(method=method, url=str(target.url), headers=kept, content=content)


def _absolute(location: str, source: Target) -> str:
    if _SCHEME.match(location):
        # urljoin would read `http:` and `http://` without a host as relative; browsers do not agree.
        return location
    return urljoin(str(source.url), location)


def _refuse_controls(location: str) -> None:
    if any(char < " " or char == "\x7f" for char in location):
        raise UrlRefused(url=shown(location), reason="it has control characters")
    if location != location.strip():
        raise UrlRefused(url=shown(location), reason="it begins or ends with white space")
    if "\\" in location.partition("?")[0]:
        raise UrlRefused(url=shown(location), reason="its path has a backslash")
