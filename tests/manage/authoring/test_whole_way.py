"""From words to a connector that is called, on each database: what the guide promises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jackfield.agents.tool import ToolContext
from manage.authoring.world import TOKEN, World, described, opened
from servers import Service

CONFIG = {"apiToken": {"secret": "ACME_TOKEN"}}


async def stored(world: World) -> None:
    """The secret, as a person puts it."""
    await world.manage.secrets.put(world.principal, "ACME_TOKEN", TOKEN)


async def test_words_become_a_connector_that_works(acme: Service, tmp_path: Path, database_url: str):
    """Generate, refine, create, test, execute; the record says who asked, and nothing has the secret."""
    async with opened(acme, tmp_path, database_url=database_url) as world:
        await stored(world)
        draft = (await world.told("generate_connector_script", {"description": described(acme)}))["connector"]
        tried = await world.told("test_connector", {"definition": draft | {"config": CONFIG}})
        made = await world.told("create_connector", draft | {"config": CONFIG})
        tested = await world.told("test_connector", {"connector": made["connector"]})
        call = {"connector": "acme-crm", "command": "createCustomer", "params": {"email": "bob@acme.example"}}
        context = ToolContext(chat_id="chat-1", call_id="call-1")
        created = await world.call("execute_connector_command", call, context=context)
        default = await world.told("execute_connector_command", {"connector": "acme-crm"})
        row = await world.manage.executions.get(world.principal, created.execution_id)
        log = [entry.action for entry in (await world.manage.audit.list(world.principal)).items]

    assert tried["success"]
    assert tested["success"]
    assert (made["connector"], made["configured"], made["approved"]) == ("default/acme-crm", True, False)
    assert json.loads(created.text) == {"id": 2, "email": "bob@acme.example"}
    assert default["result"] == [{"id": 1, "email": "ann@acme.example"}]
    assert (row.trigger, row.chat_id, row.tool_call_id) == ("mcp", "chat-1", "call-1")
    assert {"connector.create", "connector.test"} <= set(log)
    assert TOKEN not in json.dumps([tried, made, tested, created.text])


async def test_a_script_is_changed_and_its_faults_have_places(acme: Service, tmp_path: Path, database_url: str):
    """What is wrong changes nothing; what is right makes a version."""
    async with opened(acme, tmp_path, database_url=database_url) as world:
        await stored(world)
        draft = (await world.told("generate_connector_script", {"description": described(acme)}))["connector"]
        await world.told("create_connector", draft | {"config": CONFIG})
        change = {"connector": "acme-crm", "scriptSource": "function listCustomers() {\n  return 1 +;\n}"}
        refused = await world.call("update_connector_script", change)
        missing = await world.call("update_connector_script", change | {"scriptSource": "function test() {}"})
        script = draft["scriptSource"] + "\nfunction extra() { return [1]; }\n"
        changed = await world.told("update_connector_script", change | {"scriptSource": script})
        answer = await world.told("execute_connector_command", {"connector": "acme-crm", "command": "listCustomers"})

    assert (refused.failed, refused.code) == (True, "script-invalid")
    assert "`/scriptSource` line 2" in refused.text
    assert missing.code == "invalid-definition"
    assert "no function `listCustomers`" in missing.text
    assert (changed["version"], changed["functionsWithoutCommand"]) == ("1.0.1", ["extra"])
    assert answer["result"]


@pytest.mark.parametrize("secret", ["sk-plain-0123456789abcdef"])
async def test_a_plain_secret_is_sealed_and_repeated_nowhere(
    secret: str, acme: Service, tmp_path: Path, database_url: str, caplog
):
    """A model may have been given one all the same: it works, and nobody reads it again."""
    config = {"apiToken": secret}
    async with opened(acme, tmp_path, database_url=database_url) as world:
        draft = (await world.told("generate_connector_script", {"description": described(acme)}))["connector"]
        results = [
            await world.call("test_connector", {"definition": draft | {"config": config}}),
            await world.call("create_connector", draft | {"config": config}),
            await world.call("create_connector", draft | {"config": config}),
            await world.call("create_connector", draft | {"name": "b", "config": config | {"nothing": secret}}),
            await world.call("create_connector", draft | {"name": "c", "config": secret}),
            await world.call("create_connector", draft | {"name": "d", "config": {"apiToken": [secret]}}),
            await world.call("test_connector", {"definition": json.dumps(secret)}),
            await world.call("execute_connector_command", {"connector": "acme-crm"}),
        ]
        shown = (await world.manage.connectors.get(world.principal, "acme-crm")).config
        rows = await world.manage.executions.list(world.principal)

    assert [result.failed for result in results] == [True, False, True, True, True, True, True, True]
    assert acme.asked[-1].headers["authorization"] == f"Bearer {secret}"
    said: list[Any] = [*results, dict(shown), *rows.items, caplog.text]
    assert secret not in repr(said)


async def test_a_document_becomes_a_connector_without_passing_through_the_model(
    acme: Service, tmp_path: Path, database_url: str
):
    """Its operations by name are enough."""
    names = ("customers", "orders", "notes")
    paths = {f"/{name}": {"get": {"operationId": name, "responses": {}}} for name in names}
    bearer = {"securitySchemes": {"b": {"type": "http", "scheme": "bearer"}}}
    spec = {
        "openapi": "3.1.0",
        "info": {"title": "Acme", "version": "1"},
        "servers": [{"url": f"{acme.url}/v1"}],
        "security": [{"b": []}],
        "paths": paths,
        "components": bearer,
    }
    async with opened(acme, tmp_path, database_url=database_url) as world:
        await stored(world)
        parsed = await world.told("parse_openapi_spec", {"spec": json.dumps(spec), "filter": "cust"})
        body = {"name": "acme", "spec": spec, "select": ["customers"], "config": {"bearerToken": CONFIG["apiToken"]}}
        made = await world.told("create_connector", body)
        called = await world.told("execute_connector_command", {"connector": "acme", "command": "customers"})
        scripted = await world.told("generate_connector_script", {"spec": spec, "operations": ["orders"]})

    assert (parsed["counts"]["operations"], [one["name"] for one in parsed["operations"]]) == (3, ["customers"])
    assert made["commands"] == ["customers"]
    assert called["result"][0]["id"] == 1
    assert (scripted["madeBy"], list(scripted["connector"]["configSchema"]["commands"])) == ("openapi", ["orders"])
