"""Connectors that are kept nowhere, tried by a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.access.principal import Principal
from jackfield.dispatch.call import CallOptions, Origin
from jackfield.dispatch.options import MAX_TIMEOUT_S, to_wire
from jackfield.manage.connector_views import ConnectorInfo
from jackfield.manage.trial_views import ORIGIN, Trial, read_trial
from jackfield.surfaces.sdk.remote.answers import unreadable
from jackfield.surfaces.sdk.remote.asking import Asking
from jackfield.surfaces.sdk.remote.wire import CLIENT_HEADER, to_body
from jackfield.surfaces.server_errors import OnlyAtTheServer

PATH = "/api/connectors/try"
GRACE_S = 30.0
"""How much longer than the call may take its answer is waited for: the connector is looked at first."""


class RemoteTrials(Asking):
    """As `manage.trials.Trials`."""

    async def check(self, principal: Principal, body: Mapping[str, Any]) -> ConnectorInfo:
        """See `manage.trials.Trials.check`."""
        document = await self.wire.ask("POST", PATH, body=to_body({"connector": dict(body), "dryRun": True}))
        return self.read(ConnectorInfo, document.get("connector") if isinstance(document, Mapping) else None)

    async def described(self, principal: Principal, body: Mapping[str, Any]) -> Any:
        """What it would be made of is the server's.

        Raises:
            OnlyAtTheServer: Always.
        """
        raise OnlyAtTheServer(what="looking into a connector that is kept nowhere", instead="ask with `check`")

    async def run(
        self,
        principal: Principal,
        body: Mapping[str, Any],
        command: str | None = None,
        params: Mapping[str, Any] | None = None,
        *,
        options: CallOptions | None = None,
        origin: Origin = ORIGIN,
    ) -> Trial:
        """See `manage.trials.Trials.run`."""
        options = options or CallOptions()
        asked = {"command": command, "params": dict(params or {}), "options": to_wire(options), "dryRun": False}
        document = await self.wire.ask(
            "POST",
            PATH,
            body=to_body({"connector": dict(body), **asked}),
            headers={CLIENT_HEADER: "cli" if origin.text_only else "sdk"},
            timeout_s=(options.timeout_s or MAX_TIMEOUT_S) + GRACE_S,
            asked="call",
        )
        try:
            return read_trial(document)
        except ValueError as error:
            raise unreadable(str(error), url=self.wire.url, asked="call") from None
