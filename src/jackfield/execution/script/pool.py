"""The sandbox of a server: a few processes that are kept warm, and one execution after the other in each of them."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
import orjson

from jackfield.egress.errors import ResponseTooLarge
from jackfield.egress.urls import shown
from jackfield.errors import JackfieldError
from jackfield.execution.script.errors import (
    SandboxLost,
    SandboxUnavailable,
    ScriptFunctionMissing,
    ScriptHostCallsExceeded,
    ScriptInvalid,
    ScriptOutOfMemory,
    ScriptRequestInvalid,
    ScriptResultTooLarge,
    ScriptStackExceeded,
    ScriptTimeout,
)
from jackfield.execution.script.frames import MOST_BODY, End, How
from jackfield.execution.script.place import characters
from jackfield.execution.script.process import Process, Running
from jackfield.execution.script.sandbox import (
    Checked,
    Host,
    Job,
    Limits,
    Returned,
    ScriptAnswer,
    ScriptRequest,
    Thrown,
    Usage,
)
from jackfield.execution.script.turns import Owner

SandboxMode: TypeAlias = Literal["auto", "locked", "process", "thread"]
"""`auto`: processes, locked down where the system can; `locked`: or not at all; `process`: not locked down; `thread`:
in this process."""

Way: TypeAlias = Literal["fibers", "threads"]

MOST_SOURCE = 1024 * 1024
"""Characters of a script."""

MOST_GIVEN = MOST_BODY - 64 * 1024
"""Bytes of config, params and variables together."""

RUNS = 200_000
"""Executions after which a process is replaced."""

CHECK_S = 30.0
"""For a script to be loaded, with the start of a process."""

CHECKS = Owner("", "")
"""Who waits where a script is checked: all that is to be kept, in its order."""

_FRAME = re.compile(r"^.*?\bscript\.js(?::(\d+)(?::(\d+))?)?\)?$")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}")
_LONE = re.compile(rb"(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}")


class SandboxPool:
    """Implements `Sandbox`. No process is started before the first script.

    Args:
        mode: How much stands between a script and this machine, beside the isolate.
        processes: At most; as many as there are processors by default.
        kept: Folder for the compiled engine, which then takes a second less to start; made if need be.
        ways: To run scripts, the best first.
    """

    def __init__(
        self,
        *,
        mode: SandboxMode = "auto",
        processes: int | None = None,
        kept: Path | None = None,
        ways: Sequence[Way] = ("fibers", "threads"),
    ) -> None:
        self._ways, self._kept = ways, kept and kept.absolute()
        self._mode = mode
        self._most = 1 if mode == "thread" else processes or _processors()
        self._processes: list[Process] = []
        self._starting: set[asyncio.Task[Process]] = set()
        self._closed = False

    async def check(self, source: str) -> Checked:
        """Load a script; see `Sandbox.check`."""
        _small_enough(source)
        try:
            async with asyncio.timeout(CHECK_S):
                process = await self._with_room(await self._process(), CHECKS)
                try:
                    end = await asyncio.shield(process.load(source, CHECKS).end)
                finally:
                    process.room.release(CHECKS)
        except TimeoutError:
            raise SandboxUnavailable(reason=f"it had no room within `{CHECK_S:g}` s") from None
        return Checked(functions=_functions(end, source))

    async def run(self, job: Job, host: Host) -> Returned | Thrown:
        """Run one function of a script; see `Sandbox.run`."""
        _small_enough(job.source)
        if len(job.config) + len(job.params) + len(job.variables) > MOST_GIVEN:
            raise ScriptOutOfMemory(limit_bytes=MOST_GIVEN)
        loop = asyncio.get_running_loop()
        process = await self._process()  # that it has to be started first is no time of the script's
        started = loop.time()
        running = None
        try:
            async with asyncio.timeout(job.limits.wall_s):
                process = await self._with_room(process, job.owner)
                try:
                    running = process.begin(job, host)
                    end = await self._served(process, running, host)
                finally:
                    process.room.release(job.owner)
                    if running is not None:
                        process.end(running)
                    if process.runs >= RUNS and not process.running:
                        process.kill("it was replaced")
        except TimeoutError:
            if running is None:
                raise SandboxUnavailable(reason=f"it had no room within `{job.limits.wall_s:g}` s") from None
            raise ScriptTimeout(limit_s=job.limits.wall_s, of="wall") from None
        if end.how is How.BROKEN:
            _loaded(running, job.source)  # there may be no script to break
        return _outcome(end, job, running, wall_s=loop.time() - started)

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(process.close() for process in self._processes))
        self._processes.clear()

    async def report(self) -> Mapping[str, Any]:
        """What stands between a script and this machine, as a process says of itself after trying it.

        Raises:
            SandboxUnavailable: There is none.
        """
        return (await self._process()).report

    @property
    def reported(self) -> Mapping[str, Any] | None:
        """As `report`, of a process that runs; `None` where there is none, since nothing is started for it."""
        return next((process.report for process in self._processes if process.alive), None)

    def pids(self) -> tuple[int | None, ...]:
        """Of the processes that run; `None` for a thread of this one."""
        return tuple(process.pid for process in self._processes if process.alive)

    async def _with_room(self, process: Process, owner: Owner) -> Process:
        """A place in a process: in this one, or if that ends while others are before us, in another."""
        await process.room.acquire(owner)
        while not process.alive:
            process.room.release(owner)
            process = await self._process()
            await process.room.acquire(owner)
        return process

    async def _served(self, process: Process, running: Running, host: Host) -> End:
        try:
            while not isinstance(said := await running.next(), End):
                process.answer(running, await _answered(said, host))
        except asyncio.CancelledError:
            if running.lost is not None and running.owner is not None and running.owner.uncancel() == 0:
                raise running.lost from None
            raise
        return said

    async def _process(self) -> Process:
        """The process with the least to do. A further one is started when all are busy."""
        while True:
            if self._closed:
                raise SandboxUnavailable(reason="it is closed")
            self._processes = [each for each in self._processes if each.alive]
            fresh = [each for each in self._processes if each.runs < RUNS]
            if len(fresh) + len(self._starting) < self._most and all(each.running for each in fresh):
                task = asyncio.create_task(self._start())
                self._starting.add(task)
                task.add_done_callback(self._started)
            if usable := fresh or self._processes:
                return min(usable, key=lambda each: each.room.load)
            await self._one_more(next(iter(self._starting)))

    async def _one_more(self, starting: asyncio.Task[Process]) -> None:
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            if self._closed and starting.cancelled():  # which is no reason to take the caller for cancelled
                raise SandboxUnavailable(reason="it is closed") from None
            raise

    async def _start(self) -> Process:
        process = Process()
        await process.start(
            process=self._mode != "thread", lock=self._mode in {"auto", "locked"}, ways=self._ways, kept=self._kept
        )
        if self._mode == "locked" and not process.report.get("locked"):
            await process.close()
            raise SandboxUnavailable(
                reason=f"it cannot be locked down ({process.report.get('unlocked', 'no reason is known')})",
                hint="`JACKFIELD_SANDBOX=auto` runs scripts with the protection that there is",
            )
        self._processes.append(process)
        return process

    def _started(self, task: asyncio.Task[Process]) -> None:
        self._starting.discard(task)
        if not task.cancelled():
            task.exception()  # told to whoever waits; nobody may


async def _answered(body: bytes, host: Host) -> bytes:
    """What a script gets for its request: an answer, or an error that it can catch."""
    try:
        request = _request(body)
        written = _written(await host.http(request))
        if len(written) > MOST_BODY:
            raise ResponseTooLarge(url=shown(request.url), limit=MOST_BODY)
    except JackfieldError as error:
        host.failed(error)
        return _json({"error": {"code": error.code, "message": error.message}})
    return written


class _Asked(msgspec.Struct):
    """What `prelude.js` writes for a request."""

    method: str
    url: str
    headers: dict[str, str]
    text: str | None = None
    base64: bytes | None = None
    timeout: Annotated[int, msgspec.Meta(gt=0)] | None = None


def _request(body: bytes) -> ScriptRequest:
    """What a script asks for.

    Raises:
        ScriptRequestInvalid: It makes no sense.
    """
    try:
        asked = msgspec.json.decode(_well_formed(body), type=_Asked)
        content = asked.text.encode() if asked.text is not None else asked.base64
    except (ValueError, RecursionError) as error:  # msgspec's own errors are ValueErrors
        raise ScriptRequestInvalid(reason=str(error)) from None
    if not _TOKEN.fullmatch(asked.method):
        raise ScriptRequestInvalid(reason=f"`{asked.method[:40]}` is no HTTP method")
    return ScriptRequest(
        method=asked.method, url=asked.url, headers=asked.headers, body=content, timeout_ms=asked.timeout
    )


def _written(answer: ScriptAnswer) -> bytes:
    told: dict[str, Any] = {"status": answer.status, "headers": dict(answer.headers)}
    if isinstance(answer.body, bytes | bytearray | memoryview):
        return _json({**told, "base64": base64.b64encode(answer.body).decode()})
    return _json({**told, "body": answer.body})


def _json(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # numbers of more than 64 bits, and lone surrogates
        return json.dumps(value).encode()


def _small_enough(source: str) -> None:
    if len(source) > MOST_SOURCE:
        raise ScriptInvalid(reason=f"it has more than {MOST_SOURCE} characters")


def _functions(end: End, source: str) -> tuple[str, ...]:
    """The functions of a script that was loaded.

    Raises:
        ScriptInvalid: It was not.
    """
    if end.how is How.RETURNED:
        try:
            return tuple(name for name in json.loads(end.text) if isinstance(name, str))
        except (ValueError, TypeError, RecursionError):
            raise SandboxLost(reason="it said what it may not") from None
    error = _error(end.text, source)
    reasons = {
        How.CPU: "it computes for too long outside of its functions",
        How.MEMORY: "it needs too much memory outside of its functions",
        How.STACK: "it calls functions too deeply, or is nested too deeply",
        How.RESULT: "it has more functions than can be told",
        How.BROKEN: "it broke its isolate",
    }
    said = f"{error.name}: {error.message}" if error.name else error.message
    raise ScriptInvalid(reason=reasons.get(end.how, said), line=error.line, column=error.column)


def _loaded(running: Running, source: str) -> tuple[str, ...]:
    """The functions of the script that was to run.

    Raises:
        ScriptInvalid: It was not loaded.
    """
    return _functions(running.script.end.result(), source) if running.script.end.done() else ()


def _outcome(end: End, job: Job, running: Running, *, wall_s: float) -> Returned | Thrown:
    usage = Usage(
        cpu_s=end.cpu_s,
        wall_s=wall_s,
        memory_bytes=end.memory_bytes,
        host_calls=end.host_calls,
        logs_left_out=end.logs_left_out,
    )
    if end.how is How.RETURNED:
        return Returned(value=_well_formed(end.text), usage=usage)
    if end.how is How.NOTHING:
        return Returned(value=None, usage=usage)
    error = _error(end.text, job.source)
    if end.how is How.THROWN:
        return replace(error, usage=usage)
    if end.how is How.MISSING:
        raise ScriptFunctionMissing(function=job.function, known=_loaded(running, job.source))
    raise _limit(end.how, job.limits, line=error.line)


def _limit(how: How, limits: Limits, *, line: int) -> JackfieldError:
    if how is How.CPU:
        return ScriptTimeout(limit_s=limits.cpu_s, of="cpu", line=line)
    if how is How.MEMORY:
        return ScriptOutOfMemory(limit_bytes=limits.memory_bytes, line=line)
    if how is How.STACK:
        return ScriptStackExceeded(line=line)
    if how is How.RESULT:
        return ScriptResultTooLarge(limit_bytes=min(limits.result_bytes, MOST_BODY))
    if how is How.CALLS:
        return ScriptHostCallsExceeded(limit=limits.host_calls)
    return SandboxLost(reason="the script broke its isolate")


def _error(text: bytes, source: str) -> Thrown:
    """An error as the isolate describes it; every part may be missing or anything.

    Args:
        source: The script: columns come in its bytes, and leave in its characters.
    """
    try:
        told = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        told = {}
    parts = {name: told.get(name) for name in ("name", "message", "code", "stack")} if isinstance(told, dict) else {}
    texts = {name: part.encode("utf-8", "replace").decode() for name, part in parts.items() if isinstance(part, str)}
    lines = [line.strip() for line in texts.pop("stack", "").splitlines()]
    frames = [_frame(line, found, source) for line in lines if (found := _FRAME.match(line))]
    _, line, column = frames[0] if frames else ("", 0, 0)
    return Thrown(
        name=texts.get("name", ""),
        message=texts.get("message", ""),
        code=texts.get("code", ""),
        line=line,
        column=column,
        stack="\n".join(frame for frame, _, _ in frames),
        usage=Usage(),
    )


def _frame(text: str, found: re.Match[str], source: str) -> tuple[str, int, int]:
    """A frame of a stack, with its line and column.

    One that has none is in what stands outside of the functions, before the engine has noted any place.
    """
    if found[1] is None:
        return text.replace("script.js", "script.js:1:1", 1), 1, 1
    line, column = int(found[1][:9]), int((found[2] or "0")[:9])
    if not column or source.isascii():
        return text, line, column
    column = characters(source, line, column)
    return f"{text[: found.start(2)]}{column}{text[found.end(2) :]}", line, column


def _well_formed(text: bytes) -> bytes:
    """JSON without halves of characters, which JavaScript allows in its texts and nobody else does."""
    return _LONE.sub(rb"\1\\ufffd", text) if b"\\ud" in text else text


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
