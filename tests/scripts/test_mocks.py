"""Mock scripts: what stands in for a service, in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield import Connector, Context, Jackfield, Outcome, command, succeed

MOCK = """
function list() {
  if (floh.config.scenario === "down") return { success: false, error: "down", code: "closed" };
  return { success: true, payload: { from: "script", scenario: floh.config.scenario, asked: floh.params.n } };
}
function raises() { throw new Error("broken mock"); }
function sends() { return floh.http.get("http://127.0.0.1:1/"); }
"""
STORED = {"success": True, "payload": {"from": "data"}}


class Desk(Connector, name="mock-desk"):
    """Has mocks in its code."""

    @command(reads_only=True, mock={"default": succeed({"from": "code"}), "full": succeed({"from": "code"})})
    async def list(self, ctx: Context, n: int = 0) -> Outcome:
        return succeed({"from": "service"})

    @command(reads_only=True, mock={"default": succeed({"from": "code"})})
    async def other(self, ctx: Context) -> Outcome:
        return succeed({"from": "service"})

    @command(reads_only=True)
    async def raises(self, ctx: Context) -> Outcome:
        return succeed({})

    @command(reads_only=True)
    async def sends(self, ctx: Context) -> Outcome:
        return succeed({})


@pytest.fixture
def desk(tmp_path: Any) -> Any:
    from jackfield.settings import MEMORY, Settings

    settings = Settings(data=tmp_path, database_url=MEMORY, connectors=())
    with Jackfield(settings=settings, types=[Desk]) as jackfield:
        mocks = {"enabled": True, "data": {"list": {"stored": STORED}}, "script": MOCK}
        jackfield.add({"name": "desk", "type": "mock-desk", "mocks": mocks})
        yield lambda command, params=None, **options: jackfield.connector("desk", command, params or {}, options)


def test_stored_data_comes_first_then_the_script_then_the_code(desk: Any):
    """R02."""
    assert desk("list", scenario="stored").payload == {"from": "data"}
    assert desk("list", {"n": 3}).payload == {"from": "script", "scenario": "default", "asked": 3}
    assert desk("other").payload == {"from": "code"}
    assert desk("list", useMock=False).payload == {"from": "service"}
    assert desk("list").metadata["mock"] is True


def test_a_mock_script_can_fail_as_the_service_would(desk: Any):
    """Also by a mistake of its own, which has its place."""
    down, broken = desk("list", scenario="down"), desk("raises")

    assert (down.success, down.code) == (False, "closed")
    assert (broken.error, broken.diagnostics["line"]) == ("broken mock", 6)


def test_a_mock_script_sends_nothing(desk: Any):
    """It stands in for the service; whoever calls it may not have the right to reach anything."""
    outcome = desk("sends")

    assert (outcome.success, outcome.code) == (False, "mock-sends")


def test_a_connector_that_is_a_script_can_be_mocked_by_another(jackfield: Jackfield):
    """Without its credential, and without what it would reach."""
    jackfield.add(
        {
            "name": "real",
            "scriptSource": "function run() { return floh.http.get('http://127.0.0.1:1/'); }",
            "mocks": {"script": "function run() { return { from: 'mock' }; }"},
        }
    )

    assert jackfield.connector("real", "run", {}, {"useMock": True}).payload == {"from": "mock"}
