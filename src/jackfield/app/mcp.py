"""The MCP surface on top of a runtime."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from jackfield.access.principal import Principal
from jackfield.app.opening import Opened
from jackfield.manage.resources import Resources
from jackfield.settings import Settings
from jackfield.surfaces.mcp.endpoint import Endpoint
from jackfield.surfaces.mcp.services import McpServices
from jackfield.surfaces.mcp.visit import Visit, Whole


def mcp_endpoint(settings: Settings, parts: Opened) -> Endpoint:
    """The surface of a server."""
    public = urlsplit(settings.public_url).hostname or ""
    whole = Whole(mode=settings.mcp_mode)
    return Endpoint(
        McpServices(
            tools=parts.resources.tools,
            authoring=parts.resources.authoring,
            visit=partial(visit_of, parts.resources, whole=whole, authoring=settings.mcp_authoring),
            stateless=settings.mcp_stateless,
            max_request_bytes=settings.max_request_bytes,
            hosts=(settings.host, public),
            public_url=settings.public_url,
        )
    )


async def visit_of(resources: Resources, caller: Principal, name: str, *, whole: Whole, authoring: bool) -> Visit:
    """A caller at a gateway, or at the endpoint of everything where no name is given.

    Args:
        whole: What is there without a name.
        authoring: Whether connectors can be made there.

    Raises:
        UnknownGateway, GatewayDisabled, NothingKept: There is none to ask through.
        GatewayTokenMisplaced, ScopeMissing: The caller may not.
    """
    if not name:
        if caller.gateway is not None:
            await resources.gateways.refuse(caller, place="/mcp")
        return Visit(principal=caller, gateway=whole, authoring=authoring)
    gateway = await resources.gateways.open(caller, name)
    return Visit(principal=gateway.caller, gateway=gateway, bearer=caller)
