"""The caller of a server that keeps nothing: there is one token, and whoever has it may do everything."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass

from jackfield.access.errors import SessionEnded, TokenUnknown
from jackfield.access.principal import LOCAL, Principal
from jackfield.access.sessions import NewSession, Session, csrf_token_of, new_session_text
from jackfield.errors import JackfieldError
from jackfield.storage.clock import now_us
from jackfield.storage.ids import new_id
from jackfield.storage.sessions import MAX_OF_ONE_TOKEN, is_idle, lifetime


@dataclass(kw_only=True, slots=True)
class _Begun:
    session: Session
    used: int


class OneToken:
    """Knows one token. Without one, it knows nobody."""

    def __init__(self, text: str) -> None:
        self._digest = _digest(text) if text else b""

    async def authenticate(self, text: str) -> Principal:
        """The administrator of this process.

        Raises:
            TokenUnknown: It is another token.
        """
        if not hmac.compare_digest(_digest(text), self._digest):
            raise TokenUnknown
        return LOCAL


class SessionsOfOneToken:
    """Sessions until the process ends. Implements `access.sessions.KeptSessions`."""

    def __init__(self, token: OneToken) -> None:
        self._token = token
        self._begun: OrderedDict[bytes, _Begun] = OrderedDict()

    async def begin(self, token: str, *, address: str) -> NewSession:
        """See `KeptSessions`."""
        principal, text, now = await self._token.authenticate(token), new_session_text(), now_us()
        session = Session(
            id=new_id(), principal=principal, csrf_token=csrf_token_of(text), expires=lifetime(None, now=now)
        )
        self._begun[_digest(text)] = _Begun(session=session, used=now)
        if len(self._begun) > MAX_OF_ONE_TOKEN:
            self._begun.popitem(last=False)
        return NewSession(session=session, text=text)

    async def find(self, text: str, *, uses: bool = True) -> Session:
        """See `KeptSessions`."""
        key, now = _digest(text), now_us()
        begun = self._begun.get(key)
        if begun is None:
            raise SessionEnded
        if now >= begun.session.expires or is_idle(begun.used, now=now):
            del self._begun[key]
            raise SessionEnded
        if uses:
            begun.used = now
        return begun.session

    async def end(self, session: Session) -> None:
        """See `KeptSessions`."""
        for key in [key for key, begun in self._begun.items() if begun.session.id == session.id]:
            del self._begun[key]

    async def note_refused(self, error: JackfieldError, *, address: str) -> None:
        """See `KeptSessions`. There is no audit log."""


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
