"""What becomes of the writes of processes that died."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.storage.journal_claim import Unknown
from jackfield.storage.journal_errors import Superseded
from jackfield.storage.journal_recovery import Recovered, recover
from jackfield.storage.journal_settle import Claimed, release, settle
from storage.journal_world import EVERYBODY, ME, NOW, OTHER, an_ending, asked, claimed, kept, living, state_of

ONLY_ME = living(ME)


async def test_what_the_dead_have_sent_is_reported_as_unknown(database):
    """Without waiting for somebody who asks for it."""
    lost = await claimed(database, owner=OTHER)
    found = await recover(database, alive=ONLY_ME, now=NOW + 9)

    assert found == Recovered(unknown=[lost.execution_id])
    row = await kept(database, lost.execution_id)
    assert (row.status, row.ended, row.error_code) == ("UNKNOWN_OUTCOME", NOW + 9, "unknown-outcome")
    assert await asked(database) == Unknown(execution_id=lost.execution_id)


async def test_what_the_service_knows_by_its_key_waits_to_be_sent_again(database):
    """Its run or its caller comes back with the same key."""
    native = await claimed(database, owner=OTHER, native=True)
    found = await recover(database, alive=ONLY_ME, now=NOW)

    assert found == Recovered(resumable=[native.execution_id])
    assert isinstance(await asked(database, native=True, alive=ONLY_ME), Claimed)


async def test_nobody_waits_for_a_key_that_has_expired(database):
    """The service may have forgotten it as well."""
    native = await claimed(database, owner=OTHER, native=True, expires=NOW + 5)

    assert await recover(database, alive=ONLY_ME, now=NOW + 4) == Recovered(resumable=[native.execution_id])
    assert await recover(database, alive=ONLY_ME, now=NOW + 5) == Recovered(unknown=[native.execution_id])


async def test_the_living_are_left_alone(database):
    """As is what has ended."""
    await claimed(database, "mine")
    await claimed(database, "theirs", owner=OTHER)
    await settle(database, await claimed(database, "done", owner="dead"), an_ending())
    await release(database, await claimed(database, "free", owner="dead"), an_ending(status="FAILED"))

    assert await recover(database, alive=EVERYBODY, now=NOW) == Recovered()
    states = [await state_of(database, key) for key in ("mine", "theirs", "done", "free")]
    assert states == ["CLAIMED", "CLAIMED", "SETTLED", "RELEASED"]


async def test_who_was_only_stopped_finds_its_write_given_up(database):
    """It has been reported already."""
    held = await claimed(database, owner=OTHER)
    await recover(database, alive=ONLY_ME, now=NOW)
    with pytest.raises(Superseded):
        await settle(database, held, an_ending())

    assert (await kept(database, held.execution_id)).status == "UNKNOWN_OUTCOME"


@pytest.mark.parametrize("slice", [1, 3, 100])
async def test_slices_of_any_size_report_all(database, slice):
    """Whatever stays open among them."""
    held = [await claimed(database, f"{number}", owner=OTHER, native=number % 2 == 0) for number in range(8)]
    found = await recover(database, alive=ONLY_ME, now=NOW, slice=slice)

    assert found.unknown == sorted(one.execution_id for one in held[1::2])
    assert found.resumable == sorted(one.execution_id for one in held[::2])


async def test_two_sweeps_at_once_report_each_write_once(database):
    """Every process sweeps when it finds another one dead."""
    held = [await claimed(database, f"{number}", owner=OTHER) for number in range(6)]
    sweeps = await asyncio.gather(*[recover(database, alive=ONLY_ME, now=NOW, slice=2) for _ in range(3)])

    reported = [found for sweep in sweeps for found in sweep.unknown]
    assert sorted(reported) == sorted(one.execution_id for one in held)
