"""What a durable record costs: bare group commit against `record`, and `claim` with `settle`, on both databases.

Everything takes turns in every round, so that whatever else the machine does hits all alike; figures are medians over
rounds. A row has 28 columns, 100 bytes of params and an outcome of 2,300. Bare is what a program does that knows
nothing: one thread, one connection, prepared rows, as many in a commit as there are callers. CPU counts all threads of
this process, not the server of PostgreSQL.

    python bench/journal.py --rounds 7 --rows 960 --postgresql postgresql://postgres@127.0.0.1/bench

Seen on 2 shared cores, CPU us a call at 1 / 32 callers: bare 82 / 21 on SQLite and 140 / 8 on PostgreSQL, `record`
385 / 30 and 342 / 20, `claim` with `settle` 1,008 / 100 and 1,102 / 75. At 32 callers `record` writes 28,000 and 18,000
rows/s. What lost or won, in us a row of `execution` at 32 rows:

- SQLite: SQLAlchemy's own insert 18.6; `executemany` 9.9, and a lock given up for each row; one multi-row text 8.7. The
  same text through a common table expression 24.1. A text for each number of rows 8.6, texts for powers of two 7.6.
- PostgreSQL: SQLAlchemy 20.1; an array a column 13.8; many values 12.0, and a plan for every size; `executemany` 8.2.
  That returns no rows, so claims use arrays, which are one prepared statement for every size.
- Updates from a list of values 7.7 (effects) and 8.8 (executions); `executemany` 3.5 and 9.0, but it does not say which
  rows had been taken over; row values with `IN` 19.0.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import delete

from jackfield.storage.database import Database, open_database
from jackfield.storage.ids import new_id
from jackfield.storage.journal import COLUMNS as GIVEN
from jackfield.storage.journal import ExecutionRow, record, values
from jackfield.storage.journal_claim import claim
from jackfield.storage.journal_effects import Effect
from jackfield.storage.journal_settle import Claimed, Ending, settle
from jackfield.storage.tables.journal import effect, execution

CALLERS = (1, 32)
COLUMNS = ", ".join(column.name for column in GIVEN)
PARAMS, OUTCOME = b"p" * 100, b"o" * 2300
NOW = time.time_ns() // 1000

Work = Callable[[int, int], Awaitable[None]]
"""Does so many rows with so many callers."""


def row(**given: Any) -> ExecutionRow:
    """A row as dispatch makes it."""
    usual: dict[str, Any] = {
        "id": new_id(),
        "tenant": "default",
        "connector_id": new_id(),
        "connector": "acme",
        "command": "send_message",
        "version": "1.0.0",
        "model": "built_in",
        "caller": "ann",
        "trigger": "api",
        "status": "COMPLETED",
        "started": NOW,
        "ended": NOW,
        "duration_ms": 1.0,
        "params": PARAMS,
        "outcome": OUTCOME,
    }
    return ExecutionRow(**(usual | given))


def bare_sqlite(path: Path) -> Work:
    """The standard library's `sqlite3`, as its documentation shows it."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000"):
        connection.execute(f"PRAGMA {pragma}")
    insert = f"INSERT INTO execution ({COLUMNS}) VALUES ({', '.join('?' * len(GIVEN))})"

    async def work(rows: int, callers: int) -> None:
        given = [values(row()) for _ in range(rows)]
        with Stopwatch.running():
            for start in range(0, rows, callers):
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(insert, given[start : start + callers])
                connection.execute("COMMIT")

    return work


async def bare_postgresql(url: str) -> Work:
    """asyncpg, as its documentation shows it."""
    import asyncpg

    connection = await asyncpg.connect(url)
    places = ", ".join(f"${number}" for number in range(1, len(GIVEN) + 1))
    insert = f"INSERT INTO execution ({COLUMNS}) VALUES ({places})"

    async def work(rows: int, callers: int) -> None:
        given = [values(row()) for _ in range(rows)]
        with Stopwatch.running():
            for start in range(0, rows, callers):
                async with connection.transaction():
                    await connection.executemany(insert, given[start : start + callers])

    return work


