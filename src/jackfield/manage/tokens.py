"""Tokens of users. Only their hashes are kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.errors import AdminRequired
from jackfield.access.principal import ALL_SCOPES, Principal, Scope
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.manage.denied import recording_denials
from jackfield.manage.errors import TokenNotFound, UnknownUser
from jackfield.manage.people_views import NewToken, Token
from jackfield.storage import gateways, users
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.database import Database
from jackfield.storage.gateways import GatewayRow
from jackfield.storage.users import TokenRow, UserRow, new_token, token_hash

__all__ = ["NewToken", "Token", "Tokens", "find_user", "make_token", "token_view"]

MAX_NAME = 100
MAX_EXPIRES_S = 10 * 366 * 24 * 60 * 60


class Tokens:
    """Makes, lists and revokes tokens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self,
        principal: Principal,
        *,
        name: str,
        user: str | None = None,
        scopes: Collection[Scope] | None = None,
        expires_in_s: float | None = None,
    ) -> NewToken:
        """Make a token, whose text is in the answer and nowhere else.

        Args:
            name: What it is for, in 1 to 100 characters.
            user: Name of the user that it is for; the caller unless given.
            scopes: What it allows, of what the caller's own token allows; all of that unless given.
            expires_in_s: How long it works, at most ten years; for ever unless given. Never longer than the caller's
                own token: one that was lent for an hour must not become one for ever.

        Raises:
            ScopeMissing: The caller's token lacks `manage`, or one of `scopes`.
            AdminRequired: It is for somebody else, and the caller is no administrator.
            UnknownUser: There is no such user.
            InvalidParams: One of the arguments cannot be.
        """

        def work(connection: Connection) -> NewToken:
            row = user_for(connection, principal, user, to="make tokens for others")
            wanted = principal.scopes if scopes is None else scopes
            return make_token(connection, principal, user=row, name=name, scopes=wanted, expires_in_s=expires_in_s)

        async with self._recording(principal, "create", name):
            principal.require("manage")
            return await self._database.write(work)

    async def list(self, principal: Principal, *, user: str | None = None) -> Sequence[Token]:
        """The tokens of a user, oldest first, also those that are over.

        Args:
            user: Name; the caller unless given.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
            AdminRequired: They are somebody else's, and the caller is no administrator.
            UnknownUser: There is no such user.
        """

        def work(connection: Connection) -> Sequence[Token]:
            row = user_for(connection, principal, user, to="see tokens of others")
            found = users.tokens_of(connection, tenant=row.tenant, user_id=row.id)
            return [token_view(connection, token, row) for token in found]

        async with self._recording(principal, "list", user or principal.user):
            principal.require("read")
            return await self._database.read(work)

    async def get(self, principal: Principal, id: str) -> Token:
        """One token.

        Raises:
            ScopeMissing: The caller's token lacks `read`.
            TokenNotFound: The caller has no token of that id, or the tenant where the caller is an administrator.
        """
        async with self._recording(principal, "get", id):
            principal.require("read")

        def work(connection: Connection) -> Token | None:
            found = _find(connection, principal, id)
            return found and token_view(connection, *found)

        shown = await self._database.read(work)
        if shown is None:
            raise TokenNotFound(token=id)
        return shown

    async def revoke(self, principal: Principal, id: str) -> Token:
        """Let a token work no longer, in any process. Once revoked it stays so.

        Raises:
            ScopeMissing: The caller's token lacks `manage`.
            TokenNotFound: The caller has no token of that id, or the tenant where the caller is an administrator.
        """

        def work(connection: Connection) -> Token | None:
            found = _find(connection, principal, id)
            if found is None or found[0].revoked is not None:
                return found and token_view(connection, *found)
            token, user = found
            users.revoke_token(connection, tenant=token.tenant, id=token.id)
            details = {"user": user.name, "name": token.name}
            append(connection, principal, action="token.revoke", resource="token", resource_id=id, details=details)
            revoked = _find(connection, principal, id)
            return revoked and token_view(connection, *revoked)

        async with self._recording(principal, "revoke", id):
            principal.require("manage")
            done = await self._database.write(work)
        if done is None:
            await self._note_foreign(principal, id)
            raise TokenNotFound(token=id)
        return done

    async def _note_foreign(self, principal: Principal, id: str) -> None:
        """Write down that the caller tried to revoke somebody else's; to the caller there is none."""

        def work(connection: Connection) -> None:
            if found := users.get_token(connection, tenant=principal.tenant, id=id):
                append(
                    connection,
                    principal,
                    action="token.revoke",
                    resource="token",
                    resource_id=found[0].id,
                    verdict="denied",
                    details={"user": found[1].name},
                )

        await self._database.write(work)

    def _recording(self, principal: Principal, verb: str, id: str) -> AbstractAsyncContextManager[None]:
        return recording_denials(self._database, principal, action=f"token.{verb}", resource="token", resource_id=id)


