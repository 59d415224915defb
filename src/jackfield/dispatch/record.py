"""Following one call, and keeping its record."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from jackfield.definition.context import Logger
from jackfield.definition.outcome import Outcome
from jackfield.definition.secret import Secret
from jackfield.definition.sensitive import hide_secrets, secrets_in
from jackfield.dispatch.call import Call
from jackfield.dispatch.logs import MaskedLogger
from jackfield.dispatch.ready import Ready
from jackfield.errors import JackfieldError
from jackfield.storage.executions import Execution, ExecutionLog, Status
from jackfield.storage.ids import new_id
from jackfield.vault.masking import Mask

_CREDENTIAL = re.compile(r"authorization|cookie|token|secret|password|api-?key|signature", re.IGNORECASE)


def credentials_in(headers: Mapping[str, Any]) -> Iterator[str]:
    """The values of headers that are credentials by their name, without a scheme such as `Bearer`."""
    for name, value in headers.items():
        if isinstance(value, str) and _CREDENTIAL.search(name):
            yield value.rpartition(" ")[2]


class Progress:
    """What is known of a call so far.

    Attributes:
        id: The execution's.
        mask: Of the secrets used so far.
        params: As given until they are validated, then as validated.
    """

    __slots__ = ("_clock", "call", "id", "mask", "params", "ready", "started")

    def __init__(self, call: Call, ready: Ready) -> None:
        self.id = new_id()
        self.call = call
        self.ready = ready
        self.mask: Mask = ready.mask()
        self.params: Mapping[str, Any] = call.params
        self.started = time.time()
        self._clock = time.perf_counter()

    def use(self, *secrets: Secret) -> None:
        """Note the secrets that the call uses, beside those of the connection and of its own params."""
        given = [Secret(value) for value in self._given()]
        if given:
            self.mask = Mask((*self.ready.secrets, *secrets, *given))
        elif secrets:
            self.mask = self.ready.mask(*secrets)

    def log(self) -> Logger:
        """The connector's log, which masks what this call uses too."""
        if self.mask is self.ready.mask():
            return self.ready.log
        return MaskedLogger(self.ready.log.logger, self.mask)

    def _given(self) -> Iterator[str]:
        """The secrets that the caller gave: params that the schema marks, and headers that are credentials."""
        if self.ready.takes_secrets:
            yield from secrets_in(self.params, self.ready.command.params)
        for headers in (self.call.options.headers, self.call.params.get("headers"), self.params.get("headers")):
            if isinstance(headers, Mapping):
                yield from credentials_in(headers)

    def duration_ms(self) -> float:
        """Milliseconds since the caller's request."""
        return (time.perf_counter() - self._clock) * 1000


async def keep(log: ExecutionLog, progress: Progress, outcome: Outcome[Any]) -> None:
    """Keep the record of a call that has an outcome."""
    status: Status = "COMPLETED" if outcome.success else "FAILED"
    await log.record(_execution(progress, status, outcome.to_json()))


async def keep_refusal(log: ExecutionLog, progress: Progress, error: JackfieldError) -> None:
    """Keep the record of a call that could not start."""
    await log.record(_execution(progress, "FAILED", progress.mask.json(error.to_json())))


async def keep_cancellation(log: ExecutionLog, progress: Progress) -> None:
    """Keep the record of a call that its caller gave up."""
    await log.record(_execution(progress, "CANCELLED", {}))


def _execution(progress: Progress, status: Status, outcome: Mapping[str, Any]) -> Execution:
    call, ready = progress.call, progress.ready
    return Execution(
        id=progress.id,
        tenant=call.principal.tenant,
        caller=call.principal.user,
        trigger=call.origin.trigger,
        connector=ready.target.name,
        command=ready.command.name,
        version=ready.definition.version,
        status=status,
        started=progress.started,
        duration_ms=progress.duration_ms(),
        params=progress.mask.json(_without_secrets(ready, progress.params)),
        outcome=outcome,
    )


def _without_secrets(ready: Ready, params: Mapping[str, Any]) -> Any:
    """`params` with those masked that the schema marks as secret, whatever their length."""
    return hide_secrets(params, ready.command.params) if ready.takes_secrets else params
