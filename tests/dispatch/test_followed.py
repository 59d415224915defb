"""Executions as they happen, for those who listen: nothing lost, nothing twice, whatever keeps them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from dispatch.journal_world import ANN, BOB, Shopping
from jackfield.access.principal import LOCAL, Principal
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call, CallOptions
from jackfield.manage import execution_stream
from jackfield.manage.errors import TooManyStreams
from jackfield.manage.execution_stream import Event, Gap, Listener
from jackfield.manage.executions import Executions
from jackfield.storage.journal_errors import CursorInvalid

pytestmark = pytest.mark.parametrize("kind", ["class"], indirect=True)


async def look(shop: Shopping, principal: Principal = LOCAL, *, runtime: Embedded | None = None) -> None:
    """Read something of the shop."""
    options = CallOptions(use_mock=False)
    call = Call(principal=principal, target="shop", command="look", params={}, options=options)
    await (runtime or shop.runtime).carry_out(call)


async def executions(shop: Shopping) -> Executions:
    return (await shop.resources()).executions


async def take(listener: Listener, count: int) -> list[Any]:
    """So much of what is told."""
    told: list[Any] = []
    async with asyncio.timeout(30):
        while len(told) < count:
            told += await listener.next(30)
    return told


def seen(told: Sequence[Any]) -> list[tuple[str, str]]:
    return [(each.view.command, each.view.status) for each in told]


async def test_what_happens_is_told(shop: Shopping):
    """A read when it has ended, a write when it begins too."""
    found = await executions(shop)
    async with found.followed.follow(LOCAL) as listener:
        await look(shop)
        first = await take(listener, 1)
        ordering = asyncio.create_task(shop.order("think"))
        await shop.counter.thought()
        second = await take(listener, 1)
        shop.counter.answer_now.set()
        await ordering
        third = await take(listener, 1)

    assert seen(first + second + third) == [("look", "COMPLETED"), ("order", "RUNNING"), ("order", "COMPLETED")]
    assert second[0].view.id == third[0].view.id


async def test_an_event_says_what_the_list_says(shop: Shopping):
    """A page puts it into its list."""
    from jackfield.manage.execution_views import summary

    found = await executions(shop)
    async with found.followed.follow(LOCAL) as listener:
        await look(shop)
        (told,) = await take(listener, 1)
        listed = (await found.list(LOCAL)).items

    assert [summary(told.view)] == [summary(view) for view in listed]


async def test_callers_are_told_of_their_own_calls_only(shop: Shopping):
    """As lists do; administrators are told of all."""
    found = await executions(shop)
    async with found.followed.follow(ANN) as ann, found.followed.follow(LOCAL) as admin:
        await look(shop, BOB)
        await look(shop, ANN)
        everybody, own = await take(admin, 2), await take(ann, 1)

    assert [told.view.caller for told in everybody] == ["bob", "ann"]
    assert [told.view.caller for told in own] == ["ann"]


async def test_filters_are_those_of_the_list(shop: Shopping):
    """By whatever one may ask for there."""
    found = await executions(shop)
    async with found.followed.follow(LOCAL, connector="default/shop", command="order", status="COMPLETED") as listener:
        await look(shop)
        await shop.order()
        told = await take(listener, 1)

    assert seen(told) == [("order", "COMPLETED")]


async def test_who_comes_back_is_told_the_rest(shop: Shopping):
    """After each event, also when nobody listened meanwhile."""
    found = await executions(shop)
    async with found.followed.follow(LOCAL) as listener:
        for _ in range(4):
            await look(shop)
        told = await take(listener, 4)
    await look(shop)
    for number, event in enumerate(told, 1):
        async with found.followed.follow(LOCAL, after=event.cursor) as listener:
            rest = await take(listener, 5 - number)

            assert [each.view.id for each in rest[:-1]] == [each.view.id for each in told[number:]]


async def test_who_came_before_anything_happened_can_come_back_too(shop: Shopping):
    """The place where it began is told at once."""
    found = await executions(shop)
    async with found.followed.follow(LOCAL) as listener:
        await listener.next(0)
        start = listener.cursor
    await look(shop)
    async with found.followed.follow(LOCAL, after=start) as listener:
        told = await take(listener, 1)

    assert seen(told) == [("look", "COMPLETED")]


async def test_calls_that_race_with_those_who_come_are_told_once(shop: Shopping):
    """Between what was missed and what comes then there is no seam."""
    found, told, ids = await executions(shop), list[str](), list[str]()
    async with found.followed.follow(LOCAL) as listener:
        await listener.next(0)
        cursor = listener.cursor

    async def call() -> None:
        for _ in range(30):
            await look(shop)

    calling = [asyncio.create_task(call()) for _ in range(2)]
    async with asyncio.timeout(60):
        while len(told) < 60:
            async with found.followed.follow(LOCAL, after=cursor) as listener:
                for event in (await listener.next(30))[:3]:
                    assert isinstance(event, Event)
                    told.append(event.view.id)
                    cursor = event.cursor
    await asyncio.gather(*calling)
    while page := (await found.list(LOCAL, offset=len(ids), limit=200)).items:
        ids += [view.id for view in page]

    assert sorted(told) == sorted(ids)


async def test_too_much_that_was_missed_is_a_gap(shop: Shopping, monkeypatch: pytest.MonkeyPatch):
    """The list has it; what comes then is told."""
    monkeypatch.setattr(execution_stream, "MOST", 2)
    found = await executions(shop)
    async with found.followed.follow(LOCAL) as listener:
        await look(shop)
        (first,) = await take(listener, 1)
    for _ in range(3):
        await look(shop)
    async with found.followed.follow(LOCAL, after=first.cursor) as listener:
        (gap,) = await take(listener, 1)
        await look(shop)
        (next_one,) = await take(listener, 1)
    async with found.followed.follow(LOCAL, after=gap.cursor) as listener:
        again = await take(listener, 1)

    assert isinstance(gap, Gap)
    assert [next_one.view.id] == [each.view.id for each in again]


async def test_who_reads_too_slowly_is_told_of_a_gap(shop: Shopping, monkeypatch: pytest.MonkeyPatch):
    """Nothing waits for ever, and memory has an end."""
    monkeypatch.setattr(execution_stream, "MOST", 2)
    found = await executions(shop)
    async with found.followed.follow(LOCAL) as slow, found.followed.follow(LOCAL) as quick:
        for _ in range(4):
            await look(shop)
            await take(quick, 1)
        told = list(await slow.next(30))

    assert [type(each) for each in told][:1] == [Gap]
    assert len(told) <= 3


async def test_a_place_that_is_none_is_refused(shop: Shopping):
    """Before anything is told."""
    with pytest.raises(CursorInvalid, match="is none that"):
        async with (await executions(shop)).followed.follow(LOCAL, after="nonsense"):
            pass


async def test_nobody_can_take_all_streams(shop: Shopping, monkeypatch: pytest.MonkeyPatch):
    """Each caller has a share, and the process a bound."""
    monkeypatch.setattr(execution_stream, "PER_CALLER", 1)
    monkeypatch.setattr(execution_stream, "IN_ALL", 2)
    found = await executions(shop)
    async with found.followed.follow(LOCAL), found.followed.follow(ANN):
        for principal in (LOCAL, BOB):
            with pytest.raises(TooManyStreams, match="streams already"):
                async with found.followed.follow(principal):
                    pass
    async with found.followed.follow(LOCAL):
        pass


async def test_nothing_is_read_while_nobody_listens(shop: Shopping):
    """A call asks once whether somebody does."""
    found, journal = await executions(shop), await shop.journal()
    before = journal.on_change
    async with found.followed.follow(LOCAL):
        during = journal.on_change
    after = journal.on_change

    assert (before, during is not None, after) == (None, True, None)


@pytest.mark.parametrize("journal", ["sqlite", "postgresql"], indirect=True)
async def test_calls_of_other_processes_are_told(shop: Shopping):
    """They ring no bell here; somebody looks."""
    other = Shopping(
        kind="class",
        database_url=shop.settings.database_url,
        folder=shop.settings.data.parent,
        service=shop.service,
        counter=shop.counter,
    )
    await other.open()
    found = await executions(shop)
    try:
        async with found.followed.follow(LOCAL) as listener:
            await look(other)
            await other.order()
            told = await take(listener, 2)
    finally:
        await other.close()

    assert seen(told)[0] == ("look", "COMPLETED")
    assert told[-1].view.command == "order"
