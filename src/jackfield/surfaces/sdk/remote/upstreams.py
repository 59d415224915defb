"""Upstream MCP servers of connectors at a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.access.principal import Principal
from jackfield.manage.upstream_views import Synced
from jackfield.surfaces.sdk.remote.asking import Asking, connector_path


class RemoteUpstreams(Asking):
    """As `manage.upstreams.Upstreams`."""

    async def sync(
        self, principal: Principal, wanted: str, body: Mapping[str, Any] | None = None, *, revision: int | None = None
    ) -> Synced:
        """See `manage.upstreams.Upstreams.sync`."""
        path = f"{connector_path(wanted)}/sync-mcp"
        return await self.changed(Synced, "POST", path, body or {}, revision=revision)