def recording(db: Database) -> Work:
    """`record`, each caller one after the other."""

    async def work(rows: int, callers: int) -> None:
        given = iter([row() for _ in range(rows)])

        async def caller() -> None:
            for one in given:
                await record(db, one)

        with Stopwatch.running():
            await asyncio.gather(*[caller() for _ in range(callers)])

    return work


def writing(db: Database) -> Work:
    """`claim`, then `settle`: two commits."""
    keys = itertools.count()
    ending = Ending(status="COMPLETED", ended=NOW, duration_ms=1.0, outcome=OUTCOME)
    world = new_id()

    async def work(rows: int, callers: int) -> None:
        given = iter([row(status="RUNNING", ended=None, duration_ms=None, outcome=None) for _ in range(rows)])

        async def caller() -> None:
            for one in given:
                wanted = Effect(
                    scope=world,
                    key=f"{next(keys):032x}",
                    params_hash=OUTCOME[:32],
                    native=True,
                    owner="bench",
                    claimed=NOW,
                    expires=NOW + 86_400_000_000,
                )
                found = await claim(db, wanted, one, alive=lambda _: {"bench"})
                assert isinstance(found, Claimed)
                await settle(db, found, ending)

        with Stopwatch.running():
            await asyncio.gather(*[caller() for _ in range(callers)])

    return work


class Stopwatch:
    """CPU and time of the last work."""

    cpu_s = 0.0
    s = 0.0

    @classmethod
    def running(cls) -> Stopwatch:
        return cls()

    def __enter__(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        Stopwatch.s = time.perf_counter() - self._began[0]
        Stopwatch.cpu_s = time.process_time() - self._began[1]


async def measure(works: dict[str, Work], *, rounds: int, rows: int) -> None:
    """Print a table."""
    cpu, speed = defaultdict(list), defaultdict(list)
    for _ in range(rounds + 1):
        for (name, work), callers in itertools.product(works.items(), CALLERS):
            count = rows if callers > 1 else max(1, rows // 4)
            await work(count, callers)
            cpu[name, callers].append(Stopwatch.cpu_s / count * 1e6)
            speed[name, callers].append(count / Stopwatch.s)
    bare = ""
    for name in works:
        bare = name if name.startswith("bare") else bare
        for callers in CALLERS:
            cost = median(cpu[name, callers][1:])
            ratio = median(a / b for a, b in zip(cpu[name, callers][1:], cpu[bare, callers][1:], strict=True))
            print(f"{name:28}{callers:>8}{cost:>12.1f}{median(speed[name, callers][1:]):>12,.0f}{ratio:>10.2f}")


async def main(*, rounds: int, rows: int, postgresql: str) -> None:
    """Open the databases, and measure."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        file = Path(folder) / "journal.db"
        opened = [await open_database(f"sqlite:///{file}")]
        works = {
            "bare, SQLite": bare_sqlite(file),
            "record, SQLite": recording(opened[0]),
            "claim + settle, SQLite": writing(opened[0]),
        }
        if postgresql:
            opened.append(await open_database(postgresql))
            works |= {
                "bare, PostgreSQL": await bare_postgresql(postgresql),
                "record, PostgreSQL": recording(opened[1]),
                "claim + settle, PostgreSQL": writing(opened[1]),
            }
        else:
            print("PostgreSQL is left out: name an empty database with --postgresql")
        print(f"{'':28}{'callers':>8}{'CPU us':>12}{'rows/s':>12}{'x bare':>10}")
        await measure(works, rounds=rounds, rows=rows)
        for db in opened:
            await db.write(lambda connection: [connection.execute(delete(table)) for table in (effect, execution)])
            await db.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="rounds that count, after one that does not")
    parser.add_argument("--rows", type=int, default=960, help="rows a round; a quarter with one caller")
    parser.add_argument("--postgresql", default="", metavar="URL", help="of an empty database; its journal is emptied")
    asyncio.run(main(**vars(parser.parse_args())))
