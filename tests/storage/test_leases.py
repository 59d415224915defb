"""One holder at a time, decided by one statement."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from jackfield.storage import leases
from jackfield.storage.database import open_database

ACME = {"tenant": "default", "name": "refresh acme"}


def acquire(database, owner: str, *, for_s: float = 60, **given):
    """Try to get the lease."""
    return database.write(partial(leases.acquire, owner=owner, for_s=for_s, **(ACME | given)))


def find(database):
    """Who holds it."""
    return database.read(partial(leases.find, **ACME))


async def test_the_second_one_does_not_get_it(database):
    """That is what a lease is for."""
    first = await acquire(database, "one")

    assert (first.owner, first.fence) == ("one", 1)
    assert await acquire(database, "two") is None
    assert await find(database) == first


async def test_not_even_the_holder_gets_it_twice(database):
    """Two tasks of one process exclude each other too."""
    await acquire(database, "one")

    assert await acquire(database, "one") is None


async def test_of_many_that_try_at_once_one_gets_it(database_url):
    """Two processes, each with a writer of its own."""
    databases = [await open_database(database_url) for _ in range(2)]
    tries = [acquire(database, f"{n}") for n, database in enumerate(databases * 10)]
    got = [lease for lease in await asyncio.gather(*tries) if lease]
    for database in databases:
        await database.close()

    assert len(got) == 1


async def test_names_and_tenants_do_not_meet(database):
    """A lease is known by both."""
    held = [
        await acquire(database, "one"),
        await acquire(database, "two", name="refresh other"),
        await acquire(database, "three", tenant="acme"),
    ]

    assert [lease.owner for lease in held] == ["one", "two", "three"]


async def test_one_whose_time_is_over_goes_to_the_next_with_a_higher_fence(database):
    """What the first one still does is refused by the fence."""
    late = await acquire(database, "one", for_s=0)
    next_one = await acquire(database, "two")

    assert (next_one.owner, next_one.fence) == ("two", late.fence + 1)
    assert await database.write(partial(leases.renew, held=late, for_s=60)) is None
    assert await database.write(partial(leases.release, held=late)) is False
    assert await find(database) == next_one


async def test_one_whose_time_is_over_is_held_by_nobody(database):
    """Though its holder may still renew it, as long as nobody else came."""
    late = await acquire(database, "one", for_s=0)
    before = await find(database)
    renewed = await database.write(partial(leases.renew, held=late, for_s=60))

    assert before is None
    assert renewed.fence == late.fence
    assert await find(database) == renewed


async def test_renewing_gives_more_time(database):
    """A refresh may take longer than anybody planned."""
    held = await acquire(database, "one", for_s=1)
    renewed = await database.write(partial(leases.renew, held=held, for_s=100))

    assert renewed.until > held.until + 90_000_000
    assert (renewed.owner, renewed.fence) == (held.owner, held.fence)


async def test_a_released_one_is_free_and_its_fence_goes_on(database):
    """Had it started again at 1, an older holder could pass for the new one."""
    held = await acquire(database, "one")

    assert await database.write(partial(leases.release, held=held, data={"page": 7})) is True
    assert await find(database) is None
    assert await database.write(partial(leases.release, held=held)) is False
    after = await acquire(database, "two")
    assert (after.fence, after.data) == (held.fence + 1, {"page": 7})


@pytest.mark.parametrize("data", [{"cursor": "b"}, None])
async def test_holders_leave_word_for_their_successors(database, data):
    """A poller's cursor, for example."""
    held = await acquire(database, "one")
    renewed = await database.write(partial(leases.renew, held=held, for_s=0, data={"cursor": "a"}))
    unchanged = await database.write(partial(leases.renew, held=renewed, for_s=0))
    await database.write(partial(leases.renew, held=renewed, for_s=0, data=data))
    after = await acquire(database, "two")

    assert (held.data, renewed.data, unchanged.data) == (None, {"cursor": "a"}, {"cursor": "a"})
    assert after.data == data


async def test_of_two_that_take_over_from_a_dead_one_only_one_does(database):
    """Both saw that it is dead; the fence that they saw decides."""
    dead = await acquire(database, "dead")
    takes = [database.write(partial(leases.take_over, held=dead, owner=owner, for_s=60)) for owner in ("one", "two")]
    one, two = await asyncio.gather(*takes)

    assert two is None
    assert (one.owner, one.fence) == ("one", dead.fence + 1)
    assert await database.write(partial(leases.renew, held=dead, for_s=60)) is None
