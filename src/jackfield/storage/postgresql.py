"""PostgreSQL: one connection that writes, a few that read, all on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from jackfield.storage import json_text
from jackfield.storage.errors import DatabaseReadOnly, DatabaseUnavailable
from jackfield.storage.failures import cause, translated

try:
    import asyncpg  # type: ignore[import-untyped]  # it ships no types
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
except ImportError as error:
    raise DatabaseUnavailable(
        place="postgresql", reason=f"`{error.name}` is not installed", hint="pip install 'jackfield[postgres]'"
    ) from error

T = TypeVar("T")

ATTEMPTS = 3
CONNECT_TIMEOUT_S = 10
CLOSE_TIMEOUT_S = 2
RECONNECT_S = 1
COMMAND_TIMEOUT_S = 60
"""A server behind a broken network answers nothing at all."""

SETTINGS = {"application_name": "jackfield", "jit": "off"}
READING = {"default_transaction_read_only": "on", "default_transaction_isolation": "repeatable read"}
# Whoever runs the server may ask for more than `on`; less would lose what was answered.
DURABLE = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"


class PostgresqlDriver:
    """One database of a server.

    Attributes:
        place: Its URL without password and parameters.
    """

    dialect: Literal["postgresql"] = "postgresql"

    def __init__(self, url: str, *, readers: int) -> None:
        self.place = make_url(url).set(query={}).render_as_string(hide_password=True)
        self._url = url
        self._writer_engine = _engine(url, connections=1, settings={})
        self._reader_engine = _engine(url, connections=readers, settings=READING)
        self._writer: AsyncConnection | None = None

    @classmethod
    async def open(cls, url: str, *, readers: int) -> PostgresqlDriver:
        """Reach the database at `url`.

        Raises:
            DatabaseUnavailable: It cannot be reached, or refuses this user.
        """
        driver = cls(url, readers=readers)
        try:
            await driver.transaction(lambda _: None)
        except Exception as error:
            await driver.close()
            raise _unreachable(error, place=driver.place) from error
        return driver

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a read-only transaction; again where the connection was lost, since a read changes nothing."""
        try:
            return await self._read(work)
        except Exception as error:
            if cause(error) != "lost":
                raise translated(error, place=self.place) from error
        try:
            return await self._read(work)
        except Exception as error:
            raise translated(error, place=self.place) from error

    async def transaction(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in the writing transaction.

        Again after a deadlock, or where the connection was lost before the commit was sent: nothing was written then.
        """
        for left in reversed(range(ATTEMPTS)):
            try:
                return await self._write(work)
            except Exception as error:
                if cause(error) not in {"busy", "lost"} or not left:
                    raise
        raise AssertionError("the last attempt returns or raises")

    async def upgrade(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which changes tables and may take longer than a statement may otherwise."""
        engine = _engine(self._url, connections=1, settings={}, command_timeout_s=None)
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(work)
        except Exception as error:
            raise translated(error, place=self.place) from error
        finally:
            await engine.dispose()

    async def hear(self, channel: str, heard: Callable[[], None]) -> None:
        """Call `heard` at every NOTIFY of `channel`, and after each gap in which one may have been missed."""
        while True:
            try:
                await self._hear(channel, heard)
            except Exception as error:
                if cause(error) != "lost" and not isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError):
                    raise
                await asyncio.sleep(RECONNECT_S)

    async def _hear(self, channel: str, heard: Callable[[], None]) -> None:
        closed = asyncio.Event()
        connection = await self._listening()
        try:
            connection.add_termination_listener(lambda _: closed.set())
            await connection.add_listener(channel, lambda *_: heard())
            heard()
            await closed.wait()
        finally:
            with suppress(Exception):
                await connection.close(timeout=CLOSE_TIMEOUT_S)

    async def _listening(self) -> Any:
        """A connection that is not given up halfway: asyncpg tells the event loop of one that was, as of an error."""
        connecting = asyncio.ensure_future(_connect(self._url, settings={}, command_timeout_s=COMMAND_TIMEOUT_S))
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            await asyncio.wait([connecting], timeout=CLOSE_TIMEOUT_S)
            if connecting.done() and not connecting.exception():
                connecting.result().terminate()
            connecting.cancel()
            raise

    async def close(self) -> None:
        """Close every connection."""
        await self._drop_writer()
        await self._writer_engine.dispose()
        await self._reader_engine.dispose()

    async def _read(self, work: Callable[[Connection], T]) -> T:
        async with self._reader_engine.connect() as connection:
            return await connection.run_sync(work)

    async def _write(self, work: Callable[[Connection], T]) -> T:
        if self._writer is None:
            self._writer = await self._writer_engine.connect()
        try:
            result = await self._writer.run_sync(work)
            await self._commit(self._writer)
        except BaseException as error:
            if isinstance(error, Exception) and cause(error) in {"row", "busy"}:
                await self._writer.rollback()
            else:  # lost, refused or cancelled in the middle: nobody knows what state it is in
                await self._drop_writer()
            raise
        return result

    async def _commit(self, connection: AsyncConnection) -> None:
        try:
            await connection.commit()
        except Exception as error:
            if cause(error) == "lost":
                raise translated(error, place=self.place, maybe_written=True) from error
            raise

    async def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.invalidate()
            await writer.close()


def _engine(
    url: str, *, connections: int, settings: dict[str, str], command_timeout_s: float | None = COMMAND_TIMEOUT_S
) -> AsyncEngine:
    async def connect() -> Any:
        return await _connect(url, settings=settings, command_timeout_s=command_timeout_s)

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        json_serializer=json_text.write,
        json_deserializer=json_text.read,
    )


async def _connect(url: str, *, settings: dict[str, str], command_timeout_s: float | None) -> Any:
    """A connection of asyncpg, which reads the URL itself, so that it means what it means to libpq (`sslmode`)."""
    connection = await asyncpg.connect(
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
        timeout=CONNECT_TIMEOUT_S,
        command_timeout=command_timeout_s,
        server_settings=SETTINGS | settings,
    )
    try:
        await connection.execute(DURABLE)
    except BaseException:
        connection.terminate()
        raise
    return connection


def _unreachable(error: Exception, *, place: str) -> Exception:
    said = translated(error, place=place)
    if isinstance(said, DatabaseUnavailable | DatabaseReadOnly):
        return said
    return DatabaseUnavailable(place=place, reason=str(error.__cause__ or error).splitlines()[0])
