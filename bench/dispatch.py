"""CPU time per call of a command that does nothing, in process: what dispatch itself costs, and what its record adds.

Every line runs in turns within each round, so that a busy machine slows all of them alike. CPU is that of the whole
process, the thread of the database included. Beside each line stands what it costs over its baseline: the bare method,
or a bare group commit of rows of the same bytes, prepared before the clock runs.

Budgets: 60 us for a call that leaves no record, 150 us for one with a durable record at 32 callers.

    python bench/dispatch.py --rounds 9 --calls 3200
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from jackfield import Connector, Context, Outcome, command, succeed
from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call, CallOptions
from jackfield.dispatch.memory_journal import MemoryJournal
from jackfield.settings import Settings
from jackfield.storage.database import Database, open_database
from jackfield.storage.ids import new_id
from jackfield.storage.journal import ExecutionRow, record
from jackfield.storage.journal_claim import claim
from jackfield.storage.journal_effects import Effect
from jackfield.storage.journal_settle import Claimed, Ending, settle

CALLERS = (1, 32)
METHOD, ROWS, TWO_ROWS = "the method itself", "rows, bare", "claim and settle, bare"

Once = Callable[[], Awaitable[object]]
"""One call. It is made for a turn of so many calls, before the clock runs."""


class Noop(Connector, name="noop"):
    """Does nothing."""

    @command(reads_only=True)
    async def go(self, ctx: Context, limit: int = 50) -> Outcome:
        """Answer at once."""
        return succeed({"limit": limit})

    @command
    async def put(self, ctx: Context, limit: int = 50) -> Outcome:
        """Answer at once, as a write."""
        return succeed({"limit": limit})


class NoJournal(MemoryJournal):
    """Keeps nothing."""

    async def record(self, row: ExecutionRow) -> None:
        """Forget `row`."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is measured, and what it is compared with."""

    make: Callable[[int], Once]
    over: str


class Bench:
    """A runtime that keeps what happens, two that do not, and the bare database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = Embedded(Settings(data=folder / "data"), types=[Noop])
        self.in_memory, self.nowhere = (Embedded(Settings(database_url="memory"), types=[Noop]) for _ in range(2))
        self.keys = itertools.count()

    async def open(self) -> dict[str, Line]:
        """The lines, by name."""
        self.bare: Database = await open_database(f"sqlite:///{self.folder / 'bare.db'}")
        await self.nowhere.open()
        opened: Any = self.nowhere._opened
        opened.dispatcher.journal = NoJournal()
        self.read, self.written = await self._row("go"), await self._row("put")
        connector = Noop()
        return {
            METHOD: Line(make=lambda _: lambda: connector.go(None, limit=50), over=METHOD),
            "dispatch, no record": Line(make=self._calls(self.nowhere), over=METHOD),
            "dispatch, record in memory": Line(make=self._calls(self.in_memory), over=METHOD),
            ROWS: Line(make=self._rows, over=ROWS),
            "dispatch, durable record": Line(make=self._calls(self.kept), over=ROWS),
            TWO_ROWS: Line(make=self._two_rows, over=TWO_ROWS),
            "keyed write, durable": Line(make=self._writes(self.kept), over=TWO_ROWS),
        }

    async def close(self) -> None:
        """Let go of everything."""
        for runtime in (self.kept, self.in_memory, self.nowhere):
            await runtime.close()
        await self.bare.close()

    async def _row(self, name: str) -> ExecutionRow:
        """The row of a call, as it is stored."""
        await self.kept.open()
        opened: Any = self.kept._opened
        recorded = await self.kept.carry_out(Call(principal=LOCAL, target="noop", command=name))
        row: ExecutionRow = await opened.dispatcher.journal.get(recorded.execution_id, tenant="default")
        sealed = {
            kind: opened.dispatcher.journal.seal(getattr(row, kind), kind=kind, tenant=row.tenant, execution_id=row.id)
            for kind in ("params", "outcome")
        }
        return replace(row, **sealed)

    def _calls(self, runtime: Embedded) -> Callable[[int], Once]:
        call = Call(principal=LOCAL, target="noop", command="go")
        return lambda _: lambda: runtime.run(call)

    def _writes(self, runtime: Embedded) -> Callable[[int], Once]:
        def make(calls: int) -> Once:
            keys = (CallOptions(idempotency_key=str(next(self.keys))) for _ in range(calls))
            given = iter([Call(principal=LOCAL, target="noop", command="put", options=key) for key in keys])
            return lambda: runtime.run(next(given))

        return make

    def _rows(self, calls: int) -> Once:
        given = iter([replace(self.read, id=new_id()) for _ in range(calls)])
        return lambda: record(self.bare, next(given))

    def _two_rows(self, calls: int) -> Once:
        row = self.written
        open_row = replace(row, status="RUNNING", ended=None, duration_ms=None, outcome=None)
        ending = Ending(status="COMPLETED", ended=row.started, duration_ms=1.0, outcome=row.outcome)
        given = iter([(replace(open_row, id=new_id()), self._effect(row.started)) for _ in range(calls)])

        async def write() -> None:
            asked, wanted = next(given)
            found = await claim(self.bare, wanted, asked, alive=lambda _: {"bench"})
            assert isinstance(found, Claimed)
            await settle(self.bare, found, ending)

        return write

    def _effect(self, now: int) -> Effect:
        key = f"{next(self.keys):032x}"
        return Effect(scope="0" * 32, key=key, params_hash=bytes(32), native=False, owner="bench", claimed=now)


async def measure(lines: dict[str, Line], *, callers: int, rounds: int, calls: int) -> dict[str, list[float]]:
    """CPU microseconds a call of each line, round by round. A round before them does not count."""
    taken: dict[str, list[float]] = defaultdict(list)
    each = max(1, calls // callers)
    for _ in range(rounds + 1):
        for name, line in lines.items():
            once = line.make(each * callers)
            started = time.process_time()
            await asyncio.gather(*(repeat(once, each) for _ in range(callers)))
            taken[name].append((time.process_time() - started) / (each * callers) * 1e6)
    return {name: times[1:] for name, times in taken.items()}


async def repeat(once: Once, times: int) -> None:
    """One caller."""
    for _ in range(times):
        await once()


async def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="turns of each line that count (default: %(default)s)")
    parser.add_argument("--calls", type=int, default=3200, help="calls in each turn (default: %(default)s)")
    parser.add_argument("--callers", type=int, nargs="+", default=CALLERS, help="at once (default: %(default)s)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        bench = Bench(Path(folder))
        lines = await bench.open()
        print(f"{'':28}{'callers':>8}{'CPU us':>10}{'fastest':>10}{'over':>8}  its baseline")
        for callers in asked.callers:
            taken = await measure(lines, callers=callers, rounds=asked.rounds, calls=asked.calls)
            for name, line in lines.items():
                over = median(mine - base for mine, base in zip(taken[name], taken[line.over], strict=True))
                costs = f"{median(taken[name]):10.1f}{min(taken[name]):10.1f}"
                print(f"{name:28}{callers:8}{costs}" + (f"{over:8.1f}  {line.over}" if name != line.over else ""))
        await bench.close()
    print("\nbudget: 60 us without record, 150 us with a durable one at 32 callers")


if __name__ == "__main__":
    asyncio.run(main())
