"""Searching the tools of a caller, and the answers that a model reads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jackfield.access.principal import LOCAL
from jackfield.agents.choice_reading import read_choice
from jackfield.agents.finding import ANSWER, Query, ToolHit, answer_of
from jackfield.agents.json_text import json_text
from jackfield.app.embedded import Embedded
from jackfield.manage.tools import Tools
from jackfield.settings import Settings
from tools.making import STRING, tool

DESK = {
    "name": "desk",
    "description": "Where letters are kept.",
    "baseUrl": "https://desk.example",
    "connectionConfig": {"token": {"type": "secret"}},
    "operations": [
        {"name": "list_letters", "method": "GET", "path": "/letters", "description": "All letters that came."},
        {"name": "send_letter", "method": "POST", "path": "/letters", "description": "Write to somebody."},
        {"name": "burn_letter", "method": "DELETE", "path": "/letters/{id}", "description": "It is gone for good."},
    ],
}


@pytest.fixture
async def runtime(tmp_path: Path) -> AsyncIterator[Embedded]:
    runtime = Embedded(Settings(data=tmp_path, database_url="memory", connectors=()), types=[])
    await runtime.add(DESK)
    yield runtime
    await runtime.close()


async def names(tools: Tools, text: str, **more: object) -> list[str]:
    hits = await tools.search(LOCAL, Query(text=text, **more))  # type: ignore[arg-type]  # as they are named
    return [hit.tool.command for hit in hits]


async def test_a_tool_is_found_by_what_it_does(runtime: Embedded):
    """A model has the words of a person, and not the names of an interface."""
    tools = (await runtime.open()).tools

    assert (await names(tools, "write somebody a letter"))[0] == "send_letter"
    assert (await names(tools, "listLetters"))[0] == "list_letters"


async def test_what_may_do_harm_can_be_left_out(runtime: Embedded):
    """By risk."""
    tools = (await runtime.open()).tools

    assert await names(tools, "letters", risk=["read"]) == ["list_letters"]


async def test_only_tools_of_the_choice_are_found(runtime: Embedded):
    """M03: a search must not tell of what cannot be called."""
    tools = (await runtime.open()).tools
    choice = read_choice([{"connector": "desk", "operations": ["list_letters"]}])

    hits = await tools.search(LOCAL, Query(text="letter"), choice=choice)

    assert [hit.tool.command for hit in hits] == ["list_letters"]


async def test_what_lacks_its_credential_says_so_and_can_be_left_out(runtime: Embedded):
    """A call that must fail costs a turn."""
    closed = {**DESK, "name": "closed", "auth": {"type": "bearer", "secret": "NOT_THERE"}}
    await runtime.add(closed)
    tools = (await runtime.open()).tools

    hits = await tools.search(LOCAL, Query(text="send letter", connector=["default/closed"]))
    assert [hit.connected for hit in hits] == [False] * len(hits)
    assert answer_of(hits)["tools"][0]["connected"] is False
    assert await names(tools, "send letter", connector=["default/closed"], connected=True) == []


async def test_a_new_connector_is_found_at_once(runtime: Embedded):
    """And the others are not read again."""
    tools = (await runtime.open()).tools
    assert len(await names(tools, "burn letter")) == 3
    await runtime.add({**DESK, "name": "other"})

    assert len(await names(tools, "burn letter", limit=10)) == 6


def test_an_answer_has_schemas_where_there_is_room():
    """The best hit is called without another question, and a large one does not crowd out the rest."""
    small = ToolHit(tool=tool(), score=1)
    large = tool(params={"type": "object", "properties": {f"field_{n}": STRING for n in range(400)}})

    assert "inputSchema" in answer_of([small])["tools"][0]
    answer = answer_of([small, ToolHit(tool=large, score=0.5), small])
    assert ["inputSchema" in said for said in answer["tools"]] == [True, False, False]
    assert len(json_text(answer)) <= ANSWER
