"""Who is served next: nobody waits for all that somebody else has asked for before."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.execution.script.frames import End, How, Order
from jackfield.execution.script.pool import SandboxPool
from jackfield.execution.script.room import Room
from jackfield.execution.script.sandbox import Job, Limits, Returned
from jackfield.execution.script.turns import Owner, Turns
from jackfield.execution.script.worker.execution import Execution
from jackfield.execution.script.worker.fibers import SHORT_S, Fibers

from .conftest import Service

FLOOD, OTHER = Owner("flood", "1"), Owner("other", "1")
OWNERS = st.builds(Owner, st.sampled_from("abc"), st.sampled_from("xy"))


# ---- The queue


def test_tenants_are_served_in_turns_and_so_are_the_connectors_of_each():
    """However much one of them has put there first."""
    turns = Turns()
    for number in range(3):
        turns.put(Owner("a", "x"), f"ax{number}")
    for owner in (Owner("a", "y"), Owner("b", "x"), Owner("b", "x")):
        turns.put(owner, f"{owner.tenant}{owner.connector}")

    assert [turns.take() for _ in range(7)] == ["ax0", "bx", "ay", "bx", "ax1", "ax2", None]


@given(st.lists(st.tuples(OWNERS, st.booleans()), max_size=60))
def test_nothing_is_lost_and_nobody_is_passed_over_twice(steps):
    """Whatever comes and goes."""
    turns, there, number = Turns(), {}, 0
    passed = Counter()
    for owner, puts in steps:
        if puts or not there:
            number += 1
            turns.put(owner, number)
            there[number] = owner
        else:
            taken = turns.take()
            tenant = there.pop(taken).tenant
            others = {each.tenant for each in there.values()} - {tenant}
            passed = Counter({other: passed[other] + 1 for other in others})

            assert all(count <= 2 for count in passed.values())
        assert len(turns) == len(there)
    for item in list(there)[::2]:
        turns.discard(there.pop(item), item)
    turns.discard(Owner("nobody", "x"), 0)

    assert sorted(filter(None, (turns.take() for _ in range(len(there) + 1)))) == sorted(there)


# ---- Places in a process


async def test_places_go_to_tenants_in_turns():
    """One with a thousand calls does not make another wait for them."""
    room, order = Room(2), []

    async def call(owner):
        await room.acquire(owner)
        order.append(owner.tenant)
        await asyncio.sleep(0)
        room.release(owner)

    flood = [asyncio.create_task(call(FLOOD)) for _ in range(1000)]
    await asyncio.sleep(0)
    await asyncio.gather(*flood, *(call(OTHER) for _ in range(3)))

    assert order.index("other") < 10
    assert [index for index, each in enumerate(order) if each == "other"][-1] < 20
    assert room.load == 0


async def test_a_tenant_whose_scripts_all_wait_leaves_places_to_others():
    """A service that never answers holds them for as long as calls may take."""
    room = Room(64)
    held = [asyncio.create_task(room.acquire(FLOOD)) for _ in range(100)]
    await asyncio.sleep(0)
    for _ in range(4):
        await room.acquire(OTHER)

    assert sum(task.done() for task in held) == 60
    room.release(FLOOD)
    await asyncio.sleep(0)
    assert sum(task.done() for task in held) == 60
    for _ in range(4):
        room.release(OTHER)
    await asyncio.sleep(0)
    assert sum(task.done() for task in held) == 61
    for task in held:
        task.cancel()


class Callers:
    """Who has a place, and who waits for one."""

    def __init__(self, places: int) -> None:
        self.room, self.tasks = Room(places), []

    def do(self, step: str, owner: Owner) -> None:
        if step == "come":
            self.tasks.append((asyncio.create_task(self.room.acquire(owner)), owner))
        elif step == "leave":
            self.leave()
        elif self.tasks:  # gives up
            self.tasks[-1][0].cancel()

    def holding(self):
        return [(task, owner) for task, owner in self.tasks if task.done() and not task.cancelled()]

    def leave(self) -> None:
        for each in self.holding()[:1]:
            self.room.release(each[1])
            self.tasks.remove(each)

    async def close(self) -> None:
        for task, _ in self.tasks:
            task.cancel()
        await asyncio.gather(*(task for task, _ in self.tasks), return_exceptions=True)
        for _, owner in self.holding():
            self.room.release(owner)


@given(
    st.lists(st.tuples(OWNERS, st.sampled_from(["come", "come", "leave", "give up", "wait"])), max_size=60),
    st.integers(1, 40),
)
def test_no_place_is_lost_or_given_twice(steps, places):
    """Callers go away at any moment, also at the one in which they get their place."""

    async def play():
        callers = Callers(places)
        for owner, step in steps:
            if step == "wait":
                await asyncio.sleep(0)
            else:
                callers.do(step, owner)
            assert len(callers.holding()) <= places
        await callers.close()
        assert callers.room.load == 0
        for number in range(places):  # each to a tenant of its own: none is kept for others
            await asyncio.wait_for(callers.room.acquire(Owner(number, 0)), 5)

    asyncio.run(play())


# ---- Turns on the processor


SOURCE = (
    "function endless() { for (;;); } function run() { return 1 } function long() { for (let i = 0; i < 2e6; i++); }"
)


class Played:
    """The engine itself, in this process: turn by turn."""

    def __init__(self) -> None:
        self.runner, self.ends, self._image = Fibers(), [], None
        self.runner.ended = self._ended
        self._begin(SOURCE.encode(), None, self.runner.machine.first_image)
        self.until(1)
        self.ends.clear()

    def _ended(self, execution: Execution, end: End) -> None:
        if execution.order is None:
            self._image = self.runner.machine.image(execution.isolate)
        self.ends.append((execution.owner, end.how))

    def _begin(self, text, order, image) -> None:
        machine = self.runner.machine
        self.runner.start(
            Execution(machine, number=1, image=image, text=text, order=order, send=lambda data: None, owner=OTHER)
        )

    def begin(self, function: str, owner: Owner) -> None:
        name = function.encode()
        given = dict.fromkeys(("config", "params", "variables"), b"{}")
        order = Order(script=1, owner=owner, function=name, limits=Limits(cpu_s=60.0), **given)
        self._begin(name, order, self._image)

    def make_long(self) -> None:
        """All that run are no short scripts any more."""
        while any(fiber.execution.cpu_s < SHORT_S for fiber in self.runner._fibers.values()):
            self.runner.turn()

    def until(self, ends: int) -> int:
        """Turns until so many have ended."""
        turns = 0
        while len(self.ends) < ends:
            self.runner.turn()
            turns += 1
        return turns


@pytest.fixture(scope="module")
def engine():
    """Made once."""
    made = Played()
    yield made
    made.runner.close()


@pytest.fixture
def played(engine):
    """Nothing runs in it yet."""
    yield engine
    for fiber in list(engine.runner._fibers.values()):
        engine.runner.cancel(fiber.execution)
    engine.ends.clear()


def test_a_short_script_waits_for_a_turn_and_not_for_a_round(played):
    """Twenty endless loops of one tenant take 5 ms each."""
    for _ in range(20):
        played.begin("endless", FLOOD)
    played.make_long()
    played.begin("run", OTHER)

    assert played.until(1) <= 6
    assert played.ends == [(OTHER, How.RETURNED)]


def test_a_short_script_of_the_same_connector_does_not_wait_for_a_round_either(played):
    """Most installations have one tenant."""
    for _ in range(20):
        played.begin("endless", FLOOD)
    played.make_long()
    played.begin("run", FLOOD)

    assert played.until(1) <= 6


def test_a_long_script_has_every_other_turn_of_those_that_two_tenants_share(played):
    """Not one of twenty: it takes as long as if the other tenant had one script."""
    played.begin("long", OTHER)
    alone = played.until(1)
    for _ in range(20):
        played.begin("endless", FLOOD)
    played.make_long()
    played.begin("long", OTHER)

    assert played.until(2) <= alone * 6 + 20


def test_a_long_script_does_not_starve_while_short_ones_come(played):
    """They would be served first for ever."""
    played.begin("long", OTHER)
    turns = 0
    while (OTHER, How.NOTHING) not in played.ends:
        while len(played.runner._fibers) < 5:
            played.begin("run", FLOOD)
        played.runner.turn()
        turns += 1
        assert turns < 2000


# ---- All of it


@pytest.mark.parametrize("ways", [["fibers"], ["threads"]], ids=lambda ways: ways[0])
async def test_a_flood_of_one_tenant_does_not_stop_another(ways):
    """Endless loops, scripts that wait for ever, and a queue of more: others are answered before any of them ends."""
    pool = SandboxPool(processes=1, ways=ways)
    asked = 0

    class Silent(Service):
        async def http(self, request):
            nonlocal asked
            asked += 1
            await asyncio.Event().wait()

    source = "function wait() { floh.http.get('https://acme.example') } " + SOURCE

    async def call(function, owner):
        job = Job(source=source, function=function, owner=owner, limits=Limits(cpu_s=600.0, wall_s=600.0))
        return await pool.run(job, Silent())

    try:
        await call("run", OTHER)
        flood = [asyncio.create_task(call(f, FLOOD)) for f in ["endless"] * 4 + ["wait"] * 700]
        async with asyncio.timeout(60):
            while not asked:
                await asyncio.wait(flood, timeout=0.01)
            for _ in range(10):
                came = await call("run", OTHER)
                assert isinstance(came, Returned)
                assert came.value == b"1"

        assert not any(task.done() for task in flood)
    finally:
        for task in flood:
            task.cancel()
        await asyncio.gather(*flood, return_exceptions=True)
        await pool.close()
