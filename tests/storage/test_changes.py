"""Who keeps something in memory hears when it changed, wherever that happened."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from databases import on_server
from jackfield.storage.changes import Changes, bump, version_in
from jackfield.storage.database import open_database
from jackfield.storage.tables.base import EVERYBODY
from storage.test_postgresql import CUT

SECRETS = {"tenant": "acme", "topic": "secrets"}
NEVER_S = 3600.0


@pytest.fixture
async def changes(database):
    """The bus of this process; it scans only when something is heard or a test asks."""
    bus = Changes(database, scan_s=NEVER_S)
    await bus.start()
    yield bus
    await bus.close()


@pytest.fixture
async def other(database_url):
    """Another process with the same database, as far as the database can tell."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


def change(database, **given):
    """Change something."""
    return database.write(partial(bump, **(SECRETS | given)))


async def test_a_change_of_this_process_is_known_when_it_returns(database, changes):
    """Who has just changed something must not be answered from what was before."""
    before = changes.version(**SECRETS)
    version = await change(database)

    assert before == 0
    assert changes.version(**SECRETS) == version > 0


async def test_tenants_and_topics_change_by_themselves(database, changes):
    """One tenant's change must not empty the caches of all."""
    await change(database)

    assert changes.version(tenant="other", topic="secrets") == 0
    assert changes.version(tenant="acme", topic="types") == 0


async def test_what_is_everybodys_changes_for_all(database, changes):
    """As a type that was seeded anew does."""
    version = await change(database, tenant=EVERYBODY)

    assert changes.version(**SECRETS) == version


async def test_a_change_that_was_rolled_back_did_not_happen(database, changes):
    """Its version will be another's, which would then go unnoticed."""

    def work(connection):
        bump(connection, **SECRETS)
        raise ValueError

    version, raised = await asyncio.gather(
        change(database, topic="types"), database.write(work), return_exceptions=True
    )

    assert type(raised) is ValueError
    assert changes.version(**SECRETS) == 0
    assert await change(database) == version + 1


async def test_versions_rise_whoever_changes_what(database, other):
    """A scan asks for what is higher than what it saw."""
    versions = [await change(each, topic=topic) for each in (database, other) for topic in ("types", "secrets")]

    assert versions == sorted(set(versions))


async def test_a_scan_finds_what_others_changed(database, changes, other):
    """SQLite cannot tell other processes; a look at an index costs little."""
    await change(database)
    version = await change(other)
    await changes.scan()

    assert changes.version(**SECRETS) == version


async def test_a_change_of_another_process_that_was_earlier_is_not_missed(database, changes, other):
    """This process has seen a higher version, its own, before it heard of that one."""
    lower = await change(other, topic="types")
    higher = await change(database)
    await changes.scan()

    assert changes.version(tenant="acme", topic="types") == lower < higher


async def test_waiting_ends_with_the_next_change(database, changes):
    """Not with one of another topic."""
    waiting = asyncio.ensure_future(changes.wait_for_change(**SECRETS, since=0))
    await change(database, topic="types")
    await asyncio.sleep(0)
    early = waiting.done()
    version = await change(database)

    assert not early
    assert await waiting == version
    assert await changes.wait_for_change(**SECRETS, since=0) == version


async def test_others_are_heard_at_once_or_by_the_next_scan(database_url, other):
    """Whichever the database can do."""
    database = await open_database(database_url)
    changes = Changes(database, scan_s=NEVER_S if database.dialect == "postgresql" else 0.01)
    await changes.start()
    version = await change(other)

    assert await asyncio.wait_for(changes.wait_for_change(**SECRETS, since=0), 10) == version
    await changes.close()
    await database.close()


async def test_what_changed_before_the_start_is_known(database, other):
    """A cache that is filled now is filled from then."""
    version = await change(other)
    changes = Changes(database, scan_s=NEVER_S)
    await changes.start()
    await changes.close()

    assert changes.version(**SECRETS) == version


async def test_a_lost_connection_is_listened_on_again(postgresql_url):
    """And what was missed meanwhile is looked up."""
    database, other = await open_database(postgresql_url), await open_database(postgresql_url)
    changes = Changes(database, scan_s=NEVER_S)
    await changes.start()
    first = await change(other)
    await asyncio.wait_for(changes.wait_for_change(**SECRETS, since=0), 10)
    await on_server(CUT.format(make_url(postgresql_url).database))
    second = await change(other)

    assert await asyncio.wait_for(changes.wait_for_change(**SECRETS, since=first), 10) == second
    await changes.close()
    await database.close()
    await other.close()


async def test_a_database_that_is_away_stops_nobody_who_follows(database_url, caplog):
    """What is known stays in use until it is back."""
    database = await open_database(database_url)
    changes = Changes(database, scan_s=0.001)
    await changes.start()
    version = await change(database)
    await database.write(lambda connection: connection.execute(text("ALTER TABLE change_version RENAME TO away")))
    while "not seen" not in caplog.text:
        await asyncio.sleep(0.001)
    meanwhile = changes.version(**SECRETS)
    await database.write(lambda connection: connection.execute(text("ALTER TABLE away RENAME TO change_version")))
    other = await open_database(database_url)
    later = await change(other)

    assert meanwhile == version
    assert await asyncio.wait_for(changes.wait_for_change(**SECRETS, since=version), 10) == later
    await changes.close()
    await other.close()
    await database.close()


async def test_a_read_knows_the_version_of_what_it_sees(database, changes):
    """What is kept with that version is outdated as soon as a higher one is known."""
    nothing = await database.read(partial(version_in, **SECRETS))
    version = await change(database)
    own = await database.read(partial(version_in, **SECRETS))
    later = await change(database, tenant=EVERYBODY)

    assert (nothing, own) == (0, version)
    assert await database.read(partial(version_in, **SECRETS)) == later == changes.version(**SECRETS)
    assert await database.read(partial(version_in, tenant="acme", topic="types")) == 0
