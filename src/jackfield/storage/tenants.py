"""Rows of tenants."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from jackfield.storage import rows
from jackfield.storage.clock import now_us
from jackfield.storage.tables.people import tenant


@dataclass(frozen=True, kw_only=True)
class TenantRow:
    """One tenant."""

    tenant: str
    display_name: str = ""
    created: int = field(default_factory=now_us)
    updated: int = field(default_factory=now_us)
    revision: int = 1
    deleted: int | None = None


def add(connection: Connection, row: TenantRow) -> TenantRow:
    """Make a tenant.

    Raises:
        AlreadyExists: There is, or was, one of that name.
    """
    rows.add(connection, tenant, row, what="tenant", name=row.tenant)
    return row


def every(connection: Connection) -> list[TenantRow]:
    """All tenants, by name."""
    return rows.every(connection, select(tenant).where(tenant.c.deleted.is_(None)).order_by(tenant.c.tenant), TenantRow)
