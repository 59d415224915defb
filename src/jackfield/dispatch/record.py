"""Following one call, and keeping its record."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import orjson

from jackfield.access.errors import Denied
from jackfield.access.principal import Principal
from jackfield.definition.context import Logger
from jackfield.definition.outcome import Outcome
from jackfield.definition.secret import Secret
from jackfield.definition.sensitive import hide_secrets
from jackfield.dispatch.ancestry import CURRENT
from jackfield.dispatch.call import Call, Origin, Recorded, Trigger
from jackfield.dispatch.connect import Connected
from jackfield.dispatch.errors import RecordFailed
from jackfield.dispatch.given import secrets_given
from jackfield.dispatch.journal import Journal
from jackfield.dispatch.kept_json import kept_json, roomy_json, sound
from jackfield.dispatch.logs import TOLD, Lines
from jackfield.dispatch.ready import Ready
from jackfield.egress.exchange import Trail
from jackfield.egress.seen import Seen
from jackfield.errors import JackfieldError
from jackfield.storage.clock import now_us
from jackfield.storage.ids import new_id
from jackfield.storage.journal import ExecutionRow
from jackfield.storage.journal_errors import StepRecorded
from jackfield.storage.journal_settle import Ending
from jackfield.storage.status import Status
from jackfield.vault.masking import Mask

logger = logging.getLogger("jackfield.dispatch")

MAX_STORED_BYTES = 16 * 1024 * 1024
"""Of a larger outcome a preview is kept. What a service may answer is limited besides, by the egress policy."""
MAX_PARAMS_BYTES = 256 * 1024
"""Of larger params a preview is kept: they are read with every row of a list."""
PREVIEW_CHARACTERS = 16 * 1024

TRIAL: Trigger = "trial"
"""Of calls of connectors that are kept nowhere."""

OnDenied = Callable[[Principal, str, Denied], Awaitable[None]]
"""Told of calls that a caller may not make: who, of which connector, and why."""


class Progress:
    """What is known of a call so far.

    Attributes:
        id: The execution's.
        mask: Of the secrets used so far.
        params: As given until they are validated, then as validated.
        parent_id: The execution on whose way the call was made.
        trail: Of the requests made.
        interrupted: It was stopped, and did not end by itself.
        claimed: Its row is there already, and is ended by whoever claimed it.
        lines: Of its log, for a caller who has asked for them.
        seen: Its requests, likewise.
    """

    __slots__ = (
        "_clock",
        "_used",
        "call",
        "claimed",
        "id",
        "interrupted",
        "lines",
        "mask",
        "params",
        "parent_id",
        "ready",
        "seen",
        "started",
        "trail",
    )

    def __init__(self, call: Call, ready: Ready) -> None:
        self.id = new_id()
        self.call = call
        self.parent_id = call.origin.parent_id or CURRENT.get()
        self.ready = ready
        self.mask: Mask = ready.mask()
        self.params: Mapping[str, Any] = call.params
        self.trail = Trail()
        self.interrupted = False
        self.claimed = False
        self.lines = Lines() if call.options.debug else None
        self.seen = Seen() if call.options.trace else None
        self.started = now_us()
        self._used: tuple[Secret, ...] = ()
        self._clock = time.perf_counter()

    def connected(self, connected: Connected) -> Connected:
        """Note what the call uses, also what its credential comes to use later on: a token may be renewed."""
        self.use(*connected.secrets)
        if (authorizer := connected.authorizer) is not None and hasattr(authorizer, "on_secret"):
            authorizer.on_secret = self.use
        return connected

    def use(self, *secrets: Secret) -> None:
        """Note secrets that the call uses, beside those of the connection and of its own params."""
        self._used += tuple(secret for secret in secrets if secret not in self._used)
        given = secrets_given(self.ready, self.call, self.params)
        if given:
            self.mask = Mask((*self.ready.secrets, *self._used, *given))
        elif self._used:
            self.mask = self.ready.mask(*self._used)

    def masked(self, text: str) -> str:
        """`text` without the secrets that the call uses by now."""
        return self.mask.text(text)

    def log(self) -> Logger:
        """The connector's log, which masks what this call uses too."""
        if self.lines is None and TOLD.get() is None and self.mask is self.ready.mask():
            return self.ready.log
        return self.ready.log.with_mask(self.mask, self.lines)

    def duration_ms(self) -> float:
        """Milliseconds since the caller's request."""
        return (time.perf_counter() - self._clock) * 1000


async def keep(journal: Journal, progress: Progress, outcome: Outcome[Any]) -> Recorded:
    """Keep the record of a call that has an outcome, and give it back as it is kept.

    Raises:
        RecordFailed: It could not be kept. What the call has done is done.
        StepRecorded: Its run has this attempt of the step already.
    """
    body = orjson.dumps(outcome.to_json())
    row = row_of(journal, progress, ending_of(journal, progress, outcome, body))
    try:
        await journal.record(row)
    except StepRecorded:
        raise
    except JackfieldError as error:
        raise RecordFailed(execution_id=progress.id, reason=error) from error
    return Recorded(execution_id=progress.id, outcome=outcome, body=body)


async def keep_refusal(
    journal: Journal, progress: Progress, error: JackfieldError, on_denied: OnDenied | None = None
) -> None:
    """Keep the record of a call that could not start. That must not hide why."""
    if progress.claimed:
        return
    try:
        await journal.record(row_of(journal, progress, refusal_of(journal, progress, error)))
    except JackfieldError as failure:
        logger.warning("no record of execution %s, which was refused (%s): %s", progress.id, error.code, failure)
    if isinstance(error, Denied):
        await tell_denied(on_denied, progress.call.principal, progress.ready.target.name, error)


