"""Tools over REST."""

from __future__ import annotations

import pytest

from surfaces.rest.world import desk, said, unique


@pytest.fixture
def name(admin):
    """The name of a connector."""
    return admin.post("/api/connectors", json=desk()).json()["name"]


def test_tools_are_listed_with_what_they_cost(admin, name):
    listed = admin.get(f"/api/tools?connector={name}").json()
    tool = listed["items"][0]

    assert [one["name"] for one in listed["items"]] == [f"{name}__echo", f"{name}__refuse"]
    assert (tool["connector"], tool["command"], tool["risk"]) == (f"default/{name}", "echo", "read")
    assert tool["inputSchema"]["properties"] == {"text": {"type": "string"}}
    assert tool["cost"]["bytes"] > tool["cost"]["tokens"] > 10
    assert listed["cost"] == {key: sum(one["cost"][key] for one in listed["items"]) for key in ("bytes", "tokens")}
    assert (listed["total"], listed["problems"], tool["definition"], tool["outputSchema"]) == (2, [], None, None)


@pytest.mark.parametrize(
    ("format", "place"),
    [("openai", ("function", "parameters")), ("anthropic", ("input_schema",)), ("mcp", ("inputSchema",))],
)
def test_a_tool_is_shown_as_models_take_it(admin, name, format, place):
    whole = admin.get(f"/api/tools/{name}__echo?format={format}").json()
    definition = whole["definition"]
    for key in place:
        definition = definition[key]

    assert definition == whole["inputSchema"]
    assert said(admin.get(f"/api/tools/{name}__echo?format=xml")) == (422, "invalid-params")


def test_a_gateway_and_a_choice_narrow_what_there_is(admin, name):
    choice = [{"connector": name, "operations": ["echo"], "parameters": {"echo": {"text": "{{ who }}"}}}]
    gateway = admin.post("/api/gateways", json={"name": unique("gate"), "choice": choice}).json()["name"]
    by_gateway = admin.get(f"/api/tools?gateway={gateway}").json()
    by_choice = admin.post("/api/tools", json={"choice": choice}).json()

    assert by_gateway == by_choice
    assert [one["inputSchema"]["properties"] for one in by_gateway["items"]] == [{}]
    assert said(admin.get(f"/api/tools/{name}__refuse?gateway={gateway}")) == (404, "unknown-tool")
    assert said(admin.get("/api/tools?gateway=none")) == (404, "unknown-gateway")
    assert said(admin.get("/api/tools?connector=none")) == (404, "unknown-connector")
    assert said(admin.post("/api/tools", json={"choice": choice, "gateway": gateway})) == (422, "invalid-params")
    assert admin.get(f"/api/tools?gateway={gateway}&connector=other").json()["total"] == 0


def test_a_call_is_answered_as_the_model_reads_it(admin, name):
    answer = admin.post(f"/api/tools/{name}__echo/call", json={"arguments": {"text": "hi"}, "toolCallId": "call_1"})
    execution = admin.get(f"/api/executions/{answer.json()['executionId']}").json()

    assert answer.json() | {"executionId": ""} == {
        "text": '{"text":"hi"}',
        "structured": {"text": "hi"},
        "failed": False,
        "code": "",
        "shortened": False,
        "ignored": [],
        "executionId": "",
        "toolCallId": "call_1",
        "media": [],
    }
    assert (execution["trigger"], execution["toolCallId"]) == ("agent", "call_1")


def test_whatever_a_model_gets_wrong_is_an_answer(admin, name):
    """It reads that, and no status."""
    calls = [
        (f"{name}__echo", {"text": "hi", "other": 1}, "invalid-params"),
        (f"{name}__refuse", {}, "command-failed"),
        ("nothing", {}, "unknown-tool"),
    ]
    for tool, arguments, code in calls:
        answer = admin.post(f"/api/tools/{tool}/call", json={"arguments": arguments})

        assert answer.status_code == 200
        assert (answer.json()["failed"], answer.json()["code"]) == (True, code)


