"""What is kept of a call, as people find it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from jackfield import Connector, Context, JackfieldError, Outcome, SyncContext, command, succeed
from jackfield.access.principal import LOCAL, Principal
from jackfield.app.embedded import Embedded
from jackfield.dispatch import record
from jackfield.dispatch.call import Call, CallOptions, Origin
from jackfield.settings import Settings


class Tree(Connector, name="kept-tree"):
    """Calls others on its way."""

    runtime: Any = None

    @command
    async def parent(self, ctx: Context) -> Outcome:
        """Call two at once."""
        await asyncio.gather(Tree.child("delay"), Tree.child("kept-tree", "threaded"))
        return succeed()

    @command
    def threaded(self, ctx: SyncContext) -> Outcome:
        """Call one from a thread."""
        running = asyncio.run_coroutine_threadsafe(Tree.child("delay"), Tree.loop)
        running.result(5)
        return succeed()

    @command(reads_only=True)
    async def long(self, characters: int) -> Outcome:
        """Say much."""
        return succeed({"text": "x" * characters})

    @staticmethod
    async def child(target: str, name: str | None = None) -> None:
        """One call without saying whose child it is."""
        params = {"delayMs": 0} if target == "delay" else {}
        await Tree.runtime.run(Call(principal=LOCAL, target=target, command=name, params=params))


@pytest.fixture(params=["memory", "sqlite"])
async def runtime(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Embedded]:
    url = "memory" if request.param == "memory" else ""
    runtime = Embedded(Settings(data=tmp_path, database_url=url), types=[Tree])
    Tree.runtime, Tree.loop = runtime, asyncio.get_running_loop()
    yield runtime
    await runtime.close()


def call(name: str | None, target: str = "kept-tree", *, principal: Principal = LOCAL, **more: Any) -> Call:
    return Call(principal=principal, target=target, command=name, **more)


async def test_calls_made_on_the_way_of_a_call_are_its_children(runtime: Embedded):
    """Q: also through threads, and without anybody passing an id on."""
    outcome = await runtime.run(call("parent"))
    executions = (await runtime.open()).executions
    found = await executions.tree(LOCAL, outcome.metadata["executionId"])
    names = {view.id: view.command for view in found}

    assert sorted((names.get(view.parent_id or "", ""), view.command) for view in found) == [
        ("", "parent"),
        ("parent", "threaded"),
        ("parent", "wait"),
        ("threaded", "wait"),
    ]


async def test_an_outcome_too_large_to_be_kept_is_answered_whole_and_kept_as_a_preview(
    runtime: Embedded, monkeypatch: pytest.MonkeyPatch
):
    """Q09."""
    monkeypatch.setattr(record, "MAX_STORED_BYTES", 2000)
    outcome = await runtime.run(call("long", params={"characters": 50_000}))
    view = await (await runtime.open()).executions.get(LOCAL, outcome.metadata["executionId"])

    assert len(outcome.payload["text"]) == 50_000
    kept = view.outcome["payload"]
    assert (kept["truncated"], kept["bytes"] > 50_000, len(kept["preview"])) == (True, True, record.PREVIEW_CHARACTERS)
    assert view.outcome["metadata"]["truncated"] is True


async def test_a_list_shows_the_beginning_of_what_is_kept_whole(runtime: Embedded):
    """Q09: a list of large outcomes stays a list."""
    outcome = await runtime.run(call("long", params={"characters": 300_000}))
    executions = (await runtime.open()).executions
    (listed,) = (await executions.list(LOCAL)).items
    whole = await executions.get(LOCAL, outcome.metadata["executionId"])

    assert len(listed.preview) <= 200
    assert whole.outcome["payload"] == outcome.payload


async def test_what_is_kept_is_what_was_answered(runtime: Embedded):
    """The very bytes, so that nobody is told two stories."""
    recorded = await runtime.carry_out(call("long", params={"characters": 3}))
    view = await (await runtime.open()).executions.get(LOCAL, recorded.execution_id)

    assert orjson.loads(recorded.body) == view.outcome == recorded.outcome.to_json()


@pytest.mark.parametrize("trigger", ["manual", "api", "sdk", "agent", "mcp", "workflow", "webhook", "schedule", "cdc"])
async def test_how_a_call_was_started_is_kept(runtime: Embedded, trigger: Any):
    """Q08."""
    await runtime.run(call(None, "delay", params={"delayMs": 0}, origin=Origin(trigger=trigger)))
    (view,) = (await (await runtime.open()).executions.list(LOCAL, trigger=trigger)).items

    assert view.trigger == trigger


async def test_who_may_not_call_is_in_the_audit_log(tmp_path: Path):
    """Every attempt that was denied."""
    runtime = Embedded(Settings(data=tmp_path), types=[Tree])
    reader = Principal(user="ann", id="ann", scopes=frozenset({"read"}))
    with pytest.raises(JackfieldError) as caught:
        await runtime.run(call("long", principal=reader, params={"characters": 3}))
    (entry,) = (await (await runtime.open()).audit.list(LOCAL, verdict="denied")).items
    await runtime.close()

    assert caught.value.code == "scope-missing"
    assert (entry.actor, entry.action, entry.resource_id) == ("ann", "connector.call", "kept-tree")


class Mocked(Connector, name="kept-mocked"):
    """Has mocks."""

    token: str

    @command(reads_only=True, mock={"default": succeed("code"), "empty": succeed(None)})
    async def get(self, ctx: Context) -> Outcome:
        """Answer for real."""
        return succeed("real")


Ask = Callable[..., Any]


@pytest.fixture
async def ask(tmp_path: Path) -> AsyncIterator[Ask]:
    """Calls the connector, whose mocks it sets first, with the setting for all calls."""
    opened: list[Embedded] = []

    async def ask(mocks: dict[str, Any], *, everywhere: bool = False, **options: Any) -> Outcome[Any]:
        if not opened:
            opened.append(Embedded(Settings(data=tmp_path, mock=everywhere), types=[Mocked]))
            manage = await opened[0].open()
            body = {"name": "m", "type": "kept-mocked", "config": {"token": "t"}}
            await manage.connectors.create(LOCAL, body)
            await manage.connectors.update(LOCAL, "default/m", {"mocks": mocks})
        return await opened[0].run(call("get", "m", options=CallOptions(**options)))

    yield ask
    for runtime in opened:
        await runtime.close()


STORED = {"data": {"get": {"default": {"payload": "stored"}}}}


@pytest.mark.parametrize(
    ("mocks", "everywhere", "options", "payload"),
    [
        ({}, False, {}, "real"),
        ({}, True, {}, "code"),
        ({}, True, {"use_mock": False}, "real"),
        ({}, False, {"scenario": "empty"}, None),
        (STORED, False, {"use_mock": True}, "stored"),
        (STORED, False, {"scenario": "empty"}, None),
        (STORED | {"enabled": True}, False, {}, "stored"),
        (STORED | {"enabled": True, "scenario": "empty"}, False, {}, None),
        (STORED | {"enabled": True}, False, {"use_mock": False}, "real"),
        (STORED | {"enabled": False}, True, {}, "real"),
    ],
)
async def test_the_nearest_word_decides_whether_and_from_what_a_call_is_mocked(
    ask: Ask, mocks: dict[str, Any], everywhere: bool, options: dict[str, Any], payload: object
):
    """R03: call before connector before all; stored before code."""
    outcome = await ask(mocks, everywhere=everywhere, **options)

    assert outcome.payload == payload
    assert bool(outcome.metadata.get("mock")) is (payload != "real")
