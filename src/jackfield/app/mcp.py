"""The MCP surface on top of a runtime."""

from __future__ import annotations

from urllib.parse import urlsplit

from jackfield.access.principal import Principal
from jackfield.app.opening import Opened
from jackfield.settings import Settings
from jackfield.surfaces.errors import RouteNotFound
from jackfield.surfaces.mcp.endpoint import Endpoint
from jackfield.surfaces.mcp.services import McpServices
from jackfield.surfaces.mcp.visit import Gateway


def mcp_endpoint(settings: Settings, parts: Opened) -> Endpoint:
    """The surface of a server."""
    public = urlsplit(settings.public_url).hostname or ""
    return Endpoint(
        McpServices(
            tools=parts.resources.tools,
            open_gateway=_gateway,
            mode=settings.mcp_mode,
            offers_authoring=settings.mcp_authoring,
            stateless=settings.mcp_stateless,
            max_request_bytes=settings.max_request_bytes,
            hosts=(settings.host, public),
            public_url=settings.public_url,
        )
    )


async def _gateway(_caller: Principal, name: str) -> Gateway:
    raise RouteNotFound(path=f"/mcp/{name}")
