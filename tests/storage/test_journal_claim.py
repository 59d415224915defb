"""Who may send a write, and what the others are told."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import delete

from jackfield.storage.errors import ConstraintFailed
from jackfield.storage.ids import new_id
from jackfield.storage.journal import record
from jackfield.storage.journal_claim import InProgress, KeyReused, Replay, Unknown, claim
from jackfield.storage.journal_errors import StepRecorded, Superseded
from jackfield.storage.journal_settle import Claimed, mark_unknown, release, settle
from jackfield.storage.tables.journal import effect, execution
from storage.journal_world import (
    EVERYBODY,
    ME,
    NOW,
    OTHER,
    a_write,
    an_effect,
    an_ending,
    asked,
    claimed,
    kept,
    living,
    rows_in,
    state_of,
)

ONLY_ME = living(ME)


async def test_the_first_one_claims(database):
    """Both rows are there before anything is sent."""
    write = a_write()
    found = await asked(database, execution=write)

    assert found == Claimed(
        tenant="default", scope="scope", key="key", owner=ME, fence=1, execution_id=write.id, taken_over=False
    )
    assert await kept(database, write.id) == write
    assert await state_of(database) == "CLAIMED"


async def test_other_params_are_refused(database):
    """A key answers one question only."""
    first = await claimed(database)

    assert await asked(database, params_hash=b"other") == KeyReused(execution_id=first.execution_id)


async def test_a_settled_write_is_replayed(database):
    """With the row as it was stored, so that the bytes answered are the bytes stored."""
    first = await claimed(database)
    await settle(database, first, an_ending(b"the answer"))
    found = await asked(database, owner=OTHER)

    assert found == Replay(execution=await kept(database, first.execution_id))
    assert (found.execution.status, found.execution.outcome) == ("COMPLETED", b"the answer")
    assert await rows_in(database, execution) == 1


async def test_a_settled_failure_is_replayed_too(database):
    """The service answered; a new try needs a new key."""
    first = await claimed(database)
    await settle(database, first, an_ending(b"no", status="FAILED", error_code="upstream-status", upstream_status=422))
    found = await asked(database)

    assert (found.execution.status, found.execution.upstream_status) == ("FAILED", 422)


async def test_a_living_process_is_waited_for(database):
    """Another process is told whom to wait for."""
    first = await claimed(database)

    assert await asked(database, owner=OTHER) == InProgress(owner=ME, execution_id=first.execution_id)


async def test_the_same_process_learns_that_it_is_its_own(database):
    """It joins the call that it is making already, even if nobody has seen the process yet."""
    first = await claimed(database)
    found = await asked(database, alive=living())

    assert found == InProgress(owner=ME, execution_id=first.execution_id)


async def test_a_dead_owners_native_write_is_taken_over(database):
    """With the same key and the same execution: a step has one row, whoever carries it out."""
    first = await claimed(database, native=True, owner=OTHER)
    found = await asked(database, native=True, alive=ONLY_ME)

    assert found == replace(first, owner=ME, fence=2, taken_over=True)
    assert await rows_in(database, execution) == 1


async def test_who_was_only_stopped_cannot_settle_what_was_taken_over(database):
    """The fence says so, and nothing is changed."""
    first = await claimed(database, native=True, owner=OTHER)
    second = await asked(database, native=True, alive=ONLY_ME)
    with pytest.raises(Superseded, match=f"`{first.execution_id}` is no longer held by `{OTHER}` with fence `1`"):
        await settle(database, first, an_ending(b"late"))
    await settle(database, second, an_ending(b"in time"))

    assert (await kept(database, first.execution_id)).outcome == b"in time"


async def test_a_dead_owners_other_write_is_unknown(database):
    """It may have been sent: it is reported, and never sent again."""
    first = await claimed(database, owner=OTHER)
    found = await asked(database, claimed=NOW + 5, alive=ONLY_ME)

    assert found == Unknown(execution_id=first.execution_id)
    assert await asked(database, alive=ONLY_ME) == found
    row = await kept(database, first.execution_id)
    assert (row.status, row.error_code, row.ended) == ("UNKNOWN_OUTCOME", "unknown-outcome", NOW + 5)
    assert await rows_in(database, execution) == 1


async def test_who_was_only_stopped_cannot_settle_what_was_reported_as_unknown(database):
    """Somebody has acted on the report."""
    first = await claimed(database, owner=OTHER)
    await asked(database, alive=ONLY_ME)
    with pytest.raises(Superseded):
        await settle(database, first, an_ending())

    assert await state_of(database) == "UNKNOWN"


async def test_a_released_write_is_claimed_again(database):
    """Nothing was sent. Its first try keeps its row, the second has one of its own."""
    first = await claimed(database)
    await release(database, first, an_ending(status="FAILED", error_code="unreachable"))
    write = a_write()
    second = await asked(database, execution=write, owner=OTHER, native=True)

    assert second == replace(first, owner=OTHER, fence=2, execution_id=write.id)
    assert (await kept(database, first.execution_id)).error_code == "unreachable"
    await settle(database, second, an_ending(b"now"))
    assert (await asked(database)).execution.outcome == b"now"


async def test_an_unknown_write_is_reported_and_not_repeated(database):
    """Its caller may look at the service, and give a new key."""
    first = await claimed(database)
    await mark_unknown(database, first, an_ending(b"unknown", status="FAILED", error_code="unknown-outcome"))

    assert await asked(database) == Unknown(execution_id=first.execution_id)
    row = await kept(database, first.execution_id)
    assert (row.status, row.outcome) == ("UNKNOWN_OUTCOME", b"unknown")


async def test_what_this_process_could_not_settle_is_given_up(database):
    """The disk was full when the answer came: the row would be `in progress` as long as the process lives."""
    first = await claimed(database)
    found = await claim(database, an_effect(), a_write(), alive=EVERYBODY, abandoned=first.execution_id)

    assert found == Unknown(execution_id=first.execution_id)


async def test_an_expired_key_is_claimed_anew(database):
    """Whether retention came by or not, and whatever the params."""
    first = await claimed(database, expires=NOW + 10)
    await settle(database, first, an_ending(b"old"))
    second = await asked(database, params_hash=b"other", claimed=NOW + 10)

    assert isinstance(second, Claimed)
    assert second.fence == 2
    assert (await kept(database, first.execution_id)).outcome == b"old"


async def test_keys_are_apart_by_scope_and_tenant(database):
    """Guessing another's key finds nothing."""
    await claimed(database)

    assert isinstance(await asked(database, scope="bob's"), Claimed)
    assert isinstance(await asked(database, execution=a_write(tenant="acme")), Claimed)


