"""How long after a call's answer its event arrives, with few and with many who listen; beside asking for the list.

One server process, SQLite. A client calls a few times a second; listeners follow `GET /api/executions/stream`, or ask
for `GET /api/executions?limit=50&total=false` every 250 ms, as pages do that have no stream. Lines run in turns. Times
are from the last byte of the answer to the one that says the execution, in the client, which shares the machine.

Budget (two shared cores): p95 250 ms from answer to event with 50 listeners, in the process that took the call.

    python bench/stream.py --rounds 2 --seconds 10

Seen on two busy cores: p50 and p95 of 16 and 48 ms with one listener, 36 and 158 ms with 50. Asking every 250 ms in the
same run: 185 and 314 ms with one; 50 who ask keep the server so busy that p95 is 1,388 ms, for twice the CPU.
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
from contextlib import contextmanager, suppress
from pathlib import Path

import aiohttp
from rest import cpu_s, free_port

TOKEN = "jf_bench-0123456789abcdefghij"
LISTENERS = (1, 50)
POLL_S = 0.25
GAP_S = 0.05
"""Between calls."""


class Watch:
    """When calls were answered, and when each listener heard of them."""

    def __init__(self) -> None:
        self.answered: dict[str, float] = {}
        self.heard: list[dict[str, float]] = []

    def listener(self) -> dict[str, float]:
        """A new one's book."""
        self.heard.append({})
        return self.heard[-1]

    def waits_ms(self) -> list[float]:
        """Of every call that was answered and every listener, sorted. One that never heard counts as endless."""
        never = float("inf")
        return sorted(
            max(0.0, book.get(called, never) - answered) * 1000
            for book in self.heard
            for called, answered in self.answered.items()
        )


async def stream(session: aiohttp.ClientSession, book: dict[str, float], begun: asyncio.Event) -> None:
    """Follow, until cancelled."""
    async with session.get("/api/executions/stream") as response:
        begun.set()
        async for line in response.content:
            if line.startswith(b"data: ") and len(line) > 20:
                book.setdefault(json.loads(line[6:])["id"], time.perf_counter())


async def poll(session: aiohttp.ClientSession, book: dict[str, float], begun: asyncio.Event) -> None:
    """Ask again and again, until cancelled."""
    begun.set()
    while True:
        async with session.get("/api/executions?limit=50&total=false") as response:
            for item in (await response.json())["items"]:
                book.setdefault(item["id"], time.perf_counter())
        await asyncio.sleep(POLL_S)


async def call(session: aiohttp.ClientSession, watch: Watch, seconds: float) -> None:
    """Call now and then."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        body = {"command": "wait", "params": {"delayMs": 0}}
        async with session.post("/api/connectors/delay/execute", json=body) as response:
            said = await response.json()
        watch.answered[said["metadata"]["executionId"]] = time.perf_counter()
        await asyncio.sleep(GAP_S)


async def measure(url: str, way: str, listeners: int, seconds: float) -> Watch:
    """One line, once."""
    watch = Watch()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    connector = aiohttp.TCPConnector(limit=0)
    follow = {"stream": stream, "poll": poll}[way]
    async with aiohttp.ClientSession(
        url, headers=headers, connector=connector, timeout=aiohttp.ClientTimeout()
    ) as session:
        begun = [asyncio.Event() for _ in range(listeners)]
        tasks = [asyncio.create_task(follow(session, watch.listener(), each)) for each in begun]
        await asyncio.gather(*(each.wait() for each in begun))
        await call(session, watch, seconds)
        await asyncio.sleep(1.5)
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
    return watch


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, int]]:
    """A server; its address and process id."""
    port = free_port()
    environ = {"JACKFIELD_DATA_DIR": str(folder / "data"), "JACKFIELD_ADMIN_TOKEN": TOKEN}
    command = [sys.executable, "-m", "jackfield", "serve", "--port", str(port)]
    started = subprocess.Popen(
        command, env={**os.environ, **environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", started.pid
    finally:
        started.terminate()
        started.wait()


def main() -> None:
    """Start a server, measure, stop it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement")
    chosen = parser.parse_args()
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    spent: dict[tuple[str, int], float] = defaultdict(float)
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (url, pid):
        for _ in range(chosen.rounds):
            for listeners in LISTENERS:
                for way in ("stream", "poll"):
                    before = cpu_s(pid)
                    found[way, listeners] += asyncio.run(measure(url, way, listeners, chosen.seconds)).waits_ms()
                    spent[way, listeners] += cpu_s(pid) - before
    print("from answer to listener  listeners   p50 ms   p95 ms  server CPU s")
    for (way, listeners), waits in found.items():
        waits.sort()
        p50, p95 = (waits[min(len(waits) - 1, int(len(waits) * share))] for share in (0.5, 0.95))
        print(f"{way:23}  {listeners:9}  {p50:7.1f}  {p95:7.1f}  {spent[way, listeners]:12.2f}")


if __name__ == "__main__":
    main()
