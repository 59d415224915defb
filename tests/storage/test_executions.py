"""The record of calls, in memory."""

from __future__ import annotations

from jackfield.storage.executions import Execution, MemoryExecutionLog


def execution(number: int, *, tenant: str = "default") -> Execution:
    return Execution(
        id=str(number),
        tenant=tenant,
        caller="local",
        trigger="test",
        connector="c",
        command="go",
        version="1.0.0",
        status="COMPLETED",
        started=0.0,
        duration_ms=1.0,
        params={},
        outcome={},
    )


async def test_the_newest_come_first_and_the_oldest_go():
    """A process that runs for weeks must not grow without bound."""
    log = MemoryExecutionLog(limit=3)
    for number in range(5):
        await log.record(execution(number))

    assert [found.id for found in await log.latest(tenant="default")] == ["4", "3", "2"]
    assert [found.id for found in await log.latest(tenant="default", limit=1)] == ["4"]


async def test_a_tenant_sees_its_own():
    """V02."""
    log = MemoryExecutionLog()
    await log.record(execution(1, tenant="other"))

    assert await log.latest(tenant="default") == []
