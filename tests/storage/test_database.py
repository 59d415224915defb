"""Reading, opening and closing, on both databases."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import insert, select, text

from jackfield.storage.database import open_database
from jackfield.storage.errors import (
    ConstraintFailed,
    DatabaseReadOnly,
    DatabaseUnavailable,
    StorageFailed,
    UnstorableValue,
)
from jackfield.storage.tables.coordination import lease
from jackfield.storage.tables.people import token
from storage.world import Names, kept, named, names

ORPHAN = insert(token).values(id="i", tenant="t", user_id="nobody", name="n", hash=b"h", scopes=[], created=0)


async def test_a_read_sees_one_state(database):
    """Two statements about one thing have to fit each other, whatever is committed between them."""
    loop = asyncio.get_running_loop()
    await database.submit(Names(), "before")

    def work(connection):
        first = names(connection)
        if database.dialect == "sqlite":  # reads have threads of their own there
            asyncio.run_coroutine_threadsafe(database.submit(Names(), "during"), loop).result(10)
        return first, names(connection)

    first, second = await database.read(work)

    assert first == second == ["before"]


async def test_reads_run_beside_each_other_and_beside_writes(database):
    """More than there are connections, too."""
    kind = Names()

    results = await asyncio.gather(*(database.read(names) for _ in range(20)), database.submit(kind, "a"))

    assert results[-1] == "A"
    assert await kept(database) == ["a"]


async def test_a_read_cannot_write(database):
    """What it wrote would be lost, or bypass the one that writes."""
    with pytest.raises(DatabaseReadOnly):
        await database.read(lambda connection: connection.execute(named("never")))

    assert await kept(database) == []


async def test_exceptions_of_a_read_arrive_as_they_are(database):
    """Only the drivers' own are translated."""
    with pytest.raises(ZeroDivisionError):
        await database.read(lambda connection: 1 / 0)


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (text("SELECT * FROM nowhere"), StorageFailed),
        (ORPHAN, ConstraintFailed),
        (named("a", "a"), ConstraintFailed),
        (insert(lease).values(tenant="t", name="n", owner=None, fence=1, until=0), ConstraintFailed),
        (insert(lease).values(tenant="t", name="n", owner="", fence=1, until=2**70), UnstorableValue),
        (insert(lease).values(tenant="t", name="\ud800", owner="", fence=1, until=0), UnstorableValue),
        (insert(lease).values(tenant="t", name="n", owner="", fence=1, until=0, data=float("nan")), UnstorableValue),
        (insert(lease).values(tenant="t", name="n", owner="", fence=1, until=0, data={1, 2}), UnstorableValue),
    ],
    ids=["table", "reference", "unique", "null", "large", "surrogate", "nan", "no-json"],
)  # fmt: skip
async def test_errors_of_the_driver_stay_inside(database, statement, error):
    """Callers act on what happened, and need not know who noticed."""
    with pytest.raises(error) as raised:
        await database.write(lambda connection: connection.execute(statement))

    assert type(raised.value) is error
    assert await kept(database) == []


async def test_values_of_rows_are_in_no_error(database):
    """PostgreSQL quotes them, and they may be secret."""
    with pytest.raises(ConstraintFailed) as raised:
        await database.write(lambda connection: connection.execute(named("hunter22", "hunter22")))

    assert "hunter22" not in str(raised.value.to_json())


@pytest.mark.parametrize("value", [{"b": [1, None, "\0 \ud800 ü"], "a": 1.5}, [], "text", 0, False, None])
async def test_json_comes_back_as_it_was(database, value):
    """Keys keep their order: forms are drawn in it."""
    row = {"tenant": "t", "name": "n", "owner": "", "fence": 1, "until": 0, "data": value}
    await database.write(lambda connection: connection.execute(insert(lease).values(row)))
    found = await database.read(lambda connection: connection.scalar(select(lease.c.data)))

    assert found == value
    assert list(found or {}) == list(value or {})


@pytest.mark.parametrize(
    "url", ["", "no-url", "mysql://user:hunter22@host/name", "hunter22", "sqlite://", "sqlite:///:memory:"]
)
async def test_a_wrong_address_is_refused_without_being_shown(url):
    """It may hold a password."""
    with pytest.raises(DatabaseUnavailable) as raised:
        await open_database(url)

    assert "hunter22" not in str(raised.value.to_json())
    assert "sqlite:///" in raised.value.hint


async def test_reads_after_closing_say_so(database_url):
    """Not with a driver's word for it."""
    database = await open_database(database_url)
    await database.close()

    with pytest.raises(DatabaseUnavailable, match="closed"):
        await database.read(names)


async def test_closing_twice_is_harmless(database_url):
    """Whoever cleans up after an error does not know how far it came."""
    database = await open_database(database_url)
    await database.close()
    await database.close()
