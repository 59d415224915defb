"""Programs of this machine as MCP servers: only those that are listed, and none of them stays behind."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.errors import JackfieldError
from jackfield.execution.mcp.errors import McpCommandNotListed, McpServerEnded
from jackfield.settings.programs import Program
from surfaces.kept import KEY
from upstream import called, runtime_of

SOURCE = Path(__file__).parents[2] / "upstream_program.py"
PROGRAM = Program(
    name="tools", path=sys.executable, arguments=("-I", str(SOURCE), "--root", "a b;c"), variables=("FOR_THE_PROGRAM",)
)
IT = {"name": "it", "mcpServer": {"command": "tools"}}


@pytest.fixture
async def runtime(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Embedded]:
    monkeypatch.setenv("FOR_THE_PROGRAM", "yes")
    monkeypatch.setenv("JACKFIELD_KEY", "of-nobody-else")
    async with runtime_of(mcp_commands=(PROGRAM,)) as opened:
        await opened.add(IT)
        yield opened


async def said(runtime: Embedded, command: str, **params: object) -> object:
    outcome = await called(runtime, command, params)
    assert outcome.success, outcome.to_json()
    return json.loads(outcome.payload)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in {"Z", "X"}


async def until_gone(pid: int) -> None:
    async with asyncio.timeout(10):
        while is_alive(pid):
            await asyncio.sleep(0)


async def test_a_listed_program_is_started_and_called(runtime: Embedded):
    """What it prints beside its messages does no harm."""
    assert await said(runtime, "echo", a=[1, "ü"]) == {"a": [1, "ü"]}


async def test_it_gets_a_clean_environment(runtime: Embedded):
    """The environment of the server holds its keys."""
    environment = await said(runtime, "environment")

    assert isinstance(environment, dict)
    assert environment["FOR_THE_PROGRAM"] == "yes"
    assert environment.keys() <= {"FOR_THE_PROGRAM", "PATH", "LANG", "LC_CTYPE"}


async def test_it_gets_the_arguments_of_the_operator_as_they_are(runtime: Embedded):
    assert await said(runtime, "arguments") == ["--root", "a b;c"]


async def test_one_process_serves_all_calls(runtime: Embedded):
    first, second = await said(runtime, "pid"), await said(runtime, "pid")

    assert first == second != os.getpid()


async def test_it_is_started_anew_after_a_crash(runtime: Embedded):
    before = await said(runtime, "pid")
    crashed = await called(runtime, "crash")
    after = await said(runtime, "pid")

    assert (crashed.success, crashed.code) == (False, McpServerEnded.code)
    assert before != after


async def test_what_it_says_has_an_end(runtime: Embedded):
    """A message without an end would fill the memory of the server."""
    outcome = await called(runtime, "endless")

    assert (outcome.success, outcome.code) == (False, McpServerEnded.code)
    assert "16777216 bytes" in (outcome.error or "")
    assert await said(runtime, "echo") == {}


async def test_nothing_stays_behind():
    """Nor what the program itself has started."""
    async with runtime_of(mcp_commands=(PROGRAM,)) as runtime:
        await runtime.add(IT)
        pids = [await said(runtime, "pid"), await said(runtime, "child")]
        assert all(is_alive(pid) for pid in pids)

    for pid in pids:
        await until_gone(pid)


async def test_what_it_asks_a_person_is_declined(runtime: Embedded):
    assert (await called(runtime, "ask")).payload == "declined"


async def test_a_program_that_is_not_listed_is_refused():
    async with runtime_of(mcp_commands=(PROGRAM,)) as runtime:
        for body in ({"mcpServer": {"command": "sh"}}, {"mcpServer": {"command": "sh"}, "tools": {}}):
            with pytest.raises(McpCommandNotListed):
                await runtime.add({"name": "it", **body})


async def test_a_program_that_is_no_longer_listed_is_not_started(monkeypatch: pytest.MonkeyPatch):
    """Also where a definition is there that somebody has kept."""
    async with runtime_of(mcp_commands=(PROGRAM,)) as runtime:
        await runtime.add({**IT, "tools": {"echo": {"name": "echo", "inputSchema": {"type": "object"}}}})
        runtime._models["mcp"]._programs.clear()
        with pytest.raises(McpCommandNotListed):
            await called(runtime, "echo")


@pytest.mark.parametrize("path", ["/nowhere/at/all", "/tmp"])
async def test_a_program_that_cannot_be_started_is_told(path: str):
    async with runtime_of(mcp_commands=(Program(name="tools", path=path),)) as runtime:
        with pytest.raises(McpServerEnded) as told:
            await runtime.add(IT)

    assert "cannot be started" in told.value.message


async def test_a_kept_connector_says_that_its_program_is_gone(tmp_path: Path, database_url: str):
    """The operator took it off the list: the connector is still there, and shown, and what it lacks is told."""
    kept = {"data": tmp_path, "database_url": database_url, "key": KEY}
    async with runtime_of(mcp_commands=(PROGRAM,), **kept) as runtime:
        await (await runtime.open()).connectors.create(LOCAL, IT)
        assert (await called(runtime, "echo")).success
    async with runtime_of(**kept) as runtime:
        shown = await (await runtime.open()).connectors.get(LOCAL, "it")
        with pytest.raises(JackfieldError) as refused:
            await called(runtime, "echo")

    assert shown.full_name == "default/it"
    assert refused.value.code == "mcp-command-not-listed"
