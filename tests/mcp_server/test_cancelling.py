"""Who no longer wants an answer does not keep a service busy."""

from __future__ import annotations

import asyncio
import shutil
import threading

import pytest
from mcp.shared.exceptions import MCPError

from mcp_server.conftest import CONNECTORS
from mcp_server.world import Served
from server.world import settings
from servers import Answer, Asked, serve
from surfaces.served import served

PATIENCE_S = 20.0


class Slow:
    """A service whose answer nobody gets."""

    def __init__(self) -> None:
        self.came, self.end = threading.Event(), threading.Event()

    def __call__(self, asked: Asked) -> Answer:
        self.came.set()
        self.end.wait(PATIENCE_S)
        return Answer(body={})


@pytest.fixture
def slow():
    service = Slow()
    with serve(service) as running:
        yield service, running
        service.end.set()


@pytest.fixture
def server(slow, sqlite_template, tmp_path, monkeypatch):
    _, running = slow
    monkeypatch.setenv("HELPING_URL", running.url)
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jackfield.db')}"
    own = settings(tmp_path, database_url=url, connectors=CONNECTORS, egress_allow=running.address)
    with served(own) as started:
        server = Served(url=started.url)
        server.rest("POST", "/api/connectors", {"name": "desk", "type": "helping"})
        yield server


def status_of(server: Served) -> str:
    """How the last call stands."""
    found = server.rest("GET", "/api/executions?pageSize=1")["items"]
    return str(found[0]["status"]) if found else ""


async def test_a_call_that_is_cancelled_is_cancelled_at_the_service(server, slow, revision):
    """The record says so; the answer is not waited for."""
    service, _ = slow
    async with server.client(revision) as client:
        calling = asyncio.create_task(client.call_tool("desk__ask", {}))
        await asyncio.to_thread(service.came.wait, PATIENCE_S)
        calling.cancel()
        with pytest.raises((asyncio.CancelledError, MCPError)):
            await calling
        async with asyncio.timeout(PATIENCE_S):
            while await asyncio.to_thread(status_of, server) != "CANCELLED":
                pass
        again = await client.call_tool("desk__tell", {})

    assert not service.end.is_set()
    assert not again.is_error
