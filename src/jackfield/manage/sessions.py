"""Signing in and out in a browser."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from jackfield.access.attempts import EVERYWHERE, Attempts
from jackfield.access.audit import append
from jackfield.access.errors import Denied, TooManyAttempts
from jackfield.access.principal import DEFAULT_TENANT, Scope
from jackfield.access.sessions import KeptSessions, NewSession, Session, csrf_token_of, new_session_text
from jackfield.access.tokens import Tokens
from jackfield.errors import JackfieldError
from jackfield.storage import audit, sessions, users
from jackfield.storage.database import Database
from jackfield.version import __version__

UNKNOWN = "unknown"
"""Stands in the audit log for somebody of whom nobody knows who it was."""
MOST_NOTED = 100
"""Failures that are noted at once, wherever they come from: strangers must not fill the audit log."""

log = logging.getLogger("jackfield.access")


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Who is signed in.

    Attributes:
        id: Of the user.
        admin: Sees and changes what others of the tenant own.
        scopes: What the token allows that was signed in with, and so what the session does.
        expires: When the session ends at the latest.
        csrf_token: To be sent as `X-CSRF-Token` with whatever is no `GET`.
        version: Of the server.
        keeps_nothing: The server has no database: it forgets all when it ends, sessions too, and has no
            stored connectors, secrets, users and tokens.
    """

    user: str
    id: str
    admin: bool
    scopes: Sequence[Scope]
    expires: int
    csrf_token: str
    version: str
    keeps_nothing: bool


class Sessions:
    """Signs in, and out."""

    def __init__(self, kept: KeptSessions, *, attempts: Attempts | None = None, noted: Attempts | None = None) -> None:
        """Args:
        attempts: How often an address may fail.
        noted: How many failures of all addresses are written down.
        """
        self._kept = kept
        self._attempts = attempts or Attempts()
        self._noted = noted or Attempts(burst=MOST_NOTED)

    async def sign_in(self, token: str, *, address: str) -> NewSession:
        """Begin a session that allows what `token` allows.

        A token that is right is let in whatever happened before: behind a proxy, everybody has one address, and nobody
        may keep the others out.

        Raises:
            TokenUnknown, TokenExpired, TokenRevoked, UserDisabled: It is none that works.
            TooManyAttempts: Likewise, and that was so too often.
            GatewayTokenMisplaced: It is a gateway's.
        """
        try:
            return await self._kept.begin(token, address=address)
        except Denied as error:
            await self._kept.note_refused(error, address=address)
            raise
        except JackfieldError as error:
            if error.status != 401:
                raise
            if wait_s := self._attempts.failed(address):
                raise TooManyAttempts(retry_after_s=wait_s) from None
            if not self._noted.failed(EVERYWHERE):
                log.warning("somebody at %s could not sign in: %s", address, error.code)
                await self._kept.note_refused(error, address=address)
            raise

    async def find(self, text: str, *, uses: bool = True) -> Session:
        """The session that `text` is of.

        Args:
            text: What the browser keeps.
            uses: Whether that counts as using it, which keeps it from ending.

        Raises:
            SessionEnded, TokenRevoked, UserDisabled: Nobody is signed in by it any more.
        """
        return await self._kept.find(text, uses=uses)

    async def sign_out(self, session: Session) -> None:
        """Let nobody be signed in by it from now on, in any process."""
        await self._kept.end(session)


class StoredSessions:
    """Sessions in the database. Implements `access.sessions.KeptSessions`."""

    def __init__(self, database: Database, tokens: Tokens) -> None:
        """Args:
        tokens: Knows whose token it is.
        """
        self._database = database
        self._tokens = tokens

    async def begin(self, token: str, *, address: str) -> NewSession:
        """See `KeptSessions`."""
        principal, parent = await self._tokens.holder(token)
        text = new_session_text()

        def work(connection: Connection) -> Session:
            row = sessions.begin(connection, parent, text=text)
            details = {"user": principal.user, "token": parent.name, "address": address}
            append(
                connection, principal, action="session.create", resource="session", resource_id=row.id, details=details
            )
            assert row.expires is not None  # noqa: S101 - each session has an end
            return Session(id=row.id, principal=principal, csrf_token=csrf_token_of(text), expires=row.expires)

        return NewSession(session=await self._database.write(work), text=text)

    async def find(self, text: str, *, uses: bool = True) -> Session:
        """See `KeptSessions`."""
        return await self._tokens.session(text, uses=uses)

    async def end(self, session: Session) -> None:
        """See `KeptSessions`."""
        principal = session.principal

        def work(connection: Connection) -> None:
            if users.revoke_token(connection, tenant=principal.tenant, id=session.id):
                details = {"user": principal.user}
                append(
                    connection,
                    principal,
                    action="session.delete",
                    resource="session",
                    resource_id=session.id,
                    details=details,
                )

        await self._database.write(work)

    async def note_refused(self, error: JackfieldError, *, address: str) -> None:
        """See `KeptSessions`. Of the token there is its name, if it has one."""

        def work(connection: Connection) -> None:
            audit.append(
                connection,
                tenant=DEFAULT_TENANT,
                actor=UNKNOWN,
                action="session.create",
                resource="session",
                resource_id="",
                verdict="denied",
                details={"code": error.code, "address": address, **error.details},
            )

        await self._database.write(work)


def signed_in(session: Session, *, keeps_nothing: bool) -> SignedIn:
    """What is shown of a session to whoever is signed in by it."""
    principal = session.principal
    return SignedIn(
        user=principal.user,
        id=principal.id,
        admin=principal.admin,
        scopes=sorted(principal.scopes),
        expires=session.expires,
        csrf_token=session.csrf_token,
        version=__version__,
        keeps_nothing=keeps_nothing,
    )
