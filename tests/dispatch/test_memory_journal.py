"""What a process that keeps nothing forgets, and what it does not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dispatch.journal_world import Shopping
from jackfield.access.principal import LOCAL
from jackfield.dispatch.call import Call, CallOptions
from jackfield.dispatch.memory_journal import MemoryJournal

pytestmark = [
    pytest.mark.parametrize("kind", ["class"], indirect=True),
    pytest.mark.parametrize("journal", ["memory"], indirect=True),
]

LIMIT = 5


@pytest.fixture
async def small(shop: Shopping) -> Shopping:
    """A shop whose calls are soon forgotten."""
    journal: Any = await shop.journal()
    assert isinstance(journal, MemoryJournal)
    journal._limit = LIMIT
    return shop


async def others(shop: Shopping, count: int) -> None:
    """Make so many other calls."""
    params, options = {"path": "orders"}, CallOptions(use_mock=True)
    call = Call(principal=LOCAL, target="shop", command="order", params=params, options=options)
    for _ in range(count):
        await shop.runtime.carry_out(call)


async def test_a_key_is_known_for_as_long_as_its_write(small: Shopping):
    """Then it means something new."""
    first = await small.order()
    await others(small, LIMIT - 1)
    again = await small.order()
    await others(small, 1)
    anew = await small.order()

    assert again.outcome.order == first.outcome.order == 1
    assert anew.outcome.order == 2


async def test_an_older_try_that_is_forgotten_takes_no_key_along(small: Shopping):
    """The first try was never sent; the key is the second one's, which was."""
    small.move("http://10.0.0.1")
    with pytest.raises(Exception, match="is not a public address"):
        await small.order()
    await others(small, 2)
    small.move(small.service.url)
    await small.order()
    await others(small, 3)
    again = await small.order()

    assert again.outcome.metadata["replayed"] is True
    assert small.counter.orders == 1


async def test_a_write_under_way_is_not_forgotten(small: Shopping):
    """Else its key would send it once more."""
    ordering = asyncio.ensure_future(small.order("think"))
    await small.counter.thought()
    await others(small, 2 * LIMIT)
    small.counter.answer_now.set()
    again, ordered = await asyncio.gather(small.order("think"), ordering)

    assert again.execution_id == ordered.execution_id
    assert len(small.service.asked) == 1
    assert len(await small.kept()) == LIMIT
