"""Group commit, seen from its callers, on both databases."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from jackfield.storage.database import open_database
from jackfield.storage.errors import ConstraintFailed, DatabaseUnavailable, Overloaded
from jackfield.storage.writer import Limits
from storage.world import Names, fail, kept, named, names


async def outcomes(*writes):
    """What became of writes that were begun together, exceptions included."""
    return await asyncio.gather(*writes, return_exceptions=True)


async def test_rows_that_arrive_together_share_a_statement(database):
    """A statement a row gives up and retakes the interpreter lock for each of them."""
    kind = Names()

    results = await outcomes(*(database.submit(kind, name) for name in "cab"))

    assert results == ["C", "A", "B"]
    assert kind.batches == [["c", "a", "b"]]
    assert await kept(database) == ["a", "b", "c"]


async def test_what_arrives_during_a_commit_shares_the_next_one(database):
    """No timer collects: the commit that runs does."""
    kind = Names()
    first = asyncio.ensure_future(database.submit(kind, "first"))
    while not kind.batches:
        await asyncio.sleep(0)
    await outcomes(first, *(database.submit(kind, name) for name in "abc"))

    assert kind.batches == [["first"], ["a", "b", "c"]]


async def test_a_bad_row_fails_its_caller_only(database):
    """Callers share a commit by chance; what others write must not matter to them."""
    kind = Names()
    await database.submit(kind, "taken")

    good, bad, worse, fine = await outcomes(*(database.submit(kind, n) for n in ["a", "taken", "nul\0", "b"]))

    assert (good, fine) == ("A", "B")
    assert type(bad) is ConstraintFailed
    assert isinstance(worse, Exception) or database.dialect == "sqlite"  # which keeps NUL
    assert [name for name in await kept(database) if "\0" not in name] == ["a", "b", "taken"]


async def test_of_two_equal_rows_in_one_batch_the_first_wins(database):
    """As if they had come one after the other."""
    kind = Names()

    first, second = await outcomes(database.submit(kind, "same"), database.submit(kind, "same"))

    assert first == "SAME"
    assert type(second) is ConstraintFailed
    assert await kept(database) == ["same"]


async def test_a_function_that_raises_leaves_no_trace_and_harms_nobody(database):
    """Its savepoint is rolled back, and the commit goes on without it."""
    kind, error = Names(), ValueError("mine")

    raised, row, written = await outcomes(
        database.write(fail(error)),
        database.submit(kind, "row"),
        database.write(lambda connection: connection.execute(named("closure")).rowcount),
    )

    assert raised is error
    assert (row, written) == ("ROW", 1)
    assert await kept(database) == ["closure", "row"]
    assert kind.batches == [["row"]]


async def test_functions_survive_a_bad_row_beside_them(database):
    """The batch is done again, and so are they: once in effect."""
    kind = Names()
    await database.submit(kind, "taken")

    bad, one, two = await outcomes(
        database.submit(kind, "taken"),
        database.write(lambda connection: connection.execute(named("one")).rowcount),
        database.write(fail(ValueError("mine"))),
    )

    assert type(bad) is ConstraintFailed
    assert one == 1
    assert type(two) is ValueError
    assert await kept(database) == ["one", "taken"]


async def test_a_function_sees_what_it_wrote_and_others_only_what_is_committed(database):
    """A record that could be read before it is durable could be read and then be lost."""
    seen = await database.write(lambda connection: [connection.execute(named("new")), names(connection)][1])

    assert seen == ["new"]
    assert await kept(database) == ["new"]


class Sorted(Names):
    """Applied by name."""

    def key(self, row: str) -> str:
        return row


async def test_a_kind_with_a_key_is_applied_in_its_order(database):
    """Two processes that lock rows in one order cannot lock each other out; answers keep their callers."""
    kind = Sorted()

    results = await outcomes(*(database.submit(kind, name) for name in "cab"))

    assert results == ["C", "A", "B"]
    assert kind.batches == [["a", "b", "c"]]


async def test_kinds_are_applied_in_the_order_in_which_they_were_first_seen(database):
    """So that all batches of a process take their locks in one order."""
    order: list[str] = []

    class Noted(Names):
        def apply(self, connection, rows):
            order.append(type(self).__name__)
            return super().apply(connection, rows)

    class Other(Noted):
        pass

    one, two = Noted(), Other()
    await outcomes(database.submit(one, "a"), database.submit(two, "b"))
    await outcomes(database.submit(two, "c"), database.submit(one, "d"), database.submit(two, "e"))

    assert order == ["Noted", "Other"] * 2


async def test_a_caller_that_leaves_early_takes_its_row_along(database):
    """Nobody began to write it."""
    kind = Names()
    leaving = asyncio.ensure_future(database.submit(kind, "left"))
    staying = asyncio.ensure_future(database.submit(kind, "stayed"))
    await asyncio.sleep(0)
    leaving.cancel()

    assert await staying == "STAYED"
    assert leaving.cancelled()
    assert set(await kept(database)) in ({"stayed"}, {"left", "stayed"})


async def test_a_row_that_is_to_be_kept_is_written_although_its_caller_leaves_early(database):
    """It says what has happened outside."""
    kind = Names()
    first = asyncio.ensure_future(database.submit(kind, "first"))
    while not kind.batches:
        await asyncio.sleep(0)
    leaving = asyncio.ensure_future(database.submit(kind, "left", kept=True))
    await asyncio.sleep(0)
    leaving.cancel()
    await outcomes(first, database.submit(kind, "last"))

    assert leaving.cancelled()
    assert set(await kept(database)) == {"first", "left", "last"}


async def test_a_caller_that_leaves_a_running_batch_leaves_its_row(database):
    """It may be on the disk already: taking it back would be another commit."""
    kind = Names()
    tasks = [asyncio.ensure_future(database.submit(kind, name)) for name in "ab"]
    while not kind.batches:
        await asyncio.sleep(0)
    tasks[0].cancel()

    assert await tasks[1] == "B"
    assert await kept(database) == ["a", "b"]


async def test_a_row_still_waiting_is_dropped_with_its_caller(database):
    """It frees its place in the queue, too."""
    kind = Names()
    first = asyncio.ensure_future(database.submit(kind, "first"))
    while not kind.batches:
        await asyncio.sleep(0)
    waiting = asyncio.ensure_future(database.submit(kind, "waiting"))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(first, waiting, return_exceptions=True)
    await database.submit(kind, "last")

    assert await kept(database) == ["first", "last"]


@pytest.mark.parametrize("limits", [Limits(items=3), Limits(bytes=3_000)], ids=["items", "bytes"])
async def test_a_full_queue_refuses_and_says_when_to_come_back(database_url, limits):
    """Memory is bounded, and nobody waits for minutes."""
    database = await open_database(database_url, limits=limits)
    kind = Names()

    results = await outcomes(*(database.submit(kind, str(n)) for n in range(5)))
    refused = [result for result in results if isinstance(result, Overloaded)]

    assert results[:3] == ["0", "1", "2"]
    assert [(error.code, error.status, error.details["retry_after_s"]) for error in refused] == [
        ("overloaded", 503, 1.0)
    ] * 2
    assert await database.submit(kind, "later") == "LATER"
    await database.close()


async def test_a_row_larger_than_the_queue_passes_alone(database_url):
    """Otherwise it could never be written."""

    class Large(Names):
        def size(self, row: str) -> int:
            return 1_000_000

    database = await open_database(database_url, limits=Limits(bytes=10))
    kind = Large()

    first, second = await outcomes(database.submit(kind, "a"), database.submit(kind, "b"))
    await database.close()

    assert first == "A"
    assert type(second) is Overloaded


async def test_a_long_queue_is_written_in_several_commits(database_url):
    """One statement takes at most 32,766 values, and one commit should take milliseconds."""
    database = await open_database(database_url, limits=Limits(batch_items=4))
    kind = Names()

    results = await outcomes(*(database.submit(kind, f"n{n}") for n in range(10)))
    await database.close()

    assert results == [f"N{n}" for n in range(10)]
    assert [len(batch) for batch in kind.batches] == [4, 4, 2]


async def test_closing_writes_what_was_taken_and_takes_no_more(database_url):
    """A server that shuts down has answered nobody with a lie."""
    database = await open_database(database_url)
    kind = Names()
    taken = asyncio.ensure_future(database.submit(kind, "taken"))
    await asyncio.sleep(0)
    await database.close()

    assert await taken == "TAKEN"
    with pytest.raises(DatabaseUnavailable, match="closed"):
        await database.submit(kind, "late")
    again = await open_database(database_url)
    assert await kept(again) == ["taken"]
    await again.close()


class Miscounted(Names):
    """Forgets an answer."""

    def apply(self, connection, rows):
        return super().apply(connection, rows)[1:]


async def test_a_kind_that_forgets_an_answer_fails_loudly(database):
    """Somebody would get the answer of another's row."""
    kind = Miscounted()

    results = await outcomes(database.submit(kind, "a"), database.submit(kind, "b"))

    assert [type(result) for result in results] == [RuntimeError] * 2
    assert await kept(database) == []


