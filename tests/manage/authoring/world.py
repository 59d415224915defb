"""What the tests of authoring share: a process with a vendor it may reach, and perhaps a model."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jackfield.access.principal import Principal
from jackfield.agents.tool import ToolResult
from jackfield.app.embedded import Embedded
from jackfield.manage.resources import Resources
from jackfield.settings import Settings
from servers import Answer, Asked, Service
from surfaces.kept import KEY

TOKEN = "acme-token-0123456789"

DATA = Path(tempfile.mkdtemp(prefix="jackfield-authoring-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)

SCRIPT = """\
function listCustomers() {
  var answer = floh.http.get(floh.config.baseUrl + "/customers", { Authorization: "Bearer " + floh.config.apiToken });
  if (answer.status >= 400) return { success: false, error: "Acme answered " + answer.status };
  return { success: true, payload: { customers: answer.body } };
}
"""
SCHEMA: dict[str, Any] = {
    "connectionConfig": {
        "baseUrl": {"type": "url", "required": True},
        "apiToken": {"type": "string", "secret": True, "required": True},
    },
    "commands": {"listCustomers": {"params": [], "description": "All customers.", "readsOnly": True}},
}


def written(**more: Any) -> str:
    """What a model answers that does as it was told."""
    return json.dumps({"description": "Customers.", "scriptSource": SCRIPT, "configSchema": SCHEMA, **more})


def vendor(asked: Asked) -> Answer:
    """Acme: customers, for whoever has the token."""
    if asked.headers.get("authorization") != f"Bearer {TOKEN}":
        return Answer(status=401, body={"error": "who are you?"})
    if asked.path.endswith("/customers") and asked.method == "GET":
        return Answer(body=[{"id": 1, "email": "ann@acme.example"}])
    if asked.path.endswith("/customers"):
        return Answer(status=201, body={"id": 2, **asked.json()})
    return Answer(body={"path": asked.path, "method": asked.method, "query": asked.query})


def described(service: Service) -> str:
    """Words about Acme, as a person would write them."""
    return f"""Create a connector for the Acme CRM API at {service.url}/v1; it takes a bearer token.
- GET /customers?limit= - list customers
- GET /customers/:id one customer
- POST /customers {{email*, firstName}} - create a customer
- DELETE /customers/{{id}}"""


@dataclass(frozen=True, kw_only=True)
class World:
    """An open process."""

    manage: Resources
    principal: Principal

    async def call(self, tool: str, arguments: Mapping[str, Any], **more: Any) -> ToolResult:
        """The result of a tool."""
        return await self.manage.authoring.call(self.principal, tool, arguments, **more)

    async def told(self, tool: str, arguments: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """What a tool answers that does not fail."""
        result = await self.call(tool, arguments, **more)
        assert not result.failed, result.text
        return dict(result.structured or {})


@asynccontextmanager
async def opened(service: Service, folder: Path, **more: Any) -> AsyncIterator[World]:
    """A process that may reach `service`, on a database of its own.

    All share a folder, where what the sandbox has compiled is kept: it starts in a fifth of the time.
    """
    url = f"sqlite:///{folder / 'jackfield.db'}"
    usual: dict[str, Any] = {"data": DATA, "database_url": url, "key": KEY, "egress_allow": service.address}
    runtime = Embedded(Settings(**{**usual, **more}), types=[])
    try:
        yield World(manage=await runtime.open(), principal=await runtime.principal())
    finally:
        await runtime.close()
