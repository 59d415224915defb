"""What becomes of the writes of processes that died."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection, select, text

from jackfield.storage.database import Database
from jackfield.storage.journal_claim import Alive
from jackfield.storage.journal_effects import Held, give_up, held_row
from jackfield.storage.tables.journal import OPEN
from jackfield.storage.tables.journal import effect as effects
from jackfield.storage.tables.journal import execution as executions

SLICE = 200


@dataclass(frozen=True, kw_only=True)
class Recovered:
    """What a sweep found.

    Attributes:
        unknown: Executions that may have had their effect; they say so now.
        resumable: Executions that are sent again, with the same key, when their run or their caller comes back.
    """

    unknown: list[str] = field(default_factory=list)
    resumable: list[str] = field(default_factory=list)


async def recover(db: Database, *, alive: Alive, now: int, slice: int = SLICE) -> Recovered:
    """Look through the writes that are open, and report those of the dead that nobody can finish.

    May run in several processes at once: each write is reported by one of them.

    Args:
        alive: Which owners live; this process is one of them.
        now: Microseconds since 1970. A write whose key has expired is not resumed any more.
        slice: Rows of one commit, so that calls go on meanwhile.
    """
    dead = await db.read(partial(_of_the_dead, alive=alive))
    lost = [held for held in dead if not held.native or (held.expires is not None and held.expires <= now)]
    unknown: list[str] = []
    for start in range(0, len(lost), slice):
        unknown += await db.write(partial(give_up, given=lost[start : start + slice], at=now))
    resumable = {held.execution_id for held in dead} - {held.execution_id for held in lost}
    return Recovered(unknown=sorted(unknown), resumable=sorted(resumable))


def _of_the_dead(connection: Connection, *, alive: Alive) -> list[Held]:
    """Their claims, in the order in which they are locked."""
    # By way of the open executions, which are few: there is no index of open effects to keep up to date.
    open_ones = select(executions.c.id).where(text(f"execution.{OPEN}"))
    statement = (
        select(*(effects.c[name] for name in Held.__slots__))
        .where(effects.c.execution_id.in_(open_ones), effects.c.state == "CLAIMED")
        .where(effects.c.owner.not_in(alive(connection)))
        .order_by(effects.c.tenant, effects.c.scope, effects.c.key)
    )
    return [held_row(row) for row in connection.execute(statement)]
