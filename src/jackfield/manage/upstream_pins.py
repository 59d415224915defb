"""A new connector to an MCP server gets the definitions of its tools, which whoever makes it is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from jackfield.access.principal import Principal
from jackfield.credentials.errors import CredentialMissing
from jackfield.definition.mcp.tools import TOOLS, pin
from jackfield.manage.upstreams import Listing, is_unpinned
from jackfield.registry.errors import ConnectorNotConfigured
from jackfield.registry.resolve import Target

if TYPE_CHECKING:
    from jackfield.manage.connector_new import Fill
    from jackfield.manage.trials import Described

Describe = Callable[[Principal, Mapping[str, Any]], Awaitable["Described"]]
"""What a body describes, once the caller may make it; see `manage.trials.describes`."""


class Pins:
    """Pins the tools of bodies that name a server, and none of its tools."""

    def __init__(self, describe: Describe, listing: Listing, *, fill: Fill) -> None:
        """Args:
        describe: Reads and judges the body.
        listing: Asks the server.
        fill: What else is filled into a body, before.
        """
        self._describe = describe
        self._listing = listing
        self._fill = fill

    async def filled(self, principal: Principal, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The body with all that is filled in. One whose connection is not complete stays without tools, to be synced.

        Raises:
            JackfieldError: What `fill` raises; the connector could not be made; or its server cannot be asked.
        """
        body = await self._fill(principal, body)
        if not is_unpinned(body):
            return body
        without = {key: value for key, value in body.items() if str(key) != "draft"}
        found = await self._describe(principal, without)
        if found.type.definition.execution_model != "mcp":
            return body
        try:
            offered = await self._listing.tools(principal, Target(type=found.type, connector=found.connector))
        except (ConnectorNotConfigured, CredentialMissing):
            return body
        return {**body, TOOLS: pin(offered, before={}).tools}