BREAK_COMMIT = {
    "sqlite": ["PRAGMA defer_foreign_keys=ON", "INSERT INTO secret VALUES ('i','t','n','nobody','','',x'00',0,0,1)"],
    "postgresql": [
        "CREATE TEMP TABLE twice (id int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP",
        "INSERT INTO twice VALUES (1), (1)",
    ],
}


async def test_when_the_commit_fails_nobody_is_told_otherwise(database):
    """All of a batch hang on one COMMIT: an answer before it would be a guess."""
    kind = Names()

    def work(connection):
        for statement in BREAK_COMMIT[database.dialect]:
            connection.execute(text(statement))

    row, broken = await outcomes(database.submit(kind, "row"), database.write(work))

    assert (type(row), type(broken)) == (ConstraintFailed, ConstraintFailed)
    assert row is not broken
    assert await kept(database) == []
    assert await database.submit(kind, "after") == "AFTER"


async def test_a_task_that_is_cancelled_beside_a_batch_stops_nobody(database):
    """The writer belongs to no caller: a deadline of one must not reach the others."""
    kind = Names()

    async def hurried():
        async with asyncio.timeout(0):
            await database.submit(kind, "hurried")

    late, fine = await outcomes(hurried(), database.submit(kind, "fine"))

    assert type(late) is TimeoutError
    assert fine == "FINE"
