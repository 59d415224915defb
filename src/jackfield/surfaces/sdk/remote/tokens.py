"""API tokens of a server."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from jackfield.access.principal import Principal, Scope
from jackfield.manage.errors import TokenNotFound
from jackfield.manage.people_views import NewToken, Token
from jackfield.surfaces.sdk.remote.asking import Asking, given, segment


class RemoteTokens(Asking):
    """As `manage.tokens.Tokens`."""

    async def create(
        self,
        principal: Principal,
        *,
        name: str,
        user: str | None = None,
        scopes: Collection[Scope] | None = None,
        expires_in_s: float | None = None,
    ) -> NewToken:
        """See `manage.tokens.Tokens.create`."""
        wanted = None if scopes is None else sorted(scopes)
        body = {"name": name, "user": user, "scopes": wanted, "expiresIn": expires_in_s}
        said = {key: value for key, value in body.items() if value is not None}
        return await self.changed(NewToken, "POST", "/api/tokens", said)

    async def list(self, principal: Principal, *, user: str | None = None) -> Sequence[Token]:
        """See `manage.tokens.Tokens.list`."""
        return await self.every(Token, "/api/tokens", query=given(user=user))

    async def get(self, principal: Principal, id: str) -> Token:
        """See `manage.tokens.Tokens.get`."""
        return await self.one(Token, _path(id))

    async def revoke(self, principal: Principal, id: str) -> Token:
        """See `manage.tokens.Tokens.revoke`."""
        return await self.changed(Token, "DELETE", _path(id))


def _path(id: str) -> str:
    return f"/api/tokens/{segment(id, missing=TokenNotFound(token=id))}"
