"""Finding executions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.storage.ids import new_id
from jackfield.storage.journal import record
from jackfield.storage.journal_errors import CursorInvalid
from jackfield.storage.journal_search import Filters, count, search, tree
from storage.journal_world import NOW, an_execution

RUN = new_id()


async def recorded(db, *rows):
    for row in rows:
        await record(db, row)
    return rows


async def found(db, *, tenant="default", owner=None, **filters):
    """The ids that meet the filters, which have to be as many as are counted."""
    page = await search(db, tenant=tenant, owner=owner, filters=Filters(**filters), limit=100)
    assert await count(db, tenant=tenant, owner=owner, filters=Filters(**filters)) == len(page.items)
    return [row.id for row in page.items]


WANTED = [
    {"caller": "bob"},
    {"namespace": "eu"},
    {"connector": "other"},
    {"command": "send_message"},
    {"trigger": "agent"},
    {"status": "FAILED"},
    {"status": "AWAITING_INPUT"},
    {"status": "RUNNING"},
    {"run_id": RUN},
    {"chat_id": "chat"},
    {"tool_call_id": "tool call"},
]


async def test_each_filter_finds_what_meets_it(database):
    """And nothing else."""
    matches = await recorded(database, *[an_execution(**wanted) for wanted in WANTED])
    await recorded(database, an_execution())

    assert [await found(database, **wanted) for wanted in WANTED] == [[match.id] for match in matches]


async def test_filters_are_met_together(database):
    """Each narrows what the others leave."""
    rows = await recorded(
        database,
        an_execution(caller="bob", status="FAILED"),
        an_execution(caller="bob"),
        an_execution(status="FAILED"),
    )

    assert await found(database, caller="bob", status="FAILED") == [rows[0].id]


async def test_a_time_range_has_its_start_and_not_its_end(database):
    """So that two ranges that touch share no row."""
    rows = await recorded(database, *[an_execution(started=NOW + number) for number in range(5)])

    assert await found(database, since=NOW + 1, until=NOW + 3) == [rows[2].id, rows[1].id]
    assert await found(database, until=NOW) == []


async def test_a_tenant_sees_its_own(database):
    """Whatever it asks for."""
    own, _ = await recorded(database, an_execution(tenant="acme", run_id=RUN), an_execution(run_id=RUN, node="b"))

    assert await found(database, tenant="acme") == await found(database, tenant="acme", run_id=RUN) == [own.id]


async def test_an_owner_sees_own_calls_whatever_is_asked_for(database):
    """The filter by caller does not widen that."""
    own, _ = await recorded(database, an_execution(caller="ann"), an_execution(caller="bob"))

    assert await found(database, owner="ann") == [own.id]
    assert await found(database, owner="ann", caller="bob") == []


@pytest.mark.parametrize("limit", [1, 3, 7])
async def test_pages_follow_each_other_without_gap_or_repetition(database, limit):
    """Also where several calls started in the same microsecond, and new ones arrive meanwhile."""
    rows = await recorded(database, *[an_execution(started=NOW + number // 3) for number in range(7)])
    expected = [row.id for row in sorted(rows, key=lambda row: (row.started, row.id), reverse=True)]
    seen, cursor = [], None
    while True:
        page = await search(database, tenant="default", limit=limit, cursor=cursor)
        seen += [row.id for row in page.items]
        if (cursor := page.cursor) is None:
            break
        await record(database, an_execution(started=NOW + 100))

    assert seen == expected


async def test_pages_can_be_counted_instead(database):
    """For lists with page numbers."""
    rows = await recorded(database, *[an_execution(started=NOW + number) for number in range(5)])
    page = await search(database, tenant="default", limit=2, offset=2)

    assert [row.id for row in page.items] == [rows[2].id, rows[1].id]


@given(st.text())
def test_no_text_is_taken_for_a_cursor_by_mistake(text):
    """It comes from outside: a cursor or a typed error, never anything else."""
    from jackfield.storage.journal_search import read_cursor

    try:
        started, row_id = read_cursor(text)
    except CursorInvalid:
        return
    assert -(2**63) <= started < 2**63
    assert isinstance(row_id, str)


async def test_a_cursor_that_is_none_is_refused(database):
    """Rather than starting anew, which would look like an endless list."""
    with pytest.raises(CursorInvalid, match="cursor `2` is none"):
        await search(database, tenant="default", cursor="2")


async def test_a_tree_has_all_that_was_called_on_the_way(database):
    """A chat calls an agent, which calls tools."""
    root = an_execution()
    children = [an_execution(parent_id=root.id, started=NOW + number) for number in (1, 2)]
    grandchild = an_execution(parent_id=children[0].id, started=NOW + 3)
    await recorded(database, root, *children, grandchild, an_execution(), an_execution(parent_id="another"))

    assert await tree(database, root.id, tenant="default") == [root, *children, grandchild]
    assert await tree(database, children[0].id, tenant="default") == [children[0], grandchild]
    assert await tree(database, root.id, tenant="default", limit=2) == [root, children[0]]


async def test_a_foreign_tree_is_not_there(database):
    """Of another tenant, of another caller, or below another caller's call."""
    root = an_execution(caller="ann")
    foreign = an_execution(caller="bob", parent_id=root.id)
    below = an_execution(caller="ann", parent_id=foreign.id)
    elsewhere = an_execution(tenant="acme", parent_id=root.id)
    await recorded(database, root, foreign, below, elsewhere)

    assert await tree(database, root.id, tenant="acme") == []
    assert await tree(database, root.id, tenant="default", owner="bob") == []
    assert await tree(database, root.id, tenant="default", owner="ann") == [root]
    assert elsewhere not in await tree(database, root.id, tenant="default")


async def test_calls_that_name_each_other_as_parents_end(database):
    """A fault of whoever wrote them does not keep the database busy."""
    one, two = an_execution(id="1", parent_id="2"), an_execution(id="2", parent_id="1")
    await recorded(database, one, two)

    assert await tree(database, "1", tenant="default") == [one, two]
