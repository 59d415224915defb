"""What the tests of the journal share: rows with sensible values, and owners that live or do not."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any

from sqlalchemy import Connection, Table, func, select

from jackfield.storage.database import Database
from jackfield.storage.ids import new_id
from jackfield.storage.journal import ExecutionRow, get
from jackfield.storage.journal_claim import Claim, claim
from jackfield.storage.journal_effects import Effect
from jackfield.storage.journal_settle import Claimed, Ending
from jackfield.storage.tables.journal import effect, run

ME = "here:1"
OTHER = "there:2"
NOW = 1_800_000_000_000_000
HOUR = 3_600_000_000


def an_execution(**given: Any) -> ExecutionRow:
    """A finished call, unless `given` says otherwise."""
    values: dict[str, Any] = {
        "id": new_id(),
        "tenant": "default",
        "connector": "acme",
        "command": "list_messages",
        "version": "1.0.0",
        "model": "built_in",
        "caller": "ann",
        "trigger": "api",
        "status": "COMPLETED",
        "started": NOW,
        "params": b"params",
    }
    ended = {} if given.get("status") in {"RUNNING", "PENDING", "AWAITING_INPUT"} else {"ended": NOW + 1000}
    return ExecutionRow(**(values | ended | given))


def a_write(**given: Any) -> ExecutionRow:
    """A call that is about to be sent."""
    return an_execution(**({"status": "RUNNING", "command": "send_message"} | given))


def an_effect(key: str = "key", **given: Any) -> Effect:
    """What a write claims."""
    values: dict[str, Any] = {
        "scope": "scope",
        "key": key,
        "params_hash": b"hash",
        "native": False,
        "owner": ME,
        "claimed": NOW,
    }
    return Effect(**(values | given))


def an_ending(outcome: bytes = b"outcome", **given: Any) -> Ending:
    """How a write ended well."""
    return Ending(**({"status": "COMPLETED", "ended": NOW + 2000, "duration_ms": 2.0, "outcome": outcome} | given))


def living(*owners: str) -> Callable[[Connection], Set[str]]:
    """Only these live."""
    return lambda _: set(owners)


EVERYBODY = living(ME, OTHER)


async def claimed(db: Database, key: str = "key", **given: Any) -> Claimed:
    """A claim that was granted; `given` are fields of the effect."""
    found = await asked(db, key, **given)
    assert isinstance(found, Claimed)
    return found


async def asked(
    db: Database,
    key: str = "key",
    *,
    execution: ExecutionRow | None = None,
    alive: Callable[[Connection], Set[str]] = EVERYBODY,
    **given: Any,
) -> Claim:
    """What a write with that key is told; `given` are fields of the effect."""
    return await claim(db, an_effect(key, **given), execution or a_write(), alive=alive)


async def kept(db: Database, execution_id: str) -> ExecutionRow:
    """The row of an execution."""
    row = await get(db, execution_id, tenant="default")
    assert row is not None
    return row


async def state_of(db: Database, key: str = "key") -> str | None:
    """The state of an effect."""
    statement = select(effect.c.state).where(effect.c.key == key)
    return await db.read(lambda connection: connection.execute(statement).scalar_one_or_none())


async def rows_in(db: Database, table: Table) -> int:
    """How many rows a table has."""
    return await db.read(lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one())


async def a_run(db: Database, run_id: str, **given: Any) -> None:
    """A run, open unless `given` says when it ended."""
    values: dict[str, Any] = {
        "id": run_id,
        "tenant": "default",
        "namespace": "default",
        "workflow": "orders",
        "version": "1",
        "status": "COMPLETED" if given.get("ended") else "RUNNING",
        "caller": "ann",
        "input": b"",
        "fence": 1,
        "generation": 0,
        "started": NOW,
    }
    await db.write(lambda connection: connection.execute(run.insert().values(values | given)).rowcount)
