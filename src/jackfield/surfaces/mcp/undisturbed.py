"""Work that is cancelled once, and may then end as it likes.

The SDK cancels through anyio, which cancels again at each turn of the event loop: a call could not even record that it
was cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import anyio

T = TypeVar("T")


async def undisturbed(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.cancel()
        with anyio.CancelScope(shield=True):
            await asyncio.wait([task])
        raise
