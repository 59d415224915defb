"""Writes: claimed before they are sent, settled before they are answered, and never sent twice under one key."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson

from jackfield.definition.errors import SLOTS
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Recorded
from jackfield.dispatch.ending import ending
from jackfield.dispatch.errors import CallInProgress, KeyReuse, RecordFailed, UnknownOutcome
from jackfield.dispatch.execute import IDEMPOTENT
from jackfield.dispatch.journal import End, Journal
from jackfield.dispatch.kept_json import kept_json
from jackfield.dispatch.ready import Ready
from jackfield.dispatch.record import RUNNING, Progress, ending_of, refusal_of, row_of
from jackfield.dispatch.validate import Valid
from jackfield.egress.exchange import Trail
from jackfield.errors import JackfieldError
from jackfield.storage.clock import now_us
from jackfield.storage.journal import ExecutionRow
from jackfield.storage.journal_claim import Claim, InProgress, KeyReused, Replay, Unknown
from jackfield.storage.journal_effects import Effect
from jackfield.storage.journal_errors import Superseded
from jackfield.storage.journal_keys import effect_key, effect_scope
from jackfield.storage.journal_settle import Claimed, Ending
from jackfield.storage.status import Status

logger = logging.getLogger("jackfield.dispatch")

Send = Callable[[], Awaitable[Outcome[Any]]]
"""Carries the write out. What it raises kept it from being started."""

Finish = Callable[[Outcome[Any]], Outcome[Any]]
"""From the command's outcome to the one that is kept and answered."""


