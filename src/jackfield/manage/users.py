"""Users of a tenant."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from types import MappingProxyType

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.issuer.tokens import MAX_SUBJECT
from jackfield.access.principal import ALL_SCOPES, Principal, Scope
from jackfield.access.tokens import ADMIN_ROLE
from jackfield.definition.errors import InvalidName, InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.names import check_name
from jackfield.manage.denied import recording_denials, require_admin
from jackfield.manage.errors import IssuerNotSet, OwnAccount, UnknownUser
from jackfield.manage.people_views import OWN_NAME, Identity, NewUser, User
from jackfield.manage.tokens import find_user, make_token
from jackfield.storage import credentials, drafts, identities, secrets, users
from jackfield.storage.clock import now_us
from jackfield.storage.database import Database
from jackfield.storage.identities import IdentityRow
from jackfield.storage.users import UserRow

__all__ = ["MAX_DISPLAY_NAME", "MAX_SUBJECT", "OWN_NAME", "Identity", "NewUser", "User", "Users", "identity"]

FIRST_TOKEN = "first"  # noqa: S105 - the name of one
MAX_DISPLAY_NAME = 200

_NOBODY: Mapping[str, str] = MappingProxyType({})


def identity(principal: Principal) -> Identity:
    """Who the caller is. That takes no scope: whoever has a token may know whose it is."""
    return Identity(
        user=principal.user,
        id=principal.id,
        tenant=principal.tenant,
        scopes=sorted(principal.scopes),
        admin=principal.admin,
        expires=principal.expires,
    )


class Users:
    """Makes, lists and takes away users."""

    def __init__(self, database: Database, *, issuer: str = "") -> None:
        """Args:
        issuer: Of tokens that callers may come with besides; empty for none.
        """
        self._database = database
        self._issuer = issuer

    async def add(
        self,
        principal: Principal,
        *,
        name: str,
        display_name: str = "",
        admin: bool = False,
        scopes: Collection[Scope] = ALL_SCOPES,
        expires_in_s: float | None = None,
    ) -> NewUser:
        """Make a user with one token, whose text is in the answer and nowhere else.

        Args:
            scopes: Of the token.
            expires_in_s: How long the token works; for ever unless given.

        Raises:
            ScopeMissing, AdminRequired: It takes an administrator, whose token has `manage` and all of `scopes`.
            InvalidName, InvalidParams: The name, or what the token shall be, cannot be.
            AlreadyExists: The tenant has a user of that name.
        """
        check_name(name, what="user")
        if name.lower() == OWN_NAME:
            raise InvalidName(what="user", name=name, reserved=True)
        row = UserRow(
            tenant=principal.tenant,
            name=name,
            display_name=display_name[:MAX_DISPLAY_NAME],
            roles=[ADMIN_ROLE] if admin else [],
        )

        def work(connection: Connection) -> NewUser:
            users.add(connection, row)
            details = {"name": name, "roles": list(row.roles)}
            append(connection, principal, action="user.create", resource="user", resource_id=row.id, details=details)
            token = make_token(
                connection, principal, user=row, name=FIRST_TOKEN, scopes=scopes, expires_in_s=expires_in_s
            )
            return NewUser(user=_view(row), token=token)

        async with self._recording(principal, "create", name):
            require_admin(principal, "manage", to="add users")
            return await self._database.write(work)

    async def list(self, principal: Principal) -> Sequence[User]:
        """All users by name, for an administrator; for others themselves.

        Raises:
            ScopeMissing: It takes the scope `read`.
        """
        async with self._recording(principal, "list", "all"):
            principal.require("read")

        def work(connection: Connection) -> Sequence[User]:
            linked = identities.subjects(connection, tenant=principal.tenant, issuer=self._issuer)
            found = users.every(connection, tenant=principal.tenant)
            return [_view(row, linked) for row in found if principal.admin or row.id == principal.id]

        return await self._database.read(work)

    async def get(self, principal: Principal, name: str) -> User:
        """A user by name, for an administrator; others see themselves.

        Raises:
            ScopeMissing: It takes the scope `read`.
            UnknownUser: There is none of that name that the caller may see.
        """
        async with self._recording(principal, "get", name):
            principal.require("read")

        def work(connection: Connection) -> User | None:
            row = users.find(connection, tenant=principal.tenant, name=name)
            return self._shown(connection, row) if row else None

        found = await self._database.read(work)
        if found is None or not (principal.admin or found.id == principal.id):
            raise UnknownUser(user=name)
        return found

    async def disable(self, principal: Principal, name: str) -> User:
        """Let a user do nothing from now on; tokens and private secrets are kept.

        Raises:
            ScopeMissing, AdminRequired: It takes an administrator, with the scope `manage`.
            UnknownUser: There is none of that name.
            OwnAccount: It is the caller.
        """
        return await self._switch(principal, name, disabled=True)

    async def enable(self, principal: Principal, name: str) -> User:
        """Let a user go on who was disabled.

        Raises:
            ScopeMissing, AdminRequired, UnknownUser, OwnAccount: As `disable`.
        """
        return await self._switch(principal, name, disabled=False)

    async def delete(self, principal: Principal, name: str) -> None:
        """Delete a user, revoke the user's tokens, and delete what nobody else sees: private secrets,
        credentials and drafts.

        Shared secrets and connectors that the user made stay; an administrator can change them.

        Raises:
            ScopeMissing, AdminRequired, UnknownUser, OwnAccount: As `disable`.
        """

        def work(connection: Connection) -> None:
            row = _of_others(connection, principal, name, action="deleted")
            users.delete(connection, row)
            gone = secrets.remove_private(connection, tenant=row.tenant, owner=row.id)
            theirs = credentials.remove_of(connection, tenant=row.tenant, owner=row.id)
            left = drafts.remove_all(connection, tenant=row.tenant, owner=row.id)
            details = {
                "name": row.name,
                "private_secrets": gone,
                "private_credentials": theirs,
                "drafts": left,
            }
            append(connection, principal, action="user.delete", resource="user", resource_id=row.id, details=details)

        async with self._recording(principal, "delete", name):
            require_admin(principal, "manage", to="delete users")
            await self._database.write(work)

    async def link(self, principal: Principal, name: str, *, subject: str) -> User:
        """Let the company's issuer vouch for a user: whoever comes with a token of that subject is that user.

        The one that the user was linked to before counts no longer.

        Args:
            subject: As the issuer's tokens have it in `sub`.

        Raises:
            ScopeMissing, AdminRequired: It takes an administrator, with the scope `manage`.
            UnknownUser: There is none of that name.
            IssuerNotSet: There is no issuer.
            AlreadyExists: The subject is linked to another user.
            InvalidParams: No token has such a subject.
        """

        def work(connection: Connection) -> User:
            row = find_user(connection, tenant=principal.tenant, name=name)
            linked = IdentityRow(
                tenant=row.tenant, user_id=row.id, issuer=self._issuer, subject=subject, author=principal.id
            )
            identities.link(connection, linked)
            self._note(connection, principal, "link", row, subject=subject)
            return self._shown(connection, row)

        async with self._recording(principal, "link", name):
            require_admin(principal, "manage", to="link users")
            self._require_issuer()
            _check_subject(subject)
            return await self._database.write(work)

    async def unlink(self, principal: Principal, name: str) -> User:
        """Let no token of the company's issuer be a user's any more.

        Raises:
            ScopeMissing, AdminRequired, UnknownUser, IssuerNotSet: As `link`.
        """

        def work(connection: Connection) -> User:
            row = find_user(connection, tenant=principal.tenant, name=name)
            gone = identities.unlink(connection, tenant=row.tenant, user_id=row.id, issuer=self._issuer)
            if gone is not None:
                self._note(connection, principal, "unlink", row, subject=gone)
            return self._shown(connection, row)

        async with self._recording(principal, "unlink", name):
            require_admin(principal, "manage", to="link users")
            self._require_issuer()
            return await self._database.write(work)

    def _require_issuer(self) -> None:
        if not self._issuer:
            raise IssuerNotSet

    def _note(self, connection: Connection, principal: Principal, verb: str, row: UserRow, *, subject: str) -> None:
        details = {"name": row.name, "issuer": self._issuer, "subject": subject}
        append(connection, principal, action=f"user.{verb}", resource="user", resource_id=row.id, details=details)

    def _shown(self, connection: Connection, row: UserRow) -> User:
        return _view(row, identities.subjects(connection, tenant=row.tenant, issuer=self._issuer))

    async def _switch(self, principal: Principal, name: str, *, disabled: bool) -> User:
        verb = "disable" if disabled else "enable"

        def work(connection: Connection) -> User:
            row = _of_others(connection, principal, name, action=f"{verb}d")
            if (row.disabled is not None) == disabled:
                return self._shown(connection, row)
            saved = users.save(connection, replace(row, disabled=now_us() if disabled else None))
            details = {"name": row.name}
            append(connection, principal, action=f"user.{verb}", resource="user", resource_id=row.id, details=details)
            return self._shown(connection, saved)

        async with self._recording(principal, verb, name):
            require_admin(principal, "manage", to=f"{verb} users")
            return await self._database.write(work)

    def _recording(self, principal: Principal, verb: str, name: str) -> AbstractAsyncContextManager[None]:
        return recording_denials(self._database, principal, action=f"user.{verb}", resource="user", resource_id=name)


def _of_others(connection: Connection, principal: Principal, name: str, *, action: str) -> UserRow:
    row = find_user(connection, tenant=principal.tenant, name=name)
    if row.id == principal.id:
        raise OwnAccount(user=row.name, action=action)
    return row


def _check_subject(subject: str) -> None:
    if not 0 < len(subject) <= MAX_SUBJECT or not subject.isprintable():
        fault = Fault(pointer="/subject", message=f"must be 1 to {MAX_SUBJECT} printable characters")
        raise InvalidParams(faults=[fault], where="the identity", hint="take it from `sub` of one of the user's tokens")


def _view(row: UserRow, subjects: Mapping[str, str] = _NOBODY) -> User:
    return User(
        id=row.id,
        name=row.name,
        display_name=row.display_name,
        roles=row.roles,
        created=row.created,
        disabled=row.disabled,
        subject=subjects.get(row.id),
    )
