"""New tokens while the database cannot be written: they are used, and kept as soon as it can."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from jackfield.credentials.oauth import keeping, refreshing
from jackfield.credentials.oauth.grants import Grants, Held, Turn
from jackfield.credentials.oauth.memory_grants import MemoryGrants
from jackfield.storage.errors import DatabaseUnavailable
from jackfield.testing import FakeOAuth
from oauth_refresh.world import HOLDER, TENANT, Another, Desk, all_of, end_turns, exchanges


class Broken:
    """Grants whose database takes nothing new while it is out of order."""

    def __init__(self, grants: Grants) -> None:
        self._grants = grants
        self.fixed = asyncio.Event()
        self.refused = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._grants, name)

    async def keep(self, turn: Turn, tokens: Any, *, refreshable: bool) -> Held | None:
        if not self.fixed.is_set():
            self.refused.set()
            raise DatabaseUnavailable(place="the test", reason="out of order")
        return await self._grants.keep(turn, tokens, refreshable=refreshable)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits before tokens are used that are not kept."""
    monkeypatch.setattr(refreshing, "KEPT_SOON_S", 0.05)


async def test_they_are_used_at_once_and_kept_later(
    another: Another, server: FakeOAuth, soon: None, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    desk = await another()
    await desk.connect(lives_s=0.0)
    broken = desk.refresher.grants = Broken(desk.grants)  # type: ignore[assignment]
    answers = await all_of(20, desk.call)
    before = await desk.held()
    broken.fixed.set()
    await desk.refresher.close()

    assert {answer.status for answer in answers} == {200}
    assert (before.generation, (await desk.held()).generation) == (1, 2)
    assert exchanges(server) == [("ok", 1)]
    assert [secret for secret in server.secrets() if secret in caplog.text] == []
    other = await another()
    assert (await other.call()).status == 200
    assert exchanges(server) == [("ok", 1)]


async def test_the_next_exchange_waits_until_the_last_one_is_kept(another: Another, server: FakeOAuth, soon: None):
    """It needs the refresh token that is not kept yet."""
    desk = await another()
    await desk.connect(lives_s=0.0)
    broken = desk.refresher.grants = Broken(desk.grants)  # type: ignore[assignment]
    assert (await desk.call()).status == 200
    server.expire_access_tokens()
    call = asyncio.create_task(desk.call())
    await broken.refused.wait()
    broken.fixed.set()

    assert (await call).status == 200
    assert exchanges(server) == [("ok", 1), ("ok", 2)]
    assert server.counts().lost == 0


async def test_another_process_waits_too(another: Another, server: FakeOAuth, soon: None):
    """The turn lasts until the tokens are kept."""
    one, two = await another(), await another()
    await one.connect(lives_s=0.0)
    broken = one.refresher.grants = Broken(one.grants)  # type: ignore[assignment]
    assert (await one.call()).status == 200
    call = asyncio.create_task(two.call())
    await asyncio.sleep(0)
    broken.fixed.set()

    assert (await call).status == 200
    assert exchanges(server) == [("ok", 1)]


async def test_what_can_never_be_kept_is_said(
    desk: Desk, server: FakeOAuth, soon: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """As an error: the grant is lost when the process ends."""
    monkeypatch.setattr(keeping, "KEEP_FOR_S", 0.0)
    await desk.connect(lives_s=0.0)
    desk.refresher.grants = Broken(desk.grants)  # type: ignore[assignment]
    with pytest.raises(DatabaseUnavailable):
        await desk.call()

    assert "are lost" in caplog.text


async def test_who_takes_over_gives_a_moment_to_who_could_not_write(another: Another, server: FakeOAuth, soon: None):
    """Both have waited for the database; the old refresh token is used up."""
    one, two = await another(), await another()
    if isinstance(one.grants, MemoryGrants):
        return  # its turns do not end by themselves
    await one.connect(lives_s=0.0)
    broken = one.refresher.grants = Broken(one.grants)  # type: ignore[assignment]
    assert (await one.call()).status == 200
    await end_turns(two)
    call = asyncio.create_task(two.call())
    while await one.grants.turn(tenant=TENANT, holder=HOLDER) is not None:
        await end_turns(two)
    broken.fixed.set()

    assert (await call).status == 200
    assert exchanges(server) == [("ok", 1)]
    assert server.counts().lost == 0
