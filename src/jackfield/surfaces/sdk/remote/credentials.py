"""Credentials of a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.access.principal import Principal
from jackfield.credentials.errors import UnknownCredential
from jackfield.definition.secret import Secret
from jackfield.manage.connection_tests import ConnectionTest
from jackfield.manage.credential_fields import CredentialField
from jackfield.manage.credential_views import CredentialInfo, CredentialMode, CredentialState
from jackfield.manage.secret_views import Visibility
from jackfield.surfaces.sdk.remote.asking import Asking, given, segment


class RemoteCredentials(Asking):
    """As `manage.credentials.Credentials`."""

    async def list(self, principal: Principal, *, connector: str | None = None) -> Sequence[CredentialInfo]:
        """See `manage.credentials.Credentials.list`."""
        return await self.every(CredentialInfo, "/api/credentials", query=given(connector=connector))

    async def get(self, principal: Principal, wanted: str) -> CredentialInfo:
        """See `manage.credentials.Credentials.get`."""
        return await self.one(CredentialInfo, _path(wanted))

    async def fields(self, principal: Principal, connector: str) -> Sequence[CredentialField]:
        """See `manage.credentials.Credentials.fields`."""
        return await self.every(CredentialField, "/api/credential-fields", query=given(connector=connector))

    async def status(self, principal: Principal, wanted: str) -> CredentialState:
        """See `manage.credentials.Credentials.status`."""
        return await self.one(CredentialState, f"{_path(wanted)}/status")

    async def add(
        self,
        principal: Principal,
        connector: str,
        *,
        name: str | None = None,
        values: Mapping[str, Any] | None = None,
        mode: CredentialMode = "values",
        visibility: Visibility = "shared",
        default: bool | None = None,
        end_user: str = "",
    ) -> CredentialInfo:
        """See `manage.credentials.Credentials.add`."""
        body = {
            "connector": connector,
            "name": name,
            "values": _plain(values),
            "mode": mode,
            "visibility": visibility,
            "isDefault": default,
            "endUser": end_user,
        }
        return await self.changed(CredentialInfo, "POST", "/api/credentials", _said(body))

    async def change(
        self,
        principal: Principal,
        wanted: str,
        *,
        name: str | None = None,
        values: Mapping[str, Any] | None = None,
        default: bool | None = None,
        end_user: str | None = None,
        revision: int | None = None,
    ) -> CredentialInfo:
        """See `manage.credentials.Credentials.change`."""
        body = {"name": name, "values": _plain(values), "isDefault": default, "endUser": end_user}
        return await self.changed(CredentialInfo, "PUT", _path(wanted), _said(body), revision=revision)

    async def delete(self, principal: Principal, wanted: str, *, revision: int | None = None) -> None:
        """See `manage.credentials.Credentials.delete`."""
        headers = None if revision is None else {"If-Match": f'"{revision}"'}
        await self.wire.ask("DELETE", _path(wanted), headers=headers)

    async def test(
        self, principal: Principal, wanted: str, *, timeout_s: float | None = None, environment: str | None = None
    ) -> ConnectionTest:
        """See `manage.credentials.Credentials.test`."""
        timeout = None if timeout_s is None else round(timeout_s * 1000)
        body = _said({"timeout": timeout, "environment": environment})
        return await self.changed(ConnectionTest, "POST", f"{_path(wanted)}/test", body)

    async def refresh(self, principal: Principal, wanted: str) -> CredentialInfo:
        """See `manage.credentials.Credentials.refresh`."""
        return await self.changed(CredentialInfo, "POST", f"{_path(wanted)}/refresh")

    async def revoke(self, principal: Principal, wanted: str) -> CredentialInfo:
        """See `manage.credentials.Credentials.revoke`."""
        return await self.changed(CredentialInfo, "POST", f"{_path(wanted)}/revoke")


def _path(wanted: str) -> str:
    return f"/api/credentials/{segment(wanted, missing=UnknownCredential(credential=wanted[:120], known=[]))}"


def _said(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if value is not None}


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: value.reveal() if isinstance(value, Secret) else value for name, value in values.items()}