async def tell_denied(on_denied: OnDenied | None, principal: Principal, connector: str, error: Denied) -> None:
    """Tell of a call that the caller may not make. That must not hide why."""
    try:
        if on_denied is not None:
            await on_denied(principal, connector, error)
    except JackfieldError as failure:
        logger.warning("nobody was told that `%s` may not call `%s`: %s", principal.user, connector, failure)


async def keep_cancellation(journal: Journal, progress: Progress) -> None:
    """Keep the record of a call that its caller gave up, although the caller waits no longer."""
    if progress.claimed:
        return
    ending = Ending(status="CANCELLED", ended=now_us(), duration_ms=progress.duration_ms())
    with suppress(JackfieldError):
        await journal.record(row_of(journal, progress, ending))


def ending_of(journal: Journal, progress: Progress, outcome: Outcome[Any], body: bytes) -> Ending:
    """How a call with an outcome ended; `body` is the outcome as JSON."""
    answer = progress.trail.last
    return Ending(
        status="COMPLETED" if outcome.success else "FAILED",
        ended=now_us(),
        duration_ms=outcome.metadata.get("durationMs"),
        upstream_status=answer.status if answer is not None else None,
        error_code=outcome.code,
        outcome=_sealed(journal, progress, body if len(body) <= MAX_STORED_BYTES else _preview(outcome, body)),
    )


def refusal_of(journal: Journal, progress: Progress, error: JackfieldError) -> Ending:
    """How a call that could not start ended."""
    return Ending(
        status="FAILED",
        ended=now_us(),
        duration_ms=progress.duration_ms(),
        error_code=error.code,
        outcome=_sealed(journal, progress, kept_json(progress.mask.json(error.to_json()))),
    )


RUNNING = Ending(status="RUNNING", ended=0)


def row_of(journal: Journal, progress: Progress, ending: Ending) -> ExecutionRow:
    """The row of a call that has come to `ending`."""
    call, ready, origin = progress.call, progress.ready, progress.call.origin
    connector, tenant = ready.target.connector, progress.call.principal.tenant
    params = _params_of(progress)
    running = ending.status == "RUNNING"
    status: Status = ending.status
    return ExecutionRow(
        id=progress.id,
        tenant=tenant,
        namespace=connector.namespace if connector else "",
        connector_id=connector.id if connector and origin.trigger != TRIAL else None,
        connector=_connector_of(ready, origin),
        command=ready.command.name,
        version=ready.definition.version,
        model=ready.definition.execution_model,
        environment=ready.environment,
        caller=call.principal.id,
        trigger=origin.trigger,
        run_id=origin.run_id,
        node=origin.step_id or "",
        iteration=origin.iteration,
        generation=origin.generation,
        attempt=origin.attempt,
        parent_id=progress.parent_id,
        chat_id=origin.chat_id,
        tool_call_id=origin.tool_call_id,
        status=status,
        started=progress.started,
        ended=None if running else ending.ended,
        duration_ms=ending.duration_ms,
        attempts=ending.attempts,
        upstream_status=ending.upstream_status,
        error_code=ending.error_code,
        params=journal.seal(params, kind="params", tenant=tenant, execution_id=progress.id),
        outcome=ending.outcome,
    )


def _connector_of(ready: Ready, origin: Origin) -> str:
    """The name by which the connector is found in the record.

    One that was only tried has a name that no connector can have: it must not be taken for a kept one of its name.
    """
    name = ready.target.connector.name if ready.target.connector else ready.target.name
    return f"{name} ({TRIAL})" if origin.trigger == TRIAL else name


def _params_of(progress: Progress) -> bytes:
    try:
        shown = _without_secrets(progress.ready, progress.params)
        params = roomy_json(shown, default=str)
        if progress.mask.is_in(params):
            params = roomy_json(progress.mask.json(shown), default=str)
    except (TypeError, RecursionError):
        shown = sound(progress.params)  # before masking, which goes as deep as the params
        params = orjson.dumps(progress.mask.json(_without_secrets(progress.ready, shown)))
    if len(params) <= MAX_PARAMS_BYTES or progress.call.origin.run_id is not None:  # a run may need them again
        return params
    return orjson.dumps(_beginning(params))


def _sealed(journal: Journal, progress: Progress, content: bytes) -> bytes:
    tenant = progress.call.principal.tenant
    return journal.seal(content, kind="outcome", tenant=tenant, execution_id=progress.id)


def _preview(outcome: Outcome[Any], body: bytes) -> bytes:
    """In place of an outcome that is too large to be kept."""
    kept = outcome.to_json() | {"payload": _beginning(body)}
    slim = {"variables": {}, "metadata": {**outcome.metadata, "truncated": True}}
    if not outcome.success:
        slim["diagnostics"] = {"truncated": True}
    return orjson.dumps(kept | slim)


def _beginning(content: bytes) -> dict[str, Any]:
    shown = content[:PREVIEW_CHARACTERS].decode("utf-8", "ignore")
    return {"truncated": True, "bytes": len(content), "preview": shown}


def _without_secrets(ready: Ready, params: Mapping[str, Any]) -> Any:
    """`params` with those masked that the schema marks as secret, whatever their length."""
    return hide_secrets(params, ready.command.params) if ready.takes_secrets else params
