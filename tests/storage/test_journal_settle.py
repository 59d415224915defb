"""What a write has come to."""

from __future__ import annotations

import asyncio
from dataclasses import fields, replace

import pytest

from jackfield.storage.journal import ExecutionRow
from jackfield.storage.journal_claim import Unknown
from jackfield.storage.journal_errors import Superseded
from jackfield.storage.journal_settle import Ending, mark_unknown, release, settle
from storage.journal_world import ME, NOW, OTHER, a_write, an_ending, asked, claimed, kept, living, state_of

EVERY_END = pytest.mark.parametrize(
    ("end", "state"), [(settle, "SETTLED"), (release, "RELEASED"), (mark_unknown, "UNKNOWN")]
)


def test_an_ending_has_fields_of_an_execution():
    """They are columns of the row that it changes."""
    assert {field.name for field in fields(Ending)} <= {field.name for field in fields(ExecutionRow)}


async def test_settling_fills_in_the_end_and_nothing_else(database):
    """What was known when it was claimed stays."""
    write = a_write(chat_id="chat", parent_id="parent")
    held = await asked(database, execution=write)
    ending = Ending(
        status="FAILED",
        ended=NOW + 7,
        duration_ms=1.5,
        attempts=3,
        upstream_status=500,
        error_code="upstream-status",
        outcome=b"failed",
        blob_id="blob",
    )
    await settle(database, held, ending)

    expected = replace(write, **{field.name: getattr(ending, field.name) for field in fields(Ending)})
    assert await kept(database, write.id) == expected
    assert await state_of(database) == "SETTLED"


@EVERY_END
async def test_a_write_ends_once(database, end, state):
    """Who ends it a second time has lost track of it; the first end holds."""
    held = await claimed(database)
    await end(database, held, an_ending(b"first"))
    for again in (settle, release, mark_unknown):
        with pytest.raises(Superseded):
            await again(database, held, an_ending(b"second"))

    assert await state_of(database) == state
    assert (await kept(database, held.execution_id)).outcome == b"first"


async def test_two_ends_in_one_commit_are_one(database):
    """The first of them."""
    held = await claimed(database)
    results = await asyncio.gather(
        settle(database, held, an_ending(b"first")),
        settle(database, held, an_ending(b"second")),
        return_exceptions=True,
    )

    assert [type(result) for result in results] == [type(None), Superseded]
    assert (await kept(database, held.execution_id)).outcome == b"first"


async def test_only_who_holds_it_ends_it(database):
    """Nothing is changed by anybody else."""
    held = await claimed(database)
    for wrong in ({"fence": 2}, {"owner": "elsewhere:3"}, {"key": "another"}, {"scope": "s"}, {"tenant": "t"}):
        with pytest.raises(Superseded):
            await settle(database, replace(held, **wrong), an_ending())

    assert await state_of(database) == "CLAIMED"
    assert (await kept(database, held.execution_id)).status == "RUNNING"


async def test_ends_share_a_commit(database):
    """Of all kinds; one that came too late harms none beside it."""
    held = [await claimed(database, f"key {number}") for number in range(6)]
    late = replace(held[0], fence=9)
    ends = [settle, release, mark_unknown, settle, release, mark_unknown]
    jobs = [end(database, one, an_ending(one.key.encode())) for end, one in zip(ends, held, strict=True)]
    results = await asyncio.gather(*jobs[:3], settle(database, late, an_ending()), *jobs[3:], return_exceptions=True)

    assert [type(result) for result in results] == [type(None)] * 3 + [Superseded] + [type(None)] * 3
    states = [await state_of(database, one.key) for one in held]
    assert states == ["SETTLED", "RELEASED", "UNKNOWN", "SETTLED", "RELEASED", "UNKNOWN"]
    assert [(await kept(database, one.execution_id)).outcome for one in held] == [one.key.encode() for one in held]


async def test_nobody_says_of_a_write_that_was_taken_over_that_it_was_not_sent(database):
    """The second one could not connect; the first one, who died, may have."""
    first = await claimed(database, native=True, owner=OTHER)
    second = await asked(database, native=True, alive=living(ME))
    await release(database, second, an_ending(b"unreachable", status="FAILED", error_code="unreachable"))

    assert await asked(database, native=False) == Unknown(execution_id=first.execution_id)
    row = await kept(database, first.execution_id)
    assert (row.status, row.error_code, row.outcome) == ("UNKNOWN_OUTCOME", "unreachable", b"unreachable")


async def test_what_the_service_answered_is_kept_although_its_caller_has_left(database):
    """The effect is real: the next one with this key must learn of it."""
    held = await claimed(database)
    settling = asyncio.ensure_future(settle(database, held, an_ending()))
    await asyncio.sleep(0)
    settling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await settling
    await claimed(database, "a later commit")

    assert await state_of(database) == "SETTLED"
