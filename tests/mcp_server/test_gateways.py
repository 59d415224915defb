"""Chosen tools at endpoints of their own, and what is settled there."""

from __future__ import annotations

import logging

import pytest

from mcp_server.world import OLD, initialize, listing, text_of

CHOICE = [
    {
        "connector": "desk",
        "operations": ["list_tickets", "add_note"],
        "parameters": {"add_note": {"channel": "internal"}},
        "tools": {"list_tickets": {"result": {"limit": 2}}},
    }
]


@pytest.fixture(scope="module")
def path(shared):
    """Of a gateway."""
    return shared.gateway("help", CHOICE, title="Help desk", instructions="Be kind.")


async def test_a_gateway_has_its_tools_and_its_words(shared, path, revision):
    """N03. A client that knows nothing else learns who it is speaking to."""
    async with shared.client(revision, path=path) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        other = await client.call_tool("desk__delete_ticket", {"id": 1})
        some = await client.call_tool("desk__list_tickets", {"count": 5})
        said = client.instructions

    assert names == ["desk__add_note", "desk__list_tickets", "retrieve_tool_result"]
    assert said == "Be kind."
    assert "there is no tool `desk__delete_ticket` here" in text_of(other)
    assert len(some.structured_content["result"]["tickets"]) == 2


async def test_what_is_settled_a_model_cannot_change(shared, path, revision, caplog):
    """An attack: the model sets what it may not. The call goes on as settled, the model is told, and so are people."""
    with caplog.at_level(logging.WARNING, "jackfield.agents"):
        async with shared.client(revision, path=path) as client:
            listed = {tool.name: tool for tool in (await client.list_tools()).tools}
            given = {"ticket": 1, "text": "hi", "Channel": "public-and-secret"}
            done = await client.call_tool("desk__add_note", given)
            found = await client.call_tool("call_tool", {"name": "desk__add_note", "arguments": given})
            nested = await client.call_tool("desk__add_note", {"body": {"channel": "public"}, "ticket": 1, "text": "x"})

    audited = shared.rest("GET", "/api/audit?pageSize=100")["items"]
    attempts = [entry for entry in audited if entry["action"] == "tool.locked_param"]
    assert "channel" not in listed["desk__add_note"].input_schema["properties"]
    assert done.structured_content["channel"] == found.structured_content["channel"] == "internal"
    assert "not changed: `Channel`" in text_of(done)
    assert nested.is_error
    assert len(attempts) >= 2
    assert attempts[0]["verdict"] == "denied"
    assert "tried to set" in caplog.text
    assert "public-and-secret" not in caplog.text + str(audited)


async def test_a_result_is_given_again_through_its_gateway_alone(shared, path):
    """What came through one conversation is not for another."""
    async with shared.client(path=path) as client:
        note = (await client.call_tool("desk__list_tickets", {"count": 9})).structured_content["shortened"]
        asked = {"toolCallId": note["toolCallId"], "cursor": note["cursor"]}
        here = await client.call_tool("retrieve_tool_result", asked)
    async with shared.client() as client:
        there = await client.call_tool("retrieve_tool_result", asked)

    assert not here.is_error
    assert "unknown-tool-result" in text_of(there)


async def test_a_gateways_token_counts_there_alone(shared, path, revision):
    """It may be given to a program that nobody quite trusts."""
    token = shared.rest("POST", "/api/gateways/help/tokens", {"name": "assistant"})["text"]
    other = shared.gateway(f"other-{revision}", CHOICE)
    async with shared.client(revision, path=path, token=token) as client:
        done = await client.call_tool("desk__add_note", {"ticket": 1, "text": "x"})
    whole = shared.post(listing(), headers=shared.headers(token))
    elsewhere = shared.post(listing(), path=other, headers=shared.headers(token))

    assert not done.is_error
    assert (whole.status_code, whole.json()["code"]) == (403, "gateway-token-misplaced")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "unknown-gateway")


def test_a_gateway_that_is_not_there_or_not_open_is_said_so(shared):
    """At the first request, where a client shows it."""
    closed = shared.gateway("closed", CHOICE, enabled=False)

    assert shared.post(initialize(), path="/mcp/none").json()["code"] == "unknown-gateway"
    assert shared.post(initialize(), path=closed).json()["code"] == "gateway-disabled"


async def test_tools_are_found_where_they_are_not_listed(shared, revision):
    """A large catalogue costs a model nothing until it looks for something."""
    path = shared.gateway(f"searched-{revision}", None, mode="search")
    async with shared.client(revision, path=path) as client:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        found = await client.call_tool("search_tools", {"query": "delete a ticket"})
        safe = await client.call_tool("search_tools", {"query": "delete a ticket", "risk": "read"})
        told = await client.call_tool("describe_tool", {"name": "desk__delete_ticket"})
        done = await client.call_tool("call_tool", {"name": "desk__delete_ticket", "arguments": {"id": 4}})
        wrong = await client.call_tool("call_tool", {"name": "desk__delete_tickets"})

    assert sorted(listed) == ["call_tool", "describe_tool", "retrieve_tool_result", "search_tools"]
    assert listed["call_tool"].annotations.destructive_hint
    assert not listed["call_tool"].annotations.read_only_hint
    assert listed["search_tools"].annotations.read_only_hint
    assert found.structured_content["tools"][0]["name"] == "desk__delete_ticket"
    assert "desk__delete_ticket" not in text_of(safe)
    assert told.structured_content["inputSchema"]["required"] == ["id"]
    assert done.structured_content == {"deleted": 4}
    assert "did you mean `desk__delete_ticket`?" in text_of(wrong)


async def test_where_all_only_look_so_does_the_tool_that_calls_them(shared):
    """Its hints are about what it can call."""
    path = shared.gateway("safe", {"connectors": [{"connector": "desk"}], "readsOnly": True}, mode="search")
    async with shared.client(OLD, path=path) as client:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}

    assert listed["call_tool"].annotations.read_only_hint
    assert not listed["call_tool"].annotations.destructive_hint


async def test_tools_say_what_they_answer_where_that_is_wanted(shared, revision):
    """And answer so, also where a result is shortened: a client that checks would refuse it otherwise."""
    path = shared.gateway(f"typed-{revision}", [{"connector": "desk"}], outputSchemas=True)
    async with shared.client(revision, path=path) as client:
        await client.list_tools()
        whole = await client.call_tool("desk__list_tickets", {"count": 1})
        part = await client.call_tool("desk__list_tickets", {"count": 300})

    assert not whole.is_error
    assert not part.is_error
