"""SQLite: one thread that writes, a few that read, and other processes beside them."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Literal, TypeVar

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import QueuePool

from jackfield.storage import files, json_text
from jackfield.storage.errors import DatabaseUnavailable, UnstorableValue
from jackfield.storage.failures import cause, translated
from jackfield.storage.threads import Threads

T = TypeVar("T")

OLDEST = (3, 35, 0)  # `RETURNING`
PAUSE_S = 0.01
UPGRADE_WAIT_S = 300.0
"""Another process may be changing the tables of a large file."""


class SqliteDriver:
    """One file.

    Attributes:
        place: Its path.
    """

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(self, path: Path, *, readers: int, busy_timeout_s: float) -> None:
        self.place = str(path)
        self._busy_timeout_s = busy_timeout_s
        self._writer_engine = _engine(path, connections=1, writes=True, busy_timeout_s=busy_timeout_s)
        self._reader_engine = _engine(path, connections=readers, writes=False, busy_timeout_s=busy_timeout_s)
        self._connection: Connection | None = None
        self._writer = Threads(1, name="jackfield-write")
        self._readers = Threads(readers, name="jackfield-read")

    @classmethod
    async def open(cls, path: str, *, readers: int, busy_timeout_s: float) -> SqliteDriver:
        """Open the file at `path`, and make it where there is none.

        Raises:
            DatabaseUnavailable: It is no database, or no place for one.
            DatabaseReadOnly: This user may not write it.
        """
        if sqlite3.sqlite_version_info < OLDEST:
            reason = f"SQLite `{sqlite3.sqlite_version}` is older than 3.35"
            raise DatabaseUnavailable(place=path, reason=reason, hint="use a Python that was built with a newer one")
        absolute = await asyncio.to_thread(files.prepare, path)
        driver = cls(absolute, readers=readers, busy_timeout_s=busy_timeout_s)
        try:
            await driver.transaction(lambda _: None)  # says at once what is wrong with the file
        except Exception as error:
            await driver.close()
            raise translated(error, place=driver.place) from error
        return driver

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a reading thread."""
        try:
            return await self._readers.run(lambda: _patiently(self._reader_engine.begin, work, self._busy_timeout_s))
        except Exception as error:
            raise self._said(error) from error

    async def transaction(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in the writing thread."""
        return await self._writer.run(lambda: _patiently(self._writing, work, self._busy_timeout_s))

    async def upgrade(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which changes tables: without foreign keys, as SQLite can only make a table anew."""
        path = Path(self.place)
        engine = _engine(path, connections=1, writes=True, foreign_keys=False, busy_timeout_s=UPGRADE_WAIT_S)
        try:
            return await self._writer.run(lambda: _patiently(engine.begin, work, UPGRADE_WAIT_S))
        except Exception as error:
            raise self._said(error) from error
        finally:
            engine.dispose()

    async def hear(self, channel: str, heard: Callable[[], None]) -> None:
        """Nothing: SQLite cannot notify other processes, so they look now and then."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Close every connection, after what runs has ended."""
        await self._readers.join()
        self._reader_engine.dispose()
        await self._writer.join()
        if self._connection is not None:
            self._connection.close()
        self._writer_engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction on the connection of the writing thread, which is kept: to take one out of the pool and to
        put it back costs as much as to write a row."""
        if self._connection is None:
            self._connection = self._writer_engine.connect()
        try:
            with self._connection.begin():
                yield self._connection
        except BaseException:
            self._connection.close()  # the pool rolls back what a failed commit has left
            self._connection = None
            raise

    def _said(self, error: Exception) -> Exception:
        return translated(error, place=self.place)


def _patiently(
    begin: Callable[[], AbstractContextManager[Connection]], work: Callable[[Connection], T], timeout_s: float
) -> T:
    """Run `work` in a transaction, again while others hold the lock.

    SQLite waits by itself (`busy_timeout`) except where it fears a deadlock: while the first connection switches
    to WAL, or the last one cleans up.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            with begin() as connection:
                return work(connection)
        except Exception as error:
            if cause(error) != "busy" or time.monotonic() >= deadline:
                raise
        time.sleep(PAUSE_S)


def _engine(path: Path, *, connections: int, writes: bool, busy_timeout_s: float, foreign_keys: bool = True) -> Engine:
    engine = create_engine(
        "sqlite://",
        creator=lambda: _connect(path, writes=writes, foreign_keys=foreign_keys, busy_timeout_s=busy_timeout_s),
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        json_serializer=json_text.write,
        json_deserializer=json_text.read,
    )
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    # The driver begins nothing by itself (isolation_level None), so every transaction begins here.
    event.listen(engine, "begin", lambda connection: _begin(connection, begin))
    event.listen(engine, "handle_error", _on_error)
    return engine


def _begin(connection: Connection, statement: str) -> None:
    """Straight to the driver: on the way through SQLAlchemy it costs as much as the row that follows."""
    connection.connection.driver_connection.execute(statement)  # type: ignore[union-attr]


def _on_error(context: ExceptionContext) -> None:
    """The driver raises these two as they are, unlike its other errors."""
    error = context.original_exception
    if isinstance(error, OverflowError | UnicodeEncodeError):
        raise UnstorableValue(reason=type(error).__name__) from error


def _connect(path: Path, *, writes: bool, foreign_keys: bool, busy_timeout_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
    try:
        with closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
            cursor.execute("PRAGMA wal_autocheckpoint=4000")
            cursor.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    except BaseException:
        connection.close()
        raise
    return connection
