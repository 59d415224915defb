"""The record of every call: one row, which is also the journal entry of a run's step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, select

from jackfield.storage.database import Database
from jackfield.storage.errors import ConstraintFailed
from jackfield.storage.journal_errors import StepRecorded
from jackfield.storage.journal_rows import Insert, given_columns
from jackfield.storage.status import Status
from jackfield.storage.tables.journal import execution as executions

_ROW_BYTES = 600
"""What a row occupies beside its params and outcome."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExecutionRow:
    """One command call as it is kept. Its fields are the columns of the table, but for the stamp of PostgreSQL.

    Attributes:
        id: A UUID of version 7.
        connector_id: `None` for a type that was called without a connector.
        version: Of the connector type.
        environment: Of the connector; empty for its own connection.
        caller: Stable name or id of the user; the owner of the row.
        iteration: Path inside loops, such as `3.0`; empty outside.
        generation: Raised when a run is retried from a step.
        attempt: Which try of its step this is; unique together with run, node, iteration and generation.
        started: Microseconds since 1970, as in all tables; so is `ended`, which is `None` while the call is open.
        attempts: Requests of this one call, retries inside it included.
        params: Ready bytes: masked, serialised, encrypted by whoever reads them back.
        outcome: Likewise; `None` where there is none, or where `blob_id` names it.
        blob_id: Of an outcome too large for a row.
    """

    id: str
    tenant: str
    namespace: str = "default"
    connector_id: str | None = None
    connector: str
    command: str
    version: str
    model: str
    environment: str = ""
    caller: str
    trigger: str
    run_id: str | None = None
    node: str = ""
    iteration: str = ""
    generation: int = 0
    attempt: int = 1
    parent_id: str | None = None
    chat_id: str | None = None
    tool_call_id: str | None = None
    status: Status
    started: int
    ended: int | None = None
    duration_ms: float | None = None
    attempts: int = 1
    upstream_status: int | None = None
    error_code: str | None = None
    params: bytes
    outcome: bytes | None = None
    blob_id: str | None = None


COLUMNS = given_columns(executions)
"""Those that an `ExecutionRow` has."""

values = attrgetter(*(column.name for column in COLUMNS))
"""An `ExecutionRow` as the tuple that `INSERT` takes."""

INSERT = Insert(executions)


class _Record:
    """Final rows."""

    def apply(self, connection: Connection, rows: Sequence[ExecutionRow]) -> Sequence[None]:
        INSERT.run(connection, list(map(values, rows)))
        return [None] * len(rows)

    def size(self, row: ExecutionRow) -> int:
        return size(row)


RECORD = _Record()


async def record(db: Database, execution: ExecutionRow) -> None:
    """Keep a call that needs no effect ledger: one row, final, durable when this returns.

    A caller that is cancelled meanwhile leaves the row behind.

    Raises:
        StepRecorded: The run has this attempt of the step already.
    """
    try:
        await db.submit(RECORD, execution, kept=True)
    except ConstraintFailed as error:
        raise refusal(error, execution) from None


async def get(db: Database, id: str, *, tenant: str, owner: str | None = None) -> ExecutionRow | None:
    """The execution of that id; `None` where the tenant has none, or `owner` did not make the call."""
    statement = select(*COLUMNS).where(executions.c.id == id, executions.c.tenant == tenant)
    if owner is not None:
        statement = statement.where(executions.c.caller == owner)
    row = await db.read(lambda connection: connection.execute(statement).first())
    return None if row is None else execution_row(row)


def execution_row(row: Row[Any]) -> ExecutionRow:
    """The execution that a row with `COLUMNS` is."""
    return ExecutionRow(**row._mapping)


def size(execution: ExecutionRow) -> int:
    """About how many bytes `execution` occupies."""
    return _ROW_BYTES + len(execution.params) + len(execution.outcome or b"")


def refusal(error: ConstraintFailed, execution: ExecutionRow) -> Exception:
    """What a refused row of `execution` means: its step is there already, or something unexpected."""
    if execution.run_id is None or not {"ux_execution_step", "execution.run_id"} & set(_named(error)):
        return error
    return StepRecorded(
        run_id=execution.run_id,
        node=execution.node,
        iteration=execution.iteration,
        generation=execution.generation,
        attempt=execution.attempt,
    )


def _named(error: ConstraintFailed) -> list[str]:
    """PostgreSQL names the index, SQLite its columns."""
    return str(error.details["constraint"]).split(", ")
