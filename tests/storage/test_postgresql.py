"""What can happen to a server and to the way there."""

from __future__ import annotations

import asyncio
import gc
import socket
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from databases import SERVER, on_server
from jackfield.storage.database import open_database
from jackfield.storage.errors import DatabaseBusy, DatabaseUnavailable
from storage.world import Names, kept, named

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"


@pytest.fixture
async def database(postgresql_url):
    """An open PostgreSQL database with empty tables."""
    opened = await open_database(postgresql_url)
    yield opened
    await opened.close()


async def cut_connections(url: str) -> None:
    """What a restart of the server does to its clients."""
    await on_server(CUT.format(make_url(url).database))


async def test_it_goes_on_after_the_server_restarted(database, postgresql_url):
    """Nobody has to restart Jackfield after a restart of PostgreSQL."""
    await database.submit(Names(), "before")
    await asyncio.gather(*(kept(database) for _ in range(4)))
    await cut_connections(postgresql_url)

    assert await database.submit(Names(), "after") == "AFTER"
    assert await asyncio.gather(*(kept(database) for _ in range(4))) == [["after", "before"]] * 4


async def test_a_connection_lost_in_the_middle_of_a_batch_repeats_it(database):
    """Nothing was committed, so nothing is doubled."""
    lives = []

    def work(connection):
        connection.execute(named("once"))
        lives.append(connection)
        if len(lives) == 1:
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    await database.write(work)

    assert len(lives) == 2
    assert await kept(database) == ["once"]


DIE_AT_COMMIT = [
    "CREATE TEMP TABLE last_words (id int)",
    "CREATE FUNCTION pg_temp.die() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$",
    "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON last_words DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION pg_temp.die()",
    "INSERT INTO last_words VALUES (1)",
]


async def test_a_connection_lost_in_the_commit_is_never_repeated(database):
    """It may have been committed: only the caller can know what a second time would mean."""
    lives = []

    def work(connection):
        lives.append(connection)
        connection.execute(named("perhaps"))
        for statement in DIE_AT_COMMIT:
            connection.execute(text(statement))

    both = await asyncio.gather(database.write(work), database.submit(Names(), "beside"), return_exceptions=True)

    assert [type(error) for error in both] == [DatabaseUnavailable] * 2
    assert [error.details["maybe_written"] for error in both] == [True, True]
    assert len(lives) == 1
    assert await database.submit(Names(), "after") == "AFTER"


async def test_a_deadlock_is_tried_again(database, postgresql_url):
    """The server picks one of the two to fail: the work of both is good."""
    await database.submit(Names(), "a")
    await database.submit(Names(), "b")
    other = await open_database(postgresql_url)
    loop, tries = asyncio.get_running_loop(), []

    def lock(name):
        return text(f"UPDATE lease SET fence = fence + 1 WHERE name = '{name}'")

    def second(connection):
        connection.execute(lock("b"))
        connection.execute(lock("a"))

    def first(connection):
        tries.append(connection)
        connection.execute(lock("a"))
        if len(tries) == 1:
            tries.append(loop.create_task(other.write(second)))
            connection.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
            while not connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                pass
        connection.execute(lock("b"))

    await database.write(first)
    await tries[1]
    fences = await database.read(lambda connection: connection.scalars(text("SELECT fence FROM lease")).all())
    await other.close()

    assert fences == [3, 3]


async def test_what_fails_again_and_again_is_said(database):
    """After three times it is no accident."""
    tries = []

    def work(connection):
        tries.append(connection)
        connection.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))

    with pytest.raises(DatabaseBusy):
        await database.write(work)

    assert len(tries) == 3
    assert await database.submit(Names(), "after") == "AFTER"


async def test_commits_are_durable_whatever_the_server_is_set_to(database, postgresql_url):
    """With `synchronous_commit=off`, answered records vanish when the server crashes."""
    name = make_url(postgresql_url).database
    await on_server(f"ALTER DATABASE {name} SET synchronous_commit = off")
    try:
        other = await open_database(postgresql_url)
        found = await other.write(lambda connection: connection.scalar(text("SHOW synchronous_commit")))
        await other.close()
    finally:
        await on_server(f"ALTER DATABASE {name} RESET synchronous_commit")

    assert found == "on"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"database": "nobody_made_this"}, "does not exist"),
        ({"query": {"sslmode": "sideways"}}, "sslmode"),
        ({"username": "nobody_knows_them", "password": "hunter22"}, "nobody_knows_them"),
    ],
    ids=["database", "parameter", "user"],
)
async def test_a_server_that_refuses_is_quoted_without_the_password(postgresql_url, change, reason):
    """The reason is the server's; the password is nobody's business."""
    url = make_url(postgresql_url).set(**change).render_as_string(hide_password=False)

    with pytest.raises(DatabaseUnavailable, match=reason) as raised:
        await open_database(url)

    assert "hunter22" not in str(raised.value.to_json())


async def test_a_server_that_is_not_there_is_named():
    """With host and port, where somebody can go and look."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        url = make_url(SERVER).set(port=port, password="hunter22").render_as_string(hide_password=False)
        with pytest.raises(DatabaseUnavailable, match=f"127.0.0.1:{port}") as raised:
            await open_database(url)

    assert "hunter22" not in str(raised.value.to_json())


async def test_closing_while_it_begins_to_listen_says_nothing(postgresql_url):
    """A command on the command line is over before that connection is made."""
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    for turns in range(40):
        database = await open_database(postgresql_url)
        hearing = asyncio.ensure_future(database.hear("anything", lambda: None))
        for _ in range(turns):
            await asyncio.sleep(0)
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        await database.close()
    gc.collect()
    await asyncio.sleep(0)

    assert told == []
