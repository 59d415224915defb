"""Calls over REST, each durable before it is answered: how many a second, and how long one takes.

One server process, SQLite, beside two baselines of the same run: the least that an ASGI server can do, and what one
writes by hand with FastAPI and httpx, which keeps nothing. Lines run in turns. The client and the service that is
called share the machine with the server.

Budgets (two shared cores): mocked >= 4,000 a second at 32; a real read >= 2,200 at 32 with p99 <= 45 ms, p50 <= 0.8 ms
at 1, at most 10 % less at 128; the same as a keyed write >= 1,600 at 32.

    python bench/rest.py --rounds 3 --seconds 4

Seen on 2 shared cores where `by hand` answers 599 a second at 32 (p50 1.07 ms at 1): mocked 4,827; a real read 2,035
with p99 30 ms, 2,457 at 128, p50 1.12 ms at 1; a keyed write 1,400, 1,706 at 128. So the read and the write miss
their budgets at 32, and the read its p50 at 1.

What won, us of CPU a call at 32 before and after, pinned to one core: to look for secrets before walking through an
answer, and to answer the hottest routes straight on ASGI: mocked 222 and 152, read 617 and 443. The walk was an
eighth of a read in the profile, the way through FastAPI's own layers another. `gc.freeze`: read 485 and 430, p99 61
and 25 to 49 ms. A connection that the writing thread keeps: a record at 1 caller 290 and 244. What did not win: a
higher threshold of the collector beside `gc.freeze`. Left in the profile of a read (py-spy): the INSERT an eighth,
aiohttp a sixth, uvicorn and the loop a seventh, sealing a twentieth; nothing else above 3 %.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import uvloop
from load import Load, Request, load, post
from rest_peers import BEARER

HERE = Path(__file__).parent
PATH = "/api/connectors/bench/execute"
CALLERS = (1, 32, 128)
TOKEN = "jf_bench-0123456789abcdefghij"

PARAMS = {
    "id": {"type": "integer", "minimum": 1},
    "channel": {"type": "string", "minLength": 1, "maxLength": 50},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    "order": {"type": "string", "enum": ["asc", "desc"], "default": "asc"},
    "deep": {"type": "boolean", "default": False},
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is measured."""

    name: str
    port: int
    request: Request
    expect: bytes
    pid: int


def connector(service: str, port: int) -> dict[str, object]:
    """The connector that the server offers: a read and a write of five params, with a bearer token."""
    schema = {"type": "object", "properties": PARAMS, "required": ["id", "channel"]}
    path = "/channels/{channel}/items/{id}"
    return {
        "name": "bench",
        "baseUrl": service,
        "auth": {"type": "bearer", "field": "token"},
        "connectionConfig": {"token": {"type": "secret", "required": True}},
        "config": {"token": BEARER},
        "egress": {"allow": [f"127.0.0.1:{port}"]},
        "operations": [
            {"name": "get_item", "method": "GET", "path": path, "parameters": schema},
            {"name": "put_item", "method": "POST", "path": path, "parameters": schema},
        ],
        "mocks": {"data": {"get_item": {"default": {"success": True, "payload": {"items": []}}}}},
    }


