"""Who is there."""

from __future__ import annotations

import os
from functools import partial

from sqlalchemy import update

from jackfield.storage import processes
from jackfield.storage.clock import microseconds
from jackfield.storage.tables.coordination import process


async def register(database, kind="server") -> str:
    """Enter this process once more."""
    return await database.write(partial(processes.register, kind=kind, version="1.2.3"))


async def last_seen(database, id: str, *, ago_s: float) -> None:
    """Make a process silent since then."""
    then = process.c.seen - microseconds(ago_s)
    await database.write(
        lambda connection: connection.execute(update(process).where(process.c.id == id).values(seen=then))
    )


def living(database, within_s: float = 10):
    """The ids of those seen lately."""
    return database.read(lambda connection: [each.id for each in processes.living(connection, within_s=within_s)])


async def test_a_registered_process_lives(database):
    """With what people need to find it."""
    own = await register(database)
    (found,) = await database.read(partial(processes.living, within_s=10))

    assert (found.id, found.kind, found.pid, found.version) == (own, "server", os.getpid(), "1.2.3")
    assert abs(found.started - found.seen) < microseconds(1)


async def test_a_silent_one_is_not_counted_until_it_is_heard_again(database):
    """It may only have been stopped for a while."""
    one, two = await register(database), await register(database, "cli")
    await last_seen(database, one, ago_s=20)
    before = await living(database)

    assert before == [two]
    assert await database.write(partial(processes.heartbeat, id=one)) is True
    assert await living(database) == [one, two]


async def test_one_that_was_given_up_learns_it(database):
    """Others have taken over what it held."""
    one, two = await register(database), await register(database)
    await last_seen(database, one, ago_s=20)

    assert await database.write(partial(processes.give_up, silent_s=10)) == [one]
    assert await database.write(partial(processes.give_up, silent_s=10)) == []
    assert await database.write(partial(processes.heartbeat, id=one)) is False
    assert await living(database) == [two]


async def test_one_that_leaves_is_gone_at_once(database):
    """Nobody has to wait for its silence."""
    one = await register(database)
    await database.write(partial(processes.leave, id=one))

    assert await living(database) == []
