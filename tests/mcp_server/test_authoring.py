"""The tools that make connectors, for those who may, and with a client's own model where it lends it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp_types import CreateMessageRequestParams, CreateMessageResult, TextContent

from manage.authoring.world import DATA, TOKEN, described, vendor, written
from mcp_server.conftest import desk
from mcp_server.world import NEW, OLD, Served, text_of
from server.world import settings
from servers import Service, serve
from surfaces.served import served

SIX = {
    "create_connector",
    "execute_connector_command",
    "generate_connector_script",
    "parse_openapi_spec",
    "test_connector",
    "update_connector_script",
}


@pytest.fixture
def acme() -> Iterator[Service]:
    with serve(vendor) as running:
        yield running


@pytest.fixture
def server(acme: Service, sqlite_template: Path, tmp_path: Path) -> Iterator[Served]:
    """One that may reach the vendor, and has its secret."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jackfield.db')}"
    with served(settings(DATA, database_url=url, egress_allow=acme.address)) as started:
        server = Served(url=started.url)
        server.rest("POST", "/api/secrets", {"name": "ACME_TOKEN", "value": TOKEN})
        yield server


async def names(server: Served, *, path: str = "/mcp", token: str | None = None) -> set[str]:
    async with server.client(path=path, token=token) as client:
        return {tool.name for tool in (await client.list_tools()).tools}


async def test_they_are_for_who_may_change_things(shared):
    """A model that shall only call commands is not offered more; no gateway offers them."""
    everything = await names(shared)
    caller = await names(shared, token=shared.user_token("read", "execute"))
    gateway = await names(shared, path=shared.gateway("any", None))

    assert everything >= SIX
    assert not caller & SIX
    assert not gateway & SIX


async def test_who_is_not_offered_them_cannot_call_them(shared):
    """Names are easily guessed."""
    token = shared.user_token("read", "execute", "manage", name="maker")
    path = shared.gateway("guessed", None)
    async with shared.client(path=path, token=token) as client:
        done = await client.call_tool("create_connector", {"name": "x"})

    assert "unknown-tool" in text_of(done)


async def test_they_can_be_switched_off(sqlite_template, tmp_path):
    """By whoever runs the server."""
    with desk(tmp_path, sqlite_template, mcp_authoring=False) as server:
        assert not await names(server) & SIX


@pytest.mark.slow
async def test_a_model_makes_a_connector_and_calls_it(server, acme, revision):
    """N02: each of the tools that it takes, through the protocol."""
    async with server.client(revision) as client:
        made = await client.call_tool("generate_connector_script", {"description": described(acme), "name": "acme"})
        draft = made.structured_content["connector"]
        config = {"apiToken": {"secret": "ACME_TOKEN"}, "baseUrl": f"{acme.url}/v1"}
        created = await client.call_tool("create_connector", draft | {"config": config})
        tested = await client.call_tool("test_connector", {"connector": "acme"})
        asked = {"connector": "acme", "command": "listCustomers"}
        called = await client.call_tool("execute_connector_command", asked)
        listed = {tool.name for tool in (await client.list_tools()).tools}

    assert [text_of(done) for done in (made, created, tested, called) if done.is_error] == []
    assert "ann@acme.example" in text_of(called)
    assert "acme__listCustomers" in listed
    assert TOKEN not in json.dumps([text_of(done) for done in (made, created, tested, called)])
    assert server.rest("GET", "/api/executions?trigger=mcp")["total"] >= 1


@pytest.mark.slow
async def test_a_client_may_lend_its_model(server, acme):
    """Only one of the older revision can: in the newer one a server asks nothing."""
    asked: list[CreateMessageRequestParams] = []

    async def model(_ctx: object, params: CreateMessageRequestParams) -> CreateMessageResult:
        asked.append(params)
        said = TextContent(type="text", text=written())
        return CreateMessageResult(role="assistant", content=said, model="lent")

    given = {"description": described(acme), "name": "acme"}
    async with server.client(OLD, sampling_callback=model) as client:
        lent = await client.call_tool("generate_connector_script", given)
    async with server.client(NEW, sampling_callback=model) as client:
        own = await client.call_tool("generate_connector_script", given)

    assert len(asked) == 1
    assert lent.structured_content["madeBy"] != "scaffold"
    assert own.structured_content["madeBy"] == "scaffold"


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Acme", "version": "1"},
    "servers": [{"url": "https://acme.example"}],
    "paths": {"/customers": {"get": {"operationId": "listCustomers", "responses": {"200": {"description": "All."}}}}},
}
BETTER = "function listCustomers() { return { success: true, payload: { better: true } }; }"


@pytest.mark.slow
async def test_a_model_reads_a_document_and_mends_a_script(server, acme, revision):
    """N02: the two others."""
    async with server.client(revision) as client:
        read = await client.call_tool("parse_openapi_spec", {"spec": json.dumps(DOCUMENT)})
        made = await client.call_tool("generate_connector_script", {"description": described(acme), "name": "mine"})
        config = {"apiToken": {"secret": "ACME_TOKEN"}, "baseUrl": f"{acme.url}/v1"}
        created = await client.call_tool(
            "create_connector", made.structured_content["connector"] | {"name": "mine", "config": config}
        )
        source = made.structured_content["connector"]["scriptSource"]
        mended = source[: source.index("function listCustomers")] + BETTER
        mended += "\n" + source[source.index("function ", source.index("function listCustomers") + 10) :]
        changed = await client.call_tool("update_connector_script", {"connector": "mine", "scriptSource": mended})
        called = await client.call_tool("execute_connector_command", {"connector": "mine", "command": "listCustomers"})

    assert [text_of(done) for done in (read, made, created, changed, called) if done.is_error] == []
    assert "GET /customers" in text_of(read)
    assert "better" in text_of(called)
