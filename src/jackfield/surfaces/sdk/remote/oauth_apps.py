"""Platform apps of a server."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.access.principal import Principal
from jackfield.definition.secret import Secret
from jackfield.manage.errors import UnknownOAuthApp
from jackfield.manage.oauth_app_views import OAuthAppInfo
from jackfield.registry.errors import UnknownType
from jackfield.surfaces.sdk.remote.asking import Asking, segment
from jackfield.surfaces.sdk.remote.sign_ins import plain, said


class RemoteOAuthApps(Asking):
    """As `manage.oauth_apps.OAuthApps`."""

    async def list(self, principal: Principal) -> Sequence[OAuthAppInfo]:
        """See `manage.oauth_apps.OAuthApps.list`."""
        return await self.every(OAuthAppInfo, "/api/oauth/apps")

    async def put(
        self,
        principal: Principal,
        type: str,
        *,
        client_id: str,
        client_secret: Secret | str | None = None,
        redirect_uri: str | None = None,
        token_url: str | None = None,
    ) -> OAuthAppInfo:
        """See `manage.oauth_apps.OAuthApps.put`."""
        body = {
            "clientId": client_id,
            "clientSecret": plain(client_secret),
            "redirectUri": redirect_uri,
            "tokenUrl": token_url,
        }
        name = segment(type, missing=UnknownType(type=type[:200], known=[]))
        return await self.changed(OAuthAppInfo, "PUT", f"/api/oauth/apps/{name}", said(body))

    async def delete(self, principal: Principal, type: str) -> None:
        """See `manage.oauth_apps.OAuthApps.delete`."""
        name = segment(type, missing=UnknownOAuthApp(type=type, known=[]))
        await self.wire.ask("DELETE", f"/api/oauth/apps/{name}")
