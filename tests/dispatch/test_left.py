"""A caller leaves while the outcome of its write is being kept."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dispatch.journal_world import Shopping
from jackfield.dispatch.journal import End
from jackfield.storage.journal_settle import Claimed, Ending


@pytest.mark.parametrize("path", ["orders", "large"])
async def test_what_the_service_answered_is_kept_though_its_caller_leaves(shop: Shopping, path: str):
    """It was done; whoever asks with the same key is told so, also who waited for the one that left."""
    journal, began, go_on = await shop.journal(), asyncio.Event(), asyncio.Event()
    keep = journal.end

    async def slowly(claimed: Claimed, end: End, ending: Ending) -> None:
        began.set()
        await go_on.wait()
        await keep(claimed, end, ending)

    journal.end = slowly  # type: ignore[method-assign]
    leaving = asyncio.create_task(shop.order(path))
    await began.wait()
    waiting: asyncio.Task[Any] = asyncio.create_task(shop.order(path))
    leaving.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    joined, again = await waiting, await shop.order(path)

    assert len(shop.service.asked) == 1
    assert joined.outcome.payload == again.outcome.payload
    assert (joined.outcome.success, again.outcome.metadata["replayed"]) == (True, True)
    assert [view.status for view in await shop.kept()] == ["COMPLETED"]
