"""What one tenant's script, or the machine, may do to the calls of others."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from pathlib import Path

import pytest

from jackfield.execution.script import pool as pools_module
from jackfield.execution.script.errors import SandboxLost, SandboxUnavailable, ScriptTimeout
from jackfield.execution.script.pool import SandboxPool
from jackfield.execution.script.room import Room
from script.conftest import Service, linux, run

WAITS = "function run() { return floh.http.get('https://acme.example').body }"


class Gate(Service):
    """Answers nobody, and says when somebody has asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def http(self, request):
        self.asked.set()
        await asyncio.Event().wait()


def children() -> set[int]:
    """Processes that this one has started and not buried."""
    lists = Path("/proc/self/task").glob("*/children")
    return {int(pid) for each in lists for pid in each.read_text().split()}


async def test_giving_up_while_a_script_is_loaded_ends_nothing_else():
    """A process was taken for stuck if a call was given up before its script was there."""
    pool = SandboxPool(processes=1)
    slow = "for (const end = Date.now() + 1e6; Date.now() < end;); function run() {}"
    try:
        await run(pool, "function run() {}")
        (process,) = pool._processes
        with pytest.raises(ScriptTimeout):
            await run(pool, slow, wall_s=0.2)
        async with asyncio.timeout(60):
            while process._dropped:
                await run(pool, "function run() {}")

        assert process.alive
    finally:
        await pool.close()


async def test_who_waits_for_room_in_a_process_that_ends_gets_another():
    """Nothing of it has run yet, so that it need not fail."""
    pool, gate = SandboxPool(processes=1), Gate()
    try:
        await run(pool, "function run() {}")
        (process,) = pool._processes
        process.room = Room(1)
        first = asyncio.create_task(run(pool, WAITS, service=gate))
        async with asyncio.timeout(60):
            await gate.asked.wait()
            queued = [asyncio.create_task(run(pool, "function run() { return 1 }")) for _ in range(20)]
            await asyncio.sleep(0)
            os.kill(process.pid, signal.SIGKILL)
            with pytest.raises(SandboxLost):
                await first
            assert await asyncio.gather(*queued) == [1] * 20
    finally:
        await pool.close()


async def test_losing_a_process_cancels_nobody_for_good():
    """A call that begins in a process that has just ended is lost, and the task that made it goes on."""
    pool = SandboxPool(processes=1)
    try:
        await run(pool, "function run() {}")
        (process,) = pool._processes
        process.room = Room(1)
        for _ in range(3):
            if pool._processes[0].alive:
                os.kill(pool._processes[0].pid, signal.SIGKILL)
                await asyncio.to_thread(pool._processes[0]._child.wait)
            try:
                assert await run(pool, "function run() { return 1 }") == 1
            except SandboxLost:
                assert not asyncio.current_task().cancelling()
    finally:
        await pool.close()


@linux
async def test_a_pool_closed_while_it_starts_leaves_nothing_behind():
    """Neither a process nor an open socket; and whoever waited is told, not cancelled."""
    before = children()
    for seconds in (0, 0.001, 0.02, 0.3):
        pool = SandboxPool(processes=1)
        call = asyncio.create_task(run(pool, "function run() {}"))
        await asyncio.wait([call], timeout=seconds)
        await pool.close()
        with pytest.raises(SandboxUnavailable):
            await call
    gc.collect()

    assert children() <= before


async def test_no_more_threads_are_no_sandbox_and_not_a_crash(monkeypatch):
    """A machine at its limits recovers; so do we."""
    pool = SandboxPool(processes=1)

    def refused(self):
        raise RuntimeError("can't start new thread")

    try:
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", refused)
            patched.setattr(asyncio.get_running_loop(), "_default_executor", None, raising=False)
            with pytest.raises(SandboxUnavailable, match="thread"):
                await run(pool, "function run() {}")

        assert await run(pool, "function run() { return 1 }") == 1
    finally:
        await pool.close()


async def test_a_process_that_has_run_its_share_is_replaced_and_ended(monkeypatch):
    """Also where it is never idle when somebody looks."""
    monkeypatch.setattr(pools_module, "RUNS", 3)
    pool, gate = SandboxPool(processes=2), Gate()
    try:
        await run(pool, "function run() {}")
        (first,) = pool._processes
        waiting = asyncio.create_task(run(pool, WAITS, service=gate))
        async with asyncio.timeout(60):
            await gate.asked.wait()
            while first.runs < 3 or len(pool.pids()) < 2:
                assert await run(pool, "function run() { return 1 }") == 1
        waiting.cancel()
        await asyncio.wait([waiting])

        assert first.pid not in pool.pids()
        assert not first.alive
    finally:
        await pool.close()
