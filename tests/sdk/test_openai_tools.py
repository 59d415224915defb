"""Tools with OpenAI's own client, whose requests a server judges by the rules of the real one."""

from __future__ import annotations

import json
import logging
from typing import Any

import openai
import pytest

from jackfield import Jackfield
from jackfield.testing import calls, fake_models, says
from servers import Service
from tool_desk import LIST, REPLY

CHOSEN = [{"connector": "desk", "parameters": {"list_tickets": {"queue": "new"}}}]
GOOD, ATTACK = (LIST, {"limit": 1}), (LIST, {"limit": 1, "queue": "other"})


def test_chat_completions(tool_jf: Jackfield, desk: Service, caplog: pytest.LogCaptureFixture):
    """M14: a whole loop. M04: what is locked holds against the model, which is told, and the attempt is logged."""
    toolset = tool_jf.tools(CHOSEN)
    messages: list[Any] = [{"role": "user", "content": "Look."}]
    with fake_models([calls(GOOD, ATTACK, (REPLY, "{cut o"), ("nope", {})), says("Done.")]) as models:
        client = openai.OpenAI(base_url=models.openai_url, api_key="none", max_retries=0)
        with caplog.at_level(logging.WARNING, "jackfield.agents"):
            while True:
                answer = client.chat.completions.create(model="any", messages=messages, tools=toolset.openai())
                message = answer.choices[0].message
                if not message.tool_calls:
                    break
                messages += [message, *toolset.run_openai(message.tool_calls)]
        client.close()

    assert message.content == "Done."
    told = [one["content"] for one in models.asked[1].body["messages"][2:]]
    assert json.loads(told[0])["queue"] == json.loads(told[1].partition("\n")[0])["queue"] == "new"
    assert "not changed: `queue`" in told[1]
    assert "tool-arguments-unreadable" in told[2]
    assert "unknown-tool" in told[3]
    assert "tried to set `'queue'`" in caplog.text
    assert all(asked.query["queue"] == ["new"] for asked in desk.asked[-2:])


async def test_responses(tool_jf: Jackfield, desk: Service):
    """M14: the other interface, in asynchronous code."""
    toolset = await tool_jf.tools(CHOSEN).load()
    given: list[Any] = [{"role": "user", "content": "Look."}]
    with fake_models([calls(GOOD, ATTACK), says("Done.")]) as models:
        async with openai.AsyncOpenAI(base_url=models.openai_url, api_key="none", max_retries=0) as client:
            while True:
                answer = await client.responses.create(model="any", input=given, tools=toolset.openai(api="responses"))
                outputs = await toolset.run_openai_async(answer.output)
                if not outputs:
                    break
                given += [*answer.output, *outputs]

    assert answer.output_text == "Done."
    assert [json.loads(one["output"].partition("\n")[0])["queue"] for one in outputs or given[-2:]] == ["new", "new"]
    assert "not changed: `queue`" in given[-1]["output"]
    assert desk.asked[-1].query["queue"] == ["new"]


def test_what_openai_would_refuse_is_not_sent(tool_jf: Jackfield):
    """Descriptions end in time, and each list says of what it is."""
    by_name = {tool["function"]["name"]: tool["function"] for tool in tool_jf.tools(["desk"]).openai()}

    assert len(by_name[REPLY]["description"]) <= 1024
    assert by_name[REPLY]["description"].endswith("Politely.…")
    assert by_name[LIST]["parameters"]["properties"]["labels"]["items"] == {}
