"""One command as a tool, in this process and at a server."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest

from jackfield import Jackfield, WrongUse, create_connector_tool, load_connector
from jackfield.agents.errors import InvalidChoice
from jackfield.app import sdk
from jackfield.registry.errors import UnknownCommand, UnknownConnector
from servers import Service
from tool_desk import LIST, REPLY, Hanging


def test_a_tool_is_what_its_command_is(tool_jf: Jackfield):
    """M01: everything is derived; nobody writes it twice."""
    tool = tool_jf.create_connector_tool(connector="desk", resource="list-tickets")

    assert tool.name == LIST
    assert tool.title == "List tickets"
    assert tool.description == "List the tickets of a queue."
    assert tool.input_schema["required"] == ["queue"]
    assert tool.definition.reads_only


def test_it_is_called_with_what_a_model_said(tool_jf: Jackfield, desk: Service):
    """As an object or as its JSON: clients differ."""
    tool = tool_jf.create_connector_tool(connector="desk", resource="list-tickets")
    result = tool.call({"queue": "new", "limit": 2})
    again = tool.call('{"queue": "new", "limit": 2}')

    assert json.loads(result.text)["tickets"] == json.loads(again.text)["tickets"]
    assert len(json.loads(result.text)["tickets"]) == 2
    assert not result.failed
    assert desk.asked[-1].query == {"queue": ["new"], "limit": ["2"]}


async def test_it_is_called_in_asynchronous_code(tool_jf: Jackfield):
    """K02: inside a running loop nothing waits."""
    tool = await tool_jf.create_connector_tool(connector="desk", resource="list-tickets").load()

    assert tool.name == LIST
    assert not (await tool.call_async({"queue": "new", "limit": 1})).failed
    with pytest.raises(WrongUse) as wrong:
        tool.call({"queue": "new"})
    assert wrong.value.hint == "use `await tool.call_async(...)`"


async def test_what_was_never_loaded_says_how(tool_jf: Jackfield):
    """Waiting would bring the loop to a halt."""
    tool = tool_jf.create_connector_tool(connector="desk", resource="list-tickets")
    with pytest.raises(WrongUse) as wrong:
        _ = tool.input_schema

    assert wrong.value.hint == "use `await tool.load(...)`"


def test_the_tool_of_a_loaded_connector_is_the_same(tool_jf: Jackfield):
    """K12: two ways to write one thing."""
    settings: dict[str, Any] = {"description": "Look.", "parameters": {"queue": "new"}}
    one = tool_jf.create_connector_tool(connector="desk", resource="list-tickets", **settings)
    other = tool_jf.load_connector("desk").tool("list-tickets", **settings)

    assert one == other
    assert hash(one) == hash(other)
    assert one.to_openai() == other.to_openai()
    assert one != tool_jf.load_connector("desk").tool("list-tickets")


def test_the_functions_of_the_package_make_tools(tool_jf: Jackfield, monkeypatch: pytest.MonkeyPatch):
    """As the guide that has `createConnectorTool` writes them."""
    monkeypatch.setattr(sdk, "_default", [tool_jf])
    get = create_connector_tool(
        connector="desk", resource="list-tickets", description="Get tickets by their queue", enable_mock=True
    )

    assert get.description == "Get tickets by their queue"
    assert get.input_schema["properties"]["useMock"]["type"] == "boolean"
    assert load_connector("desk").tool("list-tickets").name == LIST


@pytest.mark.parametrize(
    "settled", [{"parameters": {"queue": "new"}}, {"fields": ["limit"], "parameters": {"queue": "new"}}]
)
def test_what_is_settled_is_not_the_models(
    tool_jf: Jackfield, desk: Service, caplog: pytest.LogCaptureFixture, settled: dict[str, Any]
):
    """M04, M07: hidden from the schema, and whatever a model tries has no effect, is told to it, and is logged."""
    tool = tool_jf.create_connector_tool(connector="desk", resource="list-tickets", **settled)
    with caplog.at_level(logging.WARNING, "jackfield.agents"):
        result = tool.call({"Queue": "mine", "limit": 1})

    assert "queue" not in tool.input_schema["properties"]
    assert desk.asked[-1].query == {"queue": ["new"], "limit": ["1"]}
    assert result.ignored == ("Queue",)
    assert "not changed: `Queue`" in result.text
    assert "tried to set `'Queue'`" in caplog.text


def test_only_chosen_fields_are_the_models(tool_jf: Jackfield, desk: Service):
    """M07: all others are neither shown nor taken."""
    tool = tool_jf.create_connector_tool(connector="desk", resource="list-tickets", fields=["queue"])
    result = tool.call({"queue": "new", "limit": 1})

    assert list(tool.input_schema["properties"]) == ["queue"]
    assert desk.asked[-1].query == {"queue": ["new"]}
    assert result.ignored == ("limit",)


def test_a_default_may_be_overridden(tool_jf: Jackfield, desk: Service):
    """M05: shown as default, no longer required."""
    rule = {"queue": {"value": "new", "locked": False}}
    tool = tool_jf.create_connector_tool(connector="desk", resource="list-tickets", parameters=rule)
    tool.call({"limit": 1})
    tool.call({"limit": 1, "queue": "old"})

    assert tool.input_schema["properties"]["queue"]["default"] == "new"
    assert "required" not in tool.input_schema
    assert [asked.query["queue"] for asked in desk.asked[-2:]] == [["new"], ["old"]]


def test_templates_keep_types_and_never_leave_braces(tool_jf: Jackfield, desk: Service):
    """M06: a missing variable is an error that the model reads, and nothing is called."""
    tool = tool_jf.create_connector_tool(
        connector="desk", resource="list-tickets", parameters={"limit": "{{ most }}", "queue": "q-{{ team }}"}
    )
    tool.call({}, variables={"most": 3, "team": "red"})
    sent = len(desk.asked)
    missing = tool.call({}, variables={"most": 3})

    assert desk.asked[-1].query == {"queue": ["q-red"], "limit": ["3"]}
    assert missing.failed
    assert missing.code == "template-variable-missing"
    assert len(desk.asked) == sent


def test_the_mock_is_the_models_only_where_it_may_ask(tool_jf: Jackfield, desk: Service):
    """M12: without the switch the host alone decides, and what it has decided the model cannot change."""
    options = {"useMock": True}
    settled = tool_jf.create_connector_tool(
        connector="desk", resource="list-tickets", options=options, enable_mock=True
    )
    closed = tool_jf.create_connector_tool(connector="desk", resource="list-tickets")
    opened = tool_jf.create_connector_tool(connector="desk", resource="list-tickets", enable_mock=True)
    sent = len(desk.asked)
    refused = closed.call({"queue": "new", "useMock": True})
    mocked = opened.call({"queue": "new", "useMock": True})
    still = settled.call({"queue": "new", "useMock": False})

    assert refused.code == "invalid-params"
    assert json.loads(mocked.text) == json.loads(still.text) == {"queue": "mocked"}
    assert len(desk.asked) == sent


def test_what_people_are_shown_while_it_runs(tool_jf: Jackfield):
    """M17: filled in, or the title; never braces."""
    tool = tool_jf.create_connector_tool(
        connector="desk", resource="list-tickets", status="Searching {{queue}} for {{ who }}"
    )

    assert tool.status_text({"queue": "new\nones"}, {"who": "Ann"}) == "Searching new ones for Ann"
    assert tool.status_text({"queue": "new"}) == "List tickets"
    assert tool.status_text({"nothing": 1}) == "List tickets"
    assert tool_jf.load_connector("desk").tool("broken").status_text({}) == "broken"


def test_what_a_model_gets_wrong_is_a_result(tool_jf: Jackfield):
    """M15, M18: short, with what to do, and the loop goes on."""
    tool = tool_jf.create_connector_tool(connector="desk", resource="list-tickets")

    assert tool.call("{bad").text.startswith("Error (tool-arguments-unreadable): the arguments cannot be read")
    assert tool.call("[1]").code == "tool-arguments-unreadable"
    assert tool.call({"queue": 1, "limit": "many"}).code == "invalid-params"
    assert tool.call("").code == "invalid-params"
    assert tool_jf.load_connector("desk").tool("broken").call({}).code == "upstream-status"


def test_what_the_host_gets_wrong_is_raised(tool_jf: Jackfield):
    """A tool that cannot be there is no matter of a model."""
    with pytest.raises(UnknownConnector):
        _ = tool_jf.create_connector_tool(connector="dekk", resource="list-tickets").name
    with pytest.raises(UnknownCommand) as unknown:
        tool_jf.create_connector_tool(connector="desk", resource="list-tikets").call({})
    with pytest.raises(InvalidChoice):
        _ = tool_jf.create_connector_tool(connector="desk", resource="reply", parameters={"txt": "x"}).name
    with pytest.raises(InvalidChoice):
        tool_jf.create_connector_tool(connector="desk", resource="reply", name="no name")

    assert unknown.value.hint == "did you mean `list_tickets`?"


def test_its_own_options_go_with_each_call(tool_jf: Jackfield, desk: Service):
    """Tenants have credentials and headers of their own."""
    options = {"headers": {"X-Team": "blue"}}
    tool = tool_jf.create_connector_tool(connector="desk", resource="reply", options=options)
    tool.call({"text": "Hello"})

    assert tool.name == REPLY
    assert desk.asked[-1].headers["x-team"] == "blue"


def test_calls_are_recorded_as_an_agents(tool_jf: Jackfield):
    """Which conversation, and which of its calls, whoever looks later wants to know."""
    tool = tool_jf.create_connector_tool(connector="desk", resource="list-tickets")
    result = tool.call({"queue": "new", "limit": 1}, call_id="call/1 ä", chat_id="chat-9")
    row = tool_jf.manage.executions.get(result.execution_id)

    assert (row.trigger, row.chat_id, row.tool_call_id) == ("agent", "chat-9", "call/1 ä")


async def test_cancelling_reaches_the_request(
    tool_jf: Jackfield, desk_world: tuple[Service, Hanging], request: pytest.FixtureRequest
):
    """Who gives up an answer leaves no request behind; to a server it is hung up, which goes on with what it began."""
    _, hanging = desk_world
    hanging.begun.clear()
    hanging.over.clear()
    tool = await tool_jf.create_connector_tool(connector="desk", resource="hang").load()
    running = asyncio.create_task(tool.call_async({}))
    assert await asyncio.to_thread(hanging.begun.wait, 10)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    newest = (await tool_jf.manage_async.executions.list(limit=1)).items[:1]
    hanging.over.set()
    again = await tool.call_async({})

    if "embedded" in request.node.name:
        assert [(made.command, made.status) for made in newest] == [("hang", "CANCELLED")]
    else:
        assert [made for made in newest if made.command == "hang"] == []
    assert not again.failed
