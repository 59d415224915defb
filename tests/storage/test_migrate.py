"""The schema: made once, the same on both databases, and by one process at a time."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from databases import drop_database, new_database, require_postgresql
from jackfield.storage import migrate
from jackfield.storage.database import open_database
from jackfield.storage.errors import SchemaTooNew
from jackfield.storage.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    require_postgresql()
    url = new_database()
    yield url
    drop_database(url)


def differences(connection) -> list[object]:
    """What a migration would still have to do."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_migrations_make_exactly_the_tables_of_the_code(empty_url):
    """A column that only the code knows fails at the first user's, not here."""
    database = await open_database(empty_url)
    found = await database.read(differences)
    await database.close()

    assert found == []


async def test_every_table_has_a_tenant():
    """Nothing may have to be told apart by tenant later, when it cannot be any more."""
    assert [name for name, table in metadata.tables.items() if "tenant" not in table.c] == []


async def test_indices_have_their_conditions(empty_url):
    """Comparing metadata does not look at them, and a unique index without its condition refuses good rows."""
    catalogue = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }
    database = await open_database(empty_url)
    made = dict(await database.read(lambda c: [tuple(row) for row in c.execute(text(catalogue[database.dialect]))]))
    await database.close()
    wanted = {
        index.name: index.dialect_options[database.dialect]["where"] is not None
        for table in metadata.tables.values()
        for index in table.indexes
    }

    assert {name: " WHERE " in made[name] for name in wanted} == wanted


async def test_the_first_tenant_is_there(database):
    """A new installation has somewhere to put things."""
    assert await database.read(lambda connection: connection.scalars(text("SELECT tenant FROM tenant")).all()) == [
        "default"
    ]


async def test_a_database_of_a_newer_version_is_left_alone(database_url):
    """An old program does not know what it would break."""
    database = await open_database(database_url)
    await database.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    await database.close()
    try:
        with pytest.raises(SchemaTooNew) as raised:
            await open_database(database_url)
    finally:
        await restore(database_url)

    assert raised.value.details["found"] == "9999"


async def restore(url: str) -> None:
    """Other tests use this database too."""
    driver = await driver_of(url)
    statement = text(f"UPDATE alembic_version SET version_num = '{migrate.HEAD}'")
    await driver.upgrade(lambda connection: connection.execute(statement))
    await driver.close()


async def driver_of(url: str):
    """A driver without a look at the schema."""
    from jackfield.storage.postgresql import PostgresqlDriver
    from jackfield.storage.sqlite import SqliteDriver

    if url.startswith("sqlite"):
        return await SqliteDriver.open(url.removeprefix("sqlite:///"), readers=1, busy_timeout_s=10)
    return await PostgresqlDriver.open(url, readers=1)


async def test_a_migration_that_fails_leaves_nothing(empty_url):
    """Half a schema could neither be used nor be migrated."""
    driver = await driver_of(empty_url)

    def work(connection):
        migrate.migrate(connection, place=driver.place)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await driver.upgrade(work)
    found = await driver.read(migrate.revision)
    await driver.close()
    database = await open_database(empty_url)
    await database.close()

    assert found == ""


def test_the_newest_migration_is_the_one_that_is_asked_for():
    """One SELECT compares with `HEAD`; forgotten, nobody would ever be migrated."""
    script = ScriptDirectory(str(migrate.MIGRATIONS))

    assert script.get_heads() == [migrate.HEAD]


OPEN = """
import asyncio, sys
from jackfield.storage.database import open_database
sys.stdin.readline()
async def main():
    database = await open_database(sys.argv[1])
    await database.close()
    print("alembic" in sys.modules)
asyncio.run(main())
"""


def processes(url: str, count: int) -> list[str]:
    """Start several processes that wait, let them all go at once, and take what they say."""
    command = [sys.executable, "-W", "error", "-c", OPEN, url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    running = [subprocess.Popen(command, text=True, **pipes) for _ in range(count)]
    for each in running:
        each.stdin.write("\n")
        each.stdin.flush()
    return [each.communicate(timeout=60)[0].strip() for each in running]


@pytest.mark.slow
def test_several_processes_may_start_at_once(empty_url):
    """One migrates, and the others find it done."""
    said = processes(empty_url, 4)

    assert set(said) <= {"True", "False"}
    assert "True" in said


@pytest.mark.slow
def test_a_database_that_is_up_to_date_costs_no_alembic(sqlite_url):
    """It takes 0.6 s to import."""
    assert processes(sqlite_url, 1) == ["False"]


async def test_two_databases_may_be_made_at_once_in_one_process(tmp_path):
    """Alembic keeps what it works on in module globals."""
    urls = [f"sqlite:///{tmp_path / name}.db" for name in "abc"]
    opened = await asyncio.gather(*map(open_database, urls))
    found = [await database.read(differences) for database in opened]
    for database in opened:
        await database.close()

    assert found == [[], [], []]