async def test_one_of_many_at_once_claims(database):
    """They share a commit, and are told apart inside it."""
    found = await asyncio.gather(*[asked(database) for _ in range(20)])

    (first,) = [one for one in found if isinstance(one, Claimed)]
    assert [one for one in found if one is not first] == [InProgress(owner=ME, execution_id=first.execution_id)] * 19
    assert await rows_in(database, execution) == 1


async def test_keys_that_stand_twice_in_a_commit_are_compared_too(database):
    """The second of two calls with one key and other params is refused as it would be a moment later."""
    first, second = await asyncio.gather(asked(database), asked(database, params_hash=b"other"))

    assert second == KeyReused(execution_id=first.execution_id)


@pytest.mark.parametrize("native", [True, False])
async def test_one_of_many_takes_over(database, native):
    """Of those who find the owner dead in the same commit."""
    first = await claimed(database, owner=OTHER, native=native)
    found = await asyncio.gather(*[asked(database, native=native, alive=ONLY_ME) for _ in range(8)])

    winners = [one for one in found if isinstance(one, Claimed)]
    others = [one for one in found if one not in winners]
    if native:
        assert [winner.fence for winner in winners] == [2]
        assert others == [InProgress(owner=ME, execution_id=first.execution_id)] * 7
    else:
        assert others == [Unknown(execution_id=first.execution_id)] * 8


