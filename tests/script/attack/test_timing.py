"""What one tenant could learn of another by measuring time: little, for there is little to measure with or to share."""

from __future__ import annotations

import base64
import json
import sys
from collections import Counter

import pytest

from jackfield.execution.script.pool import SandboxPool
from jackfield.execution.script.sandbox import Job, Returned
from jackfield.execution.script.turns import Owner
from jackfield.execution.script.worker.execution import _digest
from script.conftest import Service, run

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLOCKS = ["performance", "Atomics", "SharedArrayBuffer", "Worker", "setTimeout", "setInterval", "setImmediate", "gc"]


async def test_a_script_has_one_clock_and_it_counts_milliseconds(any_pool):
    """With finer ones, caches of the processor tell what others compute."""
    source = """
    function run() {
      const times = [];
      for (let i = 0; i < 20000; i++) times.push(Date.now(), +new Date(), new Date().getTime());
      const backwards = times.filter((time, i) => i && time < times[i - 1]).length;
      return [times.every(Number.isInteger), backwards, floh.params.names.filter((name) => name in globalThis)];
    }
    """

    assert await run(any_pool, source, params={"names": CLOCKS}, cpu_s=5.0) == [True, 0, []]


async def test_no_thread_counts_beside_a_script(any_pool):
    """Nothing of a script runs while it computes: neither promises nor finalizers make a clock."""
    source = """
    let count = 0;
    function run() {
      (async () => { for (;;) { count++; await null } })();
      new FinalizationRegistry(() => count++).register({}, 1);
      const before = count;
      for (let i = 0; i < 1e5; i++) new Object();
      throw new Error(String(count - before));
    }
    """
    thrown = await run(any_pool, source)

    assert thrown is not None
    assert getattr(thrown, "message", "0") == "0"


async def test_a_script_is_loaded_for_each_tenant_that_runs_it():
    """Loading takes milliseconds: who finds a script loaded would know that somebody has the same one."""
    pool = SandboxPool(processes=1)
    source = "const made = []; function run() { made.push(1); return made.length }"
    try:
        for tenant in ("one", "two", "one"):
            for connector in ("a", "b"):
                job = Job(source=source, function="run", owner=Owner(tenant, connector))
                came = await pool.run(job, Service())
                assert isinstance(came, Returned)
                assert came.value == b"1"
        (process,) = pool._processes

        assert [tenant for tenant, _ in process._scripts] == ["two", "one"]
        assert len({loaded.number for loaded in process._scripts.values()}) == 2
    finally:
        await pool.close()


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
async def test_a_signature_takes_the_same_steps_whatever_the_key(algorithm):
    """It is made outside of the isolate, by code that never looks at the bytes of a key."""
    keys = [b"\x00" * 32, b"\xff" * 32, b"hunter2-".ljust(32, b"x"), bytes(range(32))]

    assert len({_steps(algorithm, key) for key in keys}) == 1


def _steps(algorithm: str, key: bytes) -> tuple[tuple[str, int], ...]:
    """What is called while a signature is made, and how often."""
    encoded = base64.b64encode(key).decode()
    asked = json.dumps({"algorithm": algorithm, "data": "eA==", "key": encoded}).encode()
    called: Counter[str] = Counter()

    def count(frame, event, argument):
        called[f"{event} {getattr(argument, '__name__', frame.f_code.co_name)}"] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        _digest(asked)
    finally:
        sys.setprofile(before)
    return tuple(sorted(called.items()))
