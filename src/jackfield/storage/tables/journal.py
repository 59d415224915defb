"""What was called, what a write did outside, and how far each run has come.

Encrypted columns are bytes that only their writer can read, so nothing filters on them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, LargeBinary, String, Table, text

from jackfield.storage.tables.base import Encrypted, Microseconds, id_column, metadata, tenant_column

OPEN = "status IN ('PENDING', 'RUNNING', 'AWAITING_INPUT')"
"""Of an execution that has not ended. A query uses the index of open executions only with these very words."""

STAMP = "stamp"
"""In `info` of a column: what PostgreSQL writes there itself. Nobody gives it a value."""

execution = Table(
    "execution",
    metadata,
    id_column(),
    tenant_column(),
    Column("namespace", String, nullable=False),
    Column("connector_id", String),  # empty for a type that is called without a connector
    Column("connector", String, nullable=False),
    Column("command", String, nullable=False),
    Column("version", String, nullable=False),  # of the connector type
    Column("model", String, nullable=False),
    Column("environment", String, nullable=False),  # of the connector; empty for its own connection
    Column("caller", String, nullable=False),
    Column("trigger", String, nullable=False),
    Column("run_id", String),
    Column("node", String, nullable=False),
    Column("iteration", String, nullable=False),  # a path such as `3.0` inside nested loops
    Column("generation", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),  # which try of its step this is
    Column("parent_id", String),
    Column("chat_id", String),
    Column("tool_call_id", String),
    Column("status", String, nullable=False),
    Column("started", Microseconds, nullable=False),
    Column("ended", Microseconds),
    Column("duration_ms", Double),
    Column("attempts", Integer, nullable=False),  # requests of this call, retries inside it included
    Column("upstream_status", Integer),
    Column("error_code", String),
    Column("params", Encrypted, nullable=False),
    Column("outcome", Encrypted),
    Column("blob_id", String),  # the outcome, where it is too large to stand in the row
    # The transaction that wrote the row last, on PostgreSQL. On SQLite the order of `rowid` says as much, for nothing.
    Column("changed_in", BigInteger, info={STAMP: "pg_current_xact_id()::text::bigint"}),
)

effect = Table(
    "effect",
    metadata,
    tenant_column(primary_key=True),
    Column("scope", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("params_hash", LargeBinary, nullable=False),
    Column("execution_id", String, nullable=False),  # whose outcome is the effect's
    Column("state", String, nullable=False),
    Column("native", Boolean, nullable=False),  # the service was sent the key, and knows a repeated one
    Column("owner", String, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("claimed", Microseconds, nullable=False),
    Column("settled", Microseconds),
    Column("expires", Microseconds),  # empty: as long as its execution
    # Found by its key and by nothing else on the hot path: one tree instead of two.
    sqlite_with_rowid=False,
)

run = Table(
    "run",
    metadata,
    id_column(),
    tenant_column(),
    Column("namespace", String, nullable=False),
    Column("workflow", String, nullable=False),
    Column("version", String, nullable=False),
    Column("status", String, nullable=False),  # `PURGING`: closed for good, it may not be opened again
    Column("caller", String, nullable=False),
    Column("input", Encrypted, nullable=False),
    Column("owner", String),
    Column("fence", BigInteger, nullable=False),
    Column("wake", Microseconds),
    Column("waiting_for", String),
    Column("generation", Integer, nullable=False),
    Column("started", Microseconds, nullable=False),
    Column("ended", Microseconds),  # empty while the run is open
)

run_event = Table(
    "run_event",
    metadata,
    tenant_column(),
    Column("run_id", String, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # wait, signal, approval, time, random
    Column("key", String, nullable=False),
    Column("data", Encrypted, nullable=False),
    sqlite_with_rowid=False,
)


def _partial(name: str, *columns: Column[Any], where: str, unique: bool = False) -> None:
    """An index of the rows that meet `where`, on both databases."""
    Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


_NEWEST = (execution.c.started, execution.c.id)

Index("ix_execution_tenant_started", execution.c.tenant, *_NEWEST)
_partial("ix_execution_open", execution.c.tenant, execution.c.status, *_NEWEST, where=OPEN)
# With tenant and order in them: otherwise SQLite walks through all of the tenant's to save itself a sort.
_partial("ix_execution_run", execution.c.tenant, execution.c.run_id, *_NEWEST, where="run_id IS NOT NULL")
_partial("ix_execution_chat", execution.c.tenant, execution.c.chat_id, *_NEWEST, where="chat_id IS NOT NULL")
_partial(
    "ix_execution_tool_call", execution.c.tenant, execution.c.tool_call_id, *_NEWEST, where="tool_call_id IS NOT NULL"
)
_partial("ix_execution_parent", execution.c.parent_id, where="parent_id IS NOT NULL")
_partial("ix_execution_blob", execution.c.blob_id, where="blob_id IS NOT NULL")
_partial(
    "ux_execution_step",
    execution.c.run_id,
    execution.c.node,
    execution.c.iteration,
    execution.c.generation,
    execution.c.attempt,
    where="run_id IS NOT NULL",
    unique=True,
)
_partial("ix_execution_changed", execution.c.changed_in, execution.c.id, where="changed_in IS NOT NULL")
Index("ix_effect_execution", effect.c.execution_id)
_partial("ix_effect_expires", effect.c.tenant, effect.c.expires, where="expires IS NOT NULL")
Index("ix_run_tenant_started", run.c.tenant, run.c.started, run.c.id)
_partial("ix_run_ended", run.c.tenant, run.c.ended, where="ended IS NOT NULL")
_partial("ix_run_wake", run.c.wake, where="ended IS NULL")
