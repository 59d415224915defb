"""What holds whatever happens, in whatever order: claims, ends, deaths, awakenings and sweeps."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jackfield.storage.ids import new_id
from jackfield.storage.journal_claim import InProgress, Replay, Unknown, claim
from jackfield.storage.journal_errors import Superseded
from jackfield.storage.journal_recovery import recover
from jackfield.storage.journal_settle import Claimed, mark_unknown, release, settle
from storage.journal_world import NOW, a_write, an_effect, an_ending, kept

OWNERS = ("a", "b", "c")
KEYS = ("native", "plain")
ENDS = {"settle": settle, "release": release, "unknown": mark_unknown}

STEP = st.one_of(
    st.tuples(st.just("claim"), st.sampled_from(OWNERS), st.sampled_from(KEYS), st.integers(1, 3)),
    st.tuples(st.sampled_from(sorted(ENDS)), st.integers(0, 5)),
    st.tuples(st.just("die"), st.sampled_from(OWNERS)),
    st.tuples(st.just("wake"), st.sampled_from(OWNERS)),
    st.tuples(st.just("sweep")),
)


@dataclass
class World:
    """What somebody who sees all processes knows; the ledger has to come to the same.

    Attributes:
        dead: Owners that count as dead. They may only be stopped, and then still try to end their writes.
        given: Every claim that was granted, oldest first.
        released: Those that were given back before anything was sent.
        settled: The outcome of each key.
        unknown: Keys that have been reported as unknown.
    """

    db: object
    world: str = field(default_factory=new_id)
    dead: set[str] = field(default_factory=set)
    given: list[Claimed] = field(default_factory=list)
    released: list[Claimed] = field(default_factory=list)
    settled: dict[str, bytes] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def alive(self, _):
        return {self.name(owner) for owner in OWNERS if owner not in self.dead}

    def name(self, owner):
        """The owner in this world: all worlds are in one database."""
        return f"{self.world}:{owner}"

    async def ask(self, owner, key):
        native = key == "native"
        wanted = an_effect(key, scope=self.world, owner=self.name(owner), native=native)
        return await claim(self.db, wanted, a_write(), alive=self.alive)

    async def claim(self, owner, key, times):
        self.dead.discard(owner)  # who asks is alive
        for found in await asyncio.gather(*[self.ask(owner, key) for _ in range(times)]):
            await self.check(key, found)

    async def check(self, key, found):
        if isinstance(found, Claimed):
            self.grant(found)
        elif isinstance(found, Replay):
            assert found.execution.outcome == self.settled[key]
        elif isinstance(found, Unknown):
            assert key not in self.settled
            self.unknown.add(key)
        else:
            assert isinstance(found, InProgress)
            assert found.execution_id == self.of(key)[-1].execution_id
            assert found.owner in self.alive(None)

    def grant(self, new):
        """Never two living claims, and nothing is sent again that may have happened."""
        assert new.key not in self.settled
        assert new.key not in self.unknown
        if earlier := self.of(new.key):
            last = earlier[-1]
            assert new.fence == last.fence + 1
            dead = last.owner not in self.alive(None)
            assert last in self.released or (new.taken_over and new.key == "native" and dead)
        self.given.append(new)

    def holds(self, held):
        """Whether nobody has a newer claim, and the write has not ended."""
        ended = held in self.released or held.key in self.settled or held.key in self.unknown
        return held == self.of(held.key)[-1] and not ended

    def of(self, key):
        return [claimed for claimed in self.given if claimed.key == key]

    async def end(self, how, which):
        if not self.given:
            return
        held = self.given[which % len(self.given)]
        outcome = f"{how} by {held.owner} with {held.fence}".encode()
        try:
            await ENDS[how](self.db, held, an_ending(outcome))
        except Superseded:
            assert not self.holds(held)
            return
        assert self.holds(held)
        assert (await kept(self.db, held.execution_id)).outcome == outcome
        if how == "settle":
            self.settled[held.key] = outcome
        elif how == "release" and not held.taken_over:  # else whoever died may have sent it
            self.released.append(held)
        else:
            self.unknown.add(held.key)

    async def sweep(self):
        found = await recover(self.db, alive=self.alive, now=NOW)
        for claimed in self.given:
            if claimed.execution_id in found.unknown:
                assert claimed.key == "plain"
                assert claimed.owner not in self.alive(None)
                self.unknown.add(claimed.key)

    async def take(self, step):
        name, *rest = step
        if name == "claim":
            await self.claim(*rest)
        elif name in ENDS:
            await self.end(name, *rest)
        elif name == "die":
            self.dead.add(rest[0])
        elif name == "wake":
            self.dead.discard(rest[0])
        else:
            await self.sweep()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=4, max_size=25))
async def test_a_key_is_settled_once_and_never_held_twice(database, steps):
    """And what was settled is what everybody is told from then on."""
    world = World(database)
    for step in steps:
        await world.take(step)
    for key in KEYS:
        world.dead.clear()
        await world.check(key, await world.ask("a", key))
