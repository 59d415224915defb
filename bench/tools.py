"""What it costs a model to have a thousand tools, and to find one: bytes of lists and answers, and milliseconds.

GitHub's document is offered as tools: all of them, in outline, and by search. Beside it FastMCP's server of the same
document: the bytes of its input schemas are the baseline, and those of its whole list stand beside it.

    python bench/tools.py --specs ../specs --fastmcp-python .../bin/python

A search asks for what people would ask for: the first sentences of every tenth tool's own documentation are too easy,
so the queries are written out below. The answer is what a model reads, with the schema of the best where there is room.

Seen on 2 shared cores, FastMCP 4.1.2: its input schemas 1,026,471 bytes, its whole list 1,706,297. Our list whole
962,497 (93.8 % of its input schemas), in outline 429,275 (41.8 %). Search answers: median 2,574 bytes, at most 2,859;
0.3 ms warm, at most 1.0. Tools of all commands in 0.29 s, their index in 0.18 s. What else was tried: decision 0022.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from jackfield.access.principal import LOCAL
from jackfield.agents.finding import Finder, Query, answer_of
from jackfield.agents.making import make_tools
from jackfield.agents.offered import Offered
from jackfield.agents.outline import outline
from jackfield.agents.tool import Tool
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.openapi.reader import read_openapi

SHARE = 0.5
"""Of the bytes of FastMCP's input schemas: what a list of all tools may take."""

THEIRS = """
import asyncio, gzip, json, logging, sys
logging.disable(logging.CRITICAL)
import httpx2
from fastmcp import FastMCP
document = json.loads(gzip.decompress(open(sys.argv[1], "rb").read()))
client = httpx2.AsyncClient(base_url="https://h.example")
server = FastMCP.from_openapi(openapi_spec=document, client=client, validate_output=False)
tools = asyncio.run(server.list_tools())
size = lambda value: len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())
listed = [
    {"name": one.name, "description": one.description, "inputSchema": one.parameters}
    | ({"outputSchema": one.output_schema} if one.output_schema else {})
    for one in tools
]
print(json.dumps({"tools": len(tools), "schemas": sum(size(one.parameters) for one in tools), "list": size(listed)}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--specs", default=os.environ.get("JACKFIELD_SPECS", ""), help="folder of documents")
    parser.add_argument("--fastmcp-python", default="", help="a Python that has FastMCP; without it, no comparison")
    given = parser.parse_args()
    file = next(Path(given.specs or "-").glob("*api.github.com.json.gz"), None)
    if file is None:
        sys.exit("no document of GitHub: say where it is with --specs, or set JACKFIELD_SPECS")
    theirs = beside(file, given.fastmcp_python)
    tools = offered(file)
    lists(tools, theirs)
    asyncio.run(searches(tools))


QUERIES = (
    "open an issue about a bug", "who starred my repository", "merge the pull request", "invite somebody to the team",
    "list open pull requests", "rerun the failed workflow jobs", "create a release with notes", "delete a branch",
    "add a label to an issue", "get the content of a file", "compare two commits", "list my notifications",
    "block a user in the organization", "set a secret for actions", "find code with a word in it",
    "protect the main branch", "comment on a commit", "fork this project", "list members of an organization",
    "download the artifact of a run", "approve a deployment", "see code scanning alerts", "create a gist",
    "list webhooks of a repository", "add a collaborator", "lock a conversation", "request a review from a team",
    "rate limit left", "update the description of the repo", "create a repository ruleset for the organization",
)  # fmt: skip
"""As a person asks; not taken from the document."""

ANSWER_MEDIAN, ANSWER_MOST, WARM_MS = 3_000, 8_000, 20


async def searches(tools: list[Tool]) -> None:
    """Bytes and milliseconds of answers, over all tools."""

    async def connected(principal: object, tool: object) -> bool:
        return True

    offered = Offered(tools=tools)
    finder = Finder(connected)
    started = time.perf_counter()
    index = await finder.index("github", offered)
    print(f"index of {len(tools)} tools in {time.perf_counter() - started:.2f} s")
    sizes, times = [], []
    for text in QUERIES * 5:
        started = time.perf_counter()
        answer = answer_of(await finder.find(index, offered, Query(text=text), LOCAL))
        times.append((time.perf_counter() - started) * 1000)
        sizes.append(size(answer))
    median, most = statistics.median(sizes), max(sizes)
    print(
        f"search answers: median {median:,.0f} bytes, largest {most:,} (budget {ANSWER_MEDIAN:,} and {ANSWER_MOST:,})"
    )
    print(f"warm search: median {statistics.median(times):.1f} ms, slowest {max(times):.1f} ms (budget {WARM_MS} ms)")


def offered(file: Path) -> list[Tool]:
    """The tools of the document."""
    document = orjson.loads(gzip.decompress(file.read_bytes()))
    started = time.perf_counter()
    commands = dict(read_openapi(document).commands.items())
    read = time.perf_counter()
    definition = ConnectorDefinition(name="github", execution_model="openapi", commands=commands)
    tools = list(make_tools("default/github", definition, None))
    made = time.perf_counter()
    print(f"{len(tools)} tools: commands with all schemas in {read - started:.2f} s, tools in {made - read:.3f} s")
    return tools


def lists(tools: list[Tool], theirs: dict[str, Any] | None) -> None:
    """A line for each way to list them."""
    base = theirs["schemas"] if theirs else 0
    if theirs:
        print(f"FastMCP: input schemas {base:,} bytes (the baseline), whole list {theirs['list']:,}")
    ways = {"whole": tools, "in outline": [outline(tool) for tool in tools]}
    for way, listed in ways.items():
        bytes_ = size([shown(tool) for tool in listed])
        schemas = sum(size(tool.input_schema) for tool in listed)
        share = f", {bytes_ / base:.1%} of the baseline" if base else ""
        print(f"list, {way}: {bytes_:,} bytes, of them schemas {schemas:,}{share}")
    if base:
        share = size([shown(tool) for tool in ways["in outline"]]) / base
        print(f"budget for the list of all: {SHARE:.0%} of the baseline; in outline {share:.1%}")


def shown(tool: Tool) -> dict[str, Any]:
    """As a client of MCP reads it."""
    return {"name": tool.name, "description": tool.description, "inputSchema": tool.input_schema}


def beside(file: Path, python: str) -> dict[str, Any] | None:
    if not python:
        print("FastMCP is left out: --fastmcp-python names a Python that has it\n")
        return None
    ran = subprocess.run([python, "-c", THEIRS, str(file)], capture_output=True, check=True, timeout=300)
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def size(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


if __name__ == "__main__":
    main()
