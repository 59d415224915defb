"""Processes, what they hold, and what they tell each other."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from jackfield.storage.tables.base import Json, Microseconds, id_column, metadata, tenant_column

process = Table(
    "process",
    metadata,
    id_column(),
    tenant_column(),  # everybody's: a process serves all tenants
    Column("kind", String, nullable=False),  # server, cli, sdk, agent
    Column("host", String, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("version", String, nullable=False),
    Column("started", Microseconds, nullable=False),
    Column("seen", Microseconds, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    tenant_column(primary_key=True),
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False),  # empty while nobody holds it
    Column("fence", BigInteger, nullable=False),  # raised by every new holder, never lowered
    Column("until", Microseconds, nullable=False),
    Column("data", Json),
)

change_version = Table(
    "change_version",
    metadata,
    tenant_column(primary_key=True),
    Column("topic", String, primary_key=True),
    Column("version", BigInteger, nullable=False),
)

Index("ix_process_seen", process.c.seen)
Index("ix_change_version_version", change_version.c.version)
