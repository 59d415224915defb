"""The authoring tools at a server, over REST and from a remote program: from words to a connector that is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jackfield import Jackfield
from jackfield.agents.tool import ToolResult
from manage.authoring.world import DATA, TOKEN, described, vendor, written
from models import model
from server.world import At, at, settings
from servers import Service, serve
from surfaces.served import ADMIN_TOKEN, served

CONFIG = {"apiToken": {"secret": "ACME_TOKEN"}}
TOOLS = "/api/authoring/tools"


@pytest.fixture
def acme() -> Iterator[Service]:
    with serve(vendor) as running:
        yield running


def call(server: At, tool: str, arguments: Any, **headers: str) -> dict[str, Any]:
    """What a tool answers, failed or not."""
    said = server.ask("POST", f"{TOOLS}/{tool}", arguments, headers=headers)
    assert said.status == 200, said.body
    answer: dict[str, Any] = said.json()
    return answer


@pytest.mark.slow
@pytest.mark.parametrize("writes", ["model", "scaffold"])
def test_from_words_to_a_connector_that_is_called(writes: str, acme: Service, database_url: str, tmp_path: Path):
    """N02: generate, try, create, test, change, execute, with a model and without, on each database."""
    with model(written()) as running:
        more: dict[str, Any] = {"model_url": running.url, "model": "coder"} if writes == "model" else {}
        kept = settings(DATA, database_url=database_url, egress_allow=acme.address, **more)
        with served(kept) as started:
            server = at(started)
            server.ask("POST", "/api/secrets", {"name": "ACME_TOKEN", "value": TOKEN})
            made = call(server, "generate_connector_script", {"description": described(acme), "name": "acme"})
            draft = made["structured"]["connector"]
            body = draft | {"config": CONFIG | {"baseUrl": f"{acme.url}/v1"}}
            tried = call(server, "test_connector", {"definition": body, "command": "listCustomers"})
            created = call(server, "create_connector", body)
            change = {"connector": "acme", "scriptSource": f"{draft['scriptSource']}\n// reviewed\n"}
            changed = call(server, "update_connector_script", change)
            executed = call(server, "execute_connector_command", {"connector": "acme", "command": "listCustomers"})
            row = server.ask("GET", f"/api/executions/{executed['executionId']}").json()

    results = [made, tried, created, changed, executed]
    assert [result["text"] for result in results if result["failed"]] == []
    assert made["structured"]["madeBy"] == writes
    assert changed["structured"]["version"] == "1.0.1"
    assert "ann@acme.example" in executed["text"]
    assert row["trigger"] == "api"
    assert TOKEN not in repr(results)


def test_a_remote_program_has_the_same_tools(server: At):
    """So an MCP server at a terminal can offer what is at a server."""
    with Jackfield(url=server.url, token=ADMIN_TOKEN) as jf:
        tools = jf.manage.authoring.tools()
        failed = jf.manage.authoring.call("execute_connector_command", {"connector": "nobody"})
        called = jf.manage.authoring.call("execute_connector_command", {"connector": "delay", "params": {"delayMs": 1}})
        unknown = jf.manage.authoring.call("../connectors", {})
        row = jf.manage.executions.get(called.execution_id)
    listed = server.ask("GET", TOOLS).json()

    assert [tool.name for tool in tools] == [tool["name"] for tool in listed]
    assert tools[0].input_schema == listed[0]["inputSchema"]
    assert isinstance(failed, ToolResult)
    assert (failed.failed, failed.code, unknown.code) == (True, "unknown-connector", "unknown-tool")
    assert (called.structured, row.trigger) == ({"delayed": 1}, "mcp")


def test_without_a_token_there_are_no_tools(server: At):
    stranger = replace(server, token="")

    assert stranger.ask("GET", TOOLS).status == 401
    assert stranger.ask("POST", f"{TOOLS}/create_connector", {}).status == 401
