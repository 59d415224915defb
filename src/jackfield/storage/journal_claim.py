"""Before a write is sent: one commit that says who sends it.

Of any number of callers with one key, in any number of processes, one gets `Claimed`; the others learn what the first
one's call has come to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, update

from jackfield.errors import JackfieldError
from jackfield.storage.database import Database
from jackfield.storage.errors import ConstraintFailed
from jackfield.storage.journal import INSERT, ExecutionRow, get, refusal, size, values
from jackfield.storage.journal_effects import Address, Effect, Held, find, give_up, judge
from jackfield.storage.journal_rows import insert_into
from jackfield.storage.journal_settle import Claimed, Ending, release
from jackfield.storage.tables.journal import effect as effects

Alive: TypeAlias = Callable[[Connection], Set[str]]
"""Says which owners live, from the table of processes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """It was done already: `execution` has the outcome."""

    execution: ExecutionRow


@dataclass(frozen=True, kw_only=True, slots=True)
class InProgress:
    """It is being done, by this process if `owner` is its own."""

    owner: str
    execution_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyReused:
    """The key belongs to a call with other params."""

    execution_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """It may have happened, in `execution_id`, and is not repeated."""

    execution_id: str


Claim: TypeAlias = Claimed | Replay | InProgress | KeyReused | Unknown


async def claim(
    db: Database, effect: Effect, execution: ExecutionRow, *, alive: Alive, abandoned: str | None = None
) -> Claim:
    """Make `execution` the one that has `effect`, or say what stands against it.

    A caller that is cancelled meanwhile leaves no claim behind.

    Args:
        effect: Its tenant is the execution's.
        execution: As RUNNING. It is kept only if a new claim is made: one that takes over goes on with the
            execution of the process that died (`Claimed.execution_id`).
        alive: Which owners live.
        abandoned: An execution that this process knows nobody works on, such as one whose end could not be kept.

    Raises:
        StepRecorded: The run has this attempt of the step already.
    """
    claiming = asyncio.ensure_future(_claim(db, _Asked(effect, execution, alive, abandoned)))
    try:
        found = await asyncio.shield(claiming)
    except asyncio.CancelledError:
        with suppress(JackfieldError):
            await asyncio.shield(_undo(db, claiming, at=effect.claimed))
        raise
    if not isinstance(found, _Settled):
        return found
    done = await get(db, found.execution_id, tenant=execution.tenant)
    return Replay(execution=done) if done is not None else Unknown(execution_id=found.execution_id)


@dataclass(frozen=True, slots=True)
class _Settled:
    """The outcome is read when the commit is over: it may be large, and others wait for the writer."""

    execution_id: str


@dataclass(frozen=True, slots=True)
class _Asked:
    effect: Effect
    execution: ExecutionRow
    alive: Alive
    abandoned: str | None


_Found: TypeAlias = Claimed | InProgress | KeyReused | Unknown | _Settled

_NEW = insert_into(effects, "ON CONFLICT DO NOTHING RETURNING tenant, scope, key")


class _Claims:
    """Claims, many in one commit; keys that stand in it twice are resolved here."""

    def apply(self, connection: Connection, rows: Sequence[_Asked]) -> list[_Found]:
        answers: dict[int, _Found] = {}
        alive = _once_each(connection)
        while waiting := [index for index in range(len(rows)) if index not in answers]:
            answers |= _claim_new(connection, {index: rows[index] for index in waiting})
            rest = [index for index in waiting if index not in answers]
            held = find(connection, [_address(rows[index]) for index in rest])
            for index in rest:
                asked = rows[index]
                # Without an answer when it was changed or purged a moment ago: then it is looked at again.
                if (found := held.get(_address(asked))) and (answer := _answer(connection, asked, found, alive)):
                    answers[index] = answer
        return [answers[index] for index in range(len(rows))]

    def key(self, row: _Asked) -> Address:
        return _address(row)

    def size(self, row: _Asked) -> int:
        return size(row.execution) + 300


_CLAIMS = _Claims()


async def _claim(db: Database, asked: _Asked) -> _Found:
    try:
        return await db.submit(_CLAIMS, asked)
    except ConstraintFailed as error:
        raise refusal(error, asked.execution) from None


