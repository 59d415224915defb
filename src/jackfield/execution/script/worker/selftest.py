"""Tries what the sandbox promises, in the process that promises it, before the first script.

The engine is reached through parts of libraries that nobody guarantees, and the lock depends on the kernel: what does
not hold here is not used.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from jackfield.execution.script.frames import End, How, Kind, Order, Reader
from jackfield.execution.script.sandbox import Limits
from jackfield.execution.script.worker.execution import Execution
from jackfield.execution.script.worker.runner import Runner

PATIENCE_S = 20.0
_LIMITS = Limits(memory_bytes=16 * 1024 * 1024, cpu_s=0.02, host_calls=2, log_lines=1)

_SCRIPT = """
let seen = 0;
function fresh() {
  seen += 1;
  globalThis.mark = (globalThis.mark ?? 0) + 1;
  return seen + mark;
}
function waits() { return floh.http.get("https://example.test/").body + floh.config.key; }
async function later() {
  await null;
  floh.log.info("one");
  floh.log.info("too many");
  return crypto.sha256(String(Math.random() < 1));
}
function endless() { for (;;) { try { for (;;); } finally { continue; } } }
function deep() { return 1 + deep(); }
function large() { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); }
function many() { for (;;) floh.http.get("https://example.test/"); }
function fails() {
  throw new TypeError("here");
}
"""


class Failed(Exception):
    """Something does not hold. The message says what."""


def engine(runner: Runner) -> None:
    """Try the engine and its limits.

    Raises:
        Failed: It does not do what it has to.
    """
    trial = _Trial(runner)
    loaded = trial.ended(1, _SCRIPT.encode(), None)
    _expect("load", loaded, How.RETURNED)
    for _ in range(2):
        _expect("fresh", trial.run("fresh"), How.RETURNED, b"2")
    _expect("waits", trial.run("waits"), How.RETURNED, b'"yes!"')
    _expect("later", trial.run("later"), How.RETURNED)
    _expect("endless", trial.run("endless"), How.CPU)
    _expect("deep", trial.run("deep"), How.STACK)
    _expect("large", trial.run("large", cpu_s=5.0), How.MEMORY)
    _expect("many", trial.run("many"), How.CALLS)
    failed = trial.run("fails")
    _expect("fails", failed, How.THROWN)
    if b"script.js:20:" not in failed.text:
        raise Failed("the position of an error is wrong")
    _expect("fresh", trial.run("fresh"), How.RETURNED, b"2")


def locked() -> None:
    """Try what must not be possible.

    Raises:
        Failed: It is.
    """
    attempts: dict[str, Callable[[], Any]] = {
        "open a file": lambda: os.close(os.open("/dev/null", os.O_RDONLY)),
        "open a socket": lambda: socket.socket().close(),
        "start a process": _fork,
        "run a program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 - it must not work
        "signal another process": lambda: os.kill(os.getppid(), 0),
        "map memory as executable": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC).close(),
        "watch another process": _trace,
    }
    for what, attempt in attempts.items():
        try:
            attempt()
        except OSError:
            continue
        raise Failed(f"the process can {what}")


class _Trial:
    """Runs executions one by one, and answers what they ask."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._image = runner.machine.first_image
        self._ends: list[End] = []
        runner.ended = self._take

    def run(self, function: str, *, cpu_s: float = _LIMITS.cpu_s) -> End:
        limits = Limits(memory_bytes=_LIMITS.memory_bytes, cpu_s=cpu_s, host_calls=2, log_lines=1)
        order = Order(
            script=1, function=function.encode(), config=b'{"key":"!"}', params=b"{}", variables=b"{}", limits=limits
        )
        return self.ended(2, function.encode(), order)

    def ended(self, number: int, text: bytes, order: Order | None) -> End:
        sent: list[bytes] = []
        machine = self._runner.machine
        execution = Execution(machine, number=number, image=self._image, text=text, order=order, send=sent.append)
        self._runner.start(execution)
        reader, until = Reader(), time.monotonic() + PATIENCE_S
        while not self._ends:
            if time.monotonic() > until:
                raise Failed(f"`{text[:20].decode()}` never ends")
            self._turn()
            while sent:
                for said in reader.feed(sent.pop(0)):
                    if said.kind == Kind.ASK:
                        self._runner.answer(execution, b'{"status":200,"headers":{},"body":"yes"}')
        return self._ends.pop()

    def _turn(self) -> None:
        if self._runner.busy:
            self._runner.turn()
        elif self._runner.wake is not None:
            poll = select.poll()
            poll.register(self._runner.wake, select.POLLIN)
            poll.poll(100)

    def _take(self, execution: Execution, end: End) -> None:
        if execution.order is None and end.how is How.RETURNED:
            self._image = self._runner.machine.image(execution.isolate)
        self._ends.append(end)


def _expect(what: str, end: End, how: How, text: bytes | None = None) -> None:
    if end.how is not how or (text is not None and end.text != text):
        raise Failed(f"`{what}` ended as {end.how.name} `{end.text[:80].decode(errors='replace')}`")


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    with contextlib.suppress(OSError):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _trace() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, os.getppid(), 0, 0) == -1:
        raise OSError(ctypes.get_errno(), "ptrace")