class Writes:
    """Carries writes out."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._running: dict[str, asyncio.Future[Recorded]] = {}

    async def carry_out(
        self, progress: Progress, valid: Valid, *, send: Send, finish: Finish, through_http: bool
    ) -> Recorded:
        """The outcome of the write: of this call, or of the one that had its key before.

        Args:
            progress: The call.
            valid: What it was asked with.
            send: Carries it out.
            finish: Makes the outcome what is kept.
            through_http: See `ending`.

        Raises:
            CallInProgress, KeyReuse, UnknownOutcome: What stands against it; nothing was sent.
            RecordFailed: It was sent, and its end could not be kept.
            JackfieldError: It could not be claimed, or not be started; nothing was sent.
        """
        claimed = await self._claim(progress, valid.asked)
        if isinstance(claimed, Recorded):
            return claimed
        progress.id, progress.claimed = claimed.execution_id, True
        running = self._running[claimed.execution_id] = asyncio.get_running_loop().create_future()
        try:
            recorded = await self._sent(progress, claimed, send, finish, through_http)
        except BaseException as error:
            running.set_exception(error if isinstance(error, JackfieldError) else _Gone())
            running.exception()  # seen: there may be nobody else who waits
            raise
        else:
            running.set_result(recorded)
            return recorded
        finally:
            del self._running[claimed.execution_id]

    async def _claim(self, progress: Progress, params: Mapping[str, Any]) -> Claimed | Recorded:
        journal = self._journal
        row = row_of(journal, progress, RUNNING)
        effect = await self._effect(progress, params)
        abandoned: str | None = None
        while True:
            claim = await journal.claim(effect, row, abandoned=abandoned)
            if not isinstance(claim, InProgress):
                return _verdict(claim)
            if claim.owner != effect.owner:
                raise CallInProgress(execution_id=claim.execution_id)
            if (mine := self._running.get(claim.execution_id)) is None:
                # Ours, and nobody works on it: its end could not be kept.
                abandoned = claim.execution_id
                continue
            try:
                return _again(await asyncio.shield(mine))
            except _Gone:
                continue  # whoever sent it has left

    async def _effect(self, progress: Progress, params: Mapping[str, Any]) -> Effect:
        call, ready, origin = progress.call, progress.ready, progress.call.origin
        tenant = call.principal.tenant
        key = effect_key(
            tenant=tenant,
            execution_id=progress.id,
            caller_key=call.options.idempotency_key,
            run_id=origin.run_id,
            node=origin.step_id or "",
            iteration=origin.iteration,
            generation=origin.generation,
        )
        scope = effect_scope(
            connector=_identity(ready),
            command=ready.command.name,
            principal=call.principal.id,
        )
        return Effect(
            scope=scope,
            key=key,
            params_hash=self._journal.params_hash(kept_json(params)),
            native=False,
            owner=await self._journal.owner(),
            claimed=progress.started,
        )

    async def _sent(
        self, progress: Progress, claimed: Claimed, send: Send, finish: Finish, through_http: bool
    ) -> Recorded:
        try:
            outcome = await send()
        except JackfieldError as error:
            with suppress(JackfieldError):  # why it was refused matters more, and the claim is reported by recovery
                await self._journal.end(claimed, "released", refusal_of(self._journal, progress, error))
            raise
        except (Exception, asyncio.CancelledError) as error:  # the former is something that nobody thought of
            await self._left(progress, claimed, through_http, error)
            raise
        try:
            end = ending(outcome, progress.trail, interrupted=progress.interrupted, through_http=through_http)
            outcome = finish(_told(outcome, progress.trail) if end == "unknown" else outcome)
            body = orjson.dumps(outcome.to_json())
            how = ending_of(self._journal, progress, outcome, body)
        except Exception as error:  # a fault of ours must not leave a claim that lives as long as the process
            await self._left(progress, claimed, through_http, error)
            raise
        await self._end(progress, claimed, end, how)
        return Recorded(execution_id=progress.id, outcome=outcome, body=body)

    async def _end(self, progress: Progress, claimed: Claimed, end: End, how: Ending) -> None:
        keeping = asyncio.ensure_future(self._journal.end(claimed, end, how))
        try:
            await asyncio.shield(keeping)
        except Superseded:
            raise
        except JackfieldError as error:
            raise RecordFailed(execution_id=progress.id, reason=error) from error
        except asyncio.CancelledError:
            # What the service answered is kept before anybody hears that nobody works on it any more.
            await asyncio.wait([keeping])
            if not keeping.cancelled() and (failed := keeping.exception()):
                logger.warning("no record of how execution %s ended, which was cancelled: %s", progress.id, failed)
            raise

    async def _left(self, progress: Progress, claimed: Claimed, through_http: bool, error: BaseException) -> None:
        """Keep how a write ended that has no outcome."""
        end = ending(Outcome(success=False), progress.trail, interrupted=True, through_http=through_http)
        status: Status = "CANCELLED" if isinstance(error, asyncio.CancelledError) else "FAILED"
        how = Ending(status=status, ended=now_us(), duration_ms=progress.duration_ms())
        try:
            await asyncio.shield(self._journal.end(claimed, end, how))
        except JackfieldError as failed:
            logger.warning("no record of how execution %s ended (%s): %s", progress.id, status, failed)


class _Gone(Exception):
    """Whoever sent the write was cancelled before there was an outcome."""


def _identity(ready: Ready) -> str:
    """What a connector is known by, now and in other processes."""
    connector = ready.target.connector
    if connector is None:
        return f"type {ready.target.name}"
    # One of a file or of the program gets a new id in every process; its name stays.
    identity = connector.id if connector.type_id else f"name {connector.full_name}"
    # What was done in staging has not been done in production.
    return f"{identity} in {ready.environment}" if ready.environment else identity


def _verdict(claim: Claim) -> Claimed | Recorded:
    match claim:
        case Claimed():
            return claim
        case Replay(execution=row):
            return _stored(row)
        case KeyReused(execution_id=id):
            raise KeyReuse(execution_id=id)
        case Unknown(execution_id=id):
            raise UnknownOutcome(execution_id=id)
    raise AssertionError(claim)


def _stored(row: ExecutionRow) -> Recorded:
    """The outcome of a write that was settled before."""
    document = orjson.loads(row.outcome or b"{}")
    known = {name: document[name] for name in SLOTS if name in document}
    return _again(Recorded(execution_id=row.id, outcome=Outcome(**known), body=b""))


def _again(recorded: Recorded) -> Recorded:
    """The answer to a repeated call: as it was, and marked."""
    outcome = recorded.outcome
    outcome = replace(outcome, metadata={**outcome.metadata, "replayed": True})
    return Recorded(execution_id=recorded.execution_id, outcome=outcome, body=orjson.dumps(outcome.to_json()))


def _told(outcome: Outcome[Any], trail: Trail) -> Outcome[Any]:
    """A failure after which nobody knows whether the write happened: it may be repeated only if that does no harm."""
    harmless = trail.changing > 0 and trail.method in IDEMPOTENT
    metadata = {**outcome.metadata, "retryable": harmless and bool(outcome.metadata.get("retryable"))}
    return replace(outcome, diagnostics={**outcome.diagnostics, "mayHaveHappened": True}, metadata=metadata)
