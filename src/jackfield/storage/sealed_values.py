"""Secrets of the installation itself: found by name, made once, never shown. Values are what the vault made of them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select, update

from jackfield.storage.rows import upsert
from jackfield.storage.tables.vault import sealed_value


def get(connection: Connection, *, tenant: str, name: str) -> bytes | None:
    """The value called `name`."""
    return connection.scalar(select(sealed_value.c.sealed).where(*_own(tenant, name)))


def every(connection: Connection, *, tenant: str) -> dict[str, bytes]:
    """All values of a tenant, by name."""
    statement = select(sealed_value.c.name, sealed_value.c.sealed).where(sealed_value.c.tenant == tenant)
    return {row.name: row.sealed for row in connection.execute(statement.order_by(sealed_value.c.name))}


def put_if_absent(connection: Connection, *, tenant: str, name: str, sealed: bytes) -> bytes:
    """The value called `name`, which is `sealed` unless there was one already.

    One statement decides, so of two processes that start at once both get the value of the first.
    """
    statement = upsert(connection, sealed_value).values(tenant=tenant, name=name, sealed=sealed)
    connection.execute(statement.on_conflict_do_nothing())
    kept: bytes = connection.scalars(select(sealed_value.c.sealed).where(*_own(tenant, name))).one()
    return kept


def replace(connection: Connection, *, tenant: str, name: str, before: bytes, sealed: bytes) -> bool:
    """Put `sealed` in the place of `before`; false where something else stands there by now."""
    same = (*_own(tenant, name), sealed_value.c.sealed == before)
    return connection.execute(update(sealed_value).where(*same).values(sealed=sealed)).rowcount == 1


def _own(tenant: str, name: str) -> tuple[ColumnElement[bool], ...]:
    return sealed_value.c.tenant == tenant, sealed_value.c.name == name