async def _undo(db: Database, claiming: asyncio.Future[_Found], *, at: int) -> None:
    """Nobody will send what was claimed for a caller that is gone."""
    claimed = await claiming
    if isinstance(claimed, Claimed):
        await release(db, claimed, Ending(status="CANCELLED", ended=at, attempts=0))


def _address(asked: _Asked) -> Address:
    return (asked.execution.tenant, asked.effect.scope, asked.effect.key)


def _claim_new(connection: Connection, asked: dict[int, _Asked]) -> dict[int, _Found]:
    """Those that nobody has claimed before, claimed."""
    firsts = {_address(row): index for index, row in reversed(asked.items())}
    inserted = _NEW.run(connection, [_values(asked[index]) for index in firsts.values()])
    won = sorted(firsts[tuple(row)] for row in inserted)
    if won:
        INSERT.run(connection, [values(asked[index].execution) for index in won])
    return {index: _claimed(asked[index]) for index in won}


def _values(asked: _Asked) -> tuple[Any, ...]:
    new = asked.effect
    row = (new.params_hash, asked.execution.id, "CLAIMED", new.native, new.owner, 1, new.claimed, None, new.expires)
    return (*_address(asked), *row)


def _answer(connection: Connection, asked: _Asked, held: Held, alive: Callable[[Alive], Set[str]]) -> _Found | None:
    """What `asked` is told; `None` if `held` has changed since it was read."""
    verdict = judge(held, asked.effect, alive=lambda: alive(asked.alive), abandoned=asked.abandoned)
    answers: dict[str, Callable[[], _Found | None]] = {
        "key_reused": lambda: KeyReused(execution_id=held.execution_id),
        "replay": lambda: _Settled(held.execution_id),
        "unknown": lambda: Unknown(execution_id=held.execution_id),
        "in_progress": lambda: InProgress(owner=held.owner, execution_id=held.execution_id),
        "claim_again": lambda: _claim_again(connection, asked, held),
        "take_over": lambda: _take_over(connection, asked, held),
        "give_up": lambda: _give_up(connection, asked, held),
    }
    return answers[verdict]()


def _claim_again(connection: Connection, asked: _Asked, held: Held) -> Claimed | None:
    new = asked.effect
    changed = _swap(
        connection,
        held,
        params_hash=new.params_hash,
        execution_id=asked.execution.id,
        state="CLAIMED",
        native=new.native,
        owner=new.owner,
        claimed=new.claimed,
        settled=None,
        expires=new.expires,
    )
    if not changed:
        return None
    INSERT.run(connection, [values(asked.execution)])
    return _claimed(asked, fence=held.fence + 1)


def _take_over(connection: Connection, asked: _Asked, held: Held) -> Claimed | None:
    """The dead one's execution goes on: a step of a run has one row, whoever carries it out."""
    if not _swap(connection, held, owner=asked.effect.owner, claimed=asked.effect.claimed):
        return None
    return _claimed(asked, fence=held.fence + 1, taken_over=held.execution_id)


def _give_up(connection: Connection, asked: _Asked, held: Held) -> Unknown | None:
    lost = give_up(connection, [held], at=asked.effect.claimed)
    return Unknown(execution_id=held.execution_id) if lost else None


def _swap(connection: Connection, held: Held, **changes: Any) -> bool:
    """Change a row that is still as it was read, and raise its fence; whether it was."""
    c = effects.c
    statement = (
        update(effects)
        .where(c.tenant == held.tenant, c.scope == held.scope, c.key == held.key)
        .where(c.state == held.state, c.owner == held.owner, c.fence == held.fence)
        .values(fence=held.fence + 1, **changes)
        .returning(c.fence)
    )
    return connection.execute(statement).first() is not None


def _claimed(asked: _Asked, *, fence: int = 1, taken_over: str | None = None) -> Claimed:
    return Claimed(
        tenant=asked.execution.tenant,
        scope=asked.effect.scope,
        key=asked.effect.key,
        owner=asked.effect.owner,
        fence=fence,
        execution_id=taken_over or asked.execution.id,
        taken_over=taken_over is not None,
    )


def _once_each(connection: Connection) -> Callable[[Alive], Set[str]]:
    """Asks each function once for a batch."""
    said: dict[Alive, Set[str]] = {}

    def alive(ask: Alive) -> Set[str]:
        if ask not in said:
            said[ask] = ask(connection)
        return said[ask]

    return alive
