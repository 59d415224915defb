"""How a script can fail to run, or be ended."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Literal

from jackfield.errors import JackfieldError

_SHOWN = 20
_MIB = 1024 * 1024


class ScriptInvalid(JackfieldError):
    """A script cannot be loaded."""

    code = "script-invalid"
    status = 422
    retry = "after_fix"

    def __init__(self, *, reason: str, line: int = 0, column: int = 0) -> None:
        where = f" (line {line}, column {column})" if line else ""
        super().__init__(
            f"the script cannot be loaded{where}: {reason}",
            hint="correct the script there; what it does outside of its functions may neither fail nor wait",
            reason=reason,
            line=line,
            column=column,
        )


class ScriptFunctionMissing(JackfieldError):
    """A script has no function of a command's name."""

    code = "script-function-missing"
    status = 422
    retry = "after_fix"

    def __init__(self, *, function: str, known: Sequence[str]) -> None:
        close = get_close_matches(function, known, n=1)
        there = ", ".join(f"`{name}`" for name in known[:_SHOWN]) or "none"
        super().__init__(
            f"the script has no function `{function}`",
            hint=f"did you mean `{close[0]}`?"
            if close
            else f"write it at the top level of the script; there are {there}",
            function=function,
            known=list(known[:_SHOWN]),
        )


class ScriptTimeout(JackfieldError):
    """A script computed or waited for longer than it may."""

    code = "script-timeout"
    status = 504
    retry = "after_fix"
    ran = True

    def __init__(self, *, limit_s: float, of: Literal["cpu", "wall"], line: int = 0) -> None:
        where = f" (line {line})" if line else ""
        computed = of == "cpu"
        super().__init__(
            f"the script {'computed' if computed else 'ran'} for longer than `{limit_s:g}` s{where}",
            hint=(
                "look for a loop without end, or raise `limits.cpuMs`"
                if computed
                else "ask the service for less, or raise the call's `timeout` or `limits.wallMs`"
            ),
            limit_s=limit_s,
            of=of,
            line=line,
        )


class ScriptOutOfMemory(JackfieldError):
    """A script needed more memory than it may."""

    code = "script-out-of-memory"
    status = 502
    retry = "after_fix"
    ran = True

    def __init__(self, *, limit_bytes: int, line: int = 0) -> None:
        where = f" (line {line})" if line else ""
        super().__init__(
            f"the script needed more than `{limit_bytes // _MIB}` MiB of memory{where}",
            hint="work on less at a time, or raise `limits.memoryMb`",
            limit_bytes=limit_bytes,
            line=line,
        )


class ScriptStackExceeded(JackfieldError):
    """The functions of a script called each other too deeply."""

    code = "script-stack-exceeded"
    status = 502
    retry = "after_fix"
    ran = True

    def __init__(self, *, line: int = 0) -> None:
        where = f" (line {line})" if line else ""
        super().__init__(
            f"the script calls functions too deeply{where}",
            hint="look for a recursion without end, or use a loop; results may not be nested that deeply either",
            line=line,
        )


class ScriptResultTooLarge(JackfieldError):
    """A function returned more than it may."""

    code = "script-result-too-large"
    status = 502
    retry = "after_fix"
    ran = True

    def __init__(self, *, limit_bytes: int) -> None:
        super().__init__(
            f"the script returned more than `{limit_bytes // _MIB}` MiB of JSON",
            hint="return less: a page, or only the fields that are used",
            limit_bytes=limit_bytes,
        )


class ScriptHostCallsExceeded(JackfieldError):
    """A script sent more requests than it may."""

    code = "script-host-calls-exceeded"
    status = 502
    retry = "after_fix"
    ran = True

    def __init__(self, *, limit: int) -> None:
        super().__init__(
            f"the script sent more than `{limit}` requests in one call",
            hint="look for a loop without end, or do the work in several calls",
            limit=limit,
        )


class ScriptRequestInvalid(JackfieldError):
    """A script asked for a request that makes no sense."""

    code = "script-request-invalid"
    status = 422
    retry = "after_fix"

    def __init__(self, *, reason: str) -> None:
        super().__init__(
            f"the script's request makes no sense: {reason}",
            hint="give method, address and headers as texts, and the timeout in milliseconds",
            reason=reason,
        )


class SandboxLost(JackfieldError):
    """The process that a script ran in has ended."""

    code = "sandbox-lost"
    status = 502
    retry = "later"
    ran = True

    def __init__(self, *, reason: str) -> None:
        super().__init__(
            f"the sandbox that the script ran in is gone: {reason}",
            hint="call it again; after a write, look first whether the service has carried it out",
            reason=reason,
        )


class SandboxUnavailable(JackfieldError):
    """No script can run here, or not now."""

    code = "sandbox-unavailable"
    status = 503
    retry = "later"

    def __init__(self, *, reason: str, hint: str = "") -> None:
        super().__init__(
            f"there is no sandbox for scripts: {reason}",
            hint=hint or "`jackfield doctor` tells more",
            reason=reason,
        )
