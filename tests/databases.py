"""Databases for tests: a fresh SQLite file, or the emptied database of a real PostgreSQL server."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from jackfield.storage.database import open_database
from jackfield.storage.tables import metadata

T = TypeVar("T")

SERVER = os.environ.get("JACKFIELD_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
FIRST_TENANT = "INSERT INTO tenant VALUES ('default', 'Default', 0, 0, 1, NULL)"
EMPTY = "; ".join([*(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)), FIRST_TENANT])


def in_a_loop_of_its_own(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, whatever loop this thread has or had."""
    results: list[T] = []
    thread = threading.Thread(target=lambda: results.append(asyncio.run(work)))
    thread.start()
    thread.join()
    return results[0]


def absence() -> str:
    """Why there is no PostgreSQL server to test on; empty if there is one."""

    async def look() -> str:
        try:
            await (await asyncpg.connect(SERVER, timeout=5)).close()
        except (OSError, asyncpg.PostgresError) as error:
            return f"no PostgreSQL answers at {SERVER} (JACKFIELD_TEST_POSTGRESQL): {error}"
        return ""

    return in_a_loop_of_its_own(look())


def require_postgresql() -> None:
    """Skip the test where no server is; in CI that is a failure, since half of storage would go untested."""
    if reason := absence():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


async def on_server(statement: str, *, url: str = SERVER) -> None:
    """Run one statement, or several without parameters, outside of a transaction."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def make_tables(url: str) -> None:
    """Bring the database at `url` to the present schema."""
    await (await open_database(url)).close()


def new_database() -> str:
    """The URL of a new, empty database of the server; `drop_database` takes it away."""
    name = f"jackfield_test_{uuid4().hex[:12]}"
    in_a_loop_of_its_own(on_server(f"CREATE DATABASE {name}"))
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Take a database away, also while something is still connected to it."""
    in_a_loop_of_its_own(on_server(f"DROP DATABASE {make_url(url).database} WITH (FORCE)"))
