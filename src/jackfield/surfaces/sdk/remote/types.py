"""Connector types of a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.access.principal import Principal
from jackfield.manage.type_capabilities import TypeCapabilities
from jackfield.manage.type_views import TypeDetails, TypeInfo, VersionDetails, VersionInfo
from jackfield.manage.views import to_json
from jackfield.registry.errors import UnknownType, UnknownVersion
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
        document = await self.wire.ask("GET", _path(wanted))
        info = self.read(TypeInfo, document)  # all in one object
        return self.read(TypeDetails, {**document, "type": to_json(info)})

    async def capabilities(self, principal: Principal, wanted: str, *, full: bool = False) -> TypeCapabilities:
        """See `manage.types.Types.capabilities`."""
        return await self.one(TypeCapabilities, f"{_path(wanted)}/capabilities", query=given(full=full or None))

    async def versions(self, principal: Principal, wanted: str) -> Sequence[VersionInfo]:
        """See `manage.types.Types.versions`."""
        return await self.every(VersionInfo, f"{_path(wanted)}/versions")

    async def version(self, principal: Principal, wanted: str, version: str) -> VersionDetails:
        """See `manage.types.Types.version`."""
        number = segment(version, missing=UnknownVersion(type=wanted, version=version, known=[]))
        return await self.one(VersionDetails, f"{_path(wanted)}/versions/{number}")

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
