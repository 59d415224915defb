"""What importing a large OpenAPI document again takes, beside importing it for the first time in the same run.

Each line is one request to the services that all surfaces use, in a process with a SQLite database of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.settings import Settings

RATIO = 1.5
"""A second document is read and compared: what that may cost, in first imports."""

DOCUMENT = "api.github.com"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: JACKFIELD_SPECS=../specs .venv/bin/python bench/reimport.py"
    )
    parser.add_argument("--specs", default=os.environ.get("JACKFIELD_SPECS", ""), help="folder of `*.json.gz`")
    parser.add_argument("--document", default=DOCUMENT, help="how its name ends (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="the median counts (default: %(default)s)")
    given = parser.parse_args()
    found = sorted(Path(given.specs or ".").glob(f"*{given.document}.json.gz")) if given.specs else []
    if not found:
        sys.exit("no such document: say where they are with --specs, or set JACKFIELD_SPECS")
    text = gzip.decompress(found[0].read_bytes())
    rounds = [asyncio.run(one_round(text)) for _ in range(given.runs)]
    taken = {name: median(one[name] for one in rounds) for name in rounds[0]}
    first = taken["first import"]
    print(f"{'':44} {'median':>8} {'first imports':>14}")
    for name, seconds in taken.items():
        print(f"{name:44} {seconds:6.3f} s {seconds / first:13.2f}x")
    share = taken["again, one path less"] / first
    print(f"\nbudget for importing again: {RATIO}x a first import; {'within' if share <= RATIO else 'OVER'} it")


async def one_round(text: bytes) -> dict[str, float]:
    """Seconds, in a new database."""
    spec = orjson.loads(text)
    less = orjson.loads(text)
    less["paths"].pop(next(iter(less["paths"])))
    taken: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        runtime = Embedded(settings, types=())
        manage = await runtime.open()

        def import_(document: Any, **more: Any) -> Callable[[], Awaitable[Any]]:
            return lambda: manage.imports.import_into(LOCAL, "it", {"spec": document, **more})

        works: dict[str, Callable[[], Awaitable[Any]]] = {
            "first import": lambda: manage.connectors.create(LOCAL, {"name": "it", "spec": spec}),
            "again, the same": import_(spec),
            "again, one path less, only told": import_(less, apply=False),
            "again, one path less": import_(less),
            "a change of the connector": lambda: manage.connectors.update(LOCAL, "it", {"description": "Mine."}),
        }
        for name, work in works.items():
            taken[name] = await timed(work)
        await runtime.close()
        other = Embedded(settings, types=())
        taken["another process, ready for its first call"] = await timed(lambda: other.describe("it"))
        await other.close()
    return taken


async def timed(work: Callable[[], Awaitable[Any]]) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
