"""Connectors of a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.access.principal import Principal
from jackfield.manage.connector_views import ConnectorInfo
from jackfield.surfaces.sdk.remote.asking import Asking, connector_path, given
from jackfield.surfaces.server_errors import OnlyAtTheServer


class RemoteConnectors(Asking):
    """As `manage.connectors.Connectors`."""

    async def create(self, principal: Principal, body: Mapping[str, Any]) -> ConnectorInfo:
        """See `manage.connectors.Connectors.create`."""
        return await self.changed(ConnectorInfo, "POST", "/api/connectors", body)

    async def list(
        self,
        principal: Principal,
        *,
        namespace: str | None = None,
        type: str | None = None,
        category: str | None = None,
        tag: str | None = None,
        enabled: bool | None = None,
        deleted: bool = False,
    ) -> Sequence[ConnectorInfo]:
        """See `manage.connectors.Connectors.list`."""
        query = given(
            namespace=namespace, type=type, category=category, tag=tag, enabled=enabled, includeDeleted=deleted or None
        )
        return await self.every(ConnectorInfo, "/api/connectors", query=query)

    async def get(self, principal: Principal, wanted: str) -> ConnectorInfo:
        """See `manage.connectors.Connectors.get`."""
        return await self.one(ConnectorInfo, connector_path(wanted))

    async def update(
        self, principal: Principal, wanted: str, body: Mapping[str, Any], *, revision: int | None = None
    ) -> ConnectorInfo:
        """See `manage.connectors.Connectors.update`."""
        return await self.changed(ConnectorInfo, "PUT", connector_path(wanted), body, revision=revision)

    async def approve(self, principal: Principal, wanted: str, *, revision: int | None = None) -> ConnectorInfo:
        """See `manage.connectors.Connectors.approve`."""
        return await self.changed(ConnectorInfo, "POST", f"{connector_path(wanted)}/approve", revision=revision)

    async def enable(self, principal: Principal, wanted: str) -> ConnectorInfo:
        """See `manage.connectors.Connectors.enable`."""
        return await self.changed(ConnectorInfo, "POST", f"{connector_path(wanted)}/enable")

    async def disable(self, principal: Principal, wanted: str) -> ConnectorInfo:
        """See `manage.connectors.Connectors.disable`."""
        return await self.changed(ConnectorInfo, "POST", f"{connector_path(wanted)}/disable")

    async def set_mocks(self, principal: Principal, wanted: str, mocks: Mapping[str, Any]) -> ConnectorInfo:
        """See `manage.connectors.Connectors.set_mocks`."""
        return await self.update(principal, wanted, {"mocks": dict(mocks)})

    async def record_test(self, principal: Principal, wanted: str, result: Mapping[str, Any]) -> Mapping[str, Any]:
        """A server keeps what a test of its own has found, not what it is told.

        Raises:
            OnlyAtTheServer: Always.
        """
        instead = "let the server test it: `POST /api/connectors/{id}/test`"
        raise OnlyAtTheServer(what="writing down the result of a test", instead=instead)

    async def delete(self, principal: Principal, wanted: str) -> None:
        """See `manage.connectors.Connectors.delete`."""
        await self.wire.ask("DELETE", connector_path(wanted))
