"""Tools with Anthropic's own client, whose requests a server judges by the rules of the real one."""

from __future__ import annotations

import json
import logging
from typing import Any

import anthropic
import pytest

from jackfield import Jackfield
from jackfield.agents.media import Medium
from jackfield.agents.tool import ToolResult
from jackfield.surfaces.sdk.adapters.anthropic import answer
from jackfield.surfaces.sdk.tools.asked import Asked
from jackfield.testing import calls, fake_models, says
from servers import Service
from tool_desk import LIST

CHOSEN = [{"connector": "desk", "parameters": {"list_tickets": {"queue": "new"}}}]


def test_messages(tool_jf: Jackfield, desk: Service, caplog: pytest.LogCaptureFixture):
    """M14: a whole loop. M04: what is locked holds against the model, which is told, and the attempt is logged."""
    toolset = tool_jf.tools(CHOSEN)
    messages: list[Any] = [{"role": "user", "content": "Look."}]
    turn = calls((LIST, {"limit": 1}), (LIST, {"limit": 1, "queue": "other"}), ("nope", {}))
    with fake_models([turn, says("Done.")]) as models:
        client = anthropic.Anthropic(base_url=models.url, api_key="none", max_retries=0)
        with caplog.at_level(logging.WARNING, "jackfield.agents"):
            while True:
                answer = client.messages.create(
                    model="any", max_tokens=1000, messages=messages, tools=toolset.anthropic()
                )
                if answer.stop_reason != "tool_use":
                    break
                messages += [
                    {"role": "assistant", "content": answer.content},
                    {"role": "user", "content": toolset.run_anthropic(answer.content)},
                ]
        client.close()

    assert answer.content[0].text == "Done."
    told = models.asked[1].body["messages"][2]["content"]
    assert json.loads(told[0]["content"])["queue"] == "new"
    assert json.loads(told[1]["content"].partition("\n")[0])["queue"] == "new"
    assert "not changed: `queue`" in told[1]["content"]
    assert [block.get("is_error", False) for block in told] == [False, False, True]
    assert "tried to set `'queue'`" in caplog.text
    assert desk.asked[-1].query["queue"] == ["new"]


async def test_in_asynchronous_code(tool_jf: Jackfield):
    """The same tools, another client."""
    toolset = await tool_jf.tools(["desk"]).load()
    with fake_models([calls((LIST, {"queue": "a", "limit": 1}))]) as models:
        async with anthropic.AsyncAnthropic(base_url=models.url, api_key="none", max_retries=0) as client:
            answer = await client.messages.create(
                model="any", max_tokens=9, messages=[{"role": "user", "content": "."}], tools=toolset.anthropic()
            )
            blocks = await toolset.run_anthropic_async(answer.content)

    assert blocks[0]["tool_use_id"] == "call_1"
    assert json.loads(blocks[0]["content"])["queue"] == "a"


def test_pictures_are_shown_and_what_the_api_does_not_take_is_not_sent():
    """One picture of a wrong type would have the whole conversation refused."""
    media = [Medium(kind="image", mime_type=kind, data="AA==") for kind in ("image/png", "image/tiff")]
    asked = Asked(name="look", arguments={}, call_id="c")
    block = answer(asked, ToolResult(text="Seen.", media=(*media, Medium(kind="audio", mime_type="audio/wav"))))

    assert [one["type"] for one in block["content"]] == ["text", "image"]
    assert block["content"][1]["source"] == {"type": "base64", "media_type": "image/png", "data": "AA=="}
