"""What was called, what a write did outside, and how far each run has come.

Times are Unix seconds. `params`, `outcome`, `input` and `data` are bytes that only their writer can read, so nothing
filters on them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, LargeBinary, Table, Text, text

from jackfield.storage.tables.base import metadata

OPEN = "status IN ('PENDING', 'RUNNING', 'AWAITING_INPUT')"
"""Of an execution that has not ended. A query uses the index of open executions only with these very words."""

execution = Table(
    "execution",
    metadata,
    Column("id", Text, primary_key=True),  # UUID of version 7
    Column("tenant", Text, nullable=False),
    Column("namespace", Text, nullable=False),
    Column("connector_id", Text),  # empty for a type that is called without a connector
    Column("connector", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("version", Text, nullable=False),  # of the connector type
    Column("model", Text, nullable=False),
    Column("caller", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("run_id", Text),
    Column("node", Text, nullable=False),
    Column("iteration", Text, nullable=False),  # a path such as `3.0` inside nested loops
    Column("generation", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),  # which try of its step this is
    Column("parent_id", Text),
    Column("chat_id", Text),
    Column("tool_call_id", Text),
    Column("status", Text, nullable=False),
    Column("started", Double, nullable=False),
    Column("ended", Double),
    Column("duration_ms", Double),
    Column("attempts", Integer, nullable=False),  # requests of this call, retries inside it included
    Column("upstream_status", Integer),
    Column("error_code", Text),
    Column("params", LargeBinary, nullable=False),
    Column("outcome", LargeBinary),
    Column("blob_id", Text),  # the outcome, where it is too large to stand in the row
)

effect = Table(
    "effect",
    metadata,
    Column("tenant", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("params_hash", LargeBinary, nullable=False),
    Column("execution_id", Text, nullable=False),  # whose outcome is the effect's
    Column("state", Text, nullable=False),
    Column("native", Boolean, nullable=False),  # the service was sent the key, and knows a repeated one
    Column("owner", Text, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("claimed", Double, nullable=False),
    Column("settled", Double),
    Column("expires", Double),  # empty: as long as its execution
    # Found by its key and by nothing else on the hot path: one tree instead of two.
    sqlite_with_rowid=False,
)

run = Table(
    "run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("namespace", Text, nullable=False),
    Column("workflow", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("caller", Text, nullable=False),
    Column("input", LargeBinary, nullable=False),
    Column("owner", Text),
    Column("fence", BigInteger, nullable=False),
    Column("wake", Double),
    Column("waiting_for", Text),
    Column("generation", Integer, nullable=False),
    Column("started", Double, nullable=False),
    Column("ended", Double),  # empty while the run is open
)

run_event = Table(
    "run_event",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("kind", Text, nullable=False),  # wait, signal, approval, time, random
    Column("key", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)


def _partial(name: str, *columns: Column[Any], where: str, unique: bool = False) -> None:
    """An index of the rows that meet `where`, on both databases."""
    Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


Index("ix_execution_tenant_started", execution.c.tenant, execution.c.started, execution.c.id)
_partial("ix_execution_open", execution.c.status, execution.c.started, where=OPEN)
_partial("ix_execution_parent", execution.c.parent_id, where="parent_id IS NOT NULL")
_partial("ix_execution_chat", execution.c.chat_id, where="chat_id IS NOT NULL")
_partial("ix_execution_tool_call", execution.c.tool_call_id, where="tool_call_id IS NOT NULL")
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
Index("ix_effect_execution", effect.c.execution_id)
_partial("ix_effect_expires", effect.c.expires, where="expires IS NOT NULL")
Index("ix_run_tenant_started", run.c.tenant, run.c.started, run.c.id)
_partial("ix_run_wake", run.c.wake, where="ended IS NULL")
