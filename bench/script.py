"""What a connector in JavaScript costs: an isolate that nobody has used before, for every call.

Our figures are through the pool, from this process to a sandbox process and back, locked down. They are compared with
a new context of quickjs-emscripten in Node (one module, as its documentation advises) and, without any barrier, of the
native engine; those are in process and have no `floh`. What is compared takes turns. Budgets: 450 us and no slower
than quickjs-emscripten; 1 MB for a script that waits.

    npm install quickjs-emscripten --prefix /tmp/peers
    python -m venv /tmp/native && /tmp/native/bin/pip install quickjs-ng
    python bench/script.py --emscripten /tmp/peers --native /tmp/native/bin/python

Seen on 2 shared cores with nothing else to do, median and fastest in microseconds, all in turns in one run: fibers 413
and 212, without the lock 313 and 234, in this process 358 and 155, threads 720 and 496; quickjs-emscripten 256 and 197,
native 115 and 109. With one pool alone in place of seven in turns, fibers take 312 to 316: the second budget is missed
in the median, by 1.2 to 1.6. Half of that is two processes that wake each other on two cores: with both on one
(`taskset -c 0`) it is 223. Executions a second: fibers 2,911 with one caller and 5,611 with 8, threads 1,440 and 1,931.
A request costs 188 us without its service. 1,000 waiting scripts cost 527 KB each and no thread. The first script takes
1.25 s, with the compiled engine kept 0.30 s. What lost or won:

- Giving an isolate back before its answer goes out: 50 us more, of which the kernel's reset of pages is the most.
- The next isolate made ahead of time, from the image that was used last: 55 us less, where calls leave gaps.
- The name of the function through the guest's `malloc`: 12 us more, for one call into the guest.
- A C stack of 384 KB instead of 768: 395 to 330 us in the median, 520 to 430 us of processor. Setting the memory of an
  isolate back costs 6 us for each 64 KB, and what recursion takes beyond its limit of 256 KB is 5 KB.
- A worker that looks for its next order for 200 or 400 us before it sleeps: nothing in the median, a tenth more
  processor. An isolate is put away and the next one made (170 us) just then.
- The process that has rested longest instead of the first: 355 instead of 330 us in the median, 250 instead of 310 in
  the fastest tenth.
- `linear_memory_keep_resident` of 1 MB or 0 instead of 3 MB: 460 and 471 instead of 395 us.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop

from jackfield.execution.script.pool import SandboxPool
from jackfield.execution.script.sandbox import Job, Limits, Returned, ScriptAnswer, ScriptRequest

SCRIPT = """
function fresh() { return { total: [1, 2, 3].map((n) => n * 2).reduce((a, b) => a + b, 0) }; }
function calls() { for (let i = 0; i < 100; i++) floh.http.get("https://acme.example/"); }
function waits() { return floh.http.get("https://acme.example/").status; }
"""

NODE = """
const { getQuickJS } = require(process.argv[1] + "/node_modules/quickjs-emscripten");
const script = process.argv[2];
getQuickJS().then((quickjs) => {
  const once = () => {
    const context = quickjs.newContext();
    const loaded = context.unwrapResult(context.evalCode(script));
    loaded.dispose();
    const handle = context.unwrapResult(context.evalCode("JSON.stringify(fresh())"));
    const text = context.getString(handle);
    handle.dispose();
    context.dispose();
    return text;
  };
  require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const times = [], cpu = process.cpuUsage();
    for (let i = 0; i < Number(line); i++) {
      const before = process.hrtime.bigint();
      once();
      times.push(Number(process.hrtime.bigint() - before) / 1000);
    }
    const used = process.cpuUsage(cpu);
    console.log(JSON.stringify([times, used.user + used.system]));
  });
});
"""

NATIVE = """
import json, quickjs, sys, time
for line in sys.stdin:
    times, cpu = [], time.process_time()
    for _ in range(int(line)):
        before = time.perf_counter()
        context = quickjs.Context()
        context.eval(sys.argv[1])
        context.eval("JSON.stringify(fresh())")
        del context
        times.append((time.perf_counter() - before) * 1e6)
    print(json.dumps([times, (time.process_time() - cpu) * 1e6]), flush=True)
"""


class Service:
    """Answers at once, or when told to."""

    def __init__(self) -> None:
        self.waiting, self.open = 0, asyncio.Event()
        self.open.set()

    async def http(self, request: ScriptRequest) -> ScriptAnswer:
        self.waiting += 1
        await self.open.wait()
        return ScriptAnswer(status=200, headers={}, body={})

    def failed(self, error: Exception) -> None:
        pass

    def log(self, level: str, message: str) -> None:
        pass


class Peer:
    """A program that runs what it is told, as often as a line says."""

    def __init__(self, command: list[str]) -> None:
        self._program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def times(self, count: int) -> tuple[list[float], float]:
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(f"{count}\n")
        self._program.stdin.flush()
        taken, cpu = json.loads(self._program.stdout.readline())
        return taken, cpu

    def close(self) -> None:
        assert self._program.stdin
        self._program.stdin.close()
        self._program.wait(10)


async def run(pool: SandboxPool, function: str, service: Service, **limits: Any) -> Returned:
    ended = await pool.run(Job(source=SCRIPT, function=function, limits=Limits(**limits)), service)
    assert isinstance(ended, Returned), ended
    return ended


async def times(pool: SandboxPool, count: int) -> tuple[list[float], float]:
    """Microseconds of `count` executions, one after the other, and of processors in all processes."""
    service, taken, cpu = Service(), [], used(pool)
    for _ in range(count):
        before = time.perf_counter()
        await run(pool, "fresh", service)
        taken.append((time.perf_counter() - before) * 1e6)
    return taken, used(pool) - cpu


def used(pool: SandboxPool) -> float:
    """Microseconds of processor time, of this process and of the pool's."""
    tick = 1e6 / os.sysconf("SC_CLK_TCK")
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pool.pids() if pid]
    return time.process_time() * 1e6 + sum((int(stat[11]) + int(stat[12])) * tick for stat in stats)


