"""Real sandboxes, each started once, and a host that answers what a script asks."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from jackfield.execution.script.pool import SandboxPool
from jackfield.execution.script.sandbox import Job, Limits, Returned, ScriptAnswer, ScriptRequest, Thrown

VARIANTS = {
    "fibers": {"mode": "auto", "ways": ["fibers"]},
    "threads": {"mode": "auto", "ways": ["threads"]},
    "unlocked": {"mode": "process"},
    "in-process": {"mode": "thread"},
}
"""Both ways to run scripts, and each protection switched off."""

linux = pytest.mark.skipif(sys.platform != "linux", reason="the lock is Linux's")


class Service:
    """A host that answers every request with what it was asked, or as told."""

    def __init__(self) -> None:
        self.requests: list[ScriptRequest] = []
        self.lines: list[tuple[str, str]] = []
        self.answer: Callable[[ScriptRequest], Awaitable[ScriptAnswer]] | None = None

    async def http(self, request: ScriptRequest) -> ScriptAnswer:
        self.requests.append(request)
        if self.answer is not None:
            return await self.answer(request)
        return ScriptAnswer(status=200, headers={"x-seen": "yes"}, body={"url": request.url})

    def failed(self, error: Exception) -> None:
        pass

    def log(self, level: str, message: str) -> None:
        self.lines.append((level, message))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pools() -> AsyncIterator[dict[str, SandboxPool]]:
    """One of each kind, with one process each, so that the next call meets what the last one left."""
    made = {name: SandboxPool(processes=1, **kind) for name, kind in VARIANTS.items()}
    yield made
    for pool in made.values():
        await pool.close()


@pytest.fixture
def pool(pools: dict[str, SandboxPool]) -> SandboxPool:
    """As it is by default."""
    return pools["fibers"]


@pytest.fixture(params=["fibers", *(pytest.param(name, marks=pytest.mark.slow) for name in list(VARIANTS)[1:])])
def any_pool(request: Any, pools: dict[str, SandboxPool]) -> SandboxPool:
    """Each of them in turn."""
    return pools[request.param]


@pytest.fixture
def service() -> Service:
    """Fresh for each test."""
    return Service()


async def run(
    pool: SandboxPool, source: str, *, service: Service | None = None, function: str = "run", **job: Any
) -> Any:
    """What a function returned, as Python sees it; an error that it threw is returned as `Thrown`."""
    given = {name: json.dumps(job.pop(name)).encode() for name in ("config", "params", "variables") if name in job}
    limits = Limits(**job)
    ended = await pool.run(Job(source=source, function=function, limits=limits, **given), service or Service())
    if isinstance(ended, Thrown):
        return ended
    assert isinstance(ended, Returned)
    return None if ended.value is None else json.loads(ended.value)
