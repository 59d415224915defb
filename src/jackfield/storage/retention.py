"""Deleting what is old and closed, a few milliseconds at a time.

What is still needed to answer stays, however old: rows of an open run, because its finished steps answer from them,
and the execution of an effect that a repeated key may still ask for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Connection, delete, exists, or_, select, tuple_, update

from jackfield.storage import drafts
from jackfield.storage.clock import microseconds
from jackfield.storage.database import Database
from jackfield.storage.tables.journal import effect as effects
from jackfield.storage.tables.journal import execution as executions
from jackfield.storage.tables.journal import run as runs
from jackfield.storage.tables.journal import run_event as run_events

SLICE_S = 0.020
"""What one slice may take; calls wait for the writer that long."""

DAY_S = 24 * 60 * 60

PURGING = "PURGING"

Place: TypeAlias = tuple[int, str]
"""Where an execution stands by age: its start and its id."""

_FIRST: Place = (-(2**63), "")

T = TypeVar("T")


@dataclass(kw_only=True)
class Purged:
    """How much was deleted."""

    executions: int = 0
    effects: int = 0
    runs: int = 0
    events: int = 0
    drafts: int = 0


@dataclass(frozen=True, kw_only=True)
class _Gone:
    """What a slice of executions deleted, and the last that it looked at; `None` if that was the last of all."""

    executions: int = 0
    effects: int = 0
    last: Place | None


@dataclass(kw_only=True)
class Pace:
    """How many rows a slice takes, so that it aims at half of its time.

    Attributes:
        rows: Of the next slice.
    """

    rows: int = 32
    most: int = 2000
    aim_s: float = SLICE_S / 2

    def took(self, elapsed_s: float) -> None:
        """Learn from a slice: at once when it was slow, by doubling when it was fast."""
        fitting = int(self.rows * self.aim_s / max(elapsed_s, 1e-6))
        self.rows = max(1, min(fitting, self.rows * 2, self.most))


async def purge(db: Database, *, tenant: str, before: int, now: int, pace: Pace | None = None) -> Purged:
    """Delete a tenant's effects and drafts that have expired, and its closed runs and executions that ended before
    `before`.

    Each slice is a commit of its own; stopped in the middle, it goes on where it was the next time.

    Args:
        before: Microseconds since 1970; so is `now`.
    """
    job = _Job(tenant=tenant, before=before, now=now)
    slices = _Slices(db, pace or Pace())
    purged = Purged()
    purged.effects = await slices.repeat(job.expired_effects)
    purged.drafts = await slices.repeat(job.old_drafts)
    await slices.repeat(job.mark_runs)
    purged.events = await slices.repeat(job.events)
    after: Place | None = _FIRST
    while after is not None:
        gone = await slices.once(partial(job.executions, after=after))
        purged.executions += gone.executions
        purged.effects += gone.effects
        after = gone.last
    purged.runs = await slices.repeat(job.marked_runs)
    return purged


class _Slices:
    """Does work in commits of as many rows as fit."""

    def __init__(self, db: Database, pace: Pace) -> None:
        self._db = db
        self._pace = pace

    async def repeat(self, work: Callable[[Connection, int], int]) -> int:
        """Run `work` until it finds less than it might; what it found in all."""
        found = 0
        while True:
            rows = self._pace.rows
            found += (part := await self.once(work))
            if part < rows:
                return found

    async def once(self, work: Callable[[Connection, int], T]) -> T:
        """One commit."""
        rows = self._pace.rows

        def timed(connection: Connection) -> tuple[T, float]:
            began = time.perf_counter()
            result = work(connection, rows)
            return result, time.perf_counter() - began

        result, elapsed_s = await self._db.write(timed)
        self._pace.took(elapsed_s)
        return result


@dataclass(frozen=True, kw_only=True)
class _Job:
    """What is purged; each method is a slice of at most `rows`."""

    tenant: str
    before: int
    now: int

    def expired_effects(self, connection: Connection, rows: int) -> int:
        key = (effects.c.tenant, effects.c.scope, effects.c.key)
        expired = (
            select(*key)
            .join(executions, executions.c.id == effects.c.execution_id, isouter=True)
            .join(runs, runs.c.id == executions.c.run_id, isouter=True)
            .where(effects.c.tenant == self.tenant, effects.c.expires <= self.now, effects.c.state != "CLAIMED")
            .where(or_(runs.c.id.is_(None), runs.c.ended.is_not(None)))
            .limit(rows)
        )
        return connection.execute(delete(effects).where(tuple_(*key).in_(expired))).rowcount

    def old_drafts(self, connection: Connection, rows: int) -> int:
        before = self.now - microseconds(drafts.KEPT_DAYS * DAY_S)
        return drafts.remove_old(connection, tenant=self.tenant, before=before, limit=rows)

    def mark_runs(self, connection: Connection, rows: int) -> int:
        """From now on nobody may open them again: what they would answer from is about to go."""
        old = (
            select(runs.c.id)
            .where(runs.c.tenant == self.tenant, runs.c.ended < self.before, runs.c.status != PURGING)
            .limit(rows)
        )
        # Asked again where it is decided: another process may have opened one meanwhile.
        still = (runs.c.id.in_(old), runs.c.ended < self.before)
        return connection.execute(update(runs).where(*still).values(status=PURGING)).rowcount

    def events(self, connection: Connection, rows: int) -> int:
        key = (run_events.c.run_id, run_events.c.sequence)
        old = select(*key).join(runs, runs.c.id == run_events.c.run_id).where(*self._marked()).limit(rows)
        return connection.execute(delete(run_events).where(tuple_(*key).in_(old))).rowcount

    def executions(self, connection: Connection, rows: int, *, after: Place) -> _Gone:
        """The next ones by age, with those that have to stay, so that none is looked at twice."""
        place = (executions.c.started, executions.c.id)
        statement = (
            select(*place, executions.c.ended, runs.c.id.label("run"), runs.c.status.label("run_status"))
            .join(runs, runs.c.id == executions.c.run_id, isouter=True)
            .where(executions.c.tenant == self.tenant, executions.c.started < self.before)
            .where(tuple_(*place) > tuple_(*after))
            .order_by(*place)
            .limit(rows)
        )
        seen = connection.execute(statement).all()
        last = (seen[-1].started, seen[-1].id) if len(seen) == rows else None
        return self._delete(connection, [row.id for row in seen if self._is_over(row)], last=last)

    def marked_runs(self, connection: Connection, rows: int) -> int:
        has_rows = exists().where(executions.c.run_id == runs.c.id)
        has_events = exists().where(run_events.c.run_id == runs.c.id)
        old = select(runs.c.id).where(*self._marked(), ~has_rows, ~has_events).limit(rows)
        return connection.execute(delete(runs).where(runs.c.id.in_(old))).rowcount

    def _marked(self) -> tuple[ColumnElement[bool], ...]:
        return (runs.c.tenant == self.tenant, runs.c.ended < self.before, runs.c.status == PURGING)

    def _is_over(self, row: Any) -> bool:
        ended = row.ended is not None and row.ended < self.before
        return ended and (row.run is None or row.run_status == PURGING)

    def _delete(self, connection: Connection, ids: Sequence[str], *, last: Place | None) -> _Gone:
        if not ids:
            return _Gone(last=last)
        over = or_(effects.c.expires.is_(None), effects.c.expires <= self.now)
        gone = delete(effects).where(effects.c.execution_id.in_(ids), effects.c.state != "CLAIMED", over)
        expired = connection.execute(gone).rowcount
        asked_for = exists().where(effects.c.execution_id == executions.c.id)
        deleted = connection.execute(delete(executions).where(executions.c.id.in_(ids), ~asked_for)).rowcount
        return _Gone(executions=deleted, effects=expired, last=last)
