"""The audit log: nothing is lost from it, and nothing in it is changed unnoticed."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, func, select, update
from sqlalchemy.pool import StaticPool

from jackfield.storage.audit import (
    BEGINNING,
    AuditEntry,
    AuditFilters,
    append,
    chained,
    hash_of,
    newest,
    walk,
)
from jackfield.storage.database import open_database
from jackfield.storage.journal_errors import CursorInvalid
from jackfield.storage.rows import every
from jackfield.storage.tables import metadata
from jackfield.storage.tables.people import audit

ENTRY = {
    "tenant": "default",
    "actor": "ann",
    "action": "secret.create",
    "resource": "secret",
    "resource_id": "ACME_KEY",
    "verdict": "done",
    "details": {"visibility": "shared"},
}


def add(database, **given):
    return database.write(partial(append, **(ENTRY | given)))


def walked(database, tenant="default", **given):
    return database.read(partial(walk, tenant=tenant, **given))


@pytest.fixture
async def other(database_url):
    """Another process with the same database, as far as the database can tell."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


async def test_entries_are_numbered_without_gaps_and_chained(database):
    """For each tenant by itself."""
    entries = [await add(database) for _ in range(3)]
    foreign = await add(database, tenant="acme")

    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert foreign.sequence == 1
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:2]]
    assert (await walked(database)).hash == entries[-1].hash
    assert (await walked(database)).ended
    assert not (await walked(database)).broken


async def test_what_was_rolled_back_leaves_no_entry_and_no_gap(database):
    """An entry is in the transaction of what it tells of."""

    def failing(connection):
        append(connection, **ENTRY)
        raise ValueError

    await asyncio.gather(add(database), database.write(failing), add(database), return_exceptions=True)

    assert [entry.sequence for entry in (await database.read(partial(newest, tenant="default"))).items] == [2, 1]
    assert not (await walked(database)).broken


async def test_two_processes_that_append_at_once_leave_one_chain(database, other):
    """Each entry has one place, whoever was faster."""
    await asyncio.gather(*(add(one, resource_id=str(turn)) for turn in range(40) for one in (database, other)))
    found = await database.read(partial(newest, tenant="default", limit=100))

    assert [entry.sequence for entry in found.items] == list(range(80, 0, -1))
    assert (await walked(other)).sequence == 80
    assert not (await walked(other)).broken


async def test_details_are_hashed_as_they_are_read_again(database):
    """A number as a key, a tuple, a text with odd characters: JSON has its own idea of them."""
    await add(database, details={"scopes": ("read", "manage"), "é\0": [1.5, None, {1: True}]})

    assert not (await walked(database)).broken


async def test_a_walk_goes_on_where_it_stopped(database):
    """A long log is read in slices, between which others write."""
    for _ in range(5):
        await add(database)
    first = await walked(database, limit=2)
    await add(database)
    rest = await walked(database, walked=first, limit=100)

    assert (first.sequence, first.ended) == (2, False)
    assert (rest.sequence, rest.ended, rest.broken) == (6, True, "")


async def test_the_log_is_listed_newest_first_page_by_page(database):
    """What is added meanwhile does not shift the pages."""
    for turn in range(5):
        await add(database, resource_id=str(turn))
    await add(database, tenant="acme")
    pages, cursor = [], None
    while not pages or cursor:
        page = await database.read(partial(newest, tenant="default", limit=2, cursor=cursor))
        pages.append([entry.resource_id for entry in page.items])
        cursor = page.cursor
        await add(database, resource_id="later")

    assert pages == [["4", "3"], ["2", "1"], ["0"]]


