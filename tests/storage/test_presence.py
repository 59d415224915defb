"""A process among others."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from sqlalchemy import text, update

from jackfield.storage import processes
from jackfield.storage.clock import microseconds
from jackfield.storage.database import open_database
from jackfield.storage.errors import DatabaseUnavailable
from jackfield.storage.presence import SILENT_S, Presence
from jackfield.storage.tables.coordination import process

FAR_S = 3600.0


def a_presence(database, *, heartbeat_s: float = FAR_S) -> Presence:
    return Presence(database, kind="sdk", version="1.2.3", heartbeat_s=heartbeat_s)


def listed(database):
    return database.read(lambda connection: [each.id for each in processes.living(connection, within_s=FAR_S)])


async def silence(database, id: str) -> None:
    """Make a process look as if it had just become silent for too long."""
    then = process.c.seen - microseconds(SILENT_S + 1)
    await database.write(
        lambda connection: connection.execute(update(process).where(process.c.id == id).values(seen=then))
    )


async def test_a_process_is_listed_when_it_first_holds_something(database):
    """One that only reads leaves no trace. Callers that come at once get one name."""
    presence = a_presence(database)
    before = await listed(database)
    names = await asyncio.gather(*(presence.owner() for _ in range(5)))

    assert before == []
    assert len(set(names)) == 1
    assert await listed(database) == names[:1]
    await presence.close()


async def test_a_caller_that_leaves_does_not_take_the_entry_along(database):
    """Others wait for it."""
    presence = a_presence(database)
    first = asyncio.create_task(presence.owner())
    second = asyncio.create_task(presence.owner())
    await asyncio.sleep(0)
    first.cancel()
    own = await second

    assert first.cancelled()
    assert await listed(database) == [own]
    await presence.close()


async def test_a_process_that_leaves_is_gone_at_once(database):
    """What it held can be taken over without waiting for its silence. Closing twice does no harm."""
    presence = a_presence(database)
    await presence.owner()
    await presence.close()
    await presence.close()

    assert await listed(database) == []


async def test_the_heart_beats_by_itself(database):
    """While the process does something else."""
    presence = a_presence(database, heartbeat_s=0.001)
    own = await presence.owner()
    await silence(database, own)
    await presence.beaten()
    await presence.beaten()

    assert [each.id for each in await database.read(partial(processes.living, within_s=SILENT_S))] == [own]
    await presence.close()


async def test_one_that_was_given_up_goes_on_under_a_new_name(database):
    """What it held under the old one may be another's by now; that it still works on some of it, it knows."""
    presence = a_presence(database)
    old = await presence.owner()
    await silence(database, old)
    await database.write(partial(processes.give_up, silent_s=SILENT_S))
    await presence.beat()
    new = await presence.owner()

    assert new != old
    assert await listed(database) == [new]
    assert await database.read(presence.alive) == {old, new}
    await presence.beat()
    assert await presence.owner() == new
    await presence.close()
    assert await listed(database) == []


async def test_the_silent_are_not_alive_and_this_process_always_is(database):
    """Its own calls are in its own memory, whatever the table says."""
    mine, theirs = a_presence(database), a_presence(database)
    own, other = await mine.owner(), await theirs.owner()
    before = await database.read(mine.alive)
    await silence(database, own)
    await silence(database, other)

    assert before == {own, other}
    assert await database.read(mine.alive) == {own}
    assert await database.read(a_presence(database).alive) == set()
    await mine.close()
    await theirs.close()


async def test_a_database_that_fails_stops_neither_the_heart_nor_the_end(database_url, caplog):
    """It may be back for the next beat; and a process that ends must not hang on a database that is gone."""
    database = await open_database(database_url)
    presence = a_presence(database, heartbeat_s=0.001)
    await presence.owner()
    await database.write(lambda connection: connection.execute(text("DELETE FROM process")))
    await database.close()
    await presence.beaten()
    await presence.beaten()
    await presence.close()

    assert "others cannot see that this process lives" in caplog.text
    assert "stays on the list of processes until it is given up" in caplog.text


async def test_one_that_cannot_enter_says_so_and_tries_again(database_url):
    """A write that nobody could take over must not be sent."""
    database = await open_database(database_url)
    presence = a_presence(database)
    await database.close()
    with pytest.raises(DatabaseUnavailable):
        await presence.owner()
    with pytest.raises(DatabaseUnavailable):
        await presence.owner()
    await presence.close()
