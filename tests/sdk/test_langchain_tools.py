"""Tools in LangChain."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from jackfield import Jackfield
from servers import Service
from tool_desk import LIST, REPLY

CHOSEN = [{"connector": "desk", "parameters": {"list_tickets": {"queue": "{{ queue }}"}}}]


class Model(GenericFakeChatModel):
    """Says what it is told, and keeps which tools it was bound to."""

    def bind_tools(self, tools: Any, **settings: Any) -> Runnable[Any, AIMessage]:
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **settings)


def asked(name: str, arguments: dict[str, Any], *, id: str = "call_1") -> Any:
    """A call as LangChain's messages have it."""
    return {"name": name, "args": arguments, "id": id, "type": "tool_call"}


def by_name(tools: list[BaseTool]) -> dict[str, BaseTool]:
    return {tool.name: tool for tool in tools}


def test_a_model_is_bound_to_them(tool_jf: Jackfield, desk: Service, caplog: pytest.LogCaptureFixture):
    """M14, M04: what is locked holds against the model, which is told, and the attempt is logged."""
    tools = tool_jf.tools(CHOSEN).langchain(variables={"queue": "new"})
    turn = AIMessage(content="", tool_calls=[asked(LIST, {"limit": 1, "queue": "other"})])
    bound = Model(messages=iter([turn])).bind_tools(tools)
    answer = bound.invoke("Look.")
    with caplog.at_level(logging.WARNING, "jackfield.agents"):
        message = by_name(tools)[LIST].invoke(answer.tool_calls[0])

    shown = {tool["function"]["name"]: tool["function"] for tool in bound.kwargs["tools"]}
    assert list(shown[LIST]["parameters"]["properties"]) == ["limit", "labels"]
    assert isinstance(message, ToolMessage)
    assert json.loads(message.content.partition("\n")[0])["queue"] == "new"
    assert "not changed: `queue`" in message.content
    assert (message.tool_call_id, message.status) == ("call_1", "success")
    assert message.artifact.ignored == ("queue",)
    assert "tried to set `'queue'`" in caplog.text
    assert desk.asked[-1].query["queue"] == ["new"]


async def test_in_asynchronous_code(tool_jf: Jackfield):
    """The conversation is the `thread_id` of LangGraph; variables may come from the config."""
    toolset = await tool_jf.tools(CHOSEN).load()
    tools = by_name(toolset.langchain(variables=lambda config: {"queue": config["configurable"]["team"]}))
    config: Any = {"configurable": {"thread_id": "thread-1", "team": "red"}}
    message = await tools[LIST].ainvoke(asked(LIST, {"limit": 1}, id="call_7"), config)
    row = await tool_jf.manage_async.executions.get(message.artifact.execution_id)

    assert json.loads(message.content)["queue"] == "red"
    assert (row.chat_id, row.tool_call_id) == ("thread-1", "call_7")


def test_failures_are_messages_of_errors(tool_jf: Jackfield):
    """M15: a graph goes on, and the host has the whole result."""
    tools = by_name(tool_jf.tools(CHOSEN).langchain())
    message = tools[LIST].invoke(asked(LIST, {"limit": 1}))

    assert (message.status, message.tool_call_id) == ("error", "call_1")
    assert message.artifact.code == "template-variable-missing"
    assert tools["desk__broken"].invoke({}).startswith("Error (upstream-status)")


def test_params_may_have_names_of_the_librarys_own(tool_jf: Jackfield, desk: Service):
    """`config` is a word that services use, too."""
    tools = by_name(tool_jf.tools(["desk"]).langchain())
    tools[REPLY].invoke(asked(REPLY, {"text": "Hello", "config": "mine"}))

    assert desk.asked[-1].json() == {"text": "Hello", "config": "mine"}


def test_one_tool_alone(tool_jf: Jackfield):
    """Without the tool for the rest of results, which a set has."""
    tool = tool_jf.create_connector_tool(connector="desk", resource="list-tickets").to_langchain()

    assert json.loads(tool.invoke({"queue": "a", "limit": 1}))["queue"] == "a"
