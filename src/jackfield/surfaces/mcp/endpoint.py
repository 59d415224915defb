"""`/mcp` and `/mcp/{gateway}`: what all requests pass before the SDK sees them, and the first of which loads it."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from jackfield.access.principal import Principal
from jackfield.errors import JackfieldError
from jackfield.surfaces.errors import MethodNotAllowed, RouteNotFound, ServerStopping
from jackfield.surfaces.mcp.hosts import Hosts
from jackfield.surfaces.mcp.metadata import ENDPOINT, WELL_KNOWN, challenge, metadata
from jackfield.surfaces.mcp.services import McpServices
from jackfield.surfaces.mcp.visit import Visit

if TYPE_CHECKING:
    from jackfield.surfaces.mcp.http import Host

VISIT = "mcp.visit"
"""Under which the state of a request has its `Visit`."""
AGAIN = "again"
"""Under which the edge leaves how to find the caller once more."""


class Endpoint:
    """The surface as an ASGI application. Implements `surfaces.mounted.Mounted`.

    The SDK takes most of a second to be imported. That happens in a thread, and only where somebody asks for it.
    """

    def __init__(self, services: McpServices) -> None:
        """Args:
        services: Of the server.
        """
        self._services = services
        self._hosts = Hosts(services.hosts)
        self._host: Host | None = None
        self._loading = asyncio.Lock()
        self._over = False

    def owns(self, path: str) -> bool:
        """Whether a request for `path` is for this surface."""
        return path == ENDPOINT or path.startswith((f"{ENDPOINT}/", WELL_KNOWN))

    def is_open(self, path: str) -> bool:
        """Whether it is answered without a token: what tells that one is needed."""
        return path.startswith(WELL_KNOWN)

    def admit(self, scope: Scope) -> None:
        """Do nothing if the request is for this server.

        Raises:
            HostRefused: It is for another.
        """
        self._hosts.check(scope["headers"])

    def headers_of(self, scope: Scope, error: JackfieldError) -> dict[str, str]:
        """For the answer to a request that was refused."""
        if error.code == "host-refused":
            return {}
        said = challenge(error, base=self._base(scope), path=scope["path"])
        return {"WWW-Authenticate": said} if said else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request of a caller who is known."""
        path = scope["path"]
        if path.startswith(WELL_KNOWN):
            await self._describe(scope, receive, send)
            return
        if scope["state"].get("head"):
            raise MethodNotAllowed(method="HEAD", path=path, allowed=["GET", "POST", "DELETE"])
        scope["state"][VISIT] = await self._visit(scope["state"]["caller"], path)
        host = await self._loaded()
        await host.handle(scope, receive, send)

    def end_streams(self) -> None:
        """The server stops: whoever listens is let go; calls may finish."""
        self._over = True
        if self._host is not None:
            self._host.end_streams()

    async def close(self) -> None:
        """End all sessions."""
        self._over = True
        if self._host is not None:
            await self._host.close()

    async def _visit(self, caller: Principal, path: str) -> Visit:
        """Who asks through which gateway.

        Raises:
            RouteNotFound, UnknownGateway, GatewayDisabled: There is none to ask through.
            GatewayTokenMisplaced, ScopeMissing: The caller may not.
        """
        name = path.removeprefix(ENDPOINT).strip("/")
        if "/" in name:
            raise RouteNotFound(path=path)
        visit = await self._services.visit(caller, name)
        if "read" not in visit.principal.scopes:
            await self._services.tools.list(visit.principal, choice=visit.gateway.choice)  # which refuses and notes it
        return visit

    async def _loaded(self) -> Host:
        async with self._loading:
            if self._over:
                raise ServerStopping
            if self._host is None:
                module = await asyncio.to_thread(importlib.import_module, "jackfield.surfaces.mcp.http")
                host: Host = await module.start(self._services)
                self._host = host
            return self._host

    async def _describe(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        below = path.removeprefix(WELL_KNOWN)
        if below and not (below == ENDPOINT or below.startswith(f"{ENDPOINT}/")):
            raise RouteNotFound(path=path)
        if scope["method"] != "GET":
            raise MethodNotAllowed(method=scope["method"], path=path, allowed=["GET"])
        told: dict[str, Any] = metadata(self._base(scope), path)
        await JSONResponse(told)(scope, receive, send)

    def _base(self, scope: Scope) -> str:
        """The server's address. What a request calls it was judged before."""
        if self._services.public_url:
            return self._services.public_url
        host = next((value for name, value in scope["headers"] if name == b"host"), b"localhost")
        return f"{scope.get('scheme', 'http')}://{host.decode('latin-1')}"
