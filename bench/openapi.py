"""What reading large OpenAPI documents takes: seconds, memory and the size of what models are shown, beside FastMCP.

Each document is read in a Python of its own. Parsing the JSON is measured apart, for both use the same parser.

    python bench/openapi.py --runs 2 --fastmcp-python .../bin/python

Seen on 2 shared and busy cores, beside FastMCP 4.1.2: GitHub read in 0.134 s with 72 MB, Stripe in 0.042 s with 39 MB;
all schemas of the nine of the ten largest documents that it can read take 49.8 % of its bytes, from 24 % (Jira) to
86 % (Rubrik). Over all 119 documents that it can read (`--count 200`) it is 59 %, which is over the budget: small
documents have short texts, of which nothing can go without harm.

What won, in % of its bytes over the ten: 72.1 before; structure made small and markup left out, 59.5; of descriptions
the first sentence, facts about the value and names of lists, 49.8. What did not: decision 0013.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

BUDGETS = {"api.github.com": (0.25, 120), "stripe.com": (0.15, 80)}
"""Seconds, JSON parsing apart, and megabytes at the peak, document and Python included."""

SHARE = 0.5
"""All params schemas together, beside FastMCP's input schemas of the same commands."""

MEASURED = """
import gzip, json, resource, sys, time
from pathlib import Path

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

{imports}
text = gzip.decompress(Path(sys.argv[1]).read_bytes())
started = time.perf_counter()
document = {loads}(text)
del text
parsed = time.perf_counter()
{read}
read = time.perf_counter()
found = {{"parse": parsed - started, "read": read - parsed, "peak": peak()}}
{schemas}
found |= {{"all": time.perf_counter() - read, "sizes": {{}}, "peak_all": peak()}}
found["sizes"] = {{name: len(json.dumps(schema, separators=(",", ":"))) for name, schema in made.items()}}
print(json.dumps(found))
"""

OURS = MEASURED.format(
    imports="import orjson\nfrom jackfield.definition.openapi.reader import read_openapi",
    loads="orjson.loads",
    read="commands = read_openapi(document).commands\nfacts = [commands.facts(name) for name in commands]",
    schemas="""made = {}
for name in commands:
    about = commands.facts(name)
    made[about.method.upper() + " " + about.path] = commands[name].params""",
)

THEIRS = MEASURED.format(
    imports="import asyncio, logging\nlogging.disable(logging.CRITICAL)\nimport httpx2\nfrom fastmcp import FastMCP",
    loads="json.loads",
    read="""server = FastMCP.from_openapi(
    openapi_spec=document, client=httpx2.AsyncClient(base_url="https://h.example"), validate_output=False
)""",
    schemas="""tools = asyncio.run(server.list_tools())
made = {tool._route.method + " " + tool._route.path: tool.parameters for tool in tools}""",
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: JACKFIELD_SPECS=../specs .venv/bin/python bench/openapi.py --runs 5"
    )
    parser.add_argument(
        "--specs",
        default=os.environ.get("JACKFIELD_SPECS", ""),
        help="folder of documents, `*.json.gz` (default: JACKFIELD_SPECS)",
    )
    parser.add_argument("--count", type=int, default=10, help="how many of the largest (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="of each, the fastest counts (default: %(default)s)")
    parser.add_argument("--fastmcp-python", default="", help="a Python that has FastMCP; without it, no comparison")
    given = parser.parse_args()
    if not Path(given.specs).is_dir() or not given.specs:
        sys.exit("no documents: say where they are with --specs, or set JACKFIELD_SPECS")
    if not given.fastmcp_python:
        print("FastMCP is left out: --fastmcp-python names a Python that has it\n")
    compare(largest(Path(given.specs), given.count), given.runs, given.fastmcp_python)


def compare(files: list[Path], runs: int, other: str) -> None:
    """One line a document, and the budgets."""
    print(f"{'':30} {'ops':>5} {'JSON':>7} {'read':>7} {'total':>7} {'peak':>7} {'schemas':>9} {'peak':>7}", end="")
    print(f"{'FastMCP':>12} {'peak':>7} {'ours/theirs':>12}" if other else "")
    verdicts, both = [], [0, 0]
    for file in files:
        ours = best([sys.executable, "-c", OURS, str(file)], runs) or {}
        theirs = best([other, "-c", THEIRS, str(file)], 1) if other else None
        name = file.name.removesuffix(".json.gz").partition("_")[2]
        print(line(name, ours), end="")
        print(beside(ours, theirs, both) if other else "", flush=True)
        for part, (seconds, megabytes) in BUDGETS.items():
            if name.endswith(part):
                within = ours["read"] <= seconds and ours["peak"] <= megabytes
                verdicts.append(f"budget for {name}: {seconds} s, {megabytes} MB; {'within' if within else 'OVER'} it")
    print("", *verdicts, sep="\n")
    if both[1]:
        share = both[0] / both[1]
        verdict = "within" if share <= SHARE else "OVER"
        print(f"all schemas of the same commands: {share:.1%} of FastMCP's; budget {SHARE:.0%}; {verdict} it")


def line(name: str, ours: dict[str, Any]) -> str:
    total = ours["parse"] + ours["read"]
    return (
        f"{name[:30]:30} {len(ours['sizes']):5} {ours['parse']:5.2f} s {ours['read']:5.3f} s {total:5.2f} s "
        f"{ours['peak']:4.0f} MB {ours['all']:7.2f} s {ours['peak_all']:4.0f} MB"
    )


def beside(ours: dict[str, Any], theirs: dict[str, Any] | None, both: list[int]) -> str:
    """FastMCP's figures, and the sizes of the schemas that both have."""
    if theirs is None:
        return f"{'none':>12}"
    shared = ours["sizes"].keys() & theirs["sizes"].keys()
    sizes = [sum(one["sizes"][name] for name in shared) for one in (ours, theirs)]
    both[0] += sizes[0]
    both[1] += sizes[1]
    share = sizes[0] / sizes[1] if sizes[1] else 0
    return f"{theirs['read']:10.2f} s {theirs['peak']:4.0f} MB {share:11.0%} of {len(shared)}"


def best(command: list[str], runs: int) -> dict[str, Any] | None:
    """The run that read fastest; `None` where the document was refused or took more than two minutes."""
    found = [one for _ in range(runs) if (one := once(command)) is not None]
    return min(found, key=lambda one: float(one["read"])) if found else None


def once(command: list[str]) -> dict[str, Any] | None:
    try:
        ran = subprocess.run(command, capture_output=True, check=False, timeout=120)
    except subprocess.TimeoutExpired:
        return None
    return dict(json.loads(ran.stdout.splitlines()[-1])) if ran.returncode == 0 else None


def largest(folder: Path, count: int) -> list[Path]:
    """By the size of their text."""
    return sorted(folder.glob("*.json.gz"), key=lambda file: -len(gzip.decompress(file.read_bytes())))[:count]


if __name__ == "__main__":
    main()
