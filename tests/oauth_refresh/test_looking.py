"""What a process knows of a grant never goes back to what was before."""

from __future__ import annotations

import asyncio
from typing import Any

from jackfield.credentials.oauth.grants import Grants, Held
from jackfield.testing import FakeOAuth
from oauth_refresh.world import Another, exchanges


class Slow:
    """Grants whose looks come back in an order of the test's choice."""

    def __init__(self, grants: Grants) -> None:
        self._grants = grants
        self.looks: list[tuple[asyncio.Future[None], Held | None]] = []
        self.looked = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._grants, name)

    async def read(self, *, tenant: str, holder: str) -> Held | None:
        found = await self._grants.read(tenant=tenant, holder=holder)
        back: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.looks.append((back, found))
        self.looked.set()
        await back
        return found


async def test_looks_that_come_back_late_change_nothing(another: Another, server: FakeOAuth):
    """Two look, one before and one after somebody else has renewed; whichever is back first, the newer token counts."""
    one, two = await another(), await another()
    await one.connect()
    for first in (0, 1):
        before = await one.held()
        slow = Slow(one.grants)
        one.refresher.grants = slow  # type: ignore[assignment]
        source = one.source()
        one.refresher.forget(tenant=source.tenant, holder=source.holder)
        old = asyncio.create_task(one.refresher.look(source))
        await slow.looked.wait()
        await two.refresher.now(two.source())
        slow.looked.clear()
        new = asyncio.create_task(one.refresher.look(source))
        await slow.looked.wait()
        for place in (first, 1 - first):
            slow.looks[place][0].set_result(None)
            await asyncio.wait([old, new], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(old, new)
        known = one.refresher._slot(source).held

        assert known.generation == before.generation + 1
        assert (await new) == known.access
    assert [outcome for outcome, _ in exchanges(server)] == ["ok", "ok"]