async def test_one_of_many_claims_what_was_released(database):
    """By compare-and-swap; the others find it claimed."""
    await release(database, await claimed(database), an_ending(status="FAILED"))
    found = await asyncio.gather(*[asked(database) for _ in range(8)])

    (first,) = [one for one in found if isinstance(one, Claimed)]
    assert [one for one in found if one is not first] == [InProgress(owner=ME, execution_id=first.execution_id)] * 7


async def test_a_commit_of_all_kinds_answers_each_its_own(database):
    """New, doubled, settled, released and foreign keys at once."""
    done, free = await claimed(database, "done"), await claimed(database, "free")
    await settle(database, done, an_ending())
    await release(database, free, an_ending(status="FAILED"))
    await claimed(database, "theirs", owner=OTHER)
    keys = ["new", "done", "new", "free", "theirs", "done", "free", "newer"]
    found = await asyncio.gather(*[asked(database, key) for key in keys])

    names = [type(one).__name__ for one in found]
    assert names == ["Claimed", "Replay", "InProgress", "Claimed", "InProgress", "Replay", "InProgress", "Claimed"]


async def test_a_step_that_is_recorded_already_claims_nothing(database):
    """Its neighbours in the same commit do."""
    step = a_write(run_id=new_id(), node="charge")
    await record(database, replace(step, status="COMPLETED", ended=NOW))
    again = replace(step, id=new_id())
    found = await asyncio.gather(
        asked(database, "a"), asked(database, "b", execution=again), asked(database, "c"), return_exceptions=True
    )

    assert [type(one) for one in found] == [Claimed, StepRecorded, Claimed]
    assert await state_of(database, "b") is None


async def test_an_id_that_is_taken_claims_nothing(database):
    """Neither row is kept without the other."""
    write = a_write()
    await claimed(database, "a")
    await record(database, write)
    with pytest.raises(ConstraintFailed):
        await asked(database, "b", execution=write)

    assert await state_of(database, "b") is None


async def test_a_settled_write_whose_record_is_gone_is_unknown(database):
    """It was done, so it is not done again; what was answered nobody knows any more."""
    first = await claimed(database)
    await settle(database, first, an_ending())
    await database.write(lambda connection: connection.execute(delete(execution)).rowcount)

    assert await asked(database) == Unknown(execution_id=first.execution_id)


async def test_a_key_that_is_purged_meanwhile_is_claimed(database):
    """The insert finds it, and it is gone when it is read: then it is new after all."""
    done = await claimed(database)
    await settle(database, done, an_ending())

    async def purge():
        await database.write(lambda connection: connection.execute(delete(effect)).rowcount)

    _, found = await asyncio.gather(purge(), asked(database))

    assert isinstance(found, Claimed)


async def test_a_caller_that_leaves_while_it_claims_leaves_no_claim(database):
    """At whatever point: nobody would send or settle it, and its process goes on living."""
    for turns in range(6):
        key = f"left after {turns}"
        calling = asyncio.ensure_future(asked(database, key))
        for _ in range(turns):
            await asyncio.sleep(0)
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling

        assert await state_of(database, key) in {None, "RELEASED"}
        assert isinstance(await asked(database, key), Claimed)


async def test_a_caller_that_leaves_while_it_takes_over_does_not_say_that_nothing_was_sent(database):
    """The one who died may have sent it."""
    first = await claimed(database, native=True, owner=OTHER)
    calling = asyncio.ensure_future(asked(database, native=True, alive=ONLY_ME))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling

    assert await state_of(database) in {"CLAIMED", "UNKNOWN"}
    assert (await kept(database, first.execution_id)).status in {"RUNNING", "UNKNOWN_OUTCOME"}
