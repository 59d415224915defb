"""A server that is started again when one of its files changes."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click

LOOK_MS = 200
"""How long it takes at most until a request to stop is seen."""


def serve_again_and_again(paths: Sequence[Path]) -> None:
    """Run this very command without `--reload`, and anew after each change, until a signal ends it. Never returns."""
    watched = [*paths] or [Path.cwd()]
    click.echo(f"Watching {', '.join(map(str, watched))} for changes.", err=True)
    raise SystemExit(_Server(_command()).run(watched))


def _command() -> list[str]:
    # Not `-m` where there is a script: it would put the working directory first, in which there may be an `http.py`.
    start = ["-m", "jackfield"] if Path(sys.argv[0]).name == "__main__.py" else [sys.argv[0]]
    return [sys.executable, *start, *(each for each in sys.argv[1:] if each != "--reload")]


class _Server:
    """The process that serves, and whoever watches over it."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._stopped = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self, watched: Sequence[Path]) -> int:
        """Its last exit status."""
        import watchfiles  # only who develops waits for it

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        child = self._start()
        for _ in watchfiles.watch(*watched, stop_event=self._stopped, rust_timeout=LOOK_MS, raise_interrupt=False):
            if self._stopped.is_set():
                break
            child.terminate()
            child.wait()
            child = self._start()
        return child.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        # In a group of its own: Ctrl-C would reach it from the terminal too, and twice means that it shall not wait.
        group = None if sys.platform == "win32" else 0
        self._child = subprocess.Popen(self._command, process_group=group)  # noqa: S603 - our own command, anew
        if self._stopped.is_set():  # while it was being started
            self._child.terminate()
        return self._child

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._stopped.set()
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(number)
