"""What the two ways to run executions have in common: `fibers`, and `threads` where those do not work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from jackfield.execution.script.frames import End
from jackfield.execution.script.worker.execution import Execution
from jackfield.execution.script.worker.machine import Machine

Ended = Callable[[Execution, End], None]
"""Told of each execution that has ended, while its isolate is still there."""


def nobody(execution: Execution, end: End) -> None:
    """Who is told until somebody wants to know."""


class Runner(Protocol):
    """Runs executions. All of it is called in one thread.

    Attributes:
        name: Of the way.
        machine: Makes the isolates.
        most: Executions at once.
        ended: Whom to tell.
        wake: What can be waited for beside the server: readable when `busy` becomes true by itself.
    """

    name: str
    machine: Machine
    most: int
    ended: Ended
    wake: int | None

    @property
    def busy(self) -> bool:
        """Whether `turn` has something to do."""

    def start(self, execution: Execution) -> None:
        """Begin an execution."""

    def answer(self, execution: Execution, answer: bytes) -> None:
        """Give a waiting script what it waits for."""

    def cancel(self, execution: Execution) -> None:
        """End an execution wherever it is."""

    def close(self) -> None:
        """Let go of everything."""

    def signal(self) -> None:
        """A script has something to say: have `wake` say so, if whoever sends it waits there."""

    def turn(self) -> None:
        """Do some of what there is to do."""
