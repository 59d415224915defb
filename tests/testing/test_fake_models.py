"""The server in the place of a model refuses what the real ones refuse, and says what it is told."""

from __future__ import annotations

from typing import Any

import httpx2 as httpx
import pytest

from jackfield.testing import Answers, FakeModels, calls, fake_models, says

USER = {"role": "user", "content": "Go."}
OBJECT = {"type": "object", "properties": {}}
CALL = {"id": "c", "type": "function", "function": {"name": "a", "arguments": "{}"}}
ANTHROPIC = {"anthropic-version": "2023-06-01", "x-api-key": "none"}


def ask(models: FakeModels, path: str, body: Any) -> httpx.Response:
    with httpx.Client(base_url=models.url, headers=ANTHROPIC, trust_env=False) as client:
        return client.post(path, json=body)


def chat(**more: Any) -> dict[str, Any]:
    return {"model": "any", "messages": [USER], **more}


def chat_tool(**function: Any) -> dict[str, Any]:
    return chat(tools=[{"type": "function", "function": {"name": "a", "parameters": OBJECT, **function}}])


CHAT = [
    chat(model=""),
    chat(messages=[]),
    chat(stream=True),
    chat(tools=[]),
    chat_tool(name="no name"),
    chat_tool(name="a" * 65),
    chat_tool(description="x" * 1025),
    chat_tool(inputSchema={}),
    chat_tool(parameters={"type": "string"}),
    chat_tool(parameters=OBJECT | {"anyOf": []}),
    chat_tool(parameters={"type": "object", "properties": {"x": {"type": "array"}}}),
    chat_tool(strict=True, parameters={"type": "object", "properties": {"x": {}}, "additionalProperties": False}),
    chat(tools=[{"type": "function", "function": {"name": "a"}}] * 2),
    chat(messages=[USER, {"role": "tool", "tool_call_id": "c", "content": ""}]),
    chat(messages=[USER, {"role": "assistant", "tool_calls": [CALL]}]),
    chat(messages=[USER, {"role": "assistant", "tool_calls": [CALL]}, USER]),
]


def responses(*items: Any, **more: Any) -> dict[str, Any]:
    return {"model": "any", "input": [USER, *items], **more}


RESPONSES = [
    responses({"type": "function_call", "call_id": "c", "name": "a", "arguments": "{}"}),
    responses({"type": "function_call_output", "call_id": "c", "output": ""}),
    responses({"role": "tool", "content": ""}),
    responses(tools=[{"type": "function", "function": {"name": "a"}}]),
    responses(tools=[{"type": "function", "name": "a", "parameters": OBJECT}]),
]


def messages(*turns: Any, **more: Any) -> dict[str, Any]:
    return {"model": "any", "max_tokens": 9, "messages": [USER, *turns], **more}


USE = {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "a", "input": {}}]}
RESULT = {"type": "tool_result", "tool_use_id": "t", "content": ""}

MESSAGES = [
    messages() | {"max_tokens": 0},
    messages(tools=[{"name": "a", "input_schema": {"type": "string"}}]),
    messages(tools=[{"name": "a", "parameters": OBJECT}]),
    messages(tools=[{"name": "a", "input_schema": OBJECT | {"oneOf": []}}]),
    messages(tools=[{"name": "a", "input_schema": {"type": "object", "properties": {"a b": {}}}}]),
    messages(tools=[{"name": "a", "input_schema": {"type": "object", "properties": {"a": {"type": "text"}}}}]),
    messages(USE),
    messages(USE, USER),
    messages(USE, {"role": "user", "content": [{"type": "text", "text": "x"}, RESULT]}),
    messages({"role": "assistant", "content": "x"}, {"role": "user", "content": [RESULT]}),
]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *(("/v1/chat/completions", body) for body in CHAT),
        *(("/v1/responses", body) for body in RESPONSES),
        *(("/v1/messages", body) for body in MESSAGES),
        ("/v1/other", chat()),
    ],
)
def test_what_the_real_ones_refuse_is_refused_and_costs_no_turn(path: str, body: Any):
    """A test that passes here and fails with a customer is worse than none."""
    with fake_models([says("Not said.")]) as models:
        refused = ask(models, path, body)
        after = ask(models, "/v1/chat/completions", chat())

    assert refused.status_code == 400
    assert refused.json()["error"]["message"]
    assert after.json()["choices"][0]["message"]["content"] == "Not said."
    assert [one.path for one in models.asked] == [path, "/v1/chat/completions"]


def test_turns_are_said_in_their_order_and_then_no_more():
    """A loop that goes on for ever shall end in a test."""
    own = Answers(status=503, content=b"<busy>", media_type="text/html")
    with fake_models([calls(("a", {"x": 1}), ("b", "{bad")), own, says("Done.")]) as models:
        first, second, third, fourth = (ask(models, "/v1/chat/completions", chat()) for _ in range(4))

    said = first.json()["choices"][0]["message"]["tool_calls"]
    assert [call["id"] for call in said] == ["call_1", "call_2"]
    assert [call["function"]["arguments"] for call in said] == ['{"x": 1}', "{bad"]
    assert (second.status_code, second.text) == (503, "<busy>")
    assert third.json()["choices"][0]["message"]["content"] == "Done."
    assert "no more turns" in fourth.json()["error"]["message"]
