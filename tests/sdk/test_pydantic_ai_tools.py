"""Tools in agents of Pydantic AI."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.test import TestModel

from jackfield import Jackfield
from servers import Service
from tool_desk import LIST

CHOSEN = [
    {"connector": "desk", "operations": ["list_tickets"], "parameters": {"list_tickets": {"queue": "{{ queue }}"}}}
]


@dataclass
class Deps:
    """What the host knows."""

    queue: str


def model_of(*turns: list[ToolCallPart]) -> tuple[FunctionModel, list[AgentInfo]]:
    """A model that calls tools as it is told, and then says so; and what it was shown."""
    waiting, seen = list(turns), list[AgentInfo]()

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        seen.append(info)
        return ModelResponse(parts=waiting.pop(0) if waiting else [TextPart("Done.")])

    return FunctionModel(answer), seen


def returns(result: Any) -> list[ToolReturnPart]:
    """What the tools told the model."""
    parts = [part for message in result.all_messages() for part in message.parts]
    return [part for part in parts if isinstance(part, ToolReturnPart)]


async def test_an_agent_uses_them(tool_jf: Jackfield, desk: Service, caplog: pytest.LogCaptureFixture):
    """M14, M04: variables come from the deps, and what they settle holds against the model."""
    toolset = tool_jf.tools(CHOSEN).pydantic_ai(variables=lambda deps: {"queue": deps.queue}, chat_id="chat-1")
    model, seen = model_of(
        [ToolCallPart(LIST, {"limit": 1}), ToolCallPart(LIST, {"limit": 1, "queue": "other"})],
        [ToolCallPart(LIST, "{bad"), ToolCallPart(LIST, {"limit": "many"})],
    )
    agent = Agent(model, toolsets=[toolset], deps_type=Deps)
    with caplog.at_level(logging.WARNING, "jackfield.agents"):
        result = await agent.run("Look.", deps=Deps(queue="new"))
    told = returns(result)

    assert result.output == "Done."
    assert [tool.name for tool in seen[0].function_tools] == [LIST, "retrieve_tool_result"]
    assert "queue" not in seen[0].function_tools[0].parameters_json_schema["properties"]
    assert json.loads(told[0].content)["queue"] == "new"
    assert "not changed: `queue`" in told[1].content
    assert [part.outcome for part in told] == ["success", "success", "failed", "failed"]
    assert "tool-arguments-unreadable" in told[2].content
    assert "tried to set `'queue'`" in caplog.text
    assert {asked.query["queue"][0] for asked in desk.asked[-2:]} == {"new"}
    assert told[0].metadata.call_id == told[0].tool_call_id


async def test_the_librarys_own_test_model_calls_each(tool_jf: Jackfield):
    """It makes arguments of the schemas, so they are schemas as the library knows them."""
    toolset = tool_jf.tools([{"connector": "desk", "operations": ["list_tickets", "reply"]}], retrieve=False)
    result = await Agent(TestModel(), toolsets=[toolset.pydantic_ai()]).run("Go.")

    assert [part.outcome for part in returns(result)] == ["success", "success"]


async def test_one_tool_alone(tool_jf: Jackfield):
    """A `Tool` among others of the agent's."""
    made = await tool_jf.create_connector_tool(
        connector="desk", resource="list-tickets", parameters={"queue": "{{ queue }}"}
    ).load()
    tool = made.to_pydantic_ai(variables=lambda deps: {"queue": deps.queue})
    model, _ = model_of([ToolCallPart(LIST, {"limit": 1, "queue": "other"})])
    result = await Agent(model, tools=[tool], deps_type=Deps).run("Look.", deps=Deps(queue="old"))

    assert '"queue":"old"' in returns(result)[0].content
    assert "not changed: `queue`" in returns(result)[0].content


def test_an_agent_that_waits(tool_jf: Jackfield):
    """`run_sync` uses the loop of the thread, and leaves it open."""
    model, _ = model_of([ToolCallPart(LIST, {"queue": "a", "limit": 1})])
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        result = Agent(model, toolsets=[tool_jf.tools(["desk"]).pydantic_ai()]).run_sync("Look.")
    finally:
        asyncio.set_event_loop(None)
        loop.close()

    assert '"queue":"a"' in returns(result)[0].content