def body(command: str, **more: object) -> bytes:
    """Of a structured call."""
    params = {"id": 7, "channel": "general", "limit": 20, "order": "desc", "deep": True}
    return json.dumps({"command": command, "params": params, **more}).encode()


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, **environ: str) -> Iterator[int]:
    """A process that listens on `port`; its id."""
    started = subprocess.Popen(
        command,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if started.poll() is not None:
                raise SystemExit(f"{command} ended with {started.returncode}")
            time.sleep(0.05)
        yield started.pid
    finally:
        started.terminate()
        started.wait()


def lines(stack: ExitStack, folder: Path) -> list[Line]:
    """Everything that is measured, started."""
    service, jackfield, asgi, hand = free_port(), free_port(), free_port(), free_port()
    url = f"http://127.0.0.1:{service}"
    peers = [sys.executable, str(HERE / "rest_peers.py")]
    (folder / "bench.json").write_text(json.dumps(connector(url, service)))
    stack.enter_context(running([*peers, "service", str(service)], service))
    serve = [sys.executable, "-m", "jackfield", "serve", str(folder / "bench.json"), "--port", str(jackfield)]
    environ = {"JACKFIELD_DATA_DIR": str(folder / "data"), "JACKFIELD_ADMIN_TOKEN": TOKEN}
    pid = stack.enter_context(running(serve, jackfield, **environ))
    asgi_pid = stack.enter_context(running([*peers, "asgi", str(asgi)], asgi))
    hand_pid = stack.enter_context(running([*peers, "by-hand", str(hand), url], hand))
    read = post(PATH, body("get_item"), token=TOKEN)
    mocked = post(PATH, body("get_item", options={"useMock": True}), token=TOKEN)
    run = os.urandom(4).hex()

    def write(number: int) -> bytes:
        return post(PATH, body("put_item", idempotencyKey=f"{run}-{time.perf_counter_ns()}-{number}"), token=TOKEN)

    right = b'"success":true'
    return [
        Line(name="raw ASGI", port=asgi, request=lambda _: read, expect=b"", pid=asgi_pid),
        Line(name="by hand: FastAPI + httpx", port=hand, request=lambda _: read, expect=right, pid=hand_pid),
        Line(name="mocked", port=jackfield, request=lambda _: mocked, expect=right, pid=pid),
        Line(name="read", port=jackfield, request=lambda _: read, expect=right, pid=pid),
        Line(name="keyed write", port=jackfield, request=write, expect=right, pid=pid),
    ]


def cpu_s(pid: int) -> float:
    """CPU seconds of a process with all its threads; 0 where the system does not tell."""
    try:
        spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


async def measure(every: list[Line], *, rounds: int, seconds: float, callers: tuple[int, ...]) -> None:
    """All lines at all concurrencies, in turns."""
    found: dict[tuple[str, int], list[tuple[Load, float]]] = defaultdict(list)
    for _ in range(rounds):
        for at in callers:
            for line in every:
                await load("127.0.0.1", line.port, line.request, callers=at, seconds=seconds / 4, expect=line.expect)
                before = cpu_s(line.pid)
                came = await load("127.0.0.1", line.port, line.request, callers=at, seconds=seconds, expect=line.expect)
                spent = (cpu_s(line.pid) - before) / max(1.0, came.per_second * seconds)
                found[line.name, at].append((came, spent))
                if came.wrong:
                    print(f"{line.name} at {at}: {came.wrong} wrong answers", file=sys.stderr)
    print(f"{'':26} callers  requests/s  x by hand   p50 ms   p99 ms   CPU us")
    for line in every:
        for at in callers:
            loads = found[line.name, at]
            rate, hand = (median(each.per_second for each, _ in found[name, at]) for name in (line.name, every[1].name))
            p50, p99 = median(each.p50_ms for each, _ in loads), median(each.p99_ms for each, _ in loads)
            cpu = median(spent for _, spent in loads) * 1e6
            print(f"{line.name:26} {at:7}  {rate:10,.0f}  {rate / hand:9.2f}  {p50:7.2f}  {p99:7.1f}  {cpu:7.0f}")


def main() -> None:
    """Start everything, measure, stop everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    parser.add_argument("--callers", type=int, nargs="*", default=CALLERS)
    parser.add_argument("--only", nargs="*", help="lines beside `by hand`, by their first word")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        every = lines(stack, Path(folder))
        if chosen.only:
            every = [line for line in every if line.name.split()[0] in {"by", "raw", *chosen.only}]
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(measure(every, rounds=chosen.rounds, seconds=chosen.seconds, callers=tuple(chosen.callers)))


if __name__ == "__main__":
    main()
