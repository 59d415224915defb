"""What a script may do outside of its isolate: send requests through its call's client, and write to its log."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NoReturn, TypeAlias

from jackfield.definition.context import Logger
from jackfield.definition.levels import LEVELS
from jackfield.definition.wire import Answer
from jackfield.errors import JackfieldError
from jackfield.execution.errors import MockSends
from jackfield.execution.script.sandbox import ScriptAnswer, ScriptLevel, ScriptRequest

Send: TypeAlias = Callable[..., Awaitable[Answer]]
"""As `definition.wire.Http.request`."""

REMEMBERED = 32
"""Errors of requests: the one that a script lets pass is among the newest."""


class ScriptHost:
    """Implements `sandbox.Host` for one call.

    Args:
        send: `request` of the call's client, which is bound to policy, credential, limits, deadline and cancellation.
        log: The connector's, which masks its secrets.
    """

    def __init__(self, send: Send, log: Logger) -> None:
        self._send = send
        self._log = log
        self._raised: deque[JackfieldError] = deque(maxlen=REMEMBERED)

    async def http(self, request: ScriptRequest) -> ScriptAnswer:
        """Send a request; see `sandbox.Host.http`."""
        answer = await self._send(
            request.method,
            request.url,
            headers=request.headers,
            content=request.body,
            timeout_s=None if request.timeout_ms is None else max(request.timeout_ms, 1) / 1000,
        )
        return ScriptAnswer(status=answer.status, headers=_lower(answer.headers), body=answer.body)

    def failed(self, error: JackfieldError) -> None:
        """Remember an error: the script may let it pass."""
        self._raised.append(error)

    def log(self, level: ScriptLevel, message: str) -> None:
        """Write to the connector's log, which keeps what its level lets through."""
        self._log.log(LEVELS[level], "%s", message)

    def cause(self, *, code: str, message: str) -> JackfieldError | None:
        """The error of a request that the script saw as this one, if it did."""
        return next((e for e in reversed(self._raised) if (e.code, e.message) == (code, message)), None)


async def send_nothing(method: str, url: str, **_: Any) -> NoReturn:
    """In place of a client, for what stands in for a service.

    Raises:
        MockSends: Always.
    """
    raise MockSends(method=method[:20])


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    """By their names in lower case; of one that is there several times, the values with commas between them.

    Source: RFC 9110, section 5.3.
    """
    found: dict[str, str] = {}
    for name, value in headers.items():
        lower = name.lower()
        found[lower] = f"{found[lower]}, {value}" if lower in found else value
    return found
