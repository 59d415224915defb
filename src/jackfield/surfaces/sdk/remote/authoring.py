"""The authoring tools of a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.access.principal import Principal
from jackfield.agents.errors import UnknownTool
from jackfield.agents.tool import ToolContext, ToolResult
from jackfield.dispatch.call import Trigger
from jackfield.dispatch.options import MAX_TIMEOUT_S
from jackfield.manage.authoring.results import failed
from jackfield.manage.authoring.tool import AuthoringTool, Sample
from jackfield.surfaces.sdk.remote.answers import unreadable
from jackfield.surfaces.sdk.remote.asking import Asking, segment
from jackfield.surfaces.sdk.remote.wire import CLIENT_HEADER, to_body

PATH = "/api/authoring/tools"
GRACE_S = 30.0
"""How much longer than a call may take the answer of a tool is waited for."""


class RemoteAuthoring(Asking):
    """As `manage.authoring.service.Authoring`."""

    async def tools(self, principal: Principal) -> Sequence[AuthoringTool]:
        """See `manage.authoring.service.Authoring.tools`."""
        document = await self.wire.ask("GET", PATH)
        if not isinstance(document, list):
            raise unreadable("what it answered is no list", url=self.wire.url)
        return [self.read(AuthoringTool, one) for one in document]

    async def call(
        self,
        principal: Principal,
        name: str,
        arguments: Mapping[str, Any],
        *,
        sample: Sample | None = None,
        context: ToolContext = ToolContext(),  # noqa: B008 - frozen
        trigger: Trigger = "mcp",
    ) -> ToolResult:
        """See `manage.authoring.service.Authoring.call`. A server asks its own model only, and never `sample`."""
        try:
            path = f"{PATH}/{segment(name, missing=UnknownTool(tool=name, known=[]))}"
        except UnknownTool as error:
            return failed(error)
        document = await self.wire.ask(
            "POST",
            path,
            body=to_body(dict(arguments)),
            headers={CLIENT_HEADER: trigger},
            timeout_s=MAX_TIMEOUT_S + GRACE_S,
            asked="call",
        )
        return self.read(ToolResult, document)
