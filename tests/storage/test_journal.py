"""The record of every call."""

from __future__ import annotations

import asyncio
from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jackfield.storage.errors import ConstraintFailed
from jackfield.storage.ids import new_id
from jackfield.storage.journal import COLUMNS, ExecutionRow, get, record
from jackfield.storage.journal_errors import StepRecorded
from jackfield.storage.tables.journal import execution
from storage.journal_world import NOW, an_execution, kept, rows_in

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
WHOLE = st.integers(0, 2**31 - 1)
BIG = st.integers(-(2**63), 2**63 - 1)
OF_KIND = {
    "str": TEXT,
    "str | None": st.none() | TEXT,
    "int": WHOLE,
    "int | None": st.none() | WHOLE,
    "float | None": st.none() | st.floats(0, 1e12),
    "bytes": st.binary(),
    "bytes | None": st.none() | st.binary(),
    "Status": st.sampled_from(["COMPLETED", "FAILED", "CANCELLED", "UNKNOWN_OUTCOME"]),
}
ANY_ROW = st.fixed_dictionaries(
    {field.name: OF_KIND[field.type] for field in fields(ExecutionRow)} | {"started": BIG, "ended": st.none() | BIG}
)


def test_the_fields_of_a_row_are_the_columns_of_the_table():
    """In their order: a row becomes a tuple without looking at names."""
    assert [field.name for field in fields(ExecutionRow)] == [column.name for column in COLUMNS]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=ANY_ROW)
async def test_what_is_recorded_is_read_back_as_it_was(database, given):
    """Every column, whatever it holds."""
    row = ExecutionRow(**(given | {"id": new_id(), "run_id": None if given["run_id"] is None else new_id()}))
    await record(database, row)

    assert await get(database, row.id, tenant=row.tenant) == row


async def test_a_large_outcome_is_a_reference(database):
    """The row says which blob; nothing of it is cut off."""
    row = an_execution(blob_id="sha256")
    await record(database, row)

    assert (await kept(database, row.id)).blob_id == "sha256"
    assert (await kept(database, row.id)).outcome is None


async def test_a_foreign_execution_is_not_there(database):
    """Of another tenant, or of another caller where only own ones may be seen."""
    row = an_execution(tenant="acme", caller="ann")
    await record(database, row)

    assert await get(database, row.id, tenant="default") is None
    assert await get(database, row.id, tenant="acme", owner="bob") is None
    assert await get(database, row.id, tenant="acme", owner="ann") == row


async def test_an_attempt_of_a_step_is_recorded_once(database):
    """Two processes may carry out the same step when one of them was only stopped: the first row holds."""
    first = an_execution(run_id=new_id(), node="charge", iteration="3")
    await record(database, first)
    with pytest.raises(StepRecorded, match="attempt `1` of step `charge` \\(iteration `3`\\)"):
        await record(database, replace(first, id=new_id()))

    assert await rows_in(database, execution) == 1


async def test_another_attempt_is_another_row(database):
    """A retry, a retry from a step, the next turn of a loop, the next step."""
    first = an_execution(run_id=new_id(), node="charge", iteration="3")
    others = [{"attempt": 2}, {"generation": 1}, {"iteration": "4"}, {"node": "b"}]
    for row in [first, *[replace(first, id=new_id(), **change) for change in others]]:
        await record(database, row)

    assert await rows_in(database, execution) == 5


async def test_calls_outside_runs_share_no_step(database):
    """The same node, iteration and attempt mean nothing without a run."""
    await asyncio.gather(*[record(database, an_execution()) for _ in range(3)])

    assert await rows_in(database, execution) == 3


async def test_a_bad_row_harms_no_other_in_its_commit(database):
    """Each in its own way; those beside them are kept."""
    step = an_execution(run_id=new_id(), node="charge")
    taken = an_execution()
    await record(database, step)
    await record(database, taken)
    good = [an_execution() for _ in range(6)]
    bad = [replace(step, id=new_id()), replace(taken, started=NOW + 1), an_execution(attempts=2**70)]
    mixed = [good[0], bad[0], *good[1:3], bad[1], good[3], bad[2], *good[4:]]
    results = await asyncio.gather(*[record(database, row) for row in mixed], return_exceptions=True)

    errors = [result for result in results if result is not None]
    assert [type(error) for error in errors[:2]] == [StepRecorded, ConstraintFailed]
    assert len(errors) == 3
    assert [result for row, result in zip(mixed, results, strict=True) if row in good] == [None] * 6
    assert [await kept(database, row.id) for row in good] == good
    assert await rows_in(database, execution) == 8


async def test_an_id_that_is_taken_is_not_mistaken_for_a_step(database):
    """Two executions of one id are a fault, not a race."""
    row = an_execution(run_id=new_id())
    await record(database, row)
    with pytest.raises(ConstraintFailed):
        await record(database, replace(row, attempt=2))
