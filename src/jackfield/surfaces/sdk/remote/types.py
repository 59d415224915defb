"""Connector types of a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.access.principal import Principal
from jackfield.manage.type_views import TypeDetails, TypeInfo
from jackfield.registry.errors import UnknownType
from jackfield.surfaces.sdk.remote.asking import Asking, given, segment


class RemoteTypes(Asking):
    """As `manage.types.Types`."""

    async def create(self, principal: Principal, document: Mapping[str, Any]) -> TypeInfo:
        """See `manage.types.Types.create`."""
        return await self.changed(TypeInfo, "POST", "/api/connector-types", document)

    async def list(
        self,
        principal: Principal,
        *,
        category: str | None = None,
        tag: str | None = None,
        enabled: bool | None = None,
    ) -> Sequence[TypeInfo]:
        """See `manage.types.Types.list`."""
        query = given(category=category, tag=tag, enabled=enabled)
        return await self.every(TypeInfo, "/api/connector-types", query=query)

    async def get(self, principal: Principal, wanted: str) -> TypeDetails:
        """See `manage.types.Types.get`."""
        return await self.one(TypeDetails, _path(wanted))

    async def update(
        self, principal: Principal, wanted: str, document: Mapping[str, Any], *, revision: int | None = None
    ) -> TypeInfo:
        """See `manage.types.Types.update`."""
        return await self.changed(TypeInfo, "PUT", _path(wanted), document, revision=revision)

    async def enable(self, principal: Principal, wanted: str) -> TypeInfo:
        """See `manage.types.Types.enable`."""
        return await self.update(principal, wanted, {"enabled": True})

    async def disable(self, principal: Principal, wanted: str) -> TypeInfo:
        """See `manage.types.Types.disable`."""
        return await self.update(principal, wanted, {"enabled": False})

    async def delete(self, principal: Principal, wanted: str) -> None:
        """See `manage.types.Types.delete`."""
        await self.wire.ask("DELETE", _path(wanted))


def _path(wanted: str) -> str:
    return f"/api/connector-types/{segment(wanted, missing=UnknownType(type=wanted, known=[]))}"
