"""Tools of a runtime: what is offered, called, kept and written down."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from jackfield import Connector, Outcome, Secret, command, fail, field, succeed
from jackfield.access.principal import LOCAL, Principal
from jackfield.agents.choice import EVERYTHING, Choice
from jackfield.agents.choice_reading import read_choice
from jackfield.agents.errors import UnknownTool
from jackfield.agents.tool import ToolContext, ToolResult
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import CallOptions
from jackfield.manage.tools import Tools
from jackfield.settings import Settings

KEY = f"main:{base64.b64encode(bytes(range(32))).decode()}"
CHOICE = [
    {"connector": "desk", "operations": ["read"], "parameters": {"read": {"box": "{{ box }}"}}},
]


class Desk(Connector, name="desk", version="1.2.0"):
    """Papers."""

    key: Secret | None = field("Key.", default=None)

    @command(reads_only=True, mock={"default": succeed({"papers": ["a sample"]})})
    async def read(self, box: str, count: int = 1) -> Outcome:
        """Read papers."""
        return succeed({"papers": [{"id": n, "box": box, "text": "x" * 50} for n in range(count)]})

    @command()
    async def tell(self, key: str = "") -> Outcome:
        """Fail, and tell too much."""
        return fail(f"the desk refused {self.key.reveal() if self.key else key}", code="desk-refused")

    @command(destructive=True)
    async def burn(self) -> Outcome:
        """Burn all."""
        return succeed()

    @command(tool=False)
    async def audit(self) -> Outcome:
        """Not for models."""
        return succeed()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def runtime(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Embedded]:
    """One that keeps nothing, and one on each database."""
    kept = request.param
    url = kept if kept == "memory" else request.getfixturevalue(f"{kept}_url")
    runtime = Embedded(Settings(data=tmp_path, database_url=url, key=KEY, connectors=()), types=[Desk])
    await runtime.add({"name": "desk", "type": "desk", "config": {"key": "s3cret-key-of-the-desk"}})
    yield runtime
    await runtime.close()


async def tools_of(runtime: Embedded) -> Tools:
    return (await runtime.open()).tools


async def call(runtime: Embedded, name: str, given: Any, choice: Choice = EVERYTHING, **more: Any) -> ToolResult:
    return await (await tools_of(runtime)).call(LOCAL, name, given, choice=choice, **more)


async def test_all_that_models_may_have_is_offered(runtime: Embedded):
    """An author keeps a command from models by `tool=False`, and nothing else is left out."""
    offered = await (await tools_of(runtime)).list(LOCAL)

    assert {(tool.name, tool.risk) for tool in offered.tools} == {
        ("desk__read", "read"),
        ("desk__tell", "write"),
        ("desk__burn", "destructive"),
    }


async def test_only_what_is_chosen_is_offered(runtime: Embedded):
    """M03: the others are absent, and cannot be called either."""
    tools, choice = await tools_of(runtime), read_choice(CHOICE)

    assert [tool.name for tool in (await tools.list(LOCAL, choice=choice)).tools] == ["desk__read"]
    refused = await tools.call(LOCAL, "desk__burn", {}, choice=choice)
    assert (refused.failed, refused.code) == (True, "unknown-tool")
    with pytest.raises(UnknownTool):
        await tools.get(LOCAL, "desk__burn", choice=choice)


async def test_no_operations_named_are_all(runtime: Embedded):
    """M03."""
    offered = await (await tools_of(runtime)).list(LOCAL, choice=read_choice(["desk"]))

    assert len(offered.tools) == 3


async def test_only_reading_leaves_only_what_reads(runtime: Embedded):
    """For a model that shall look and not touch."""
    choice = read_choice({"readsOnly": True})

    assert [tool.command for tool in (await (await tools_of(runtime)).list(LOCAL, choice=choice)).tools] == ["read"]
    assert (await call(runtime, "desk__burn", {}, choice)).code == "unknown-tool"


async def test_what_cannot_be_offered_is_told_and_hides_nothing_else(runtime: Embedded):
    """A connector that was deleted must not take the others along."""
    offered = await (await tools_of(runtime)).list(LOCAL, choice=read_choice(["gone", "desk"]))

    assert len(offered.tools) == 3
    assert [problem.code for problem in offered.problems] == ["unknown-connector"]


async def test_a_command_that_is_kept_from_models_cannot_be_chosen(runtime: Embedded):
    """`tool=False` is its author's word."""
    choice = read_choice([{"connector": "desk", "operations": ["audit"]}])
    offered = await (await tools_of(runtime)).list(LOCAL, choice=choice)

    assert (list(offered.tools), [problem.code for problem in offered.problems]) == ([], ["unknown-command"])


async def test_a_locked_param_wins_and_the_attempt_is_logged(runtime: Embedded, caplog: pytest.LogCaptureFixture):
    """M04, Z09."""
    caplog.set_level(logging.WARNING, logger="jackfield.agents")
    result = await call(
        runtime, "desk__read", {"BOX": "evil"}, read_choice(CHOICE), context=ToolContext(variables={"box": "mine"})
    )

    assert json.loads(result.text.splitlines()[0])["papers"][0]["box"] == "mine"
    assert result.ignored == ("BOX",)
    assert "tried to set" in caplog.text
    assert "evil" not in caplog.text
    resources = await runtime.open()
    if not resources.keeps_nothing:
        entry = (await resources.audit.list(LOCAL)).items[0]
        assert (entry.action, entry.verdict, entry.resource_id) == ("tool.locked_param", "denied", "desk__read")


