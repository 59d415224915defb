"""Tools in the OpenAI Agents SDK."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

import pytest
from agents import Agent, FunctionTool, ModelResponse, RunConfig, Runner, Usage
from agents.models.interface import Model
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

from jackfield import Jackfield
from servers import Service
from tool_desk import LIST

CHOSEN = [{"connector": "desk", "parameters": {"list_tickets": {"queue": "{{ queue }}"}}}]
QUIET = RunConfig(tracing_disabled=True)


@dataclass
class Host:
    """The context of a run."""

    queue: str


class Scripted(Model):
    """Calls tools as it is told, and then says so."""

    def __init__(self, *turns: list[tuple[str, str]]) -> None:
        self.turns = list(turns)
        self.inputs: list[Any] = []
        self.tools: list[Any] = []

    async def get_response(
        self, system_instructions: Any, input: Any, model_settings: Any, tools: Any, *rest: Any, **more: Any
    ) -> ModelResponse:
        self.inputs.append(input)
        self.tools = tools
        output: list[Any] = [
            ResponseFunctionToolCall(
                type="function_call", id=f"fc_{at}", call_id=f"call_{at}", name=name, arguments=said, status="completed"
            )
            for at, (name, said) in enumerate(self.turns.pop(0) if self.turns else [])
        ]
        if not output:
            text = ResponseOutputText(type="output_text", text="Done.", annotations=[])
            output = [
                ResponseOutputMessage(id="m", type="message", role="assistant", status="completed", content=[text])
            ]
        return ModelResponse(output=output, usage=Usage(), response_id=None)

    def stream_response(self, *given: Any, **more: Any) -> Any:
        raise NotImplementedError


async def test_an_agent_uses_them(tool_jf: Jackfield, desk: Service, caplog: pytest.LogCaptureFixture):
    """M14, M04, M15: variables come from the context, and what they settle holds against the model."""
    toolset = await tool_jf.tools(CHOSEN).load()
    tools = toolset.openai_agents(variables=lambda host: {"queue": host.queue}, chat_id="chat-1")
    model = Scripted([(LIST, '{"limit": 1}'), (LIST, '{"limit": 1, "queue": "other"}'), (LIST, "{bad")])
    agent = Agent(name="clerk", model=model, tools=tools)
    with caplog.at_level(logging.WARNING, "jackfield.agents"):
        result = await Runner.run(agent, "Look.", context=Host(queue="new"), run_config=QUIET)
    told = [item["output"] for item in model.inputs[1] if item.get("type") == "function_call_output"]

    assert result.final_output == "Done."
    assert all(isinstance(tool, FunctionTool) and not tool.strict_json_schema for tool in model.tools)
    assert "queue" not in model.tools[0].params_json_schema["properties"]
    assert json.loads(told[0])["queue"] == "new"
    assert "not changed: `queue`" in told[1]
    assert "tool-arguments-unreadable" in told[2]
    assert "tried to set `'queue'`" in caplog.text
    assert {asked.query["queue"][0] for asked in desk.asked[-2:]} == {"new"}


async def test_one_tool_alone(tool_jf: Jackfield):
    """Among others of the agent's."""
    made = await tool_jf.create_connector_tool(connector="desk", resource="list-tickets").load()
    model = Scripted([(LIST, '{"queue": "a", "limit": 1}')])
    await Runner.run(Agent(name="clerk", model=model, tools=[made.to_openai_agents()]), "Look.", run_config=QUIET)

    assert '"queue":"a"' in model.inputs[1][-1]["output"]
