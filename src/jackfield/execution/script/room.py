"""The places that a process has for executions, and who gets the next one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Hashable
from typing import NamedTuple

from jackfield.execution.script.turns import Owner, Turns

KEPT = 16
"""One place in so many is kept for tenants that have none yet, or few: scripts that wait for a service hold theirs."""


class _Waiter(NamedTuple):
    owner: Owner
    place: asyncio.Future[None]


class Room:
    """Places that are handed out in turns among tenants, and then among the connectors of one.

    Args:
        places: Executions at once.
    """

    def __init__(self, places: int) -> None:
        self._free, self._kept = places, places // KEPT
        self._held: Counter[Hashable] = Counter()
        self._waiting: Turns[_Waiter] = Turns()

    @property
    def load(self) -> int:
        """Executions that are there, or wait to be."""
        return self._held.total() + len(self._waiting)

    async def acquire(self, owner: Owner) -> None:
        """Wait for a place, which has to be given back."""
        if self._may(owner.tenant):  # whoever waits may not: else they would have it
            self._give(owner)
            return
        waiter = _Waiter(owner, asyncio.get_running_loop().create_future())
        self._waiting.put(owner, waiter)
        try:
            await waiter.place
        except asyncio.CancelledError:
            self._waiting.discard(owner, waiter)
            if not waiter.place.cancelled():  # it was given at the same moment
                self.release(owner)
            raise

    def release(self, owner: Owner) -> None:
        """Give a place back."""
        self._free += 1
        self._held[owner.tenant] -= 1
        if not self._held[owner.tenant]:
            del self._held[owner.tenant]
        self._hand_out()

    def _may(self, tenant: Hashable) -> bool:
        return self._free > (0 if self._held[tenant] < self._kept else self._kept)

    def _give(self, owner: Owner) -> None:
        self._free -= 1
        self._held[owner.tenant] += 1

    def _hand_out(self) -> None:
        while self._free and (waiter := self._waiting.take(self._may)) is not None:
            if not waiter.place.done():  # who has gone away has not yet said so
                self._give(waiter.owner)
                waiter.place.set_result(None)
