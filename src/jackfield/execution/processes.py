"""Processes of listed programs: started without a shell in a group of their own, ended with everything they started."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress

from jackfield.settings.programs import Program

PATIENCE_S = 2.0
"""Seconds that a process has to end by itself once it is asked to, before it is killed."""


async def start(
    program: Program, arguments: Sequence[str] = (), *, stdin: bool = True, line_bytes: int = 65_536
) -> Process:
    """A process of `program`.

    Args:
        program: What is started; it gets a clean environment, see `Program.environment`.
        arguments: After those that the program always gets.
        stdin: Whether it is given anything.
        line_bytes: The longest line that `readline` of its output gives.

    Raises:
        OSError: It cannot be started.
        ValueError: An argument has a NUL.
    """
    return await asyncio.create_subprocess_exec(
        program.path,
        *program.arguments,
        *arguments,
        stdin=PIPE if stdin else DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        cwd="/",
        env=program.environment(os.environ),
        start_new_session=True,
        limit=line_bytes,
    )


async def end(process: Process, *, patience_s: float = PATIENCE_S) -> None:
    """End a process and its group. It is gone when this returns, also where the caller is cancelled meanwhile."""
    ending = asyncio.ensure_future(_end(process, patience_s))
    try:
        await asyncio.shield(ending)
    except asyncio.CancelledError:
        kill(process)
        await ending
        raise


def kill(process: Process) -> None:
    """Kill a process and everything in its group, at once."""
    _signal(process, signal.SIGKILL)


async def _end(process: Process, patience_s: float) -> None:
    if process.stdin is not None:
        process.stdin.close()
    for ask in (None, signal.SIGTERM):
        if ask is not None:
            _signal(process, ask)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await _wait(process)
                break
    kill(process)  # also what its own children have left behind
    await _wait(process)
    _close(process)


async def _wait(process: Process) -> None:
    """Wait for the process itself: `wait` would also wait for children of its that keep its output open."""
    while process.returncode is None:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)


def _close(process: Process) -> None:
    """Let go of its pipes, also where somebody outside its group still holds them. Nothing public does that."""
    close: Callable[[], None] | None = getattr(getattr(process, "_transport", None), "close", None)
    if close is not None:
        with suppress(PermissionError):
            close()


def _signal(process: Process, which: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, which)
