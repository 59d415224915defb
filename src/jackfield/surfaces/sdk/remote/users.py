"""Users of a server, and who one is there."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from jackfield.access.principal import ALL_SCOPES, Principal, Scope
from jackfield.manage.errors import UnknownUser
from jackfield.manage.people_views import OWN_NAME, Identity, NewUser, User
from jackfield.surfaces.sdk.remote.asking import Asking, segment


class RemoteUsers(Asking):
    """As `manage.users.Users`."""

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
        """See `manage.users.Users.add`."""
        body = {
            "name": name,
            "displayName": display_name,
            "admin": admin,
            "scopes": sorted(scopes),
            "expiresIn": expires_in_s,
        }
        return await self.changed(NewUser, "POST", "/api/users", body)

    async def list(self, principal: Principal) -> Sequence[User]:
        """See `manage.users.Users.list`."""
        return await self.every(User, "/api/users")

    async def get(self, principal: Principal, name: str) -> User:
        """See `manage.users.Users.get`."""
        return await self.one(User, _path(name))

    async def disable(self, principal: Principal, name: str) -> User:
        """See `manage.users.Users.disable`."""
        return await self.changed(User, "POST", f"{_path(name)}/disable")

    async def enable(self, principal: Principal, name: str) -> User:
        """See `manage.users.Users.enable`."""
        return await self.changed(User, "POST", f"{_path(name)}/enable")

    async def delete(self, principal: Principal, name: str) -> None:
        """See `manage.users.Users.delete`."""
        await self.wire.ask("DELETE", _path(name))

    async def link(self, principal: Principal, name: str, *, subject: str) -> User:
        """See `manage.users.Users.link`."""
        return await self.changed(User, "PUT", f"{_path(name)}/identity", {"subject": subject})

    async def unlink(self, principal: Principal, name: str) -> User:
        """See `manage.users.Users.unlink`."""
        return await self.changed(User, "DELETE", f"{_path(name)}/identity")

    async def me(self) -> Principal:
        """Who the token of this process belongs to."""
        found = await self.one(Identity, f"/api/users/{OWN_NAME}")
        scopes = frozenset(scope for scope in ALL_SCOPES if scope in found.scopes)
        return Principal(
            user=found.user,
            id=found.id,
            tenant=found.tenant,
            scopes=scopes,
            admin=found.admin,
            expires=found.expires,
        )


def _path(name: str) -> str:
    missing = UnknownUser(user=name)
    if name == OWN_NAME:  # nobody is called like that
        raise missing
    return f"/api/users/{segment(name, missing=missing)}"
