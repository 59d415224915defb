"""A look at a database that changes nothing in it, whatever state it is in."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection, Table, func, select, text

from jackfield.storage import migrate, processes, sealed_values, vault_keys
from jackfield.storage.database import Dialect, open_driver
from jackfield.storage.presence import SILENT_S
from jackfield.storage.processes import Process
from jackfield.storage.tables.base import EVERYBODY
from jackfield.storage.tables.catalogue import connector, connector_type
from jackfield.storage.tables.journal import execution
from jackfield.storage.tables.people import user_account
from jackfield.storage.tables.vault import secret

BUSY_S = 2.0
OPEN_STATUSES = {"PENDING", "RUNNING", "AWAITING_INPUT"}
UNKNOWN = "UNKNOWN_OUTCOME"

_VERSION = {"sqlite": "SELECT sqlite_version()", "postgresql": "SHOW server_version"}
_BYTES = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What is kept, of all tenants.

    Attributes:
        executions: How many there are of each status.
        rows: How many there are of each kind of thing that people make.
        alive: The processes that were seen lately.
        keys: Fingerprints of the keys that have encrypted anything, by id.
        sealed: The installation's own secrets, by name, sealed.
    """

    executions: dict[str, int]
    rows: dict[str, int]
    alive: list[Process]
    keys: dict[str, str]
    sealed: dict[str, bytes] = field(repr=False)

    @property
    def open(self) -> int:
        """How many executions have not ended."""
        return sum(count for status, count in self.executions.items() if status in OPEN_STATUSES)

    @property
    def unknown(self) -> int:
        """How many executions may have had their effect, and nobody knows."""
        return self.executions.get(UNKNOWN, 0)


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """A database as it is.

    Attributes:
        place: In words, without a password.
        server: Its version.
        revision: Of its schema; empty where it has none.
        contents: `None` unless the schema is the one of this version.
    """

    place: str
    dialect: Dialect
    server: str
    revision: str
    bytes: int
    contents: Contents | None


async def inspect(url: str) -> Inspection:
    """Look at the database at `url`, which has to be there.

    Raises:
        DatabaseUnavailable, DatabaseBusy, DatabaseReadOnly: It cannot be used.
    """
    driver = await open_driver(url, readers=1, busy_timeout_s=BUSY_S)
    try:
        return await driver.read(partial(_inspect, place=driver.place))
    finally:
        await driver.close()


def _inspect(connection: Connection, *, place: str) -> Inspection:
    dialect: Dialect = "postgresql" if connection.dialect.name == "postgresql" else "sqlite"
    revision = migrate.revision(connection)
    return Inspection(
        place=place,
        dialect=dialect,
        server=str(connection.scalar(text(_VERSION[dialect]))),
        revision=revision,
        bytes=int(connection.scalar(text(_BYTES[dialect])) or 0),
        contents=_contents(connection) if revision == migrate.HEAD else None,
    )


def _contents(connection: Connection) -> Contents:
    by_status = select(execution.c.status, func.count()).group_by(execution.c.status)
    return Contents(
        executions={row[0]: row[1] for row in connection.execute(by_status)},
        rows={
            "connectors": _count(connection, connector),
            "connector types": _count(connection, connector_type),
            "secrets": _count(connection, secret),
            "users": _count(connection, user_account),
        },
        alive=processes.living(connection, within_s=SILENT_S),
        keys=vault_keys.known(connection),
        sealed=sealed_values.every(connection, tenant=EVERYBODY),
    )


def _count(connection: Connection, table: Table) -> int:
    statement = select(func.count()).select_from(table)
    if "deleted" in table.c:
        statement = statement.where(table.c.deleted.is_(None))
    return int(connection.scalar(statement) or 0)
