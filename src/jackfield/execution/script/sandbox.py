"""What the script model asks of a sandbox, whatever it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from jackfield.errors import JackfieldError
from jackfield.execution.script.turns import NOBODY, Owner

ScriptLevel: TypeAlias = Literal["trace", "debug", "info", "warn", "error"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one execution may use. All of them hold whatever the script does.

    Attributes:
        memory_bytes: Of the isolate: heap and stack.
        cpu_s: Seconds on a processor; waiting for a host call costs nothing.
        wall_s: Seconds from start to end, waiting included.
        result_bytes: Of the returned value as JSON.
        host_calls: HTTP requests.
        log_lines, log_bytes: What is kept of the log; the rest is counted and left out.
    """

    memory_bytes: int = 64 * 1024 * 1024
    cpu_s: float = 5.0
    wall_s: float = 30.0
    result_bytes: int = 8 * 1024 * 1024
    host_calls: int = 1_000
    log_lines: int = 1_000
    log_bytes: int = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class Job:
    """One execution.

    Attributes:
        source: The script.
        function: Name of the top-level function to call, without arguments.
        owner: Who waits for it, and is served in turns with others.
        config, params, variables: As JSON. Secrets are in `config` in clear: no log and no error may hold a job.
    """

    source: str = field(repr=False)
    function: str
    owner: Owner = NOBODY
    config: bytes = field(default=b"{}", repr=False)
    params: bytes = field(default=b"{}", repr=False)
    variables: bytes = field(default=b"{}", repr=False)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What one execution used.

    Attributes:
        cpu_s, wall_s: Seconds.
        memory_bytes: The most that the isolate held.
        host_calls: HTTP requests made.
        logs_left_out: Lines that were over the limit.
    """

    cpu_s: float = 0.0
    wall_s: float = 0.0
    memory_bytes: int = 0
    host_calls: int = 0
    logs_left_out: int = 0


@dataclass(frozen=True, kw_only=True)
class Returned:
    """The function returned, or its promise was fulfilled.

    Attributes:
        value: JSON; `None` if it returned nothing (`undefined`).
    """

    value: bytes | None
    usage: Usage


@dataclass(frozen=True, kw_only=True)
class Thrown:
    """The function threw, or its promise was rejected.

    Attributes:
        name, message: Of the error; a thrown value that is no error is its text.
        code: `error.code`, where it is a text: that of the host's error if the script let it pass.
        line, column: Counted from 1, in the script; 0 if unknown.
        stack: Its frames in the script, none of the host's.
    """

    name: str
    message: str
    usage: Usage
    code: str = ""
    line: int = 0
    column: int = 0
    stack: str = ""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a script offers.

    Attributes:
        functions: Names of the top-level functions that can be called, in the order of the script.
    """

    functions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ScriptRequest:
    """`floh.http.request`, as the script asked for it.

    Attributes:
        body: Bytes as they go out; `None` for none.
        timeout_ms: Asked for by the script, if it did.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout_ms: int | None = None


@dataclass(frozen=True, kw_only=True)
class ScriptAnswer:
    """What the service answered.

    Attributes:
        headers: With names in lower case.
        body: Parsed JSON, text, or bytes.
    """

    status: int
    headers: Mapping[str, str]
    body: Any = None


class Host(Protocol):
    """What an execution may do outside of its isolate."""

    async def http(self, request: ScriptRequest) -> ScriptAnswer:
        """Send a request.

        Raises:
            JackfieldError: It could not be sent, or may not. The script sees an error with its code and message.
        """

    def failed(self, error: JackfieldError) -> None:
        """Told of each error that a script sees in place of an answer."""

    def log(self, level: ScriptLevel, message: str) -> None:
        """Keep a line of the log."""


class Sandbox(Protocol):
    """Runs scripts. Each execution starts from what the script itself leaves behind when it is loaded, and no more."""

    async def check(self, source: str) -> Checked:
        """Load a script without calling anything.

        Raises:
            ScriptInvalid: It cannot be parsed, or fails while it is loaded; with line and column.
            SandboxUnavailable: There is none on this machine.
        """

    async def run(self, job: Job, host: Host) -> Returned | Thrown:
        """Run one function of a script.

        Raises:
            ScriptInvalid: As for `check`.
            ScriptFunctionMissing: The script has no such function.
            ScriptTimeout, ScriptOutOfMemory, ScriptStackExceeded, ScriptResultTooLarge, ScriptHostCallsExceeded:
                A limit was reached; the isolate is gone.
            SandboxLost: The process that it ran in ended.
            SandboxUnavailable: There is none on this machine, or no room in time.
        """

    async def close(self) -> None:
        """End everything that runs."""
