"""Whether a request comes from a page of this server, or from somebody else's.

A browser sends the cookie of a session along with whatever asks for this server. What a browser says of itself cannot
be said otherwise by a page; other programs can say what they like, and have no cookie of others.

Source: Fetch Metadata Request Headers, section 2; RFC 6454, section 7.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from jackfield.surfaces.errors import CsrfRefused

CSRF_HEADER = "X-CSRF-Token"
SAFE = frozenset({"GET", "HEAD"})
"""What they ask for changes nothing."""

_OWN_SITES = frozenset({"same-origin", "none"})
"""`same-site` is not among them: that is also every other server on this machine."""
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def require_own_page(headers: Headers) -> None:
    """Do nothing if a page of this server asks, or no page at all.

    Raises:
        CsrfRefused: Another page does.
    """
    site = headers.get("sec-fetch-site", "none").lower()
    if site not in _OWN_SITES:
        raise CsrfRefused(problem=f"the browser says that it comes from elsewhere (`Sec-Fetch-Site: {site[:40]}`)")
    for origin in headers.getlist("origin"):
        if not _is_own(origin, headers):
            raise CsrfRefused(problem=f"its `Origin` is `{origin[:100]}`, and not this server")


def require_csrf_token(headers: Headers, token: str) -> None:
    """Do nothing if the request has the CSRF token of its session.

    Raises:
        CsrfRefused: It does not.
    """
    given = headers.getlist(CSRF_HEADER)
    if len(given) != 1:
        raise CsrfRefused(
            problem=f"it has no header `{CSRF_HEADER}`" if not given else f"`{CSRF_HEADER}` is there twice"
        )
    if not hmac.compare_digest(given[0].encode("latin-1"), token.encode()):
        raise CsrfRefused(problem=f"its `{CSRF_HEADER}` is not the session's")


def is_over_tls(scheme: str, headers: Headers) -> bool:
    """Whether the browser speaks TLS, which may end at a proxy: the browser says so in `Origin`."""
    return scheme == "https" or headers.get("origin", "").lower().startswith("https://")


def _is_own(origin: str, headers: Headers) -> bool:
    hosts = headers.getlist("host")
    try:
        found = urlsplit(origin.lower())
    except ValueError:
        return False
    if len(hosts) != 1 or found.scheme not in _DEFAULT_PORTS or origin.lower() != f"{found.scheme}://{found.netloc}":
        return False
    default = _DEFAULT_PORTS[found.scheme]
    return found.netloc.removesuffix(default) == hosts[0].lower().removesuffix(default)
