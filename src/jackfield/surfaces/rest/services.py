"""What the routes work with; `app` makes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from jackfield.access.principal import Principal
from jackfield.dispatch.call import Call, Recorded
from jackfield.manage.resources import Resources
from jackfield.manage.sessions import Sessions


@dataclass(frozen=True, kw_only=True)
class Services:
    """What the routes work with.

    Attributes:
        authenticate: From the text of a token to its caller. Raises `TokenUnknown` and its like.
        sessions: Of browsers, made of such tokens.
        run: One call, from start to finish, recorded.
        manage: What can be looked at and changed.
        check: Does nothing if calls can be answered, else raises what is wrong.
        max_request_bytes: A larger body is refused.
        public_url: The server's address as others know it; empty for that of each request.
    """

    authenticate: Callable[[str], Awaitable[Principal]]
    sessions: Sessions
    run: Callable[[Call], Awaitable[Recorded]]
    manage: Resources
    check: Callable[[], Awaitable[None]]
    max_request_bytes: int
    public_url: str = ""
