"""Deleting what is old and closed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from jackfield.storage.ids import new_id
from jackfield.storage.journal import get, record
from jackfield.storage.journal_claim import Replay
from jackfield.storage.journal_recovery import recover
from jackfield.storage.journal_settle import mark_unknown, release, settle
from jackfield.storage.retention import SLICE_S, Pace, Purged, purge
from jackfield.storage.tables.journal import effect, execution, run, run_event
from storage.journal_world import (
    HOUR,
    NOW,
    a_run,
    a_write,
    an_ending,
    an_execution,
    asked,
    claimed,
    living,
    rows_in,
    state_of,
)

LATER = NOW + HOUR


async def purged(db, *, tenant="default", before=LATER, now=LATER, rows=32):
    return await purge(db, tenant=tenant, before=before, now=now, pace=Pace(rows=rows))


async def events(db, run_id, count):
    rows = [
        {"tenant": "default", "run_id": run_id, "sequence": number, "kind": "time", "key": "", "data": b""}
        for number in range(count)
    ]
    await db.write(lambda connection: connection.execute(insert(run_event), rows).rowcount)


@pytest.mark.parametrize("rows", [1, 100])
async def test_what_ended_before_is_deleted(database, rows):
    """In slices of any size; what ended then or later stays."""
    for number in range(5):
        await record(database, an_execution(started=NOW, ended=NOW + number))

    assert await purged(database, before=NOW + 3, rows=rows) == Purged(executions=3)
    assert await rows_in(database, execution) == 2


async def test_another_tenants_rows_stay(database):
    """Each tenant has its own time."""
    await record(database, an_execution(tenant="acme"))

    assert await purged(database) == Purged()


async def test_open_executions_stay(database):
    """However old they are."""
    for status in ("PENDING", "RUNNING", "AWAITING_INPUT"):
        await record(database, an_execution(status=status, started=0))

    assert await purged(database) == Purged()


async def test_rows_of_an_open_run_stay(database):
    """Its finished steps answer from them when it goes on, a year later."""
    await a_run(database, "open", started=0)
    await events(database, "open", 3)
    await record(database, an_execution(run_id="open", started=1, ended=2))
    await settle(database, await asked(database, execution=a_write(run_id="open", node="b", started=1)), an_ending())

    assert await purged(database) == Purged()
    assert isinstance(await asked(database), Replay)


async def test_effects_of_an_open_run_stay_when_their_keys_expire(database):
    """A caller's key inside a run may have its own end."""
    await a_run(database, "open", started=0)
    write = a_write(run_id="open", started=1)
    await settle(database, await asked(database, execution=write, expires=NOW + 1), an_ending())

    assert await purged(database) == Purged()


async def test_a_closed_run_goes_with_all_its_rows(database):
    """Its events, its steps and their effects."""
    await a_run(database, "closed", ended=NOW + 2)
    await events(database, "closed", 5)
    await record(database, an_execution(run_id="closed", node="a"))
    await settle(database, await asked(database, execution=a_write(run_id="closed", node="b")), an_ending())

    assert await purged(database, rows=2) == Purged(runs=1, events=5, executions=2, effects=1)
    for table in (run, run_event, execution, effect):
        assert await rows_in(database, table) == 0


async def test_a_young_run_keeps_its_old_steps(database):
    """It was closed a moment ago; people still look at it."""
    await a_run(database, "young", started=0, ended=LATER + 1)
    await record(database, an_execution(run_id="young", started=1, ended=2))

    assert await purged(database) == Purged()


async def test_steps_whose_run_is_gone_go(database):
    """What a purge that was interrupted has left."""
    await record(database, an_execution(run_id="gone"))

    assert await purged(database) == Purged(executions=1)


async def test_an_interrupted_purge_goes_on(database):
    """A run that is being purged is not opened again, and its rest goes the next time."""
    await a_run(database, "closed", ended=NOW + 2, status="PURGING")
    await record(database, an_execution(run_id="closed"))

    assert await purged(database) == Purged(executions=1, runs=1)


async def test_an_outcome_that_a_key_still_answers_with_stays(database):
    """A caller was promised that the key is known until then."""
    held = await claimed(database, expires=LATER + 1)
    await settle(database, held, an_ending())

    assert await purged(database) == Purged()
    assert isinstance(await asked(database), Replay)
    assert await purged(database, now=LATER + 1) == Purged(executions=1, effects=1)


