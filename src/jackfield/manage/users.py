"""Users of a tenant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.principal import ALL_SCOPES, Principal, Scope
from jackfield.access.tokens import ADMIN_ROLE
from jackfield.definition.errors import InvalidName
from jackfield.definition.names import check_name
from jackfield.manage.denied import recording_denials, require_admin
from jackfield.manage.errors import OwnAccount, UnknownUser
from jackfield.manage.people_views import OWN_NAME, Identity, NewUser, User
from jackfield.manage.tokens import find_user, make_token
from jackfield.storage import drafts, secrets, users
from jackfield.storage.clock import now_us
from jackfield.storage.database import Database
from jackfield.storage.users import UserRow

__all__ = ["MAX_DISPLAY_NAME", "OWN_NAME", "Identity", "NewUser", "User", "Users", "identity"]

FIRST_TOKEN = "first"  # noqa: S105 - the name of one
MAX_DISPLAY_NAME = 200


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

    def __init__(self, database: Database) -> None:
        self._database = database

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
        found = await self._database.read(lambda connection: users.every(connection, tenant=principal.tenant))
        return [_view(row) for row in found if principal.admin or row.id == principal.id]

    async def get(self, principal: Principal, name: str) -> User:
        """A user by name, for an administrator; others see themselves.

        Raises:
            ScopeMissing: It takes the scope `read`.
            UnknownUser: There is none of that name that the caller may see.
        """
        async with self._recording(principal, "get", name):
            principal.require("read")
        row = await self._database.read(lambda connection: users.find(connection, tenant=principal.tenant, name=name))
        if row is None or not (principal.admin or row.id == principal.id):
            raise UnknownUser(user=name)
        return _view(row)

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
        """Delete a user, revoke the user's tokens, and delete what nobody else sees: private secrets and drafts.

        Shared secrets and connectors that the user made stay; an administrator can change them.

        Raises:
            ScopeMissing, AdminRequired, UnknownUser, OwnAccount: As `disable`.
        """

        def work(connection: Connection) -> None:
            row = _of_others(connection, principal, name, action="deleted")
            users.delete(connection, row)
            gone = secrets.remove_private(connection, tenant=row.tenant, owner=row.id)
            left = drafts.remove_all(connection, tenant=row.tenant, owner=row.id)
            details = {"name": row.name, "private_secrets": gone, "drafts": left}
            append(connection, principal, action="user.delete", resource="user", resource_id=row.id, details=details)

        async with self._recording(principal, "delete", name):
            require_admin(principal, "manage", to="delete users")
            await self._database.write(work)

    async def _switch(self, principal: Principal, name: str, *, disabled: bool) -> User:
        verb = "disable" if disabled else "enable"

        def work(connection: Connection) -> User:
            row = _of_others(connection, principal, name, action=f"{verb}d")
            if (row.disabled is not None) == disabled:
                return _view(row)
            saved = users.save(connection, replace(row, disabled=now_us() if disabled else None))
            details = {"name": row.name}
            append(connection, principal, action=f"user.{verb}", resource="user", resource_id=row.id, details=details)
            return _view(saved)

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


def _view(row: UserRow) -> User:
    return User(
        id=row.id,
        name=row.name,
        display_name=row.display_name,
        roles=row.roles,
        created=row.created,
        disabled=row.disabled,
    )
