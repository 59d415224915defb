"""What became of executions since a place: those that were made, and those that have ended meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Text,
    cast,
    func,
    literal,
    literal_column,
    not_,
    select,
    tuple_,
)
from sqlalchemy.types import UserDefinedType

from jackfield.storage.change_cursors import FilePlace, Place, ServerPlace, next_transaction, oldest_running
from jackfield.storage.database import Database
from jackfield.storage.journal import COLUMNS, ExecutionRow
from jackfield.storage.tables.journal import execution as executions

_ROWID: ColumnElement[int] = literal_column("execution.rowid", BigInteger)
_SHOWN = [column for column in COLUMNS if column.name != "params"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """An execution as it is now, and the place behind its change."""

    row: ExecutionRow
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """What has changed.

    Attributes:
        changes: In the order of `place`; of an execution that changed several times, its last change. Rows have no
            `params`.
        place: Behind all of them.
        more: There is more behind them.
        missed: Nobody can say what has changed: what the place says is not there any more, or never was.
    """

    changes: Sequence[Change]
    place: Place
    more: bool = False
    missed: bool = False


async def present(db: Database) -> Place:
    """The place behind everything that is committed now."""
    return await db.read(_present)


async def changed(db: Database, *, after: Place, until: Place | None = None, limit: int) -> Changed:
    """What has changed after a place, whoever made the call.

    Args:
        until: A later place, behind which nothing is looked at.
        limit: At most so many.
    """
    return await db.read(lambda connection: _changed(connection, after, until, limit))


def _changed(connection: Connection, after: Place, until: Place | None, limit: int) -> Changed:
    until = until or _present(connection)
    if isinstance(after, FilePlace) and isinstance(until, FilePlace):
        found = _in_file(connection, after, until, limit)
    elif isinstance(after, ServerPlace) and isinstance(until, ServerPlace):
        found = _on_server(connection, after, until, limit)
    else:  # of another database
        found = None
    if found is None:
        return Changed(changes=(), place=until, missed=True)
    if len(found) > limit:
        return Changed(changes=found[:limit], place=found[limit - 1].place, more=True)
    return Changed(changes=found, place=until)


def _present(connection: Connection) -> Place:
    if connection.dialect.name == "postgresql":
        return ServerPlace(str(connection.scalar(select(cast(func.pg_current_snapshot(), Text)))))
    last = connection.execute(select(_ROWID, executions.c.id).order_by(_ROWID.desc()).limit(1)).first()
    return FilePlace(*last) if last else FilePlace(0, "")


def _in_file(connection: Connection, after: FilePlace, until: FilePlace, limit: int) -> list[Change] | None:
    if after.rowid:
        # Numbers begin anew when all rows were deleted or the file was copied; then the execution has another one.
        now = connection.scalar(select(_ROWID).where(executions.c.id == after.id))
        if now is None or now < after.rowid:
            return None
    between = (after.rowid < _ROWID, until.rowid >= _ROWID)
    rows = connection.execute(select(_ROWID, *_SHOWN).where(*between).order_by(_ROWID).limit(limit + 1))
    return [Change(row=_row(row), place=FilePlace(row[0], row.id)) for row in rows]


def _on_server(connection: Connection, after: ServerPlace, until: ServerPlace, limit: int) -> list[Change] | None:
    if next_transaction(after.seen) > next_transaction(until.seen):  # of another server, or of one that was restored
        return None
    if not after.until:
        return _between(connection, after.seen, until.seen, limit)
    rest = (after.changed_in, after.id)
    found = _between(connection, after.seen, after.until, limit, behind=rest, now=until.seen)
    if len(found) <= limit:
        found += _between(connection, after.until, until.seen, limit)
    return found


def _between(
    connection: Connection,
    seen: str,
    until: str,
    limit: int,
    *,
    behind: tuple[int, str] | None = None,
    now: str | None = None,
) -> list[Change]:
    """What is in the snapshot `until` and not in `seen`, and in `now` too where that is given."""
    stamp, order = executions.c.changed_in, (executions.c.changed_in, executions.c.id)
    meets = [
        stamp.is_not(None),  # so that the index is used
        stamp >= oldest_running(seen),
        stamp < next_transaction(until),
        not_(_visible(stamp, seen)),
        *(_visible(stamp, each) for each in (until, now) if each),
    ]
    if behind is not None:
        meets.append(tuple_(*order) > tuple_(*(literal(each) for each in behind)))
    statement = select(stamp, *_SHOWN).where(*meets).order_by(*order).limit(limit + 1)
    rows = connection.execute(statement)
    return [Change(row=_row(row), place=ServerPlace(seen, until, row[0], row.id)) for row in rows]


class _Native(UserDefinedType[Any]):
    """A type that only PostgreSQL has; values pass as text."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        return self.name


def _visible(transaction: ColumnElement[Any], snapshot: str) -> ColumnElement[bool]:
    of_column = cast(cast(transaction, Text), _Native("xid8"))
    return func.pg_visible_in_snapshot(of_column, cast(cast(literal(snapshot), Text), _Native("pg_snapshot")))


def _row(row: Row[Any]) -> ExecutionRow:
    values = dict(row._mapping)
    return ExecutionRow(**{column.name: values[column.name] for column in _SHOWN}, params=b"")
