"""Rows as frozen dataclasses whose fields are named like their columns."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, Table, update
from sqlalchemy.dialects import sqlite

from jackfield.storage.clock import now_us
from jackfield.storage.errors import AlreadyExists, RevisionConflict

R = TypeVar("R")

_KEPT = {"id", "tenant", "created", "revision", "deleted"}


def upsert(connection: Connection, table: Table) -> Any:
    """An INSERT with `on_conflict_do_update` and `on_conflict_do_nothing`, which both databases spell alike."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)


def first(connection: Connection, statement: Executable, kind: type[R]) -> R | None:
    """The first row as a `kind`."""
    row = connection.execute(statement).mappings().first()
    return None if row is None else kind(**row)


def every(connection: Connection, statement: Executable, kind: type[R]) -> list[R]:
    """All rows, each as a `kind`."""
    return [kind(**row) for row in connection.execute(statement).mappings()]


def add(connection: Connection, table: Table, row: Any, *, what: str, name: str) -> None:
    """Insert `row`.

    Raises:
        AlreadyExists: A unique index has one like it.
    """
    statement = upsert(connection, table).values(_values(row)).on_conflict_do_nothing()
    if connection.execute(statement.returning(table.c.tenant)).first() is None:
        raise AlreadyExists(what=what, name=name)


def save(connection: Connection, table: Table, row: R, *, what: str, name: str) -> R:
    """`row` as it is after it was saved, if nobody saved or deleted it since it was read.

    One statement, so two servers cannot both win.

    Raises:
        RevisionConflict: Somebody did.
    """
    changed = {column: value for column, value in _values(row).items() if column not in _KEPT}
    changed |= {"updated": now_us(), "revision": row.revision + 1}  # type: ignore[attr-defined]
    _change(connection, table, row, changed, what=what, name=name)
    return dataclasses.replace(row, updated=changed["updated"], revision=changed["revision"])  # type: ignore[type-var]


def delete(connection: Connection, table: Table, row: Any, *, what: str, name: str) -> None:
    """Mark `row` as deleted, if nobody saved or deleted it since it was read.

    Raises:
        RevisionConflict: Somebody did.
    """
    now = now_us()
    changed = {"deleted": now, "updated": now, "revision": row.revision + 1}
    _change(connection, table, row, changed, what=what, name=name)


def _change(connection: Connection, table: Table, row: Any, changed: dict[str, Any], *, what: str, name: str) -> None:
    statement = update(table).where(
        table.c.tenant == row.tenant, table.c.id == row.id, table.c.revision == row.revision
    )
    if "deleted" in table.c:
        statement = statement.where(table.c.deleted.is_(None))
    if connection.execute(statement.values(changed).returning(table.c.id)).first() is None:
        raise RevisionConflict(what=what, name=name, expected=row.revision)


def _values(row: Any) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
