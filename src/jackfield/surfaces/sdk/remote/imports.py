"""OpenAPI documents, read and imported by a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.access.principal import Principal
from jackfield.manage.import_views import Imported, Parsed
from jackfield.surfaces.sdk.remote.asking import Asking, connector_path


class RemoteImports(Asking):
    """As `manage.imports.Imports`. A `specUrl` is fetched by the server."""

    async def parse(self, principal: Principal, body: Mapping[str, Any]) -> Parsed:
        """See `manage.imports.Imports.parse`."""
        return await self.changed(Parsed, "POST", "/api/connectors/parse-openapi", body)

    async def import_into(
        self, principal: Principal, wanted: str, body: Mapping[str, Any], *, revision: int | None = None
    ) -> Imported:
        """See `manage.imports.Imports.import_into`."""
        path = f"{connector_path(wanted)}/import-openapi"
        return await self.changed(Imported, "POST", path, body, revision=revision)
