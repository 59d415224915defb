"""After a write was sent, or was not: one commit that says what it has come to, then the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from sqlalchemy import Connection

from jackfield.storage.database import Database
from jackfield.storage.journal_effects import Address, EffectState
from jackfield.storage.journal_errors import Superseded
from jackfield.storage.journal_rows import update_of
from jackfield.storage.status import Status
from jackfield.storage.tables.journal import effect as effects
from jackfield.storage.tables.journal import execution as executions


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """The right to send a write, until somebody finds its owner dead.

    Attributes:
        fence: Raised whenever the write changes hands, so that an owner who was only stopped cannot settle it.
        execution_id: Whose row the end goes to.
        taken_over: An owner who died may have sent it; the service knows the key.
    """

    tenant: str
    scope: str
    key: str
    owner: str
    fence: int
    execution_id: str
    taken_over: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How an execution ended; the fields are those of `ExecutionRow`."""

    status: Status
    ended: int
    duration_ms: float | None = None
    attempts: int = 1
    upstream_status: int | None = None
    error_code: str | None = None
    outcome: bytes | None = None
    blob_id: str | None = None


async def settle(db: Database, claimed: Claimed, ending: Ending) -> None:
    """Keep that the service has answered, and what: the next one with this key is told the same.

    Raises:
        Superseded: Somebody has taken over, or it was settled before. Nothing was changed.
    """
    await _close(db, claimed, "SETTLED", ending)


async def release(db: Database, claimed: Claimed, ending: Ending) -> None:
    """Keep that nothing was sent: the next one with this key may send it. Raises as `settle`.

    Of a write that was taken over nobody can say that: the one who died may have sent it. It becomes unknown.
    """
    if claimed.taken_over:
        await mark_unknown(db, claimed, ending)
    else:
        await _close(db, claimed, "RELEASED", ending)


async def mark_unknown(db: Database, claimed: Claimed, ending: Ending) -> None:
    """Keep that it was sent and nobody knows what became of it: it is not repeated. Raises as `settle`."""
    await _close(db, claimed, "UNKNOWN", replace(ending, status="UNKNOWN_OUTCOME"))


@dataclass(frozen=True, slots=True)
class _End:
    claimed: Claimed
    state: EffectState
    ending: Ending


_HOLD = (effects.c.tenant, effects.c.scope, effects.c.key, effects.c.owner, effects.c.fence)
_CLOSE = update_of(
    effects,
    match=_HOLD,
    change=(effects.c.state, effects.c.settled),
    where="effect.state = 'CLAIMED'",
    returning=", ".join(f"effect.{column.name}" for column in _HOLD),
)
_END = update_of(executions, match=(executions.c.id,), change=tuple(executions.c[name] for name in Ending.__slots__))
_values = attrgetter(*Ending.__slots__)


class _Ends:
    """Ends of writes, many in one commit."""

    def apply(self, connection: Connection, rows: Sequence[_End]) -> list[bool]:
        """Whether each was still held."""
        firsts = {_hold(row.claimed): row for row in reversed(rows)}
        closing = [(*hold, row.state, row.ending.ended) for hold, row in firsts.items()]
        closed = [firsts[tuple(found)] for found in _CLOSE.run(connection, closing)]
        if closed:
            _END.run(connection, [(row.claimed.execution_id, *_values(row.ending)) for row in closed])
        ended = set(map(id, closed))
        return [id(row) in ended for row in rows]

    def key(self, row: _End) -> Address:
        return (row.claimed.tenant, row.claimed.scope, row.claimed.key)

    def size(self, row: _End) -> int:
        return 300 + len(row.ending.outcome or b"")


_ENDS = _Ends()


async def _close(db: Database, claimed: Claimed, state: EffectState, ending: Ending) -> None:
    # What was sent is kept although its caller has left meanwhile.
    held = await db.submit(_ENDS, _End(claimed, state, ending), kept=True)
    if not held:
        raise Superseded(execution_id=claimed.execution_id, owner=claimed.owner, fence=claimed.fence)


def _hold(claimed: Claimed) -> tuple[str, str, str, str, int]:
    return (claimed.tenant, claimed.scope, claimed.key, claimed.owner, claimed.fence)
