"""Tests of the connections of a server."""

from __future__ import annotations

from jackfield.access.principal import Principal
from jackfield.manage.connection_tests import ConnectionTest
from jackfield.surfaces.sdk.remote.asking import Asking, connector_path


class RemoteConnectionTests(Asking):
    """As `manage.connection_tests.ConnectionTests`."""

    async def run(self, principal: Principal, wanted: str, *, timeout_s: float | None = None) -> ConnectionTest:
        """See `manage.connection_tests.ConnectionTests.run`."""
        body = {} if timeout_s is None else {"timeout": round(timeout_s * 1000)}
        return await self.changed(ConnectionTest, "POST", f"{connector_path(wanted)}/test", body)
