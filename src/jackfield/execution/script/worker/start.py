"""Makes a sandbox process out of a process that was just started: engine, trial, lock, and then scripts."""

from __future__ import annotations

import contextlib
import json
import socket
from typing import Any

from jackfield.execution.script.frames import Kind, frame


def start(connection: socket.socket, *, alone: bool, lock: bool) -> None:
    """Serve scripts over `connection` until it closes.

    Args:
        alone: Whether the process is there for nothing else.
        lock: Whether to give up all that scripts do not need. Only if `alone`.
    """
    try:
        worker, report = _prepared(connection, alone=alone, lock=lock)
    except Exception as error:  # whatever it is, somebody is waiting for a report
        problem = json.dumps({"problem": f"{error}"[:500], **_hint(error)})
        connection.sendall(frame(Kind.READY, 0, problem.encode()))
        return
    with contextlib.suppress(OSError):  # the server is gone
        worker.serve(json.dumps(report).encode())


def _prepared(connection: socket.socket, *, alone: bool, lock: bool) -> tuple[Any, dict[str, Any]]:
    from jackfield.execution.script.worker.artifact import engine_module

    engine_module()  # says what is missing before anything else fails for that
    from jackfield.execution.script.worker.fibers import Fibers
    from jackfield.execution.script.worker.serve import Worker

    report: dict[str, Any] = {"engine": "fibers"}
    return Worker(connection, Fibers), report


def _hint(error: Exception) -> dict[str, str]:
    from jackfield.execution.script.worker.artifact import Unsuitable

    return {"hint": "install `jackfield[script]`"} if isinstance(error, Unsuitable) else {}
