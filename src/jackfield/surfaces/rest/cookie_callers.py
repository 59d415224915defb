"""The caller of a request that has a session's cookie, and no token."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import Scope

from jackfield.access.sessions import Session
from jackfield.manage.sessions import Sessions
from jackfield.surfaces.errors import TokenMissing
from jackfield.surfaces.rest.cookies import session_text
from jackfield.surfaces.rest.origins import SAFE, require_csrf_token, require_own_page


async def session_of(scope: Scope, sessions: Sessions, *, uses: bool = True) -> Session:
    """The session that a request is part of.

    Args:
        scope: Of the request.
        sessions: All of them.
        uses: Whether that counts as using it; otherwise it is only looked whether it is still there.

    Raises:
        TokenMissing: It has no such cookie, or asks for a connection that would outlive the request.
        CsrfRefused: Another page's script may have sent it.
        SessionEnded, TokenRevoked, UserDisabled: Nobody is signed in by it any more.
    """
    headers = Headers(scope=scope)
    text = session_text(headers)
    if text is None or "upgrade" in headers:
        raise TokenMissing
    require_own_page(headers)
    session = await sessions.find(text, uses=uses)
    if scope["method"] not in SAFE:
        require_csrf_token(headers, session.csrf_token)
    return session
