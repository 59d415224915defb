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

    One commit a slice, so that calls go on meanwhile. May run in several processes at once.

    Args:
        alive: Which owners live; this process is one of them.
        now: Microseconds since 1970. A write whose key has expired is not resumed any more.
        slice: Rows of one commit.
    """
    found = Recovered()
    last = ""
    while True:
        held, unknown = await db.write(partial(_sweep, last=last, alive=alive, now=now, slice=slice))
        found.unknown.extend(unknown)
        found.resumable.extend(row.execution_id for row in held if row.execution_id not in set(unknown))
        if len(held) < slice:
            return found
        last = held[-1].execution_id


def _sweep(connection: Connection, *, last: str, alive: Alive, now: int, slice: int) -> tuple[list[Held], list[str]]:
    """The next claims of the dead, and the executions of those that were given up."""
    statement = (
        select(*(effects.c[name] for name in Held.__slots__))
        .join_from(executions, effects, effects.c.execution_id == executions.c.id)
        .where(text(f"execution.{OPEN}"), executions.c.id > last)
        .where(effects.c.state == "CLAIMED", effects.c.owner.not_in(alive(connection)))
        .order_by(executions.c.id)
        .limit(slice)
    )
    dead = [held_row(row) for row in connection.execute(statement)]
    lost = [held for held in dead if not held.native or (held.expires is not None and held.expires <= now)]
    return dead, give_up(connection, sorted(lost, key=lambda held: (held.tenant, held.scope, held.key)), at=now)
