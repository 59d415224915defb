"""Connect links of a server."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.access.principal import Principal
from jackfield.definition.secret import Secret
from jackfield.manage.connect_link_views import ConnectLinkInfo
from jackfield.manage.errors import UnknownConnectLink
from jackfield.manage.sign_in_wishes import Mode, Visibility
from jackfield.surfaces.sdk.remote.asking import Asking, given, segment
from jackfield.surfaces.sdk.remote.sign_ins import plain, said


class RemoteConnectLinks(Asking):
    """As `manage.connect_links.ConnectLinks`."""

    async def make(
        self,
        principal: Principal,
        connector: str,
        *,
        end_user: str,
        name: str | None = None,
        visibility: Visibility = "shared",
        default: bool | None = None,
        credential: str | None = None,
        mode: Mode | None = None,
        client_id: str | None = None,
        client_secret: Secret | str | None = None,
        scopes: Sequence[str] = (),
        switch_account: bool = False,
        expires_in_s: float | None = None,
        return_url: str | None = None,
        origin: str | None = None,
    ) -> ConnectLinkInfo:
        """See `manage.connect_links.ConnectLinks.make`. A server knows its own address."""
        body = {
            "connector": connector,
            "endUser": end_user,
            "name": name,
            "visibility": visibility,
            "isDefault": default,
            "credential": credential,
            "mode": mode,
            "clientId": client_id,
            "clientSecret": plain(client_secret),
            "scopes": list(scopes),
            "switchAccount": switch_account,
            "expiresIn": expires_in_s,
            "returnUrl": return_url,
        }
        return await self.changed(ConnectLinkInfo, "POST", "/api/connect-links", said(body))

    async def list(self, principal: Principal, *, connector: str | None = None) -> Sequence[ConnectLinkInfo]:
        """See `manage.connect_links.ConnectLinks.list`."""
        return await self.every(ConnectLinkInfo, "/api/connect-links", query=given(connector=connector))

    async def get(self, principal: Principal, id: str) -> ConnectLinkInfo:
        """See `manage.connect_links.ConnectLinks.get`."""
        return await self.one(ConnectLinkInfo, _path(id))

    async def revoke(self, principal: Principal, id: str) -> None:
        """See `manage.connect_links.ConnectLinks.revoke`."""
        await self.wire.ask("DELETE", _path(id))


def _path(id: str) -> str:
    return f"/api/connect-links/{segment(id, missing=UnknownConnectLink(link=id))}"
