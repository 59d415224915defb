"""Tests of the connections of a server."""

from __future__ import annotations

from typing import Any

from jackfield.access.principal import Principal
from jackfield.manage.connection_tests import ConnectionTest
from jackfield.surfaces.sdk.remote.asking import Asking, connector_path


class RemoteConnectionTests(Asking):
    """As `manage.connection_tests.ConnectionTests`."""

    async def run(
        self, principal: Principal, wanted: str, *, timeout_s: float | None = None, environment: str | None = None
    ) -> ConnectionTest:
        """See `manage.connection_tests.ConnectionTests.run`."""
        body: dict[str, Any] = {} if timeout_s is None else {"timeout": round(timeout_s * 1000)}
        body |= {} if environment is None else {"environment": environment}
        return await self.changed(ConnectionTest, "POST", f"{connector_path(wanted)}/test", body)
