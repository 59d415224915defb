"""Callers with secrets of their own have opened connectors of their own."""

from __future__ import annotations

import asyncio

from jackfield import Connector, Secret
from jackfield.execution.built_in.instances import Instances


class Client(Connector, name="built-variant"):
    """Says when it is opened and closed."""

    key: Secret
    events: list[str]

    async def open(self) -> None:
        """Note it."""
        self.events.append(f"open {self.key.reveal()}")

    async def close(self) -> None:
        """Note it."""
        self.events.append(f"close {self.key.reveal()}")


class World:
    def __init__(self, *, variants: int = 2) -> None:
        self.happened: list[str] = []
        self.instances = Instances(variants=variants)
        happened = self.happened

        class Noted(Client, name="built-variant-noted"):
            events = happened

        self.cls = Noted

    def borrow(self, key: str, *, revision: int = 1):
        secret = Secret(key)
        return self.instances.borrow("c1", revision, self.cls, {"key": secret}, (secret,))

    async def use(self, key: str, *, revision: int = 1) -> object:
        async with self.borrow(key, revision=revision) as connector:
            return connector


async def test_each_secret_has_a_connector_of_its_own_which_stays_open():
    """Nobody gets a client that was signed in as somebody else."""
    world = World()
    first, other, again = await world.use("ann"), await world.use("bob"), await world.use("ann")

    assert first is again
    assert first is not other
    assert world.happened == ["open ann", "open bob"]


async def test_the_one_used_longest_ago_makes_room():
    """Any number of users must not keep any number of connections open."""
    world = World()
    for key in ("ann", "bob", "ann", "cid"):
        await world.use(key)
    await world.instances.close()

    assert world.happened[:3] == ["open ann", "open bob", "open cid"]
    assert world.happened[3] == "close bob"
    assert sorted(world.happened[4:]) == ["close ann", "close cid"]


async def test_one_that_made_room_is_closed_when_its_call_has_ended():
    """A call under way keeps what it began with."""
    world = World(variants=1)
    async with world.borrow("ann"):
        await world.use("bob")
        assert "close ann" not in world.happened
    await world.instances.close()

    assert sorted(world.happened) == ["close ann", "close bob", "open ann", "open bob"]


async def test_a_changed_connection_closes_those_of_all_callers():
    """All of them were opened with the old one."""
    world = World()
    for key in ("ann", "bob"):
        await world.use(key)
    await world.use("ann", revision=2)
    async with world.borrow("ann", revision=2):
        await asyncio.sleep(0)  # closing is a task of its own
        assert {"close ann", "close bob"} <= set(world.happened)
    await world.instances.close()

    assert world.happened.count("open ann") == world.happened.count("close ann") == 2
    assert world.happened.count("open bob") == world.happened.count("close bob") == 1
