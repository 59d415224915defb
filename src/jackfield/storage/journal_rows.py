"""Statements over many rows: one text, one execution, whatever the number of rows.

Not SQLAlchemy's own inserts: at 32 rows of `execution` they cost 18.6 µs a row on SQLite where these cost 8.7, and an
`executemany` gives up and retakes the interpreter lock for every row. Tables and columns still come from the metadata.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql

from jackfield.storage.tables.journal import STAMP

Values = tuple[Any, ...]

AT_ONCE = 64
"""Rows of one statement on SQLite, which is far from its limit of 32,766 values."""


@dataclass(frozen=True)
class Many:
    """A statement that reads its rows from `{rows}`, whose columns are `column1`, `column2` and so on.

    Attributes:
        columns: What each value of a row is compared with or stored in; PostgreSQL wants to know the types.
        stamp: What takes the place of `{stamp}` in the text, by dialect.
    """

    text: str
    columns: tuple[Column[Any], ...]
    stamp: tuple[str, str] = ("", "")

    def run(self, connection: Connection, rows: Sequence[Values]) -> list[Any]:
        """Execute it over `rows`; what it returns, in no particular order."""
        if connection.dialect.name == "postgresql":
            return _returned(connection, _on_postgresql(self), tuple(map(list, zip(*rows, strict=True))))
        found: list[Any] = []
        for part in _parts(rows):
            found += _returned(connection, _on_sqlite(self, len(part)), tuple(chain.from_iterable(part)))
        return found


@dataclass(frozen=True)
class Insert:
    """Inserts rows that have a value for every column of a table, but for those that PostgreSQL stamps."""

    table: Table

    def run(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Insert `rows`."""
        if connection.dialect.name == "postgresql":
            # asyncpg sends an `executemany` in one go: 8 µs a row of `execution` at 32, an array a column 14.
            connection.exec_driver_sql(_one_by_one(self.table), list(rows))
        else:
            _insert(self.table).run(connection, rows)


def insert_into(table: Table, tail: str = "") -> Many:
    """An insert of whole rows, ended by `tail`, such as `ON CONFLICT DO NOTHING`."""
    columns = given_columns(table)
    return Many(f"INSERT INTO {table.name} ({_names(columns)}) {{rows}} {tail}", columns)


def given_columns(table: Table) -> tuple[Column[Any], ...]:
    """The columns that rows have values for."""
    return tuple(column for column in table.columns if STAMP not in column.info)


def update_of(
    table: Table, *, match: Sequence[Column[Any]], change: Sequence[Column[Any]], where: str = "", returning: str = ""
) -> Many:
    """An update by rows that hold the values of `match`, then those of `change`."""
    numbered = [f"{{}} = given.column{number}" for number in range(1, len(match) + len(change) + 1)]
    matches = [sql.format(f"{table.name}.{column.name}") for sql, column in zip(numbered, match, strict=False)]
    changes = [sql.format(column.name) for sql, column in zip(numbered[len(match) :], change, strict=True)]
    given = f"FROM ({{rows}}) AS given WHERE {' AND '.join(matches)}"
    text = f"UPDATE {table.name} SET {', '.join(changes)}{{stamp}} {given}"  # noqa: S608 - names of our own tables
    tail = (f" AND {where}" if where else "") + (f" RETURNING {returning}" if returning else "")
    return Many(text + tail, (*match, *change), _stamp(table))


def _stamp(table: Table) -> tuple[str, str]:
    """How an update says that a row has changed: on SQLite, and on PostgreSQL.

    SQLite has one writer at a time, so the highest `rowid` is the latest insert; a row that changes is put behind it.
    """
    stamped = next((column for column in table.columns if STAMP in column.info), None)
    if stamped is None:
        return "", ""
    behind = f"(SELECT max(rowid) FROM {table.name}) + given.place"  # noqa: S608 - names of our own tables
    return f", rowid = {behind}", f", {stamped.name} = {stamped.info[STAMP]}"


def _names(columns: Sequence[Column[Any]]) -> str:
    return ", ".join(column.name for column in columns)


@cache
def _insert(table: Table) -> Many:
    return insert_into(table)


@cache
def _one_by_one(table: Table) -> str:
    given = given_columns(table)
    stamped = [column for column in table.columns if STAMP in column.info]
    places = ", ".join([*(f"${n}" for n in range(1, len(given) + 1)), *(each.info[STAMP] for each in stamped)])
    return f"INSERT INTO {table.name} ({_names([*given, *stamped])}) VALUES ({places})"  # noqa: S608 - our own tables


@cache
def _on_postgresql(many: Many) -> str:
    """An array a column: the text, and so the prepared statement, is the same for every number of rows."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    arrays = [f"${n}::{column.type.compile(dialect)}[]" for n, column in enumerate(many.columns, 1)]
    names = ", ".join(f"column{n}" for n in range(1, len(many.columns) + 1))
    rows = f"SELECT * FROM unnest({', '.join(arrays)}) AS array_rows({names})"  # noqa: S608 - types of our own columns
    return many.text.format(rows=rows, stamp=many.stamp[1])


@cache
def _on_sqlite(many: Many, count: int) -> str:
    row = f"({', '.join('?' * len(many.columns))})"
    rows = f"VALUES {', '.join([row] * count)}"
    if many.stamp[0]:
        rows = f"SELECT *, row_number() OVER () AS place FROM ({rows})"  # noqa: S608 - `rows` are placeholders
    return many.text.format(rows=rows, stamp=many.stamp[0])


def _parts(rows: Sequence[Values]) -> Iterator[Sequence[Values]]:
    """`rows` in powers of two, so that few texts are ever prepared, and stay prepared."""
    start = 0
    while left := len(rows) - start:
        size = min(AT_ONCE, 1 << (left.bit_length() - 1))
        yield rows[start : start + size]
        start += size


def _returned(connection: Connection, text: str, values: Values) -> list[Any]:
    result = connection.exec_driver_sql(text, values)
    return list(result.fetchall()) if result.returns_rows else []
