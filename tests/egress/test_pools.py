"""Connections are kept apart by policy, and closed in the end."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.egress.client import Client
from jackfield.egress.errors import UrlRefused
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.pools import Pools
from jackfield.errors import WrongUse

from .world import never, ok


async def test_a_policy_s_connections_are_its_own(world):
    """One tenant's allow list must not open another's way in."""
    service = await world.serve(ok(), name="db.corp.example", address="10.1.2.3")
    pools = world.pools()
    opened = Policy(allow=parse_allow("db.corp.example"))
    await Client(pools.get(opened)).get("http://db.corp.example/")
    for url in ("http://db.corp.example/", "http://10.1.2.3/"):
        with pytest.raises(UrlRefused):
            await Client(pools.get(Policy())).get(url)
    await Client(pools.get(Policy(allow=parse_allow("db.corp.example, 10.0.0.0/8")))).get("http://db.corp.example/")

    assert service.connections == 2


async def test_equal_policies_share_a_pool(world):
    """A policy is made for each call."""
    service = await world.serve(ok())
    pools = world.pools()
    for _ in range(3):
        await Client(pools.get(Policy(allow=parse_allow("10.0.0.0/8")))).get("http://api.example.com/")

    assert service.connections == 1


async def test_no_more_connections_than_allowed(world):
    """Further requests wait for one."""
    service = await world.serve(ok())
    client = Client(world.pool(connections=2))
    await asyncio.gather(*[client.get("http://api.example.com/") for _ in range(20)])

    assert service.connections == 2


async def test_closing_hangs_up(world):
    """Idle and busy connections alike."""
    idle = await world.serve(ok())
    busy = await world.serve(never, name="busy.example.com", address="93.184.216.35")
    pools = world.pools()
    client = Client(pools.get(Policy()))
    await client.get("http://api.example.com/")
    waiting = asyncio.ensure_future(client.get("http://busy.example.com/"))
    await busy.asked.wait()
    await pools.close()
    await idle.hung_up.wait()
    await busy.hung_up.wait()

    assert isinstance((await asyncio.gather(waiting, return_exceptions=True))[0], Exception)


def test_a_pool_belongs_to_one_loop():
    """Its sockets are in that loop's selector."""
    pools = Pools()

    async def use() -> None:
        pools.get(Policy())

    async def close() -> None:
        await pools.close()

    loop = asyncio.new_event_loop()
    loop.run_until_complete(use())
    with pytest.raises(WrongUse):
        asyncio.run(use())
    loop.run_until_complete(close())
    loop.close()