async def test_expired_keys_go_before_their_executions(database):
    """Records are kept for months, keys for a day."""
    held = await claimed(database, expires=NOW + HOUR // 2)
    await settle(database, held, an_ending())

    assert await purged(database, before=NOW) == Purged(effects=1)
    assert await get(database, held.execution_id, tenant="default") is not None


@pytest.mark.parametrize(("end", "state"), [(release, "RELEASED"), (mark_unknown, "UNKNOWN")])
async def test_every_closed_effect_goes_with_its_execution(database, end, state):
    """Those whose key does not expire by itself live as long as the record."""
    held = await claimed(database)
    await end(database, held, an_ending(status="FAILED"))

    assert await state_of(database) == state
    assert await purged(database) == Purged(executions=1, effects=1)


@pytest.mark.parametrize("expires", [None, NOW + 1])
async def test_open_effects_stay(database, expires):
    """They are on their way, or their owner died: `recover` closes them first."""
    held = await claimed(database, expires=expires)

    assert await purged(database) == Purged()
    await recover(database, alive=living(), now=LATER - 1)
    assert await purged(database) == Purged(executions=1, effects=1)
    assert await get(database, held.execution_id, tenant="default") is None


async def test_rows_that_stay_do_not_hide_those_that_go(database):
    """Old rows of open runs come first by age, more of them than a slice has."""
    await a_run(database, "open", started=0)
    for number in range(7):
        await record(database, an_execution(run_id="open", node=str(number), started=number, ended=number))
    await record(database, an_execution(started=50))

    assert await purged(database, rows=2) == Purged(executions=1)
    assert await rows_in(database, execution) == 7


ROW = st.fixed_dictionaries(
    {
        "started": st.integers(0, 5),
        "took": st.none() | st.integers(0, 5),
        "run": st.sampled_from([None, "open", "closed", "young", "gone"]),
        "effect": st.sampled_from([None, "CLAIMED", "SETTLED", "RELEASED", "UNKNOWN"]),
        "expires": st.none() | st.integers(0, 20),
    }
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=8), before=st.integers(1, 9), size=st.integers(1, 5))
async def test_nothing_that_is_open_is_ever_deleted(database, rows, before, size):
    """Whatever mixture there is: open executions, claims, all of open and young runs, and what keys answer with."""
    tenant, now = new_id(), 10
    runs = {name: new_id() for name in ("open", "closed", "young", "gone")}
    await a_run(database, runs["open"], tenant=tenant, started=0)
    await a_run(database, runs["closed"], tenant=tenant, started=0, ended=min(before, 1))
    await a_run(database, runs["young"], tenant=tenant, started=0, ended=before)
    keep = set()
    for number, row in enumerate(rows):
        is_open = row["took"] is None or row["effect"] == "CLAIMED"
        ended = None if is_open else row["started"] + row["took"]
        status = "RUNNING" if is_open else "COMPLETED"
        values = {"tenant": tenant, "status": status, "started": row["started"], "ended": ended, "node": str(number)}
        made = an_execution(**values, run_id=runs.get(row["run"]))
        await record(database, made)
        if row["effect"] is not None:
            await database.write(lambda connection, row=row, made=made: _effect(connection, row, made))
        asked_for = row["effect"] not in {None, "CLAIMED"} and row["expires"] is not None and row["expires"] > now
        if (
            is_open
            or asked_for
            or row["run"] in {"open", "young"}
            or ended >= before
            or (row["run"] == "closed" and before <= 1)
        ):
            keep.add(made.id)
    await purge(database, tenant=tenant, before=before, now=now, pace=Pace(rows=size))

    assert await _ids(database, tenant) == keep
    assert await _orphans(database, tenant) == []


def _effect(connection, row, made):
    values = {
        "tenant": made.tenant,
        "scope": "scope",
        "key": made.id,
        "params_hash": b"",
        "execution_id": made.id,
        "state": row["effect"],
        "native": False,
        "owner": "here",
        "fence": 1,
        "claimed": row["started"],
        "expires": row["expires"],
    }
    connection.execute(insert(effect).values(values))


async def _ids(db, tenant):
    statement = select(execution.c.id).where(execution.c.tenant == tenant)
    return set(await db.read(lambda connection: connection.execute(statement).scalars().all()))


async def _orphans(db, tenant):
    """Effects whose outcome is gone."""
    joined = effect.outerjoin(execution, execution.c.id == effect.c.execution_id)
    statement = select(effect.c.key).select_from(joined).where(effect.c.tenant == tenant, execution.c.id.is_(None))
    return list(await db.read(lambda connection: connection.execute(statement).scalars().all()))


@given(st.lists(st.floats(0, 10), max_size=50))
def test_a_slice_is_never_empty_and_never_without_bounds(times):
    """A slow disk must not stop it, nor a fast one make it take everything at once."""
    pace = Pace()
    for elapsed_s in times:
        before = pace.rows
        pace.took(elapsed_s)
        assert 1 <= pace.rows <= min(before * 2, pace.most)


@given(st.floats(1e-6, 0.01))
def test_slices_settle_within_their_time(row_s):
    """Whatever a row costs, if one alone fits."""
    pace = Pace()
    for _ in range(30):
        pace.took(pace.rows * row_s)

    assert pace.rows * row_s <= SLICE_S
