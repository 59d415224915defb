"""What `import jackfield` costs in a new Python, beside what it is compared with."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

BUDGET_MS = 150

STATEMENTS = {
    "bare Python": "pass",
    "import jackfield": "import jackfield",
    "a file with a connector": "import jackfield.definition.connector",
    "import aiohttp": "import aiohttp",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: .venv/bin/python bench/import_time.py --runs 21"
    )
    parser.add_argument("--runs", type=int, default=11, help="new Pythons for each line (default: %(default)s)")
    runs: int = parser.parse_args().runs
    taken = measure(runs)
    baseline = statistics.median(taken["bare Python"])
    print(f"{'':28} {'median':>9} {'fastest':>9} {'over bare Python':>17}")
    for name, times in taken.items():
        middle = statistics.median(times)
        print(f"{name:28} {middle:6.1f} ms {min(times):6.1f} ms {middle - baseline:14.1f} ms")
    middle = statistics.median(taken["import jackfield"])
    verdict = "within" if middle <= BUDGET_MS else "OVER"
    print(f"\nbudget for `import jackfield`, Python's own start included: {BUDGET_MS} ms; {verdict} it")


def measure(runs: int) -> dict[str, list[float]]:
    """Milliseconds of each statement in new Pythons, in turns, so that a busy machine slows all of them alike."""
    for statement in STATEMENTS.values():
        milliseconds(statement)  # compiles what was not compiled yet
    taken: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(runs):
        for name, statement in STATEMENTS.items():
            taken[name].append(milliseconds(statement))
    return taken


def milliseconds(statement: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
