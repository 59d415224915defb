"""Servers renew what ends soon, each token once, and leave alone what cannot be renewed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.app.token_upkeep import GIVES_UP_AFTER, TokenUpkeep
from jackfield.dispatch.call import Call
from jackfield.storage import oauth_grants
from jackfield.storage.clock import now_us
from jackfield.storage.database import Database, open_database
from jackfield.storage.oauth_grants import GrantRow
from jackfield.storage.tables.credentials import oauth_grant
from jackfield.testing import FakeOAuth
from jackfield.vault.envelope import Envelope
from jackfield.vault.keys import parse_keys
from jackfield.vault.records import Records
from jackfield.vault.watch import SecretWatch
from oauth_refresh.account import CLIENT, CONNECTOR, TENANT, Installation, connect, install
from oauth_refresh.world import exchanges
from surfaces.kept import KEY

SOON_US = 10 * 60 * 1_000_000
MUCH_US = 40 * 60 * 1_000_000


@dataclass(kw_only=True)
class Servers:
    """Servers on one database, without their doors."""

    here: Installation
    database: Database
    runtimes: list[Embedded]

    async def upkeep(self, number: int = 0) -> TokenUpkeep:
        opened = await self.runtimes[number].opened()
        dispatcher = opened.dispatcher
        records = Records(Envelope(parse_keys(KEY)), SecretWatch())
        return TokenUpkeep(self.database, dispatcher.commands, dispatcher.credentials, records)

    async def ends(self, in_us: int, *, holder: str = "", **more: Any) -> None:
        """Let its tokens end then."""
        row = oauth_grant.c.holder == (holder or self.here.holder)
        statement = update(oauth_grant).where(row).values(expires=now_us() + in_us, **more)
        await self.database.write(lambda connection: connection.execute(statement) and None)

    async def grant(self) -> GrantRow:
        find = partial(oauth_grants.get, tenant=TENANT, holder=self.here.holder)
        row, _ = await self.database.read(find)
        assert row is not None
        return row

    async def call(self, number: int = 0) -> bool:
        return (await self.runtimes[number].run(Call(principal=LOCAL, target=CONNECTOR, command="me"))).success


@pytest.fixture
async def servers(
    database_url: str, tmp_path: Path, server: FakeOAuth, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Servers]:
    """Two, whose own rounds never come."""
    here = install(tmp_path, database_url, server)
    for name, value in zip(CLIENT, (server.client_id, server.client_secret), strict=True):
        monkeypatch.setenv(name, value)
    runtimes = [Embedded(here.settings, types=[]) for _ in range(2)]
    database = await open_database(database_url)
    yield Servers(here=here, database=database, runtimes=runtimes)
    for runtime in runtimes:
        await runtime.close()
    await database.close()


async def test_what_ends_soon_is_renewed_before_anybody_needs_it(servers: Servers, server: FakeOAuth):
    await servers.ends(SOON_US)
    done = await (await servers.upkeep()).round()

    assert (done.renewed, done.failed, done.skipped) == ([servers.here.holder], [], [])
    assert exchanges(server) == [("ok", 1)]
    assert await servers.call()
    assert await servers.call(1)
    assert server.counts().api_by_token == {"f1.2": {"ok": 2}}


async def test_what_lives_longer_is_left_alone(servers: Servers, server: FakeOAuth):
    await servers.ends(MUCH_US)
    done = await (await servers.upkeep()).round()

    assert (done.renewed, exchanges(server)) == ([], [])


async def test_servers_that_begin_together_make_one_exchange(servers: Servers, server: FakeOAuth):
    await servers.ends(SOON_US)
    one, two = await servers.upkeep(0), await servers.upkeep(1)
    await asyncio.gather(one.round(), two.round())
    await asyncio.gather(one.round(), two.round())

    assert exchanges(server) == [("ok", 1)]


async def test_many_are_renewed_a_few_at_a_time(servers: Servers, server: FakeOAuth):
    opened = await servers.runtimes[0].opened()
    connector = (await opened.resources.connectors.get(LOCAL, CONNECTOR)).id
    holders = [servers.here.holder]
    for number in range(12):
        holders += [await connect(servers.here.settings, server, connector, name=f"account-{number}")]
    for holder in holders:
        await servers.ends(SOON_US, holder=holder)
    done = await (await servers.upkeep()).round()

    assert sorted(done.renewed) == sorted(holders)
    assert server.counts().exchanged("refresh_token") == len(holders)


async def test_a_failure_is_noted_and_the_token_goes_on(servers: Servers, server: FakeOAuth):
    await servers.ends(SOON_US)
    server.faults.always("token", status=500)
    upkeep = await servers.upkeep()
    first, second = await upkeep.round(), await upkeep.round()
    grant = await servers.grant()

    assert (first.failed, second.failed) == ([servers.here.holder], [])  # it is not its time yet
    assert (grant.attempts, grant.code, grant.ended) == (1, "http_500", None)
    assert await servers.call()


async def test_after_ten_failures_only_a_call_or_a_person_tries_again(servers: Servers, server: FakeOAuth):
    """Its status says so; and one success begins anew."""
    await servers.ends(SOON_US, attempts=GIVES_UP_AFTER)
    upkeep = await servers.upkeep()
    given_up = await upkeep.round()
    await servers.ends(-1, attempts=GIVES_UP_AFTER)
    called = await servers.call()
    await servers.ends(SOON_US)
    again = await upkeep.round()

    assert (given_up.renewed, given_up.failed, called) == ([], [], True)
    assert again.renewed == [servers.here.holder]


async def test_what_ended_is_not_asked_for(servers: Servers, server: FakeOAuth):
    await servers.ends(SOON_US)
    server.revoke_all()
    upkeep = await servers.upkeep()
    first, second = await upkeep.round(), await upkeep.round()

    assert (first.failed, second.failed) == ([servers.here.holder], [])
    assert exchanges(server) == [("invalid_grant", 1)]


async def test_a_credential_without_its_connector_or_app_stops_no_other(
    servers: Servers, server: FakeOAuth, monkeypatch: pytest.MonkeyPatch
):
    opened = await servers.runtimes[0].opened()
    connector = (await opened.resources.connectors.get(LOCAL, CONNECTOR)).id
    lost = await connect(servers.here.settings, server, "no-such-connector", name="lost")
    for holder in (lost, servers.here.holder):
        await servers.ends(SOON_US, holder=holder)
    upkeep = await servers.upkeep()
    first = await upkeep.round()
    await servers.ends(SOON_US)
    monkeypatch.delenv(CLIENT[0])
    second = await upkeep.round()

    assert connector
    assert (first.renewed, first.skipped) == ([servers.here.holder], [lost])
    assert sorted(second.skipped) == sorted([lost, servers.here.holder])


async def test_it_goes_on_by_itself_and_ends_when_it_is_told_to(servers: Servers, server: FakeOAuth):
    await servers.ends(SOON_US)
    upkeep = await servers.upkeep()
    upkeep._every_s = 0.01
    held = server.faults.hold("token", times=1)
    upkeep.start()
    await held.wait_async()
    await upkeep.close()
    held.release()
    await (await servers.runtimes[0].opened()).dispatcher.credentials.oauth.refresher.close()

    assert (await servers.grant()).generation == 2
