"""What a connector keeps open: made once, shared, and let go of when its connection changes or Jackfield stops."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections import Counter

import pytest

from jackfield import Connector, Context, command, fail, succeed
from jackfield.access.principal import DEFAULT_TENANT, LOCAL
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call, Origin
from jackfield.dispatch.options import read_options
from jackfield.settings import Settings


class World:
    """One runtime with connectors whose opening and closing the test decides on."""

    def __init__(self):
        self.happened: Counter[str] = Counter()
        self.opening, self.using = asyncio.Event(), asyncio.Event()
        self.may_open, self.may_end = asyncio.Event(), asyncio.Event()
        self.may_open.set()
        self.troubles: list[BaseException] = []
        self.runtime = Embedded(Settings(database_url="memory"), types=[self._connector()])

    async def add(self, name="one", **config):
        return await self.runtime.add({"name": name, "type": "built-pooled", "config": config})

    def change(self, name="one", **config):
        self.runtime.base.change_connector(f"default/{name}", tenant=DEFAULT_TENANT, config=config)

    async def call(self, name="one", command="use", *, timeout_s=None, **params):
        options = read_options(None, timeout_s=timeout_s)
        call = Call(
            principal=LOCAL,
            target=name,
            command=command,
            params=params,
            options=options,
            origin=Origin(trigger="test"),
            variables={},
        )
        return await self.runtime.run(call)

    def _connector(world):  # noqa: N805 - `self` is the connector's
        class Pooled(Connector, name="built-pooled"):
            label: str = "first"

            async def open(self):
                world.happened[f"opening {self.label}"] += 1
                world.opening.set()
                await world.may_open.wait()
                if world.troubles:
                    raise world.troubles.pop()
                self._pool = object()
                world.happened[f"opened {self.label}"] += 1

            async def close(self):
                world.happened[f"closed {self.label}"] += 1
                if self.label == "stubborn":
                    raise OSError("will not close")
                if self.label == "leaving":
                    sys.exit(1)

            def error_map(self, error):
                return fail("the login was refused", code="login") if isinstance(error, PermissionError) else None

            @command
            async def use(self):
                return succeed({"pool": id(self._pool), "label": self.label})

            @command
            def use_in_a_thread(self):
                return succeed({"pool": id(self._pool), "label": self.label})

            @command
            async def use_long(self, ctx: Context):
                world.using.set()
                await world.may_end.wait()
                return succeed({"pool": id(self._pool), "label": self.label, "closed": world.happened["closed first"]})

        return Pooled


@pytest.fixture
async def world():
    made = World()
    yield made
    made.may_open.set()
    made.may_end.set()
    await made.runtime.close()
    gc.collect(1)  # an exception that nobody asked for would be told here, and warnings are errors


async def test_ten_first_calls_open_it_once(world):
    """Ten logins at once are what services lock accounts for."""
    await world.add()
    world.may_open.clear()
    calls = [asyncio.ensure_future(world.call(command=c)) for c in ["use", "use_in_a_thread"] * 5]
    await world.opening.wait()
    world.may_open.set()
    outcomes = await asyncio.gather(*calls)

    assert len({outcome["pool"] for outcome in outcomes}) == 1
    assert world.happened == {"opening first": 1, "opened first": 1}


async def test_calls_share_what_was_opened(world):
    """Clients are pooled, not built again for each call."""
    await world.add()

    assert (await world.call())["pool"] == (await world.call())["pool"]


async def test_each_connector_has_its_own(world):
    """Two accounts must not share a session."""
    await world.add("one", label="first")
    await world.add("two", label="second")

    assert (await world.call("one"))["pool"] != (await world.call("two"))["pool"]
    assert world.happened["opened first"] == world.happened["opened second"] == 1


async def test_everything_is_closed_at_shutdown(world):
    """Services count connections that nobody ended."""
    await world.add("one", label="first")
    await world.add("two", label="second")
    await world.call("one")
    await world.call("two")

    await world.runtime.close()

    assert world.happened["closed first"] == world.happened["closed second"] == 1


async def test_what_was_never_used_is_neither_opened_nor_closed(world):
    """A hundred configured connectors must not mean a hundred logins."""
    await world.add()

    await world.runtime.close()

    assert not world.happened


async def test_a_changed_connection_opens_a_new_one_and_closes_the_old(world):
    """New credentials take effect with the next call."""
    await world.add(label="first")
    before = await world.call()
    world.change(label="second")
    after = await world.call()

    assert (before["label"], after["label"]) == ("first", "second")
    assert world.happened["closed first"] == 1
    assert world.happened["closed second"] == 0


async def test_a_call_under_way_keeps_what_it_began_with(world):
    """Closing it in the middle would break a call that did nothing wrong; the last user closes it."""
    await world.add(label="first")
    under_way = asyncio.ensure_future(world.call(command="use_long"))
    await world.using.wait()
    world.change(label="second")
    assert (await world.call())["label"] == "second"
    world.may_end.set()
    ended = await under_way
    await asyncio.sleep(0)

    assert (ended["label"], ended["closed"]) == ("first", 0)
    assert world.happened["closed first"] == 1


async def test_a_replaced_one_in_use_is_closed_at_shutdown_too(world):
    """Its last user may never end."""
    await world.add(label="first")
    under_way = asyncio.ensure_future(world.call(command="use_long"))
    await world.using.wait()
    world.change(label="second")
    await world.call()

    await world.runtime.close()

    assert world.happened["closed first"] == world.happened["closed second"] == 1
    world.may_end.set()
    await under_way
    assert world.happened["closed first"] == 1


@pytest.mark.parametrize(
    ("trouble", "words", "code"),
    [
        (ConnectionError("Acme is away"), "Acme is away", "command-failed"),
        (PermissionError("401"), "the login was refused", "login"),
        (SystemExit(3), "3", "command-failed"),
    ],
)
async def test_an_open_that_fails_is_a_failure_and_is_tried_again(world, trouble, words, code):
    """The service may be back at the next call; the error map reads what was raised, as for a command."""
    await world.add()
    world.troubles.append(trouble)
    failed = await world.call()
    then = await world.call()

    assert (failed.success, failed.error, failed.code) == (False, words, code)
    assert then.success
    assert world.happened == {"opening first": 2, "opened first": 1}


async def test_all_who_waited_for_an_open_that_fails_are_told(world):
    """None of them may wait for ever, and one new attempt serves all that come later."""
    await world.add()
    world.may_open.clear()
    world.troubles.append(ConnectionError("Acme is away"))
    calls = [asyncio.ensure_future(world.call()) for _ in range(5)]
    await world.opening.wait()
    world.may_open.set()
    outcomes = await asyncio.gather(*calls)

    assert {outcome.error for outcome in outcomes} == {"Acme is away"}
    assert (await world.call()).success


async def test_what_was_not_opened_is_not_closed(world):
    """`close` would find nothing of what it lets go of."""
    await world.add()
    world.troubles.append(ConnectionError("Acme is away"))
    await world.call()

    await world.runtime.close()

    assert world.happened["closed first"] == 0


async def test_the_first_caller_may_give_up_without_harm_to_the_others(world):
    """Who comes first is chance."""
    await world.add()
    world.may_open.clear()
    first, second = (asyncio.ensure_future(world.call()) for _ in range(2))
    await world.opening.wait()
    first.cancel()
    await asyncio.wait([first])
    world.may_open.set()

    assert (await second).success
    assert first.cancelled()
    assert world.happened == {"opening first": 1, "opened first": 1}


async def test_an_open_that_hangs_is_given_up_with_its_last_caller(world):
    """Otherwise one lost connection would make every later call wait for it."""
    await world.add()
    world.may_open.clear()
    waiting = asyncio.ensure_future(world.call())
    await world.opening.wait()
    waiting.cancel()
    await asyncio.wait([waiting])
    world.may_open.set()

    assert (await world.call()).success
    assert world.happened == {"opening first": 2, "opened first": 1}


async def test_shutdown_does_not_wait_for_an_open_that_hangs(world):
    """A server must end when it is told to."""
    await world.add()
    world.may_open.clear()
    waiting = asyncio.ensure_future(world.call())
    await world.opening.wait()

    await asyncio.wait_for(world.runtime.close(), 5)

    await asyncio.wait([waiting])
    assert world.happened == {"opening first": 1}


@pytest.mark.parametrize("label", ["stubborn", "leaving"])
async def test_one_that_fails_to_close_does_not_keep_the_others_open(world, label, caplog):
    """Shutdown goes on, and the log says what failed."""
    await world.add("one", label=label)
    await world.add("two", label="second")
    await world.call("one")
    await world.call("two")

    await world.runtime.close()

    assert world.happened[f"closed {label}"] == world.happened["closed second"] == 1
    assert "`close` failed" in caplog.text


async def test_connection_fields_are_there_when_it_opens(world):
    """Opening is what they are for."""
    await world.add(label="mine")
    await world.call()

    assert world.happened["opened mine"] == 1
