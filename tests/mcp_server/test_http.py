"""Tools over HTTP, as clients of both revisions see them."""

from __future__ import annotations

import json

import httpx2 as httpx
import pytest
from mcp.shared.exceptions import MCPError

from mcp_server.conftest import desk
from mcp_server.world import NEW, OLD, initialize, text_of


async def test_commands_are_listed_with_what_they_may_do(shared, revision):
    """Clients ask people before what is destructive, and not before what only looks."""
    async with shared.client(revision) as client:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        said = client.server_info

    delete, look = listed["desk__delete_ticket"], listed["desk__list_tickets"]
    assert (said.name, said.title) == ("jackfield", "Jackfield")
    assert look.title == "List tickets"
    assert look.description.startswith("List the tickets of the desk")
    assert look.input_schema["properties"]["state"]["default"] == "open"
    assert look.annotations.model_dump(exclude={"title"}) == {
        "read_only_hint": True,
        "destructive_hint": False,
        "idempotent_hint": True,
        "open_world_hint": True,
    }
    assert delete.annotations.destructive_hint
    assert not delete.annotations.read_only_hint
    assert "retrieve_tool_result" in listed


async def test_a_call_answers_text_and_data(shared, revision):
    """Some clients read the one, some the other."""
    async with shared.client(revision) as client:
        done = await client.call_tool("desk__add_note", {"ticket": 7, "text": "hello"})

    assert not done.is_error
    assert done.structured_content == {"ticket": 7, "text": "hello", "channel": "internal"}
    assert json.loads(text_of(done)) == done.structured_content


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("desk__refuse", {}, "Error (closed): the desk is closed\nHint: come back tomorrow"),
        ("desk__add_note", {"ticket": "seven"}, "Error (invalid-params)"),
        ("desk__add_note", {"ticket": 7, "text": "x", "colour": "red"}, "is no param of this tool"),
        ("desk__list_ticket", {}, "did you mean `desk__list_tickets`?"),
        ("retrieve_tool_result", {}, "Error (invalid-params)"),
        ("retrieve_tool_result", {"toolCallId": "none"}, "Error (unknown-tool-result)"),
    ],
)
async def test_what_a_model_gets_wrong_it_reads(shared, revision, tool, arguments, said):
    """An error of the protocol would end at the client, and the model would not learn from it."""
    async with shared.client(revision) as client:
        done = await client.call_tool(tool, arguments)

    assert done.is_error
    assert said in text_of(done)
    assert len(text_of(done)) < 1_000


async def test_the_record_says_that_a_model_called_through_mcp(shared, revision):
    """And under which gateway, for whoever looks what a model has done."""
    async with shared.client(revision) as client:
        await client.call_tool("desk__list_tickets", {"state": f"of-{revision}"})
    found = shared.rest("GET", "/api/executions?trigger=mcp&pageSize=1")["items"][0]

    assert (found["trigger"], found["chatId"], found["command"]) == ("mcp", "mcp", "list_tickets")


async def test_a_long_result_is_shortened_and_the_rest_is_to_be_had(shared, revision):
    """Whoever reads a part can read all."""
    async with shared.client(revision) as client:
        first = (await client.call_tool("desk__list_tickets", {"count": 300})).structured_content
        note = first["shortened"]
        asked = {"toolCallId": note["toolCallId"], "cursor": note["cursor"], "fields": ["id"]}
        rest = await client.call_tool(note["by"], asked)

    shown = [ticket["id"] for ticket in first["result"]["tickets"]]
    more = [ticket["id"] for ticket in rest.structured_content["tickets"]]
    assert shown + more == list(range(300))


async def test_a_cursor_that_nobody_gave_is_refused(shared, revision):
    """It may be another server's."""
    async with shared.client(revision) as client:
        with pytest.raises(MCPError, match="cursor"):
            await client.list_tools(cursor="made up")


async def test_a_client_is_told_how_a_call_goes_on(shared, revision):
    """With what the command logs for people."""
    heard: list[tuple[float, str | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, message))

    async with shared.client(revision) as client:
        await client.call_tool("desk__tell", {}, progress_callback=hear)

    assert [message for _, message in heard] == ["tell", "first line", "second line", "done"]
    assert [progress for progress, _ in heard] == [0, 1, 2, 3]


async def test_no_secret_is_told_on_the_way(shared, revision):
    """What a connector logs goes to whoever asked, who need not know its keys."""
    heard: list[str | None] = []

    async def hear(_progress: float, _total: float | None, message: str | None) -> None:
        heard.append(message)

    async with shared.client(revision) as client:
        await client.call_tool("desk__blab", {}, progress_callback=hear)

    assert heard == ["blab", "the key is ********", "done"]


def test_both_revisions_are_spoken_at_once(shared):
    """On one endpoint: clients of years to come, and those of today."""
    old = shared.post(initialize())
    new = shared.post(
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "server/discover",
            "params": {
                "_meta": {
                    "io.modelcontextprotocol/protocolVersion": NEW,
                    "io.modelcontextprotocol/clientCapabilities": {},
                }
            },
        },
        headers={"MCP-Protocol-Version": NEW, "Mcp-Method": "server/discover"},
    )

    assert (old.status_code, new.status_code) == (200, 200)
    assert json.loads(old.text.partition("data: ")[2])["result"]["protocolVersion"] == OLD
    assert new.json()["result"]["supportedVersions"] == [NEW]
    assert new.json()["result"]["capabilities"] == {"tools": {"listChanged": True}}
    assert "mcp-session-id" in old.headers
    assert "mcp-session-id" not in new.headers


def test_a_body_that_is_too_large_is_refused(sqlite_template, tmp_path):
    """As everywhere at this server, before it is read."""
    with desk(tmp_path, sqlite_template, max_request_bytes=4_000) as server:
        answer = server.post(initialize(clientInfo={"name": "x" * 5_000, "version": "1"}))

    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_other_methods_are_refused(shared, method):
    """There is nothing else to do here."""
    answer = httpx.request(method, f"{shared.url}/mcp", headers=shared.headers())

    assert answer.status_code == 405