def make_token(
    connection: Connection,
    principal: Principal,
    *,
    user: UserRow,
    name: str,
    scopes: Collection[Scope],
    expires_in_s: float | None,
    gateway: GatewayRow | None = None,
) -> NewToken:
    """A new token of `user`, with what none may exceed: scopes and time of the token that asks for it.

    Args:
        gateway: Where alone it counts; everywhere without one.

    Raises:
        ScopeMissing, InvalidParams: As `Tokens.create`.
    """
    _check(name, scopes, expires_in_s)
    for scope in sorted(scopes):
        principal.require(scope)
    text = new_token()
    row = TokenRow(
        tenant=user.tenant,
        user_id=user.id,
        name=name,
        hash=token_hash(text),
        scopes=sorted(scopes),
        expires=_end(principal, expires_in_s),
        gateway=gateway.id if gateway else None,
    )
    users.add_token(connection, row)
    details = {"user": user.name, "name": name, "scopes": list(row.scopes), "expires": row.expires}
    details |= {"gateway": gateway.name} if gateway else {}
    append(connection, principal, action="token.create", resource="token", resource_id=row.id, details=details)
    return NewToken(token=token_view(connection, row, user), text=text)


def _end(principal: Principal, expires_in_s: float | None) -> int | None:
    asked = None if expires_in_s is None else now_us() + microseconds(expires_in_s)
    return min((end for end in (asked, principal.expires) if end is not None), default=None)


def find_user(connection: Connection, *, tenant: str, name: str) -> UserRow:
    """The user of that name.

    Raises:
        UnknownUser: There is none.
    """
    row = users.find(connection, tenant=tenant, name=name)
    if row is None:
        raise UnknownUser(user=name, known=[user.name for user in users.every(connection, tenant=tenant)])
    return row


def user_for(connection: Connection, principal: Principal, name: str | None, *, to: str) -> UserRow:
    """The caller's own row, or for an administrator the one called `name`.

    Args:
        to: What the caller wants to do, as in "may not ...".

    Raises:
        AdminRequired: It is somebody else's, and the caller is no administrator.
        UnknownUser: There is no such user.
    """
    own = users.get(connection, tenant=principal.tenant, id=principal.id)
    if own is not None and own.deleted is None and name in {None, own.name}:
        return own
    if not principal.admin and name is not None:
        raise AdminRequired(user=principal.user, action=to)
    return find_user(connection, tenant=principal.tenant, name=name or principal.user)


def _find(connection: Connection, principal: Principal, id: str) -> tuple[TokenRow, UserRow] | None:
    found = users.get_token(connection, tenant=principal.tenant, id=id)
    mine = found and (principal.admin or found[1].id == principal.id)
    return found if mine else None


def _check(name: str, scopes: Collection[str], expires_in_s: float | None) -> None:
    faults = []
    if not (0 < len(name.strip()) <= MAX_NAME and name.isprintable()):
        faults.append(Fault(pointer="/name", message=f"must be 1 to {MAX_NAME} printable characters"))
    if not scopes or not ALL_SCOPES.issuperset(scopes):
        message = f"must be some of {', '.join(f'`{scope}`' for scope in sorted(ALL_SCOPES))}"
        faults.append(Fault(pointer="/scopes", message=message))
    if expires_in_s is not None and not 0 < expires_in_s <= MAX_EXPIRES_S:
        faults.append(Fault(pointer="/expires", message="must be later than now, and at most ten years from now"))
    if faults:
        raise InvalidParams(faults=faults, where="the token", hint="leave out what shall be as usual")


def token_view(connection: Connection, row: TokenRow, user: UserRow) -> Token:
    """What is shown of a token."""
    gateway = gateways.get(connection, tenant=row.tenant, id=row.gateway) if row.gateway else None
    return Token(
        id=row.id,
        user=user.name,
        name=row.name,
        scopes=row.scopes,
        created=row.created,
        expires=row.expires,
        used=row.used,
        revoked=row.revoked,
        gateway=gateway.name if gateway else None,
    )
