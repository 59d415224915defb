"""The database of one process: reads beside each other, writes in shared commits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from jackfield.storage import migrate
from jackfield.storage.batch import NOTES
from jackfield.storage.errors import DatabaseUnavailable
from jackfield.storage.writer import Limits, WriteKind, Writer

Dialect = Literal["sqlite", "postgresql"]

T = TypeVar("T")

Listener = Callable[[Sequence[Any]], None]

SQLITE_NAMES = {"sqlite"}
POSTGRESQL_NAMES = {"postgresql", "postgres", "postgresql+asyncpg"}

_UPGRADING = threading.Lock()  # Alembic keeps what it works on in module globals


class Driver(Protocol):
    """What differs between the databases.

    Attributes:
        place: The database in words, without a password.
    """

    place: str

    @property
    def dialect(self) -> Dialect:
        """Which of them it is."""

    def read(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Run `work` in a read-only transaction that sees one state. Raises domain errors."""

    def transaction(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Run `work` in the one transaction that writes. Raises the driver's errors."""

    def upgrade(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Run `work`, which changes tables, in a transaction of its own. Raises domain errors."""

    async def hear(self, channel: str, heard: Callable[[], None]) -> None:
        """Call `heard` when another process notifies `channel`, until cancelled."""

    async def close(self) -> None:
        """Close every connection."""


class Database:
    """A database that is open; made by `open_database`.

    Functions given to it are plain and run statements on the connection that they get, or let other functions do
    so. They run again when a shared commit has to be redone, so they have no other effect. They never commit.

    Attributes:
        dialect: For the few statements that differ.
        place: The database in words, without a password.
    """

    def __init__(self, driver: Driver, *, limits: Limits) -> None:
        self.dialect: Dialect = driver.dialect
        self.place = driver.place
        self._driver = driver
        self._writer = Writer(self._transaction, place=driver.place, limits=limits)
        self._listeners: list[Listener] = []

    async def read(self, work: Callable[[Connection], T]) -> T:
        """The result of `work` on a connection that reads; it sees one state of the database."""
        self._writer.check_open()
        return await self._driver.read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """The result of `work`, once what it wrote is durable.

        It shares its commit with others, in a savepoint of its own: when it raises, it alone leaves no trace.

        Raises:
            Overloaded: Too much is waiting already.
            JackfieldError: What `work` raised, or what is wrong with the database.
        """
        return await self._writer.put_closure(work)

    async def submit(self, kind: WriteKind[Any, T], row: Any, *, kept: bool = False) -> T:
        """The result of writing `row`, once it is durable.

        Rows of one kind share a statement. A caller that is cancelled before its row's batch began takes the row
        with it, unless the row is to be `kept`; later it is written all the same.

        Raises:
            Overloaded: Too much is waiting already.
            JackfieldError: What the kind raised for this row, or what is wrong with the database.
        """
        return await self._writer.put_row(kind, row, kept=kept)

    def listen(self, listener: Listener) -> None:
        """Call `listener` with what each commit of this process noted, before its callers are answered."""
        self._listeners.append(listener)

    async def hear(self, channel: str, heard: Callable[[], None]) -> None:
        """Call `heard` when another process notifies `channel`, until cancelled. On SQLite nobody does."""
        await self._driver.hear(channel, heard)

    async def close(self) -> None:
        """Write what was taken, then close."""
        await self._writer.close()
        await self._driver.close()

    async def _transaction(self, work: Callable[[Connection], T]) -> T:
        def noting(connection: Connection) -> tuple[T, list[Any]]:
            notes = connection.info[NOTES] = []
            return work(connection), notes

        result, notes = await self._driver.transaction(noting)
        if notes:
            for listener in self._listeners:
                listener(notes)
        return result


async def open_database(
    url: str, *, limits: Limits | None = None, readers: int = 4, busy_timeout_s: float = 10.0
) -> Database:
    """Open the database at `url`; one that is not there yet is made (SQLite).

    Args:
        url: `sqlite:///folder/file.db` (four slashes for an absolute path) or `postgresql://user@host/name`.
        limits: How much may wait to be written.
        readers: Connections that read.
        busy_timeout_s: How long to wait for another program that holds the SQLite file locked.

    Its tables are made, or brought to this version.

    Raises:
        SchemaTooNew: A newer Jackfield has used it.
        DatabaseUnavailable: It cannot be reached, is no database, or `url` is no address of one.
        DatabaseReadOnly: It cannot be written.
    """
    driver = await open_driver(url, readers=readers, busy_timeout_s=busy_timeout_s)
    try:
        await _upgrade(driver)
    except BaseException:
        await driver.close()
        raise
    return Database(driver, limits=limits or Limits())


async def open_driver(url: str, *, readers: int, busy_timeout_s: float) -> Driver:
    """The driver for `url`, whatever schema the database has. It makes a SQLite file, and no table.

    Raises:
        DatabaseUnavailable, DatabaseReadOnly: As `open_database`.
    """
    name = _driver_name(url)
    if name in SQLITE_NAMES:
        from jackfield.storage.sqlite import SqliteDriver

        path = make_url(url).database or ""
        return await SqliteDriver.open(path, readers=readers, busy_timeout_s=busy_timeout_s)
    if name in POSTGRESQL_NAMES:
        from jackfield.storage.postgresql import PostgresqlDriver

        return await PostgresqlDriver.open(url, readers=readers)
    raise _not_a_url(name)


async def _upgrade(driver: Driver) -> None:
    if await driver.read(migrate.revision) == migrate.HEAD:
        return
    while not _UPGRADING.acquire(blocking=False):  # noqa: ASYNC110 - a lock of threads, which have loops of their own
        await asyncio.sleep(0.01)
    try:
        await driver.upgrade(lambda connection: migrate.migrate(connection, place=driver.place))
    finally:
        _UPGRADING.release()


def _driver_name(url: str) -> str:
    try:
        return make_url(url).drivername
    except (ArgumentError, ValueError):
        raise _not_a_url("(not shown)") from None  # the value may hold a password


def _not_a_url(place: str) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        place=place,
        reason="it is no address of a database",
        hint="give `sqlite:///path/to/file.db` or `postgresql://user:password@host/name`",
    )
