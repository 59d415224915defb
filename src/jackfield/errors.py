"""The root of every error that Jackfield raises, and the errors that several layers raise.

Other errors live in their package's own `errors.py`. Each leaf has a stable `code`, and a page of that
name in `docs/errors/`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar, Literal

Retry = Literal["never", "later", "after_fix"]

URN = "urn:jackfield:error:"


class JackfieldError(Exception):
    """Something a caller can understand and act on.

    The message says what happened, with the offending value in backticks and without a final full stop;
    the hint is one action. Neither ever holds a secret. Errors survive `pickle` and JSON unchanged, so that
    one raised in a worker or on a server reads the same where it is reported.

    Attributes:
        code: Stable name for programs.
        status: The HTTP status that says the same.
        retry: Whether the same call can succeed `later`, only `after_fix`, or `never`.
        ran: Whether the command had started. Dispatch answers such an error as a failed outcome;
            an error that kept a call from starting is raised.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    retry: ClassVar[Retry] = "never"
    ran: ClassVar[bool] = False

    def __init__(self, message: str, *, hint: str = "", **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details
        if hint:
            self.add_note(f"hint: {hint}")  # so that a traceback shows it too

    def __reduce__(self) -> tuple[Any, ...]:
        # Leaves have their own keyword-only constructors, which pickle would call without arguments.
        own = {name: value for name, value in vars(self).items() if name in {"code", "status", "retry"}}
        return _revive, (type(self), self.message, self.hint, self.details), own

    def to_json(self) -> dict[str, Any]:
        """The error as a problem document.

        Shape: `{type, title, status, detail, code, hint, retry, details}`.

        Source: RFC 9457, section 3.
        """
        return {
            "type": f"{URN}{self.code}",
            "title": _title(type(self)),
            "status": self.status,
            "detail": self.message,
            "code": self.code,
            "hint": self.hint,
            "retry": self.retry,
            "details": self.details,
        }


def from_json(problem: dict[str, Any]) -> JackfieldError:
    """The typed error that `problem` (of `to_json`) describes.

    A code that this version does not know becomes a plain `JackfieldError`, with code and words kept.
    """
    code, details = problem.get("code"), problem.get("details")
    kind = find_error(str(code)) or JackfieldError
    words = str(problem.get("detail", "")), str(problem.get("hint", ""))
    error = _revive(kind, *words, details if isinstance(details, dict) else {})
    if kind is JackfieldError:
        said = {"code": str, "status": int, "retry": str}
        vars(error).update({name: problem[name] for name, of in said.items() if isinstance(problem.get(name), of)})
    return error


def all_errors() -> list[type[JackfieldError]]:
    """Every concrete error class that has been imported, sorted by code."""
    found: set[type[JackfieldError]] = set()
    waiting = [JackfieldError]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if "code" in vars(kind):
                found.add(kind)
    return sorted(found, key=lambda kind: kind.code)


def find_error(code: str) -> type[JackfieldError] | None:
    """The error class of `code`, wherever in the package it is.

    What an error is read from may come from another process, which has imported more than this one.
    """
    if found := _known(code):
        return found
    _import_all()
    return _known(code)


@cache
def _import_all() -> None:
    """Import each module whose name says that it has errors: small ones, by a rule that a test keeps."""
    from importlib import import_module
    from pathlib import Path

    package = Path(__file__).parent
    for file in sorted(package.rglob("*errors.py")):
        import_module(".".join(("jackfield", *file.relative_to(package).with_suffix("").parts)))


def _known(code: str) -> type[JackfieldError] | None:
    return next((kind for kind in all_errors() if kind.code == code), None)


def _revive(kind: type[JackfieldError], message: str, hint: str, details: dict[str, Any]) -> JackfieldError:
    error = kind.__new__(kind)
    JackfieldError.__init__(error, message, hint=hint)
    error.details = details  # not as keywords: `details` may have any keys
    return error


def _title(kind: type[JackfieldError]) -> str:
    first = (kind.__doc__ or kind.__name__).strip().splitlines()[0]
    return first.rstrip(".")


class CallTimeout(JackfieldError):
    """The command did not finish within its time."""

    code = "timeout"
    status = 504
    retry = "later"
    ran = True

    def __init__(self, *, timeout_s: float, doing: str = "the command") -> None:
        super().__init__(
            f"{doing} did not finish within `{timeout_s:g}` s",
            hint="raise the call's `timeout` (milliseconds, at most 300000) or ask the service for less",
            timeout_s=timeout_s,
        )


class UpstreamStatus(JackfieldError):
    """The service answered with an error status."""

    code = "upstream-status"
    status = 502
    ran = True

    def __init__(self, *, status: int, url: str, body: Any = None) -> None:
        super().__init__(
            f"the service answered `{status}` to {url}",
            hint="the service's own answer is in `diagnostics.body`",
            status=status,
            url=url,
            body=body,
        )

    @property
    def upstream_status(self) -> int:
        """The status that the service answered."""
        return int(self.details["status"])


class WrongUse(JackfieldError):
    """A function of the Python API was called in a way that cannot work."""

    code = "wrong-use"
    status = 400
    retry = "after_fix"

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message, hint=hint)
