"""CPU time per call of a command that does nothing, in process: what dispatch itself costs.

Every line runs in turns within each round, so that a busy machine slows all of them alike. Budget: 60 us for a call
that leaves no record.

    python bench/dispatch.py --rounds 9 --calls 4000
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import median

from jackfield import Connector, Context, Outcome, command, succeed
from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call
from jackfield.settings import Settings
from jackfield.storage.executions import Execution

CALLERS = (1, 32)
BUDGET_US = 60.0


class Noop(Connector, name="noop"):
    """Does nothing."""

    @command
    async def go(self, ctx: Context, limit: int = 50) -> Outcome:
        """Answer at once."""
        return succeed({"limit": limit})


class NoLog:
    """Keeps nothing."""

    async def record(self, execution: Execution) -> None:
        """Forget `execution`."""

    async def latest(self, *, tenant: str, limit: int = 50) -> list[Execution]:
        """Nothing."""
        return []


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="turns of each line (default: %(default)s)")
    parser.add_argument("--calls", type=int, default=4000, help="calls in each turn (default: %(default)s)")
    asked = parser.parse_args()
    recorded, unrecorded = Embedded(Settings(), types=[Noop]), Embedded(Settings(), types=[Noop])
    unrecorded._dispatcher.log = NoLog()
    connector, call = Noop(), Call(principal=LOCAL, target="noop", command="go")
    lines: dict[str, Callable[[], Awaitable[object]]] = {
        "the method itself": lambda: connector.go(None, limit=50),
        "dispatch, no record": lambda: unrecorded.run(call),
        "dispatch, record in memory": lambda: recorded.run(call),
    }
    print(f"{'':28} {'callers':>8} {'us a call':>10} {'over the method':>16}")
    for callers in CALLERS:
        taken = await measure(lines, callers=callers, rounds=asked.rounds, calls=asked.calls)
        for name, us in taken.items():
            print(f"{name:28} {callers:8} {us:10.1f} {us - taken['the method itself']:16.1f}")
    print(f"\nbudget for a call without record: {BUDGET_US:.0f} us")
    await recorded.close()
    await unrecorded.close()


async def measure(
    lines: dict[str, Callable[[], Awaitable[object]]], *, callers: int, rounds: int, calls: int
) -> dict[str, float]:
    """CPU microseconds a call of each line: the median over rounds."""
    taken: dict[str, list[float]] = {name: [] for name in lines}
    for _ in range(rounds):
        for name, line in lines.items():
            started = time.process_time()
            await asyncio.gather(*(repeat(line, calls // callers) for _ in range(callers)))
            taken[name].append((time.process_time() - started) / (calls // callers * callers) * 1e6)
    return {name: median(times) for name, times in taken.items()}


async def repeat(line: Callable[[], Awaitable[object]], times: int) -> None:
    for _ in range(times):
        await line()


if __name__ == "__main__":
    asyncio.run(main())
