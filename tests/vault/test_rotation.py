"""A rotation can be stopped anywhere, started again, and run beside people who save."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.vault.envelope import Envelope, key_id
from jackfield.vault.keys import KeyRing
from jackfield.vault.log_sealer import LogSealer
from jackfield.vault.rotation import MAX_FAILURES, RotationReport, SealedRow, rotate
from jackfield.vault.sealed import SealContext

OLD = Envelope(KeyRing([("old", bytes(range(32)))]))
RING = KeyRing([("new", bytes(range(100, 132))), ("old", bytes(range(32)))])
NEW = Envelope(RING)


def table(count: int) -> dict[SealContext, bytes]:
    """Rows of both kinds, sealed with the old key."""
    log = LogSealer(OLD)
    contexts = [SealContext(tenant="default", kind="secret", id=str(row)) for row in range(count)]
    return {
        context: (log if number % 2 else OLD).seal(context.id.encode(), context)
        for number, context in enumerate(contexts)
    }


def rows(stored: dict[SealContext, bytes]) -> list[SealedRow]:
    return [SealedRow(context=context, sealed=sealed) for context, sealed in stored.items()]


@settings(max_examples=30)
@given(st.integers(0, 30), st.integers(1, 12), st.integers(0, 4))
def test_it_goes_on_where_it_was_stopped(count, size, slices):
    """A kill between two slices loses nothing, and a further run finds nothing to do."""
    stored = table(count)
    first, second, third = RotationReport(), RotationReport(), RotationReport()
    for changed, _ in zip(rotate(rows(stored), RING, report=first, size=size), range(slices), strict=False):
        stored |= {row.context: row.sealed for row in changed}
    done = sum(key_id(sealed) == "new" for sealed in stored.values())
    for changed in rotate(rows(stored), RING, report=second, size=size):
        stored |= {row.context: row.sealed for row in changed}

    assert done == min(count, slices * size)
    assert (second.current, second.rewrapped, second.seen) == (done, count - done, count)
    assert list(rotate(rows(stored), RING, report=third)) == []
    assert third.current == count
    assert all(NEW.open(sealed, context) == context.id.encode() for context, sealed in stored.items())


def test_only_one_slice_is_held():
    """The execution log may be larger than memory."""
    taken = []

    def read():
        for row in rows(table(10)):
            taken.append(row)
            yield row

    slices = rotate(read(), RING, size=3)
    next(slices)

    assert len(taken) == 3


def test_each_change_says_what_it_replaces():
    """A value that was saved while its row was rotated is not written over."""
    stored = table(1)
    [[change]] = rotate(rows(stored), RING)

    assert change.before == stored[change.context]
    assert NEW.open(change.sealed, change.context) == b"0"


def test_a_row_that_cannot_be_read_does_not_stop_the_others():
    """It is counted, named and left as it is: its key may turn up."""
    lost = Envelope(KeyRing.generate("lost"))
    stored = table(3)
    stored |= {
        context: lost.seal(b"x", context)
        for context in (SealContext(tenant="default", kind="secret", id=f"x{row}") for row in range(MAX_FAILURES + 5))
    }
    report = RotationReport()
    changed = [row for some in rotate(rows(stored), RING, report=report) for row in some]

    assert [row.context.id for row in changed] == ["0", "1", "2"]
    assert (report.rewrapped, report.unreadable) == (3, MAX_FAILURES + 5)
    assert len(report.failures) == MAX_FAILURES
    assert "secret `x0` of tenant `default`" in report.failures[0].message
    assert not report.complete


@pytest.mark.parametrize("count", [0, 4])
def test_slices_with_nothing_to_write_are_not_given(count):
    """Each would be a commit."""
    stored = {row.context: row.sealed for some in rotate(rows(table(count)), RING) for row in some}

    assert list(rotate(rows(stored), RING, size=1)) == []