async def per_second(pool: SandboxPool, count: int, at_once: int) -> float:
    """Executions a second with `at_once` callers."""
    service = Service()

    async def caller() -> None:
        for _ in range(count // at_once):
            await run(pool, "fresh", service)

    before = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(at_once)))
    return count / (time.perf_counter() - before)


async def per_call(pool: SandboxPool) -> float:
    """Microseconds of a request that the service answers at once."""
    before = time.perf_counter()
    await run(pool, "calls", Service())
    return (time.perf_counter() - before) / 100 * 1e6


async def waiting(pool: SandboxPool, count: int) -> tuple[float, int]:
    """KB for each of `count` scripts that wait, and the threads that they add."""
    service = Service()
    await asyncio.gather(*(run(pool, "fresh", service) for _ in range(64)))
    before = [status(pid) for pid in pool.pids()]
    service.open.clear()
    calls = [asyncio.create_task(run(pool, "waits", service, wall_s=120)) for _ in range(count)]
    while service.waiting < count:
        await asyncio.sleep(0.05)
    after = [status(pid) for pid in pool.pids()]
    service.open.set()
    await asyncio.gather(*calls)
    grown = {name: sum(each[name] for each in after) - sum(each[name] for each in before) for name in before[0]}
    return grown["VmRSS"] / count, grown["Threads"]


def status(pid: int | None) -> dict[str, int]:
    text = Path(f"/proc/{pid}/status").read_text()
    lines = [line.split() for line in text.splitlines() if line.startswith(("VmRSS:", "Threads:"))]
    return {name.rstrip(":"): int(value) for name, value, *_ in lines}


def shown(name: str, taken: list[float], *, cpu: float) -> None:
    ordered = sorted(taken)
    p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    print(f"  {name:<28} p50 {p50:7.0f}   fastest {ordered[0]:7.0f}   p99 {p99:7.0f}   processor {cpu:5.0f}")


async def fresh(pools: dict[str, SandboxPool], peers: dict[str, Peer], *, rounds: int, count: int) -> None:
    """Latency of each, in turns."""
    taken: dict[str, list[float]] = {name: [] for name in [*pools, *peers]}
    cpu = dict.fromkeys(taken, 0.0)
    for turn in range(rounds + 1):
        for name in taken:
            got = (
                await times(pools[name], count) if name in pools else await asyncio.to_thread(peers[name].times, count)
            )
            if turn:  # the first one warms up
                taken[name] += got[0]
                cpu[name] += got[1]
    print("a fresh isolate, us (budget 450)")
    for name, each in taken.items():
        shown(name, each, cpu=cpu[name] / len(each))
    if "quickjs-emscripten" in taken:
        ours, theirs = taken["fibers"], taken["quickjs-emscripten"]
        ratios = statistics.median(ours) / statistics.median(theirs), min(ours) / min(theirs)
        print(f"  of quickjs-emscripten's: {ratios[0]:.2f}, of its fastest {ratios[1]:.2f} (budget 1.00)")


async def main(options: argparse.Namespace) -> None:
    pools = {
        "fibers": SandboxPool(ways=["fibers"]),
        "fibers, not locked down": SandboxPool(ways=["fibers"], mode="process"),
        "fibers, in this process": SandboxPool(ways=["fibers"], mode="thread"),
        "threads": SandboxPool(ways=["threads"]),
    }
    peers = {}
    if options.emscripten:
        peers["quickjs-emscripten"] = Peer(["node", "-e", NODE, options.emscripten, SCRIPT])
    if options.native:
        peers["native, no barrier"] = Peer([options.native, "-c", NATIVE, SCRIPT])
    await starts()
    await fresh(pools, peers, rounds=options.rounds, count=options.count)
    for name in ("fibers", "threads"):
        rates = {n: max([await per_second(pools[name], 4000, n) for _ in range(3)]) for n in (1, 8, 64)}
        calls = min([await per_call(pools[name]) for _ in range(5)])
        print(f"{name}: executions/s " + ", ".join(f"{rate:.0f} at {n}" for n, rate in rates.items()))
        print(f"  a request, without the service: {calls:.0f} us")
    for name, count in (("fibers", 1000), ("threads", 60)):
        memory, threads = await waiting(pools[name], count)
        print(f"{name}: {count} waiting scripts cost {memory:.0f} KB each (budget 1024) and {threads} threads more")
    for pool in pools.values():
        await pool.close()
    for peer in peers.values():
        peer.close()


async def starts() -> None:
    """From nothing to the first result."""
    with tempfile.TemporaryDirectory() as folder:
        for what in ("compiled", "kept from the last"):
            pool = SandboxPool(processes=1, kept=Path(folder) / "sandbox")
            before = time.perf_counter()
            await run(pool, "fresh", Service())
            print(f"the first script of a process, engine {what}: {time.perf_counter() - before:.2f} s")
            await pool.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--emscripten", help="folder with node_modules/quickjs-emscripten", default="")
    parser.add_argument("--native", help="a Python that has quickjs-ng", default="")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=300)
    uvloop.run(main(parser.parse_args()))  # as the server does
