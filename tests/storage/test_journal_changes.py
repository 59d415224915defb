"""What has changed since a place, whoever committed it and in whatever order."""

from __future__ import annotations

import asyncio
import random

import pytest

from jackfield.storage.change_cursors import FilePlace, ServerPlace, is_snapshot, read_place, write_place
from jackfield.storage.database import open_database
from jackfield.storage.journal import record
from jackfield.storage.journal_changes import changed, present
from jackfield.storage.journal_errors import CursorInvalid
from jackfield.storage.journal_recovery import recover
from jackfield.storage.journal_settle import settle
from storage.journal_world import ME, an_ending, an_execution, claimed, living

LIMIT = 1000


async def test_what_was_committed_after_a_place_is_told_once(database):
    """However its ids and times lie: a call that began an hour earlier may be recorded last."""
    await record(database, an_execution())
    start = await present(database)
    rows = [an_execution(started=10**15 - number, id=f"{9 - number}") for number in range(3)]
    for row in rows:
        await record(database, row)
    found = await changed(database, after=start, limit=LIMIT)
    again = await changed(database, after=found.place, limit=LIMIT)

    assert [change.row.id for change in found.changes] == [row.id for row in rows]
    assert not found.missed
    assert not again.changes


async def test_a_write_is_told_when_it_is_claimed_and_when_it_has_ended(database):
    """Its row is changed, not added: a place by inserts alone would miss its end."""
    start = await present(database)
    write = await claimed(database)
    begun = await changed(database, after=start, limit=LIMIT)
    await settle(database, write, an_ending())
    ended = await changed(database, after=begun.place, limit=LIMIT)

    assert [change.row.status for change in begun.changes] == ["RUNNING"]
    assert [(change.row.id, change.row.status) for change in ended.changes] == [(write.execution_id, "COMPLETED")]


async def test_the_end_that_is_found_out_later_is_told_too(database):
    """A process died with a write in hand, and another one says what that means."""
    write = await claimed(database, owner=ME)
    start = await present(database)
    await recover(database, alive=living(), now=1)
    found = await changed(database, after=start, limit=LIMIT)

    assert [(change.row.id, change.row.status) for change in found.changes] == [(write.execution_id, "UNKNOWN_OUTCOME")]


async def test_many_ends_in_one_commit_are_told_one_by_one(database):
    """They share a statement, and still have a place each."""
    writes = [await claimed(database, f"key {number}") for number in range(70)]
    start = await present(database)
    await asyncio.gather(*(settle(database, write, an_ending()) for write in writes))
    found = await changed(database, after=start, limit=LIMIT)

    assert sorted(change.row.id for change in found.changes) == sorted(write.execution_id for write in writes)
    assert len({change.place for change in found.changes}) == len(writes)


async def test_every_place_in_between_continues_where_it_was(database):
    """Of what came in one go, a client may have read a part."""
    start = await present(database)
    await asyncio.gather(*(record(database, an_execution()) for _ in range(12)))
    found = await changed(database, after=start, limit=LIMIT)
    whole = [change.row.id for change in found.changes]
    await record(database, late := an_execution())

    for number, change in enumerate(found.changes, 1):
        place = read_place(write_place(change.place))
        rest = await changed(database, after=place, limit=LIMIT)
        assert [each.row.id for each in rest.changes] == [*whole[number:], late.id]


async def test_what_is_much_is_told_in_parts(database):
    """Rows may be large."""
    start = await present(database)
    rows = [an_execution() for _ in range(5)]
    for row in rows:
        await record(database, row)
    parts = [await changed(database, after=start, limit=2)]
    while parts[-1].more:
        parts.append(await changed(database, after=parts[-1].place, limit=2))

    assert [[change.row.id for change in part.changes] for part in parts] == [
        [row.id for row in rows[start : start + 2]] for start in (0, 2, 4)
    ]


