"""Many scripts that wait at once."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from jackfield.execution.script.pool import SandboxPool
from jackfield.execution.script.sandbox import ScriptAnswer

from .conftest import Service, run

CROWD = max(50, int(1000 * min(1.0, float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2")))))


class Barrier(Service):
    """Answers when all are there."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self._wanted, self.full, self._open = wanted, asyncio.Event(), asyncio.Event()

    async def http(self, request):
        self.requests.append(request)
        if len(self.requests) == self._wanted:
            self.full.set()
        await self._open.wait()
        return ScriptAnswer(status=200, headers={}, body=request.url)

    def open(self) -> None:
        self._open.set()


@pytest.mark.slow
async def test_a_crowd_waits_without_threads_and_with_little_memory():
    """A slow service must not fill the machine: each waiting script costs less than a megabyte."""
    pool, service = SandboxPool(processes=2), Barrier(CROWD)
    source = "function run() { return floh.http.get('https://acme.example/' + floh.params.n).body }"
    try:
        await asyncio.gather(*(run(pool, "function run() {}") for _ in range(8)))
        while len(pool.pids()) < 2:
            await asyncio.gather(*(run(pool, "function run() {}") for _ in range(8)))
        before = [_status(pid) for pid in pool.pids()]
        calls = [asyncio.create_task(run(pool, source, service=service, params={"n": n})) for n in range(CROWD)]
        async with asyncio.timeout(60):
            await service.full.wait()
        after = [_status(pid) for pid in pool.pids()]
        service.open()
        async with asyncio.timeout(60):
            came = await asyncio.gather(*calls)

        assert came == [f"https://acme.example/{n}" for n in range(CROWD)]
        if sys.platform == "linux":
            memory = sum(each["VmRSS"] for each in after) - sum(each["VmRSS"] for each in before)
            assert memory / CROWD < 1024
            assert [each["Threads"] for each in after] == [each["Threads"] for each in before]
    finally:
        await pool.close()


def _status(pid: int | None) -> dict[str, int]:
    """Memory in KiB, and threads, of a process."""
    path = Path(f"/proc/{pid}/status")
    lines = path.read_text().splitlines() if path.exists() else []
    words = [line.split() for line in lines if line.startswith(("VmRSS", "Threads"))]
    return {name.rstrip(":"): int(value) for name, value, *_ in words}
