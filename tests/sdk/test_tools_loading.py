"""When the commands behind tools are asked for, how often, and when a change is seen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jackfield import Jackfield
from jackfield.access.errors import ScopeMissing
from jackfield.registry.errors import UnknownCommand
from jackfield.surfaces.sdk.remote import tooling
from servers import Service
from surfaces.served import ADMIN_TOKEN
from tool_desk import DESK, embedded_desk

OPERATION: dict[str, Any] = {"name": "look", "method": "GET", "path": "/tickets", "readsOnly": True}
TEAM = {"properties": {"team": {"type": "string"}}}
QUEUE = {"properties": {"queue": {"type": "string"}}}


class Asked(list[dict[str, Any]]):
    """The bodies of all requests that asked a server what commands are."""

    clock = 0.0


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    seen = Asked()
    plain = tooling.Wire.ask

    async def ask(self: Any, method: str, path: str, **settings: Any) -> Any:
        if path == "/api/tools/describe":
            seen.append(json.loads(settings["body"]))
        return await plain(self, method, path, **settings)

    monkeypatch.setattr(tooling.Wire, "ask", ask)
    return seen


@pytest.fixture
def jf(desk_url: str, asked: Asked) -> Iterator[Jackfield]:
    """With a server, and a clock that stands still unless a test moves it."""
    with Jackfield(url=desk_url, token=ADMIN_TOKEN) as made:
        made.runtime.tooling._clock = lambda: asked.clock
        yield made


def test_making_tools_asks_nothing_and_the_first_use_asks_once_for_all(jf: Jackfield, asked: Asked):
    """K16: N tools are one batch, whichever of them is used first, and nothing before."""
    tools = [
        jf.create_connector_tool(connector="desk", resource=one["name"], parameters={}) for one in DESK["operations"]
    ]
    toolset = jf.tools([*tools, "delay"])
    before = len(asked)
    names = [tool.name for tool in tools]

    assert before == 0
    assert len(asked) == 1
    assert len(asked[0]["wanted"]) == len(tools) + 1
    assert [tool.name for tool in toolset.tools][: len(names)] == names
    assert len(asked) == 1


async def test_all_who_come_at_once_wait_for_one_answer(jf: Jackfield, asked: Asked):
    """K16: an agent starts its tools together."""
    tools = [jf.create_connector_tool(connector="desk", resource=one["name"]) for one in DESK["operations"]]
    await asyncio.gather(*(tool.load() for tool in tools), jf.tools(tools).load())

    assert len(asked) == 1


def test_after_a_while_it_is_asked_whether_anything_is_new(jf: Jackfield, asked: Asked):
    """K15: by what is known already; nothing is sent again that is the same."""
    tool = jf.create_connector_tool(connector="desk", resource="reply")
    first = tool.definition
    asked.clock += tooling.TTL_S - 1
    _ = tool.definition
    within = len(asked)
    asked.clock += 2
    again = tool.definition

    assert within == 1
    assert len(asked) == 2
    assert asked[1]["wanted"][0]["tag"]
    assert again is first


def test_what_is_not_there_is_asked_for_again_soon(jf: Jackfield, asked: Asked):
    """Whoever adds the missing connector does not want to wait a minute."""
    tool = jf.create_connector_tool(connector="later", resource="look")
    with pytest.raises(Exception, match="there is no connector `later`"):
        tool.call({})
    jf.manage.connectors.create({"name": "later", "baseUrl": "https://x.example", "operations": [OPERATION]})
    asked.clock += tooling.FAILED_TTL_S + 1

    assert tool.name == "later__look"


def test_more_than_one_request_takes_are_several(jf: Jackfield, asked: Asked, monkeypatch: pytest.MonkeyPatch):
    """The route has a limit."""
    monkeypatch.setattr(tooling, "MOST", 3)
    tools = [jf.create_connector_tool(connector="desk", resource=one["name"]) for one in DESK["operations"]]

    assert len({tool.name for tool in tools}) == 4
    assert [len(one["wanted"]) for one in asked] == [3, 1]


def changing(jf: Jackfield, name: str, service: Service) -> Any:
    """A connector that tests change."""
    jf.manage.connectors.create(
        {"name": name, "baseUrl": service.url, "operations": [OPERATION | {"parameters": TEAM}]}
    )
    return jf.create_connector_tool(connector=name, resource="look")


def properties(tool: Any) -> list[str]:
    return list(tool.input_schema["properties"])


def test_a_change_is_seen_by_what_an_outcome_says(jf: Jackfield, asked: Asked, desk: Service):
    """K15: `metadata.version` is another one, so the next use asks, and no restart is needed."""
    tool = changing(jf, "seen", desk)
    before = properties(tool)
    jf.manage.connectors.update(
        "seen",
        {"operations": [OPERATION | {"parameters": {"properties": {**TEAM["properties"], **QUEUE["properties"]}}}]},
    )
    unseen = properties(tool)
    tool.call({"team": "red"})

    assert before == unseen == ["team"]
    assert properties(tool) == ["team", "queue"]


def test_a_command_that_is_gone_is_seen_by_the_refusal(jf: Jackfield, asked: Asked, desk: Service):
    """K15: a model is told, and the tool is no longer offered."""
    tool = changing(jf, "gone", desk)
    toolset = jf.tools([tool])
    before = [one.name for one in toolset.tools]
    jf.manage.connectors.update("gone", {"operations": [OPERATION | {"name": "other"}]})
    result = tool.call({})

    assert before[0] == "gone__look"
    assert result.code == "unknown-command"
    assert toolset.tools == []
    with pytest.raises(UnknownCommand):
        tool.call({})


def test_a_change_in_this_process_is_seen_at_once(tmp_path: Path, desk: Service, sqlite_url: str):
    """K15: nothing is kept where looking costs nothing."""
    from jackfield.settings import Settings
    from surfaces.kept import KEY

    settings = Settings(data=tmp_path, database_url=sqlite_url, key=KEY, egress_allow=desk.address)
    with Jackfield(settings=settings, types=[]) as jf:
        tool = changing(jf, "here", desk)
        before = tool.definition
        same = tool.definition
        jf.manage.connectors.update("here", {"operations": [OPERATION | {"parameters": QUEUE}], "autoBump": True})

        assert same is before
        assert properties(tool) == ["queue"]


def test_attempts_are_in_the_audit_log_where_there_is_one(tmp_path: Path, desk: Service, sqlite_url: str):
    """M04: of this process. A server is not asked to believe what others saw; they have it in their own log."""
    from jackfield.settings import Settings
    from surfaces.kept import KEY

    settings = Settings(data=tmp_path, database_url=sqlite_url, key=KEY, egress_allow=desk.address)
    with Jackfield(settings=settings, types=[]) as jf:
        changing(jf, "here", desk)
        tool = jf.create_connector_tool(connector="here", resource="look", parameters={"team": "red"})
        tool.call({"team": "blue"})
        entries = jf.manage.audit.list(action="tool.locked_param").items

    assert [(entry.resource_id, entry.verdict) for entry in entries] == [("here__look", "denied")]
    assert desk.asked[-1].query == {"team": ["red"]}


def test_a_disabled_connector_is_no_tool(tmp_path: Path, jf: Jackfield, desk: Service):
    """Nobody is offered what is switched off."""
    tool = changing(jf, "off", desk)
    jf.manage.connectors.disable("off")

    assert [problem.code for problem in jf.tools([tool]).problems] == ["connector-disabled"]


def test_an_embedded_one_asks_no_server(tmp_path: Path, desk: Service, asked: Asked):
    """Nor does it open anything before the first use."""
    with embedded_desk(tmp_path, desk) as jf:
        tool = jf.create_connector_tool(connector="desk", resource="reply")
        unopened = jf.runtime._opened

        assert unopened is None
        assert tool.name == "desk__reply"
        assert asked == []


@pytest.mark.parametrize("scopes", [["read"], ["execute"], ["read", "execute"]], ids=" ".join)
def test_a_token_allows_what_it_allows(jf: Jackfield, desk_url: str, scopes: list[str]):
    """M16: seeing tools takes `read`, calling them `execute`; a model is told, and a program."""
    made = jf.manage.users.add(name="-".join(["someone", *scopes]), scopes=scopes)
    with Jackfield(url=desk_url, token=made.token.text) as other:
        tool = other.create_connector_tool(connector="desk", resource="list-tickets")
        if "read" not in scopes:
            with pytest.raises(ScopeMissing):
                _ = tool.name
            return
        result = tool.call({"queue": "new", "limit": 1})

    assert result.code == ("" if "execute" in scopes else "scope-missing")


def test_ids_that_cannot_be_kept_do_no_harm(jf: Jackfield):
    """A model's service gives them, and headers carry them."""
    tool = jf.create_connector_tool(connector="desk", resource="list-tickets")
    result = tool.call({"queue": "new", "limit": 1}, call_id="a\0\r\nX-Evil: 1\ud800", chat_id="\0")
    row = jf.manage.executions.get(result.execution_id)

    assert (row.tool_call_id, row.chat_id) == ("aX-Evil: 1", None)
