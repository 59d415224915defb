"""One sandbox process, or a thread in its place, as the server sees it.

What comes from there is read as if an enemy wrote it: numbers that nobody gave out, frames that are none, and more than
was asked for end the process. What a script can cause without breaking out, such as a request that makes no sense, is
the script's own error and ends nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, cast

import orjson

from jackfield.execution.script.errors import SandboxLost, SandboxUnavailable
from jackfield.execution.script.frames import (
    MOST_DESCRIPTION,
    End,
    Frame,
    How,
    Kind,
    Malformed,
    Order,
    Reader,
    frame,
    pack_load,
    pack_order,
    unpack_end,
)
from jackfield.execution.script.room import Room
from jackfield.execution.script.sandbox import Host, Job, Limits, ScriptLevel
from jackfield.execution.script.turns import Owner

START_S = 60.0
"""Until a process has compiled the engine and tried itself; a second on a machine with nothing else to do."""

STUCK_S = 2.0
"""For a process to say that it has dropped an execution. One that does not is stuck."""

KEPT_SCRIPTS = 128
KEPT_BYTES = 256 * 1024 * 1024
"""What a process holds loaded: scripts, and at most the memory of their images."""

_MOST_NAMES = 2 * 1024 * 1024
_MOST_ASKED = 2  # one that the script waits for; a second can only be a lie
_Key: TypeAlias = tuple[Hashable, str]  # tenant and source
_LEVELS: dict[bytes, ScriptLevel] = {b"t": "trace", b"d": "debug", b"i": "info", b"w": "warn", b"e": "error"}


@dataclass(eq=False, kw_only=True)
class Loaded:
    """A script that a process was given."""

    number: int
    end: asyncio.Future[End]


@dataclass(eq=False, kw_only=True)
class Running:
    """An execution in a process. `next` gives what comes from there: requests, and then the end."""

    number: int
    script: Loaded
    host: Host
    limits: Limits
    logs_left: int
    log_bytes_left: int
    owner: asyncio.Task[Any] | None
    _inbox: deque[bytes | End] = field(default_factory=deque)
    _waiter: asyncio.Future[None] | None = None
    lost: SandboxLost | None = None

    async def next(self) -> bytes | End:
        """The next request, as its body, or the end.

        Raises:
            SandboxLost: The process has ended.
        """
        while not self._inbox:
            if self.lost is not None:
                raise self.lost
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._inbox.popleft()

    def put(self, said: bytes | End) -> None:
        """Keep what is for `next`."""
        if len(self._inbox) >= _MOST_ASKED:
            raise Malformed("a script that waits does not ask")
        self._inbox.append(said)
        self._wake()

    def lose(self, error: SandboxLost) -> None:
        """There will be nothing more: whoever serves a request of the script need not go on either."""
        self.lost = error
        if self._waiter is not None and not self._waiter.done():
            self._wake()
        elif self.owner is not None:
            self.owner.cancel()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Process(asyncio.Protocol):
    """The server's end of a sandbox process.

    Attributes:
        report: What the process says of itself: how it runs scripts, and how it is protected.
        runs: Executions that it was ever given.
        room: For executions at once.
        lied: Whether it was ended for what it said.
    """

    def __init__(self) -> None:
        self.report: dict[str, Any] = {}
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.running: dict[int, Running] = {}
        self.runs = 0
        self.room = Room(1)
        self.alive = True
        self.lied = False
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._child: subprocess.Popen[bytes] | None = None
        self._reader = Reader()
        self._scripts: OrderedDict[_Key, Loaded] = OrderedDict()
        self._by_number: dict[int, Loaded] = {}
        self._dropped: dict[int, asyncio.TimerHandle] = {}
        self._transport: asyncio.Transport | None = None
        self._number = 0

    async def start(self, *, process: bool, lock: bool, ways: Sequence[str], kept: Path | None) -> None:
        """Start the process and wait until it is ready.

        Raises:
            SandboxUnavailable: It does not start.
        """
        try:
            await self._connect(process=process, lock=lock, ways=ways, kept=kept)
            await asyncio.wait_for(asyncio.shield(self.ready), START_S)
            if "problem" in self.report:
                raise SandboxUnavailable(reason=str(self.report["problem"]), hint=str(self.report.get("hint", "")))
        except TimeoutError:
            await self.close()
            raise SandboxUnavailable(reason=f"its process is not ready after `{START_S:g}` s") from None
        except (OSError, RuntimeError) as error:  # no more files, processes or threads
            await self.close()
            raise SandboxUnavailable(
                reason=f"its process does not start ({getattr(error, 'strerror', None) or error})",
                hint="`JACKFIELD_SANDBOX=thread` runs scripts in this process, with less protection",
            ) from error
        except BaseException:  # whoever gives up while it starts leaves no process behind
            await self.close()
            raise

    async def _connect(self, *, process: bool, lock: bool, ways: Sequence[str], kept: Path | None) -> None:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                if process:
                    await self._run_process(theirs, lock=lock, ways=ways, kept=kept)
                else:
                    _run_thread(theirs, ways=ways, kept=kept)
            await asyncio.get_running_loop().create_unix_connection(lambda: self, sock=ours)
        except BaseException:
            ours.close()
            raise

    async def _run_process(self, connection: socket.socket, **how: Any) -> None:
        spawning = asyncio.ensure_future(asyncio.to_thread(_spawn, connection, **how))
        try:
            self._child = await asyncio.shield(spawning)
        except asyncio.CancelledError:
            self._child = await spawning  # it cannot be stopped half-way
            raise

    @property
    def pid(self) -> int | None:
        """Of the process; `None` of a thread."""
        return self._child.pid if self._child else None

    def load(self, source: str, owner: Owner) -> Loaded:
        """Have a script loaded, unless it is."""
        key = owner.tenant, source  # whether somebody else has run it too is nobody's business, and could be timed
        known = self._scripts.get(key)
        if known is not None:
            self._scripts.move_to_end(key)
            return known
        loaded = Loaded(number=self._next(), end=asyncio.get_running_loop().create_future())
        self._scripts[key] = self._by_number[loaded.number] = loaded
        body = pack_load(_numbers(owner), source.encode("utf-8", "surrogatepass"))
        self._write(frame(Kind.LOAD, loaded.number, body))
        loaded.end.add_done_callback(lambda _: self._keep_or_forget(key, loaded))
        return loaded

    def begin(self, job: Job, host: Host) -> Running:
        """Start an execution."""
        script, limits = self.load(job.source, job.owner), job.limits
        running = Running(
            number=self._next(),
            script=script,
            host=host,
            limits=limits,
            logs_left=limits.log_lines,
            log_bytes_left=limits.log_bytes,
            owner=asyncio.current_task(),
        )
        order = Order(
            script=script.number,
            owner=_numbers(job.owner),
            function=job.function.encode("utf-8", "surrogatepass"),
            config=job.config,
            params=job.params,
            variables=job.variables,
            limits=limits,
        )
        self.running[running.number] = running
        self.runs += 1
        self._write(frame(Kind.RUN, running.number, pack_order(order)))
        if not self.alive:
            running.lost = SandboxLost(reason="its process has ended")
        return running

    def answer(self, running: Running, answer: bytes) -> None:
        """Give a script what it waits for."""
        self._write(frame(Kind.ANSWER, running.number, answer))

    def end(self, running: Running) -> None:
        """Nobody waits for this execution any more. If it still runs, it is dropped."""
        if self.running.pop(running.number, None) is not None and self.alive:
            self._write(frame(Kind.CANCEL, running.number))
            late = asyncio.get_running_loop().call_later(STUCK_S, self.kill, "it was stuck in a script")
            self._dropped[running.number] = late

    def kill(self, reason: str) -> None:
        """End the process now."""
        if self._transport is not None:
            self._transport.abort()
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                self._child.kill()
        self._lose(reason)

    async def close(self) -> None:
        """End the process, and wait until it is gone."""
        self.kill("it was closed")
        if self._transport is not None:
            await asyncio.shield(self._gone)
        if self._child is not None:
            await asyncio.to_thread(self._child.wait)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # of a socket, as `start` makes it

    def data_received(self, data: bytes) -> None:
        try:
            for said in self._reader.feed(data):
                self._said(said)
        except Malformed as error:
            self.lied = True
            self.kill(f"it said what it may not ({error})")

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone.set_result(None)
        self._lose("its process has ended")

    def _said(self, said: Frame) -> None:
        if said.kind == Kind.READY:
            self._got_ready(said)
        elif said.kind == Kind.LOADED:
            loaded = self._by_number.get(said.about)
            if loaded is not None and not loaded.end.done():
                loaded.end.set_result(_end(said.body, most=_MOST_NAMES))
        elif said.about in self._dropped:
            if said.kind == Kind.ENDED:
                self._dropped.pop(said.about).cancel()
        else:
            self._of_execution(said)

    def _of_execution(self, said: Frame) -> None:
        running = self.running.get(said.about)
        if running is None:
            raise Malformed("about an execution that there is not")
        if said.kind == Kind.ENDED:
            end = _end(said.body, most=max(running.limits.result_bytes, MOST_DESCRIPTION))
            del self.running[said.about]
            running.put(end)
        elif said.kind == Kind.ASK:
            running.put(said.body)
        elif said.kind == Kind.LOG:
            self._log(running, said.body)
        else:
            raise Malformed(f"a frame of kind {said.kind}")

    def _log(self, running: Running, body: bytes) -> None:
        level = _LEVELS.get(body[:1])
        if level is None or running.logs_left <= 0 or running.log_bytes_left < len(body):
            raise Malformed("a line that is none, or one too many")
        running.logs_left -= 1
        running.log_bytes_left -= len(body)
        running.host.log(level, body[1:].decode("utf-8", "replace"))

    def _got_ready(self, said: Frame) -> None:
        if self.ready.done():
            raise Malformed("ready twice")
        try:
            self.report = dict(orjson.loads(said.body))
        except (ValueError, TypeError):
            raise Malformed("a report that is none") from None
        self.room = Room(max(said.about, 1))
        self.ready.set_result(None)

    def _keep_or_forget(self, key: _Key, loaded: Loaded) -> None:
        if loaded.end.exception() or loaded.end.result().how is not How.RETURNED:
            self._forget(key)
            return
        kept = {key: each.end.result().memory_bytes for key, each in self._scripts.items() if each.end.done()}
        oldest = iter(list(kept))
        while len(kept) > KEPT_SCRIPTS or (sum(kept.values()) > KEPT_BYTES and len(kept) > 1):
            evicted = next(oldest)
            del kept[evicted]
            self._forget(evicted)

    def _forget(self, key: _Key) -> None:
        loaded = self._scripts.pop(key, None)
        if loaded is not None:
            self._by_number.pop(loaded.number, None)
            self._write(frame(Kind.FORGET, loaded.number))

    def _lose(self, reason: str) -> None:
        if not self.alive:
            return
        self.alive = False
        error = SandboxLost(reason=reason)
        for running in self.running.values():
            running.lose(error)
        self.running.clear()
        for loaded in self._by_number.values():
            if not loaded.end.done():
                loaded.end.set_exception(error)
                loaded.end.exception()  # nobody may be waiting
        for late in self._dropped.values():
            late.cancel()
        if not self.ready.done():
            self.report = {"problem": "its process ended while it started"}
            self.ready.set_result(None)
        if self._child is not None:
            self._bury(self._child)

    def _bury(self, child: subprocess.Popen[bytes]) -> None:
        try:
            threading.Thread(target=child.wait, name="sandbox-end", daemon=True).start()
        except RuntimeError:  # no more threads: then later
            asyncio.get_running_loop().call_later(STUCK_S, self._bury, child)

    def _write(self, data: bytes) -> None:
        if self._transport is not None and self.alive:
            self._transport.write(data)

    def _next(self) -> int:
        self._number = self._number % 0xFFFFFFF0 + 1
        return self._number


def _numbers(owner: Owner) -> Owner:
    """What a process is told of an owner: enough to tell owners apart, and nothing about them."""
    return Owner(hash(owner.tenant) & 0xFFFFFFFF, hash(owner.connector) & 0xFFFFFFFF)


def _end(body: bytes, *, most: int) -> End:
    end = unpack_end(body)
    if len(end.text) > most:
        raise Malformed("an end that is longer than it may be")
    return end


def _spawn(connection: socket.socket, *, lock: bool, ways: Sequence[str], kept: Path | None) -> subprocess.Popen[bytes]:
    # Never a fork of this process alone: its memory holds the keys. Nothing of its environment goes along either, but
    # where shared libraries are.
    environment = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    start = ["-I", "-m", "jackfield.execution.script.worker", "locked" if lock else "open", str(kept or ""), *ways]
    return subprocess.Popen(  # noqa: S603 - this interpreter, with constant arguments
        [sys.executable, *start],
        stdin=connection.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/" if os.name == "posix" else None,
        close_fds=True,
        start_new_session=True,
    )


def _run_thread(connection: socket.socket, *, ways: Sequence[str], kept: Path | None) -> None:
    theirs = connection.dup()
    try:
        threading.Thread(target=_in_thread, args=(theirs, tuple(ways), kept), name="sandbox", daemon=True).start()
    except RuntimeError:
        theirs.close()
        raise


def _in_thread(connection: socket.socket, ways: tuple[str, ...], kept: Path | None) -> None:
    from jackfield.execution.script.worker.start import start  # here, because the engine is loaded with it

    with connection:
        start(connection, alone=False, lock=False, ways=ways, kept=kept)