def test_what_a_gateway_locks_wins(admin, name):
    """Whatever the model says; the attempt is told."""
    choice = [{"connector": name, "parameters": {"echo": {"text": "{{ who }}"}}}]
    gateway = admin.post("/api/gateways", json={"name": unique("gate"), "choice": choice}).json()["name"]
    body = {"arguments": {"text": "mine"}, "variables": {"who": "ann"}, "gateway": gateway}
    answer = admin.post(f"/api/tools/{name}__echo/call", json=body).json()
    newest = admin.get("/api/audit?limit=1&verdict=denied").json()["items"][0]

    assert (answer["structured"], answer["ignored"]) == ({"text": "ann"}, ["text"])
    assert newest["action"] == "tool.locked_param"


def test_the_rest_of_a_result_is_asked_for(admin, user, name):
    """By whoever made the call, in the same conversation."""
    long = {"text": "word " * 400}
    call_id = unique("call_")
    body = {"arguments": long, "toolCallId": call_id, "chatId": "chat-1", "characters": 500}
    short = admin.post(f"/api/tools/{name}__echo/call", json=body).json()
    path = f"/api/tools/results/{call_id}"
    rest = admin.post(path, json={"chatId": "chat-1", "fields": ["text"]}).json()

    assert (short["shortened"], len(short["text"]) <= 500) == (True, True)
    assert rest["structured"] == long
    assert admin.post(path, json={"chatId": "chat-2"}).json()["code"] == "unknown-tool-result"
    assert user().post(path, json={"chatId": "chat-1"}).json()["code"] == "unknown-tool-result"
    assert admin.post(path, json={"chatId": "chat-1", "cursor": "-1", "limit": "2"}).json()["code"] == "invalid-params"


def test_each_route_takes_its_scope(user, admin, name):
    """M16: what is denied is an answer to the model, and is written down."""
    reader, caller = user("read"), user("execute")
    denied = reader.post(f"/api/tools/{name}__echo/call", json={"arguments": {"text": "x"}}).json()
    newest = admin.get("/api/audit?limit=1&verdict=denied").json()["items"][0]

    assert (denied["failed"], denied["code"], denied["executionId"]) == (True, "scope-missing", "")
    assert newest["action"] == "tool.call"
    assert reader.post("/api/tools/results/x", json={}).json()["code"] == "scope-missing"
    assert said(caller.get("/api/tools")) == (403, "scope-missing")
    assert said(caller.get(f"/api/tools/{name}__echo")) == (403, "scope-missing")
    assert said(caller.post("/api/tools", json={})) == (403, "scope-missing")
    assert not caller.post(f"/api/tools/{name}__echo/call", json={"arguments": {"text": "x"}}).json()["failed"]
    assert reader.get("/api/tools").status_code == 200


def test_tools_are_searched_in_few_bytes(admin, name):
    """What a model reads; programs get all of it."""
    small = admin.get(f"/api/tools/search?query=say+it+again&connector={name}&limit=1").json()
    full = admin.post("/api/tools/search", json={"query": "say it again", "choice": [name], "full": True}).json()

    assert [one["name"] for one in small["tools"]] == [f"{name}__echo"]
    assert small["tools"][0]["inputSchema"]["properties"] == {"text": {"type": "string"}}
    assert full["found"][0]["tool"] == admin.get(f"/api/tools/{name}__echo").json()
    assert full["found"][0]["score"] > 0
    assert admin.get(f"/api/tools/search?query=echo&connector={name}&risk=destructive").json() == {"tools": []}
    assert admin.get("/api/tools/search?query=echo&connector=none").json() == {"tools": []}
    assert said(admin.get("/api/tools/search?query=echo&risk=high")) == (422, "invalid-params")
    assert said(admin.get("/api/tools/search")) == (422, "invalid-params")


def test_a_search_finds_what_its_gateway_has(admin, user, name):
    """And nothing else; it takes `read`."""
    choice = [{"connector": name, "operations": ["refuse"]}]
    gateway = admin.post("/api/gateways", json={"name": unique("gate"), "choice": choice}).json()["name"]
    found = admin.get(f"/api/tools/search?query=say+it+again+or+fail&gateway={gateway}").json()

    assert [one["name"] for one in found["tools"]] == [f"{name}__refuse"]
    assert said(user("execute").get("/api/tools/search?query=x")) == (403, "scope-missing")
