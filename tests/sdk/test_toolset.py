"""Several tools: as clients of models take them, and their calls run, in this process and at a server."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from jackfield import Jackfield, WrongUse
from jackfield.agents.errors import InvalidChoice
from jackfield.surfaces.sdk.tools.workshop import Workshop
from servers import Service
from tool_desk import LIST, REPLY


def asked(name: str, arguments: Any, *, id: str = "call_1") -> dict[str, Any]:
    """A call as chat completions say it."""
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def test_tools_have_the_names_that_they_are_given(tool_jf: Jackfield):
    """As in the guide: `tools: {getCliente: ..., listClientes: ...}`."""
    desk = tool_jf.load_connector("desk")
    toolset = tool_jf.tools({"getTickets": desk.tool("list-tickets"), "answer": desk.tool("reply")})

    assert [tool.name for tool in toolset.tools] == ["getTickets", "answer", "retrieve_tool_result"]
    assert not toolset.call("getTickets", {"queue": "new", "limit": 1}).failed


def test_a_tool_of_ones_own_may_have_the_name_of_the_one_for_results(tool_jf: Jackfield):
    """Two of one name would have the whole request refused."""
    toolset = tool_jf.tools({"retrieve_tool_result": tool_jf.load_connector("desk").tool("list-tickets")})

    assert [tool.command for tool in toolset.tools] == ["list_tickets"]
    assert toolset.call("retrieve_tool_result", {"queue": "new", "limit": 1}).execution_id


def test_tools_are_chosen_as_in_configuration(tool_jf: Jackfield):
    """M03, M04: the form of `enabledConnectors`, beside single tools."""
    reply = tool_jf.create_connector_tool(connector="desk", resource="reply")
    chosen = {"connector": "desk", "operations": ["list_tickets"], "parameters": {"list_tickets": {"queue": "new"}}}
    toolset = tool_jf.tools([chosen, reply], retrieve=False)

    assert [tool.name for tool in toolset.tools] == [LIST, REPLY]
    assert "queue" not in toolset.tools[0].input_schema["properties"]


def test_without_a_choice_there_is_everything(tool_jf: Jackfield):
    """M03: and with an empty one there is nothing, not even the tool for the rest of results."""
    everything = tool_jf.tools()
    reading = tool_jf.tools({"readsOnly": True})

    assert {LIST, REPLY, "desk__broken", "desk__hang"} < {tool.name for tool in everything.tools}
    assert REPLY not in {tool.name for tool in reading.tools}
    assert tool_jf.tools([]).tools == []


def test_what_cannot_be_offered_keeps_nothing_else_away(tool_jf: Jackfield, caplog: pytest.LogCaptureFixture):
    """An administrator may switch off one connector while an agent uses five."""
    with caplog.at_level(logging.WARNING, "jackfield.agents"):
        toolset = tool_jf.tools(["desk", "dekk"])
        names = [tool.name for tool in toolset.tools]

    assert LIST in names
    assert [problem.code for problem in toolset.problems] == ["unknown-connector"]
    assert caplog.text.count("there is no connector `dekk`") == 1


def test_the_calls_of_an_answer_are_run(tool_jf: Jackfield, desk: Service):
    """M11, M15, M08: each has its answer, whatever the others are."""
    toolset = tool_jf.tools(["desk"])
    calls = [
        asked(LIST, '{"queue": "new", "limit": 1}', id="a"),
        asked(LIST, "{bad", id="b"),
        asked("shell__run", '{"command": "id"}', id="c"),
        asked("desk__broken", "", id="d"),
    ]
    messages = toolset.run_openai(calls)

    assert [message["tool_call_id"] for message in messages] == ["a", "b", "c", "d"]
    assert {message["role"] for message in messages} == {"tool"}
    assert json.loads(messages[0]["content"])["tickets"][0]["id"] == 0
    assert messages[1]["content"].startswith("Error (tool-arguments-unreadable)")
    assert messages[2]["content"].startswith("Error (unknown-tool): there is no tool `shell__run` here")
    assert messages[3]["content"].startswith("Error (upstream-status)")


def test_calls_are_read_from_objects_and_of_both_interfaces(tool_jf: Jackfield):
    """Libraries give objects, logs give JSON."""
    toolset = tool_jf.tools(["desk"])
    arguments = '{"queue": "new", "limit": 1}'
    function = SimpleNamespace(name=LIST, arguments=arguments)
    answered = toolset.run_openai([SimpleNamespace(id="a", type="function", function=function)])
    items = [
        {"type": "reasoning", "id": "r"},
        {"type": "function_call", "call_id": "b", "name": LIST, "arguments": arguments},
    ]
    outputs = toolset.run_openai(items)
    blocks = toolset.run_anthropic(
        [
            {"type": "text", "text": "Let me see."},
            {"type": "tool_use", "id": "c", "name": LIST, "input": {"queue": "new", "limit": 1}},
            {"type": "tool_use", "id": "d", "name": LIST, "input": {}},
        ]
    )

    assert toolset.run_openai(None) == []
    assert answered[0]["content"] == outputs[0]["output"] == blocks[0]["content"]
    assert outputs[0]["type"] == "function_call_output"
    assert [block.get("is_error") for block in blocks] == [None, True]


async def test_calls_run_at_the_same_time(tool_jf: Jackfield, monkeypatch: pytest.MonkeyPatch):
    """M11: one slow tool holds up no other, unless the host wants one after the other."""
    toolset = await tool_jf.tools(["desk"]).load()
    both, seen = threading.Barrier(2), list[str]()
    plain = Workshop.call

    async def meet(self: Workshop, bound: Any, said: Any, **settings: Any) -> Any:
        await asyncio.to_thread(both.wait, 10)
        return await plain(self, bound, said, **settings)

    async def note(self: Workshop, bound: Any, said: Any, **settings: Any) -> Any:
        seen.append("begun")
        result = await plain(self, bound, said, **settings)
        seen.append("done")
        return result

    calls = [asked(LIST, '{"queue": "a", "limit": 1}', id="a"), asked(LIST, '{"queue": "b", "limit": 1}', id="b")]
    monkeypatch.setattr(Workshop, "call", meet)
    messages = await toolset.run_openai_async(calls)
    monkeypatch.setattr(Workshop, "call", note)
    await toolset.run_openai_async(calls, sequential=True)

    assert [json.loads(message["content"])["queue"] for message in messages] == ["a", "b"]
    assert seen == ["begun", "done", "begun", "done"]


def test_a_tool_that_breaks_is_one_failed_result(
    tool_jf: Jackfield, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """What nobody thought of must not take the other answers with it, nor tell a model what is inside."""
    toolset = tool_jf.tools(["desk"])
    plain = type(tool_jf.runtime).call

    async def breaks(self: Any, target: str, command: str, *rest: Any) -> Any:
        if command == "reply":
            raise RuntimeError("secret inner thing")
        return await plain(self, target, command, *rest)

    monkeypatch.setattr(type(tool_jf.runtime), "call", breaks)
    messages = toolset.run_openai([asked(REPLY, '{"text": "x"}'), asked(LIST, '{"queue": "a", "limit": 1}')])

    assert messages[0]["content"].startswith("Error (tool-broken): the tool `desk__reply` did not work")
    assert "secret inner thing" not in messages[0]["content"]
    assert "secret inner thing" in caplog.text
    assert json.loads(messages[1]["content"])["queue"] == "a"


def test_variables_and_conversation_are_the_hosts(tool_jf: Jackfield, desk: Service):
    """M06: those of the set, and of one run before them."""
    chosen = {"connector": "desk", "operations": ["list_tickets"], "parameters": {"list_tickets": {"queue": "{{q}}"}}}
    toolset = tool_jf.tools([chosen], variables={"q": "red"}, chat_id="chat-1")
    toolset.run_openai([asked(LIST, '{"limit": 1}')])
    toolset.run_openai([asked(LIST, '{"limit": 1}')], variables={"q": "blue"})

    assert [one.query["queue"] for one in desk.asked[-2:]] == [["red"], ["blue"]]


def test_status_texts_of_all_tools(tool_jf: Jackfield):
    """M17: with the arguments as they come, before they are judged."""
    chosen = {"connector": "desk", "tools": {"list_tickets": {"status": "Looking through {{ queue }}"}}}
    toolset = tool_jf.tools([chosen])

    assert toolset.status_text(LIST, '{"queue": "new"}') == "Looking through new"
    assert toolset.status_text(LIST, "{bad") == "List tickets"
    assert toolset.status_text("retrieve_tool_result", {}) == "Get more of a result"
    assert toolset.status_text("nope", {}) == ""


async def test_a_set_that_was_never_loaded_says_how(tool_jf: Jackfield):
    """In asynchronous code; once it is loaded, nothing waits."""
    toolset = tool_jf.tools(["desk"])
    with pytest.raises(WrongUse) as wrong:
        toolset.openai()

    assert wrong.value.hint == "use `await toolset.load(...)`"
    assert (await toolset.load()).openai()[0]["function"]["name"] == LIST


def test_what_cannot_be_a_set_is_refused_at_once(tool_jf: Jackfield):
    """Before any model sees it."""
    with pytest.raises(InvalidChoice):
        tool_jf.tools("desk")
    with pytest.raises(InvalidChoice):
        tool_jf.tools([{"connector": "desk", "operation": ["x"]}])
    with Jackfield(url="", types=[]) as other, pytest.raises(WrongUse, match="another Jackfield"):
        tool_jf.tools([other.create_connector_tool(connector="delay", resource="wait")])


def test_a_model_gets_the_rest_of_a_long_result(tool_jf: Jackfield):
    """M09: by the id of its own call, in its own conversation, and in no other."""
    toolset = tool_jf.tools(["desk"], chat_id="chat-long", characters=2_000)
    (first,) = toolset.run_openai([asked(LIST, '{"queue": "new"}', id="call_long")])
    note = json.loads(first["content"])["shortened"]
    more = {"toolCallId": note["toolCallId"], "cursor": note["cursor"], "fields": ["id"], "limit": 3}
    (second,) = toolset.run_openai([asked(note["by"], json.dumps(more))])
    foreign = toolset.call("retrieve_tool_result", more, chat_id="another")
    places = ("..", "../../secrets", "?a=b")
    elsewhere = [toolset.call("retrieve_tool_result", {"toolCallId": place}) for place in places]
    unread = toolset.call("retrieve_tool_result", {"toolCallId": "", "cursor": "-1", "limit": 0, "page": 1})

    assert len(first["content"]) <= 2_000
    assert note["toolCallId"] == "call_long"
    assert [item["id"] for item in json.loads(second["content"])["result"]["tickets"]] == [
        int(note["cursor"]) + at for at in range(3)
    ]
    assert foreign.code == "unknown-tool-result"
    assert {result.code for result in elsewhere} == {"unknown-tool-result"}
    assert unread.code == "invalid-params"
    assert all(place in unread.text for place in ("/toolCallId", "/cursor", "/limit", "/page"))