@pytest.mark.parametrize("cursor", ["2", "", "YXVkaXQ6", "YXVkaXQ6LTE=", "YXVkaXQ6OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
async def test_a_made_up_cursor_is_refused(database, cursor):
    """Otherwise it would silently show the wrong page."""
    with pytest.raises(CursorInvalid, match="audit entries"):
        await database.read(partial(newest, tenant="default", cursor=cursor))


async def test_the_log_is_searched(database):
    """By who, what, which, how it ended and when."""
    first = await add(database)
    second = await add(database, actor="bob", action="user.delete", resource="user", resource_id="7", verdict="denied")

    async def found(**given):
        page = await database.read(partial(newest, tenant="default", filters=AuditFilters(**given)))
        return [entry.id for entry in page.items]

    for wanted in (
        {"actor": "bob"},
        {"action": "user.delete"},
        {"resource": "user"},
        {"resource_id": "7"},
        {"verdict": "denied"},
        {"actor": "bob", "verdict": "denied", "since": second.at},
    ):
        assert await found(**wanted) == [second.id]
    assert await found(until=first.at) == []
    assert await found(since=first.at) == [second.id, first.id]
    assert await found(actor="bob", verdict="done") == []


async def test_the_hash_of_an_entry_can_be_compared_with_one_kept_elsewhere(database):
    """The one way to see that the newest entries are gone."""
    entry = await add(database)

    assert await database.read(partial(hash_of, tenant="default", sequence=1)) == entry.hash
    assert await database.read(partial(hash_of, tenant="default", sequence=2)) is None
    assert await database.read(partial(hash_of, tenant="acme", sequence=1)) is None


COUNT = 6
FIELDS = {
    "tenant": "other",
    "sequence": 99,
    "at": 1,
    "actor": "mallory",
    "action": "secret.read",
    "resource": "user",
    "resource_id": "x",
    "verdict": "denied",
    "details": {"visibility": "private"},
    "previous": bytes(31) + b"\1",
    "hash": bytes(32),
    "id": "another",
}


def a_chain():
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    connection = engine.connect()
    entries = [append(connection, **(ENTRY | {"resource_id": str(turn)})) for turn in range(COUNT)]
    return engine, connection, entries


def change(connection, entry: AuditEntry, values):
    connection.execute(update(audit).where(audit.c.id == entry.id).values(values))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_change_is_found_at_the_first_entry_that_it_touches(data):
    """One field of one entry, an entry less, two that change places, or a forged one put in between."""
    engine, connection, entries = a_chain()
    how = data.draw(st.sampled_from(["change", "delete", "swap", "insert"]))
    place = data.draw(st.integers(0, COUNT - 1))
    if how == "change":
        name = data.draw(st.sampled_from(sorted(FIELDS)))
        change(connection, entries[place], {name: FIELDS[name]})
        first = place + 1
    elif how == "delete":
        place = data.draw(st.integers(0, COUNT - 2))  # the newest one: see below
        connection.execute(delete(audit).where(audit.c.id == entries[place].id))
        first = place + 1
    elif how == "swap":
        other = data.draw(st.integers(0, COUNT - 1).filter(lambda index: index != place))
        one, two = entries[place], entries[other]
        change(connection, one, {"sequence": 0})
        change(connection, two, {"sequence": one.sequence})
        change(connection, one, {"sequence": two.sequence})
        first = min(place, other) + 1
    else:
        place = data.draw(st.integers(0, COUNT - 1))
        for entry in reversed(entries[place:]):
            change(connection, entry, {"sequence": entry.sequence + 1})
        forged = AuditEntry(
            **(ENTRY | {"actor": "mallory"}), sequence=place + 1, previous=entries[place].previous, id="forged"
        )
        object.__setattr__(forged, "hash", chained(forged))  # fits the entry before it, not the one after
        connection.execute(audit.insert().values({c.name: getattr(forged, c.name) for c in audit.c}))
        first = place + 2
    found = walk(connection, tenant="default", walked=BEGINNING, limit=data.draw(st.integers(1, 10)))
    while not found.ended:
        found = walk(connection, tenant="default", walked=found, limit=3)
    left = connection.scalar(select(func.count()).select_from(audit).where(audit.c.tenant == "default"))
    connection.close()
    engine.dispose()

    if how == "change" and place == COUNT - 1 and name == "tenant":
        assert left == COUNT - 1  # as good as deleted
    else:
        assert found.broken
        assert found.sequence + 1 == first


def test_the_newest_entries_can_be_deleted_unnoticed():
    """A limit of every chain: nothing in it says how long it should be. Hence `hash_of`."""
    engine, connection, entries = a_chain()
    connection.execute(delete(audit).where(audit.c.sequence > 4))
    found = walk(connection, tenant="default")
    kept = [entry.id for entry in every(connection, select(audit).order_by(audit.c.sequence), AuditEntry)]
    connection.close()
    engine.dispose()

    assert not found.broken
    assert kept == [entry.id for entry in entries[:4]]
