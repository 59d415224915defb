"""Calls of a tool that does nothing, through MCP over HTTP: a thousand of them, and the very first.

    python bench/mcp_calls.py --fastmcp-python .../bin/python

Each call is one request of revision 2026-07-28. Jackfield checks the token, validates the params and keeps a durable
record of each call in SQLite. Beside it FastMCP's server, which does none of that, in the same run. The first request
loads the SDK: how long that takes, and what it costs in memory, is printed too.

Seen on 2 cores with nothing else to do, FastMCP 4.1.2: 629 calls/s with p50 1.50 ms at 1 caller (FastMCP 725 and
1.34), 1,124 with 25.6 ms at 32 (655 and 39.4). The first request took 444 ms; 123 MB before it, 142 after.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
from load import Load, load
from rest import free_port, running

TOKEN = "bench-token-of-nobody-in-particular"
REVISION = "2026-07-28"
CALLERS = (1, 32)

CONNECTOR = """
from jackfield import Connector, Outcome, command, succeed

class Noop(Connector, name="noop", version="1.0.0"):
    @command(reads_only=True)
    async def nothing(self, value: int = 0) -> Outcome:
        \"\"\"Do nothing.\"\"\"
        return succeed({"value": value})
"""

THEIRS = """
import sys
from fastmcp import FastMCP
server = FastMCP("noop")
@server.tool
async def noop__nothing(value: int = 0) -> dict[str, int]:
    "Do nothing."
    return {"value": value}
options = {"stateless_http": True, "show_banner": False, "log_level": "error"}
server.run(transport="http", host="127.0.0.1", port=int(sys.argv[1]), **options)
"""


def message(method: str, **params: Any) -> bytes:
    """A request of the newer revision."""
    about = {
        "io.modelcontextprotocol/protocolVersion": REVISION,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
    }
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": about, **params}}).encode()


def request(body: bytes, headers: Mapping[str, str]) -> bytes:
    """The same as it goes over the wire."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(["POST /mcp HTTP/1.1", "Host: 127.0.0.1", *lines, f"Content-Length: {len(body)}"])
    return head.encode() + b"\r\n\r\n" + body


def headers_of(method: str, name: str = "") -> dict[str, str]:
    named = {"Mcp-Name": name} if name else {}
    return {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "Authorization": f"Bearer {TOKEN}",
        "MCP-Protocol-Version": REVISION,
        "Mcp-Method": method,
        **named,
    }


def memory_mb(pid: int) -> float:
    """Resident, of a process."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")


def first(url: str) -> float:
    """Milliseconds of one `tools/list`."""
    started = time.perf_counter()
    httpx.post(url, content=message("tools/list"), headers=headers_of("tools/list"), timeout=30).raise_for_status()
    return (time.perf_counter() - started) * 1000


@contextmanager
def jackfield(folder: Path, port: int) -> Iterator[int]:
    (folder / "noop.py").write_text(CONNECTOR)
    serve = [sys.executable, "-m", "jackfield", "serve", str(folder / "noop.py"), "--port", str(port)]
    environ = {"JACKFIELD_DATA_DIR": str(folder / "data"), "JACKFIELD_ADMIN_TOKEN": TOKEN}
    with running(serve, port, **environ) as pid:
        own = {"Authorization": f"Bearer {TOKEN}"}
        body = {"name": "noop", "type": "noop"}
        httpx.post(f"http://127.0.0.1:{port}/api/connectors", json=body, headers=own).raise_for_status()
        yield pid


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fastmcp-python", default="", help="a Python that has FastMCP; without it, no comparison")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = free_port(), free_port()
        with jackfield(Path(folder), ours) as pid:
            before = memory_mb(pid)
            url = f"http://127.0.0.1:{ours}/mcp"
            took = first(url)
            after = memory_mb(pid)
            print(f"first request {took:.0f} ms, then {first(url):.1f} ms; {before:.0f} MB before, {after:.0f} after")
            ports = {"jackfield": ours}
            if not given.fastmcp_python:
                measure(ports, given.rounds, given.seconds)
                return
            command = [given.fastmcp_python, "-c", THEIRS, str(theirs)]
            with running(command, theirs) as other:
                took = first(f"http://127.0.0.1:{theirs}/mcp")
                print(f"FastMCP: first request {took:.0f} ms, {memory_mb(other):.0f} MB")
                measure({**ports, "FastMCP": theirs}, given.rounds, given.seconds)


def measure(ports: Mapping[str, int], rounds: int, seconds: float) -> None:
    """Print the medians of several rounds, in which all take turns."""
    body = message("tools/call", name="noop__nothing", arguments={"value": 7})
    wire = request(body, headers_of("tools/call", "noop__nothing"))
    for callers in CALLERS:
        found: dict[str, list[Load]] = {name: [] for name in ports}
        for _ in range(rounds):
            for name, port in ports.items():
                loading = load("127.0.0.1", port, lambda _: wire, callers=callers, seconds=seconds, expect=b'"value":7')
                found[name].append(asyncio.run(loading))
        for name, loads in found.items():
            rate = statistics.median(one.per_second for one in loads)
            p50, wrong = statistics.median(one.p50_ms for one in loads), sum(one.wrong for one in loads)
            print(f"{callers:>3} callers  {name:<10} {rate:>7.0f} calls/s  p50 {p50:>6.2f} ms  wrong {wrong}")


if __name__ == "__main__":
    main()