async def test_a_later_place_is_a_bound(database):
    """What comes behind it is told by those who follow on."""
    start = await present(database)
    await record(database, first := an_execution())
    until = await present(database)
    await record(database, an_execution())
    found = await changed(database, after=start, until=until, limit=LIMIT)

    assert [change.row.id for change in found.changes] == [first.id]


@pytest.mark.parametrize("writers", [4])
async def test_racing_writers_lose_nothing_and_repeat_nothing(database_url, writers):
    """Several processes commit in whatever order, while somebody reads all the time."""
    databases = [await open_database(database_url) for _ in range(writers + 1)]
    reader, over = databases[0], asyncio.Event()
    place, told = await present(reader), list[str]()
    written = list[str]()

    async def write(number: int) -> None:
        for turn in range(40):
            row = an_execution(started=random.Random(turn * number).randrange(10**15))
            await record(databases[number], row)
            written.append(row.id)
            if turn % 4 == 0:
                held = await claimed(databases[number], f"{number} {turn}", owner=f"{number}")
                await settle(databases[number], held, an_ending())
                written.append(held.execution_id)

    async def read() -> None:
        nonlocal place
        last = False
        while not last:
            last = over.is_set()
            found = await changed(reader, after=place, limit=LIMIT)
            told.extend(change.row.id for change in found.changes if change.row.ended is not None)
            place = found.place

    reading = asyncio.create_task(read())
    await asyncio.gather(*(write(number) for number in range(1, writers + 1)))
    over.set()
    await reading
    for each in databases:
        await each.close()

    assert sorted(told) == sorted(written)


async def test_a_transaction_that_commits_late_is_told(postgresql_url):
    """It had its number before others that were read already: a place that is a number would have passed it."""
    import asyncpg

    database, slow = await open_database(postgresql_url), await asyncpg.connect(postgresql_url)
    try:
        start = await present(database)
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute("SELECT pg_current_xact_id()")
        await record(database, first := an_execution())
        seen = await changed(database, after=start, limit=LIMIT)
        copied = "tenant, namespace, connector, command, version, model, environment, caller, trigger, node, iteration"
        await slow.execute(
            f"INSERT INTO execution (id, {copied}, generation, attempt, status, started, attempts, params, changed_in)"
            f" SELECT 'late', {copied},"
            " generation, attempt, status, started, attempts, params, pg_current_xact_id()::text::bigint FROM execution"
        )
        await transaction.commit()
        found = await changed(database, after=seen.place, limit=LIMIT)
    finally:
        await slow.close()
        await database.close()

    assert [change.row.id for change in seen.changes] == [first.id]
    assert [change.row.id for change in found.changes] == ["late"]


async def test_a_place_of_another_database_says_that_something_was_missed(database):
    """Nobody can say what; the list can."""
    await record(database, an_execution())
    elsewhere = [FilePlace(10**6, "nobody"), ServerPlace("900000000:900000000:"), FilePlace(1, "nobody")]

    assert [(await changed(database, after=place, limit=LIMIT)).missed for place in elsewhere] == [True] * 3


@pytest.mark.parametrize("text", ["", "x", "é", "WyJmIl0", "bnVsbA", "e30", "WyJzIiwiMTo6IiwiIiwwLCIiXQ", "A" * 30_000])
def test_what_is_no_place_is_refused(text):
    """It comes from a stranger."""
    with pytest.raises(CursorInvalid):
        read_place(text)


@pytest.mark.parametrize("text", ["1:1:", "10:20:10,15", "10:20:"])
def test_snapshots_are_known(text):
    """As PostgreSQL writes them."""
    assert is_snapshot(text)


@pytest.mark.parametrize(
    "text", ["0:1:", "2:1:", "1:5:7", "1:5:3,2", "1:5:2,2", "1:5", "1:5:2,", f"1:{2**63}:", "1:5:x"]
)
def test_what_postgresql_would_refuse_is_no_snapshot(text):
    """It must not come to an error of the database."""
    assert not is_snapshot(text)
