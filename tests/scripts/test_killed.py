"""A sandbox process that is killed while a server has calls in it."""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from server.processes import Gate, place
from server.world import At
from servers import serve

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]

SCRIPT = """
function wait() { return { path: floh.http.get(floh.params.url + "/slow").body }; }
function write() { return { path: floh.http.post(floh.params.url + "/slow", {}).body }; }
function quick() { return { n: 42 }; }
"""


def sandboxes(server: int) -> list[int]:
    """The processes of scripts that a server has."""
    children = " ".join(each.read_text() for each in Path(f"/proc/{server}/task").glob("*/children")).split()
    return [pid for pid in map(int, children) if b"execution.script" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_calls_in_a_killed_sandbox_fail_typed_and_the_next_ones_work(tmp_path: Path):
    """Within their deadline, and the server stays up. A write that was sent is not called unsent."""
    gate = Gate()
    (tmp_path / "scripts.js").write_text(SCRIPT)
    with (
        serve(gate) as service,
        place(tmp_path, JACKFIELD_EGRESS_ALLOW=service.address).running(str(tmp_path / "scripts.js")) as server,
    ):

        def call(command: str) -> dict[str, Any]:
            body = {"command": command, "params": {"url": service.url}, "options": {"timeout": 15_000}}
            said: dict[str, Any] = server.at.execute(body, to="scripts").json()
            return said

        before = call("quick")
        with ThreadPoolExecutor(12) as callers:
            waiting = [callers.submit(call, command) for command in ["wait", "write"] * 6]
            assert gate.came.wait(20)
            while len(service.asked) < 12:
                gate.came.clear()
                gate.came.wait(0.05)
            killed = sandboxes(server.popen.pid)
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
            lost = [each.result(20) for each in waiting]
            gate.open.set()
            after = [callers.submit(call, "quick") for _ in range(20)]
            answers = [each.result(20) for each in after]

        assert killed
        assert before["payload"] == {"n": 42}
        assert {answer["code"] for answer in lost} == {"sandbox-lost"}
        assert [answer["payload"] for answer in answers] == [{"n": 42}] * 20
        assert server.popen.poll() is None
        kinds = {answer["metadata"]["command"]: answer["metadata"]["retryable"] for answer in lost}
        assert kinds == {"wait": True, "write": False}


def test_a_stopped_server_leaves_no_sandbox_behind(tmp_path: Path):
    """However it ends."""
    (tmp_path / "scripts.js").write_text(SCRIPT)
    for number in (signal.SIGTERM, signal.SIGKILL):
        with place(tmp_path).running(str(tmp_path / "scripts.js")) as server:
            at: At = server.at
            assert at.execute({"command": "quick"}, to="scripts").json()["success"]
            pids = sandboxes(server.popen.pid)
            server.signal(number)
            server.ended()

        assert pids
        for pid in pids:
            until_gone(pid)


def until_gone(pid: int) -> None:
    """Ask again and again until the process is no more, or waits to be buried."""
    while True:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":
            return


def test_a_server_without_scripts_has_no_sandbox(tmp_path: Path):
    """Nobody pays for what is not used; the sample that comes along is not run either."""
    with place(tmp_path).running() as server:
        assert server.at.ask("GET", "/api/connectors").status == 200
        assert sandboxes(server.popen.pid) == []
