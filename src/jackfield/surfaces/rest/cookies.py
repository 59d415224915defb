"""The cookie that a session lives in.

Its name has the port of the server, since browsers keep cookies by host and path alone, and two servers on one machine
would sign each other out. Over TLS it has the prefix `__Host-`, with which a browser takes it from this very host and
over TLS only.

Source: RFC 6265bis, sections 4.1.3 and 5.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from starlette.datastructures import Headers

SECURE_PREFIX = "__Host-"

_NAME = "jackfield_session"
_PORT = re.compile(r":(\d{1,5})\Z")


def names(host: str) -> tuple[str, str]:
    """What the cookie is called, over TLS and without.

    Args:
        host: As the browser wrote it into `Host`.
    """
    port = _PORT.search(host)
    name = f"{_NAME}_{port[1]}" if port else _NAME
    return SECURE_PREFIX + name, name


def session_text(headers: Headers) -> str | None:
    """The text of the session that a request brings.

    None, too, where a name is there twice: somebody else may have put one of them there.
    """
    for name in names(headers.get("host", "")):
        if found := [value for given, value in pairs(headers) if given == name]:
            return found[0] if len(found) == 1 else None
    return None


def keeping(text: str, *, host: str, secure: bool, expires: int) -> str:
    """The header `Set-Cookie` that keeps a session in a browser.

    Args:
        secure: Whether the browser speaks TLS.
        expires: When the session ends, in microseconds since 1970.
    """
    prefixed, plain = names(host)
    left_s = max(0, int(expires / 1_000_000 - time.time()))
    return _cookie(prefixed if secure else plain, text, age_s=left_s, secure=secure)


def forgetting(*, host: str) -> list[str]:
    """The headers `Set-Cookie` that take the session out of a browser."""
    prefixed, plain = names(host)
    return [_cookie(prefixed, "", age_s=0, secure=True), _cookie(plain, "", age_s=0, secure=False)]


def _cookie(name: str, text: str, *, age_s: int, secure: bool) -> str:
    attributes = f"Path=/; Max-Age={age_s}; HttpOnly; SameSite=Strict"
    return f"{name}={text}; {attributes}" + ("; Secure" if secure else "")


def pairs(headers: Headers) -> Iterator[tuple[str, str]]:
    """The cookies that a request brings, by name; a name may be there twice."""
    for line in headers.getlist("cookie"):
        for pair in line.split(";"):
            name, _, value = pair.strip().partition("=")
            yield name.strip(), value.strip()
