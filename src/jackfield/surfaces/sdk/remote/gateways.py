"""Gateways of a server."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from jackfield.access.errors import GatewayDisabled
from jackfield.access.principal import Principal, Scope
from jackfield.manage.errors import UnknownGateway
from jackfield.manage.gateway_views import Gateway, GatewayInfo, opened
from jackfield.manage.people_views import NewToken, Token
from jackfield.surfaces.sdk.remote.asking import Asking, segment
from jackfield.surfaces.server_errors import OnlyAtTheServer


class RemoteGateways(Asking):
    """As `manage.gateways.Gateways`."""

    async def create(self, principal: Principal, body: Mapping[str, Any]) -> GatewayInfo:
        """See `manage.gateways.Gateways.create`."""
        return await self.changed(GatewayInfo, "POST", "/api/gateways", body)

    async def list(self, principal: Principal) -> Sequence[GatewayInfo]:
        """See `manage.gateways.Gateways.list`."""
        return await self.every(GatewayInfo, "/api/gateways")

    async def get(self, principal: Principal, wanted: str) -> GatewayInfo:
        """See `manage.gateways.Gateways.get`."""
        return await self.one(GatewayInfo, _path(wanted))

    async def update(
        self, principal: Principal, wanted: str, body: Mapping[str, Any], *, revision: int | None = None
    ) -> GatewayInfo:
        """See `manage.gateways.Gateways.update`."""
        return await self.changed(GatewayInfo, "PUT", _path(wanted), body, revision=revision)

    async def delete(self, principal: Principal, wanted: str, *, revision: int | None = None) -> None:
        """See `manage.gateways.Gateways.delete`."""
        headers = None if revision is None else {"If-Match": f'"{revision}"'}
        await self.wire.ask("DELETE", _path(wanted), headers=headers)

    async def create_token(
        self,
        principal: Principal,
        wanted: str,
        *,
        name: str,
        user: str | None = None,
        scopes: Collection[Scope] | None = None,
        expires_in_s: float | None = None,
    ) -> NewToken:
        """See `manage.gateways.Gateways.create_token`."""
        allowed = None if scopes is None else sorted(scopes)
        body = {"name": name, "user": user, "scopes": allowed, "expiresIn": expires_in_s}
        said = {key: value for key, value in body.items() if value is not None}
        return await self.changed(NewToken, "POST", f"{_path(wanted)}/tokens", said)

    async def tokens(self, principal: Principal, wanted: str) -> Sequence[Token]:
        """See `manage.gateways.Gateways.tokens`."""
        return await self.every(Token, f"{_path(wanted)}/tokens")

    async def open(self, principal: Principal, wanted: str) -> Gateway:
        """See `manage.gateways.Gateways.open`. Takes a token with `read`: what is in it is asked of the server."""
        info = await self.get(principal, wanted)
        if not info.enabled:
            raise GatewayDisabled(gateway=info.name)
        return opened(info, caller=principal)

    async def refuse(self, principal: Principal, *, place: str) -> None:
        """A server refuses by itself.

        Raises:
            OnlyAtTheServer: Always.
        """
        raise OnlyAtTheServer(what="refusing a gateway's token", instead="the server does it by itself")


def _path(wanted: str) -> str:
    return f"/api/gateways/{segment(wanted, missing=UnknownGateway(gateway=wanted))}"
