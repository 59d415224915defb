"""Sessions of browsers: what stands for an API token where JavaScript must not have one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from typing import Protocol

from jackfield.access.principal import Principal
from jackfield.errors import JackfieldError

PREFIX = "jfs_"
"""Lets scanners of source code and logs find the text of a session."""

_CSRF = b"jackfield csrf 1"


@dataclass(frozen=True, kw_only=True)
class Session:
    """Somebody who is signed in.

    Attributes:
        id: Of the session; stands in the audit log.
        principal: The caller, as with the token that was signed in with.
        csrf_token: What requests that change something send besides, since other sites cannot read it.
        expires: When it ends at the latest, in microseconds since 1970.
    """

    id: str
    principal: Principal
    csrf_token: str = field(repr=False)
    expires: int


@dataclass(frozen=True, kw_only=True)
class NewSession:
    """A session that was just begun.

    Attributes:
        text: What the browser keeps, and nobody else.
    """

    session: Session
    text: str = field(repr=False)


class KeptSessions(Protocol):
    """Where sessions are kept."""

    async def begin(self, token: str, *, address: str) -> NewSession:
        """A new session with what a token allows.

        Args:
            token: Its text.
            address: Where it comes from, for the audit log.

        Raises:
            TokenUnknown, TokenExpired, TokenRevoked, UserDisabled: It is none that works.
        """

    async def find(self, text: str, *, uses: bool = True) -> Session:
        """The session that `text` is of, which is used by that unless it is only looked at.

        Raises:
            SessionEnded: It is over, or there was none.
            TokenRevoked, UserDisabled: So is what it came from.
        """

    async def end(self, session: Session) -> None:
        """Let nobody be signed in by it, in any process."""

    async def note_refused(self, error: JackfieldError, *, address: str) -> None:
        """Write down that somebody could not sign in."""


def new_session_text() -> str:
    """The text of a session, which nobody can guess: 256 random bits."""
    return PREFIX + base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()


def csrf_token_of(text: str) -> str:
    """The session's CSRF token: from its text, so that nothing has to be kept, and not the other way around."""
    digest = hmac.digest(text.encode("utf-8", "surrogatepass"), _CSRF, hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
