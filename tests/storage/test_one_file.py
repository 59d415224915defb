"""Several processes on one SQLite file, and processes that are killed on either database."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from jackfield.storage.database import open_database
from storage.world import Names, kept

TESTS = str(Path(__file__).parents[1])

WRITE = """
import asyncio, sys
sys.path.insert(0, sys.argv[4])
from storage.world import Names, kept
from jackfield.storage.database import open_database

async def main(url, name, count):
    database = await open_database(url)
    kind = Names()

    async def caller(number):
        for turn in range(count):
            row = f"{name}-{number:02}-{turn:06}"
            await database.submit(kind, row)
            print(row, flush=True)
            if turn % 10 == 0:
                await kept(database)

    await asyncio.gather(*(caller(number) for number in range(8)))
    await database.close()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def start(url: str, name: str, count: int) -> subprocess.Popen[str]:
    """A process whose eight callers write, and say what was acknowledged, line by line."""
    command = [sys.executable, "-W", "error", "-c", WRITE, url, name, str(count), TESTS]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


async def stored(url: str) -> list[str]:
    """All rows that are there when everybody is gone."""
    database = await open_database(url)
    rows = await kept(database)
    await database.close()
    return rows


@pytest.mark.slow
async def test_processes_share_a_file(sqlite_url):
    """A command line tool beside a server: both write, neither waits for ever, nothing is lost."""
    running = [start(sqlite_url, name, 40) for name in ("one", "two", "three")]
    said = [process.communicate(timeout=120) for process in running]
    acknowledged = sorted(line for out, _ in said for line in out.split())

    assert [error for _, error in said] == [""] * 3
    assert len(acknowledged) == 3 * 8 * 40
    assert await stored(sqlite_url) == acknowledged


@pytest.mark.slow
@pytest.mark.parametrize("after", [1, 50, 400])
async def test_a_killed_process_loses_nothing_that_it_acknowledged(database_url, after):
    """Killed under load, wherever it stands: an answer given is a row on the disk."""
    process = start(database_url, "killed", 100_000)
    lines = [process.stdout.readline() for _ in range(after)]
    os.kill(process.pid, signal.SIGKILL)
    rest, error = process.communicate(timeout=60)
    # The last line may have been cut off by the kill; it was acknowledged only if it is whole.
    acknowledged = [line for line in "".join([*lines, rest]).splitlines(keepends=True) if line.endswith("\n")]
    there = await stored(database_url)

    assert error == ""
    assert len(acknowledged) >= after
    assert {line.strip() for line in acknowledged} <= set(there)


PAIR = """
import asyncio, sys
sys.path.insert(0, sys.argv[2])
from storage.world import named
from jackfield.storage.database import open_database

async def main(url):
    database = await open_database(url)

    def pair(number):
        def work(connection):
            connection.execute(named(f"{number:06}-first"))
            connection.execute(named(f"{number:06}-second"))
        return work

    async def caller(start):
        for number in range(start, 1_000_000, 8):
            await database.write(pair(number))
            print(number, flush=True)

    await asyncio.gather(*(caller(start) for start in range(8)))

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.slow
async def test_a_killed_process_leaves_nothing_half_written(database_url):
    """What is written together is there together, or not at all."""
    command = [sys.executable, "-c", PAIR, database_url, TESTS]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for _ in range(100):
        process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    there = await stored(database_url)
    numbers = {name.partition("-")[0] for name in there}

    assert len(numbers) >= 100
    assert there == sorted(f"{number}-{part}" for number in numbers for part in ("first", "second"))


@pytest.mark.slow
async def test_a_file_is_whole_after_a_kill(sqlite_url):
    """SQLite's own check finds nothing."""
    process = start(sqlite_url, "killed", 100_000)
    for _ in range(100):
        process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    database = await open_database(sqlite_url)
    verdict = await database.read(lambda connection: connection.scalar(text("PRAGMA integrity_check")))
    await database.close()

    assert verdict == "ok"


async def test_two_databases_on_one_file_see_each_other(sqlite_url):
    """As two processes do, without starting any."""
    one, two = await asyncio.gather(open_database(sqlite_url), open_database(sqlite_url))
    kinds = {"one": (one, Names()), "two": (two, Names())}
    writes = [each.submit(kind, f"{name}{n}") for n in range(20) for name, (each, kind) in kinds.items()]
    await asyncio.gather(*writes)
    seen = await kept(one), await kept(two)
    await one.close()
    await two.close()

    assert seen[0] == seen[1]
    assert len(seen[0]) == 40