async def test_the_rest_of_a_result_is_there_by_the_id_of_the_call(runtime: Embedded):
    """M09."""
    context = ToolContext(call_id="call_1", chat_id="chat_1")
    first = await call(runtime, "desk__read", {"box": "a", "count": 100}, context=context, characters=900)
    tools = await tools_of(runtime)
    cursor = int(json.loads(first.text)["shortened"]["cursor"])
    rest = await tools.retrieve(LOCAL, "call_1", chat_id="chat_1", start=cursor, fields=("id",))

    assert first.shortened
    assert json.loads(rest.text)["papers"][0] == {"id": cursor}
    assert json.loads(rest.text)["papers"][-1] == {"id": 99}


@pytest.mark.parametrize(
    ("principal", "chat_id"),
    [
        (LOCAL, "chat_2"),
        (LOCAL, None),
        (Principal(user="eve", admin=True), "chat_1"),
        (Principal(user="local", tenant="other"), "chat_1"),
    ],
)
async def test_the_results_of_others_are_not_there(runtime: Embedded, principal: Principal, chat_id: str | None):
    """M09: neither of another conversation, nor of another user, though an administrator asks."""
    context = ToolContext(call_id="call_1", chat_id="chat_1")
    made = await call(runtime, "desk__read", {"box": "a"}, context=context)
    tools = await tools_of(runtime)

    for call_id in ("call_1", made.execution_id):
        assert (await tools.retrieve(principal, call_id, chat_id=chat_id)).code == "unknown-tool-result"


async def test_the_call_is_recorded_as_a_model_s(runtime: Embedded):
    """An execution leads back to the conversation that it was made in."""
    context = ToolContext(call_id="call_1", chat_id="chat_1")
    made = await call(runtime, "desk__read", {"box": "a"}, context=context)
    kept = await (await runtime.open()).executions.get(LOCAL, made.execution_id)

    assert (kept.trigger, kept.chat_id, kept.tool_call_id) == ("agent", "chat_1", "call_1")


async def test_a_failure_has_no_secret(runtime: Embedded):
    """M18: a model's context goes to somebody else's server."""
    result = await call(runtime, "desk__tell", {})

    assert result.code == "desk-refused"
    assert "s3cret-key-of-the-desk" not in result.text


async def test_who_may_not_call_is_refused(runtime: Embedded):
    """M16: the end user's rights count."""
    reader = Principal(user="rita", scopes=frozenset({"read"}))
    result = await (await tools_of(runtime)).call(reader, "desk__read", {"box": "a"})

    assert (result.failed, result.code) == (True, "scope-missing")


async def test_a_model_may_ask_for_a_mock_only_where_the_host_lets_it(runtime: Embedded):
    """M12."""
    rule = read_choice([{"connector": "desk", "operations": ["read"], "tools": {"read": {"mock": True}}}])

    mocked = await call(runtime, "desk__read", {"box": "a", "useMock": True}, rule)
    refused = await call(runtime, "desk__read", {"box": "a", "useMock": True})

    assert mocked.structured == {"papers": ["a sample"]}
    assert refused.code == "invalid-params"


async def test_a_model_cannot_turn_a_mock_off(runtime: Embedded):
    """M12: in mock mode the host decides."""
    rule = read_choice([{"connector": "desk", "tools": {"read": {"mock": True}}}])
    options = CallOptions(use_mock=True)

    result = await call(runtime, "desk__read", {"box": "a", "useMock": False}, rule, options=options)

    assert result.structured == {"papers": ["a sample"]}


async def test_a_rule_for_a_field_that_is_gone_does_not_hide_what_happened(runtime: Embedded):
    """The command has run: a model that reads of a failure would do it again."""
    choice = read_choice([{"connector": "desk", "tools": {"read": {"result": {"fields": ["gone"]}}}}])

    result = await call(runtime, "desk__read", {"box": "a"}, choice)

    assert not result.failed
    assert result.structured is not None


async def test_a_change_is_offered_at_once(runtime: Embedded):
    """K15: without a restart."""
    tools = await tools_of(runtime)
    before = await tools.version(LOCAL)
    assert len((await tools.list(LOCAL)).tools) == 3
    await runtime.add({"name": "desk-2", "type": "desk"})

    assert await tools.version(LOCAL) != before
    assert len((await tools.list(LOCAL)).tools) == 6


async def test_a_mistake_of_the_model_names_no_param_that_is_not_its_own(runtime: Embedded):
    """M07: what is hidden in the schema is not told by an error."""
    choice = read_choice([{"connector": "desk", "parameters": {"read": {"box": "mine"}}}])

    result = await call(runtime, "desk__read", {"count": "many"}, choice)

    assert result.code == "invalid-params"
    assert "`count`" in result.text
    assert "box" not in result.text


async def test_a_connector_that_is_switched_off_has_no_tools_and_says_so(runtime: Embedded):
    """Whoever has chosen it wonders where they are."""
    tools = await tools_of(runtime)
    runtime.base.change_connector("default/desk", tenant=LOCAL.tenant, enabled=False)

    everything, chosen = await tools.list(LOCAL), await tools.list(LOCAL, choice=read_choice(["desk"]))

    assert (list(everything.tools), list(everything.problems)) == ([], [])
    assert (list(chosen.tools), [one.code for one in chosen.problems]) == ([], ["connector-disabled"])
