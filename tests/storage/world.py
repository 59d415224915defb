"""What the tests of the database share: a kind of rows that is easy to count and easy to make fail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Insert, insert, select

from jackfield.storage.database import Database
from jackfield.storage.tables.coordination import lease


class Names:
    """Rows are names; a name that is there already cannot be written again."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def apply(self, connection: Connection, rows: Sequence[str]) -> Sequence[str]:
        """Write all names with one statement."""
        self.batches.append(list(rows))
        connection.execute(named(*rows))
        return [name.upper() for name in rows]


def named(*names: str) -> Insert:
    """One statement that writes `names`."""
    return insert(lease).values([{"tenant": "t", "name": n, "owner": "", "fence": 1, "until": 0} for n in names])


def names(connection: Connection) -> list[str]:
    """All names that are kept, sorted."""
    return sorted(connection.scalars(select(lease.c.name)))


async def kept(database: Database) -> list[str]:
    """All names that others can see."""
    return await database.read(names)


def fail(error: Exception) -> Any:
    """A function for `write` that raises `error` after it wrote something."""

    def work(connection: Connection) -> None:
        connection.execute(named("unfinished"))
        raise error

    return work
