"""Makes a sandbox process out of a process that was just started: engine, trial, lock, and then scripts."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jackfield.execution.script.frames import Kind, frame

if TYPE_CHECKING:
    from jackfield.execution.script.worker.runner import Runner
    from jackfield.execution.script.worker.serve import Worker


def start(connection: socket.socket, *, alone: bool, lock: bool, ways: tuple[str, ...], kept: Path | None) -> None:
    """Serve scripts over `connection` until it closes.

    Args:
        alone: Whether the process is there for nothing else.
        lock: Whether to give up all that scripts do not need. Only if `alone`.
        ways: To run scripts, the best first: the first one that passes its trial is used.
        kept: Folder for the compiled engine.
    """
    try:
        worker, report = _prepared(connection, alone=alone, lock=lock, ways=ways, kept=kept)
    except Exception as error:  # whatever it is, somebody is waiting for a report
        problem = {"problem": str(error)[:500] or type(error).__name__, "hint": _hint(error)}
        connection.sendall(frame(Kind.READY, 0, json.dumps(problem).encode()))
        return
    try:
        with contextlib.suppress(OSError):  # the server is gone
            worker.serve(json.dumps(report).encode())
    finally:
        worker.close()


def _prepared(
    connection: socket.socket, *, alone: bool, lock: bool, ways: tuple[str, ...], kept: Path | None
) -> tuple[Worker, dict[str, Any]]:
    from jackfield.execution.script.worker.artifact import engine_module

    engine_module()  # says what is missing, before the imports below fail for that
    from jackfield.execution.script.worker import lockdown, selftest
    from jackfield.execution.script.worker.serve import Worker  # all imports come before the lock

    report: dict[str, Any] = {"process": alone, "locked": False}
    if alone:
        report["expendable"] = lockdown.expendable()  # before the next, which makes root the owner of that file
        lockdown.limit()
    runner = _tried(ways, kept, report)
    report["engine"] = runner.name
    if not (alone and lock):
        report["unlocked"] = "it was not asked for" if alone else "scripts run in the server's own process"
        return Worker(connection, runner), report
    try:
        lockdown.lock()
        selftest.locked()
        report["locked"] = True
    except (lockdown.NotLocked, selftest.Failed) as error:
        report["unlocked"] = str(error)
    selftest.engine(runner)
    return Worker(connection, runner), report


def _tried(ways: tuple[str, ...], kept: Path | None, report: dict[str, Any]) -> Runner:
    from jackfield.execution.script.worker import selftest
    from jackfield.execution.script.worker.fibers import Fibers
    from jackfield.execution.script.worker.threads import Threads

    makers: dict[str, Callable[[Path | None], Runner]] = {"fibers": Fibers, "threads": Threads}
    problem: Exception = ValueError("no way to run scripts")
    for way in ways:
        try:
            runner = makers[way](kept)
            selftest.engine(runner)
        except Exception as error:  # the next way may work, whatever is wrong with this one
            problem = error
            report["instead_of"] = f"{way}: {error}"[:300]
        else:
            return runner
    raise problem


def _hint(error: Exception) -> str:
    from jackfield.execution.script.worker.artifact import Unsuitable

    return '`pip install "jackfield[script]"` brings the engine' if isinstance(error, Unsuitable) else ""
