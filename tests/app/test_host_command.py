"""Programs of the host machine: there only where an operator lists them, and then run without a shell and to an end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.definition.errors import InvalidParams
from jackfield.dispatch.call import Call, CallOptions, Origin
from jackfield.dispatch.errors import ApprovalMissing
from jackfield.errors import JackfieldError
from jackfield.registry.errors import UnknownConnector
from jackfield.settings import Settings
from jackfield.settings.programs import Program
from surfaces.kept import KEY

PROGRAMS = (
    Program(name="sh", path="/bin/sh", variables=("FOR_PROGRAMS",)),
    Program(name="echo", path="/bin/echo", arguments=("-n",)),
    Program(name="cat", path="/bin/cat"),
    Program(name="gone", path="/nowhere/at/all"),
)


@asynccontextmanager
async def opened(**settings: Any) -> AsyncIterator[Embedded]:
    runtime = Embedded(Settings(**{"database_url": "memory", "host_commands": PROGRAMS, **settings}), types=())
    try:
        yield runtime
    finally:
        await runtime.close()


@pytest.fixture
async def runtime() -> AsyncIterator[Embedded]:
    async with opened() as made:
        await made.add({"name": "host", "type": "host-command"})
        yield made


async def ran(runtime: Embedded, program: str, *arguments: str, timeout_s: float | None = None, **more: Any) -> Any:
    params = {"program": program, "arguments": list(arguments), **more}
    return await runtime.call("host", "run", params, CallOptions(timeout_s=timeout_s), Origin())


async def test_a_listed_program_runs(runtime: Embedded):
    """Its own arguments come first, and nothing in those of the call means anything to a shell."""
    outcome = await ran(runtime, "echo", "a b", "$(id)", "; rm -rf /", "*")

    assert outcome.payload == {"exitCode": 0, "stdout": "a b $(id) ; rm -rf / *", "stderr": "", "truncated": False}


async def test_it_reads_what_it_is_given(runtime: Embedded):
    assert (await ran(runtime, "cat", stdin="ü\n")).payload["stdout"] == "ü\n"


async def test_a_program_that_fails_is_a_failed_outcome(runtime: Embedded):
    outcome = await ran(runtime, "sh", "-c", "echo why >&2; exit 3")

    assert (outcome.success, outcome.error) == (False, "`sh` ended with the status 3")
    assert (outcome.diagnostics["exitCode"], outcome.diagnostics["stderr"]) == (3, "why\n")


async def test_it_sees_nothing_of_the_environment_but_what_is_named(runtime: Embedded, monkeypatch: pytest.MonkeyPatch):
    """That holds the keys of the vault."""
    monkeypatch.setenv("JACKFIELD_KEY", "of-nobody-else")
    monkeypatch.setenv("FOR_PROGRAMS", "yes")
    said = (await ran(runtime, "sh", "-c", "/usr/bin/env")).payload["stdout"]

    assert "FOR_PROGRAMS=yes" in said
    assert "JACKFIELD" not in said


async def test_its_output_has_an_end(runtime: Embedded):
    outcome = await ran(runtime, "sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x")

    assert len(outcome.payload["stdout"]) == 1024 * 1024
    assert outcome.payload["truncated"] is True


@pytest.mark.slow
async def test_the_deadline_kills_it_with_all_that_it_started(runtime: Embedded, tmp_path: Path):
    script = f"sleep 1000 & echo $! > {tmp_path}/pid; wait"
    outcome = await ran(runtime, "sh", "-c", script, timeout_s=1)
    pid = int((tmp_path / "pid").read_text())

    assert (outcome.success, outcome.code) == (False, "timeout")
    async with asyncio.timeout(10):
        while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            await asyncio.sleep(0)


async def test_what_is_not_listed_is_not_run(runtime: Embedded):
    for program in ("ls", "/bin/ls", "SH", ""):
        with pytest.raises(InvalidParams):
            await ran(runtime, program)


async def test_a_program_that_is_not_there_is_told(runtime: Embedded):
    assert (await ran(runtime, "gone")).error == "`gone` cannot be started: no such file or directory"


async def test_nobody_calls_it_without_a_connector():
    """Somebody has to have made one: with the type alone, whoever may call anything could."""
    async with opened() as made:
        with pytest.raises(UnknownConnector):
            await made.call("host-command", "run", {"program": "echo"}, CallOptions(), Origin())


async def test_models_are_offered_it_only_where_the_operator_says_so():
    async with opened() as made:
        await made.add({"name": "host", "type": "host-command"})
        plain = (await made.describe("host")).commands["run"]
    async with opened(host_commands_as_tools=True) as made:
        await made.add({"name": "host", "type": "host-command"})
        tool = (await made.describe("host")).commands["run"]

    assert (plain.tool, tool.tool) == (False, True)
    assert plain.destructive
    assert tool.destructive


async def test_without_a_list_there_is_no_such_type():
    """W04: neither among types nor among what connectors can be made of."""
    async with opened() as there:  # the class must not be found by another runtime of the process
        assert "host-command" in [kind.name for kind in await there.types()]
        async with opened(host_commands=()) as made:
            assert "host-command" not in [kind.name for kind in await made.types()]
            with pytest.raises(JackfieldError):
                await made.add({"name": "host", "type": "host-command"})
        scanning = Embedded(Settings(database_url="memory"))
        assert "host-command" not in [kind.name for kind in await scanning.types()]
        await scanning.close()


async def test_it_goes_when_the_operator_takes_the_list_away(tmp_path: Path, database_url: str):
    """Also where a database knows the type and a connector of it."""
    kept = {"data": tmp_path, "database_url": database_url, "key": KEY}
    async with opened(**kept) as made:
        manage = await made.open()
        await manage.connectors.create(LOCAL, {"name": "host", "type": "host-command"})
        assert (await ran(made, "echo", "hi")).success
    async with opened(**kept, host_commands=()) as made:
        manage = await made.open()
        names = [kind.name for kind in await made.types()]
        shown = {kind.name: kind.installed for kind in await manage.types.list(LOCAL)}
        with pytest.raises(JackfieldError) as refused:
            await ran(made, "echo", "hi")

    assert "host-command" not in names
    assert shown["host-command"] is False  # as of any package that is gone, for the connectors of it
    assert refused.value.code == "unknown-connector"


async def test_an_administrator_has_to_stand_for_a_connector(tmp_path: Path, database_url: str):
    """Whoever may make connectors may not thereby run programs."""
    async with opened(data=tmp_path, database_url=database_url, key=KEY) as made:
        manage, params = await made.open(), {"program": "echo", "arguments": ["hi"]}
        ann = replace(LOCAL, user="ann", admin=False)
        call = Call(principal=ann, target="host", command="run", params=params)
        await manage.connectors.create(ann, {"name": "host", "type": "host-command"})
        with pytest.raises(ApprovalMissing):
            await made.run(call)
        with pytest.raises(ApprovalMissing):
            await manage.trials.run(ann, {"name": "mine", "type": "host-command"}, "run", params)
        await manage.connectors.approve(LOCAL, "host")
        outcome = await made.run(call)

    assert outcome.payload["stdout"] == "hi"
