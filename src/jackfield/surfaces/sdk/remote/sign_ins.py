"""Sign-ins at a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jackfield.access.principal import Principal
from jackfield.definition.secret import Secret
from jackfield.manage.errors import UnknownSignIn
from jackfield.manage.sign_in_views import DeviceStarted, RedirectUri, SignInStarted, SignInStatus
from jackfield.manage.sign_in_wishes import Mode, Visibility
from jackfield.surfaces.sdk.remote.asking import Asking, given, segment
from jackfield.surfaces.server_errors import OnlyAtTheServer


class RemoteSignIns(Asking):
    """As `manage.sign_ins.SignIns`."""

    async def start(
        self,
        principal: Principal,
        connector: str,
        *,
        credential: str | None = None,
        name: str | None = None,
        visibility: Visibility = "shared",
        default: bool | None = None,
        end_user: str | None = None,
        mode: Mode | None = None,
        client_id: str | None = None,
        client_secret: Secret | str | None = None,
        scopes: Sequence[str] = (),
        switch_account: bool = False,
        return_to: str | None = None,
        origin: str | None = None,
    ) -> SignInStarted:
        """See `manage.sign_ins.SignIns.start`. Only a browser that asks itself can come back to a server.

        Raises:
            OnlyAtTheServer: Always.
        """
        instead = "make a connect link, which any browser can open: `connect_links.make`; or `start_device`"
        raise OnlyAtTheServer(what="beginning a sign-in for a browser that does not ask itself", instead=instead)

    async def status(self, principal: Principal, id: str) -> SignInStatus:
        """See `manage.sign_ins.SignIns.status`."""
        return await self.one(SignInStatus, f"/api/oauth/sign-ins/{_part(id)}")

    async def redirect_uri(self, principal: Principal, connector: str, *, origin: str | None = None) -> RedirectUri:
        """See `manage.sign_ins.SignIns.redirect_uri`. A server knows its own address."""
        return await self.one(RedirectUri, "/api/oauth/redirect-uri", query=given(connector=connector))

    async def start_device(
        self,
        principal: Principal,
        connector: str,
        *,
        credential: str | None = None,
        name: str | None = None,
        visibility: Visibility = "shared",
        default: bool | None = None,
        end_user: str | None = None,
        mode: Mode | None = None,
        client_id: str | None = None,
        client_secret: Secret | str | None = None,
        scopes: Sequence[str] = (),
    ) -> DeviceStarted:
        """See `manage.sign_ins.SignIns.start_device`."""
        body = {
            "connector": connector,
            "credential": credential,
            "name": name,
            "visibility": visibility,
            "isDefault": default,
            "endUser": end_user,
            "mode": mode,
            "clientId": client_id,
            "clientSecret": plain(client_secret),
            "scopes": list(scopes),
        }
        return await self.changed(DeviceStarted, "POST", "/api/oauth/devices", said(body))

    async def poll_device(self, principal: Principal, id: str) -> SignInStatus:
        """See `manage.sign_ins.SignIns.poll_device`."""
        return await self.changed(SignInStatus, "POST", f"/api/oauth/devices/{_part(id)}/poll")


def plain(value: Secret | str | None) -> str | None:
    """A secret as it is sent."""
    return value.reveal() if isinstance(value, Secret) else value


def said(body: dict[str, Any]) -> dict[str, Any]:
    """What was said of a body."""
    return {key: value for key, value in body.items() if value is not None}


def _part(id: str) -> str:
    return segment(id, missing=UnknownSignIn(sign_in=id[:100]))
