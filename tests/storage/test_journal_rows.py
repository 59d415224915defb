"""Statements over many rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jackfield.storage.journal import INSERT, values
from jackfield.storage.journal_rows import AT_ONCE, _parts
from jackfield.storage.tables.journal import execution
from storage.journal_world import an_execution, rows_in


@given(st.lists(st.tuples(st.integers()), max_size=300))
def test_rows_are_cut_into_few_sizes(rows):
    """Each size is one statement that stays prepared; a size of its own for every batch would be thousands."""
    parts = list(_parts(rows))

    assert [row for part in parts for row in part] == rows
    assert {len(part) for part in parts} <= {1, 2, 4, 8, 16, 32, AT_ONCE}


async def test_any_number_of_rows_is_inserted(database):
    """One, less than a statement takes, exactly as many, and more."""
    counts = (1, 3, 64, 200)
    for count in counts:
        rows = [values(an_execution()) for _ in range(count)]
        await database.write(lambda connection, rows=rows: INSERT.run(connection, rows))

    assert await rows_in(database, execution) == sum(counts)
