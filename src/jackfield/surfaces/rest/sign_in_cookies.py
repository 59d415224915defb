"""The cookie by which a browser that comes back from a service is known as the one that was sent there.

The session's own cookie is `Strict`, and is not sent along by a redirect of another site; this one is `Lax`. Each
sign-in has one of its own, which goes to the address where the service sends people back to, and nowhere else. Over TLS
it has the prefix `__Host-`, with which no neighbour (another host of the domain, or a server without TLS) can put one
into a browser: with it, somebody else's browser would finish a sign-in that the neighbour has begun.

Source: RFC 9700, section 4.7; RFC 6265bis, section 5.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from jackfield.manage.sign_in_views import SignInStarted
from jackfield.surfaces.rest.cookies import SECURE_PREFIX, pairs

AGE_S = 600


def kept_for(headers: Headers, sign_in: str, url: str) -> str | None:
    """What a browser keeps for a sign-in.

    None, too, where it is there twice: somebody else may have put one of them there.

    Args:
        url: Where the service sends people back to.
    """
    found = [value for name, value in pairs(headers) if name == _name(sign_in, url)]
    return found[0] if len(found) == 1 else None


def keeping(started: SignInStarted) -> str:
    """The header `Set-Cookie` for a browser that is about to go to the service."""
    return _cookie(started.id, started.browser, started.redirect_uri, age_s=AGE_S)


def forgetting(sign_in: str, path: str) -> list[str]:
    """The headers `Set-Cookie` that take it out of a browser, whether it speaks TLS or not: a proxy may know.

    Args:
        path: At which the browser has come back.
    """
    return [_cookie(sign_in, "", f"{scheme}://here{path}", age_s=0) for scheme in ("https", "http")]


def _name(sign_in: str, url: str) -> str:
    prefix = SECURE_PREFIX if _is_secure(url) else ""
    return f"{prefix}jackfield_signin_{sign_in[-12:]}"  # an id begins with the time, and ends with what is random


def _is_secure(url: str) -> bool:
    return urlsplit(url).scheme == "https"


def _cookie(sign_in: str, text: str, url: str, *, age_s: int) -> str:
    asked = urlsplit(url).path
    path = "".join(char for char in asked if char.isascii() and char.isprintable() and char not in "; ,") or "/"
    where = "Path=/; Secure" if _is_secure(url) else f"Path={path}"  # the prefix takes no other path
    return f"{_name(sign_in, url)}={text}; {where}; Max-Age={age_s}; HttpOnly; SameSite=Lax"
