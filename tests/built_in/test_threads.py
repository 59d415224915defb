"""Plain functions as commands: they block nobody, and have a blocking client that ends with their call."""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from concurrent.futures import CancelledError
from typing import ClassVar

import pytest

from jackfield import (
    CallTimeout,
    Connector,
    Jackfield,
    SyncContext,
    command,
    field,
    run_command,
    run_command_async,
    succeed,
)
from servers import Answer, serve

WAIT_S = 5
"""How long a test waits for what must happen at once; only a broken one waits so long."""

place = contextvars.ContextVar("place", default="nowhere")


class Blocking(Connector, name="built-blocking"):
    """Methods that wait for each other; the test holds the events."""

    entered: ClassVar[threading.Barrier]
    release: ClassVar[threading.Event]

    @command
    def meet(self):
        self.entered.wait(WAIT_S)
        return succeed(threading.current_thread().name)

    @command
    def block(self):
        self.entered.wait(WAIT_S)
        return succeed(self.release.wait(WAIT_S))

    @command
    async def quick(self):
        return succeed("done")

    @command
    async def let_go(self):
        self.release.set()
        return succeed()

    @command
    def where(self):
        return succeed(place.get())


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(Blocking, "entered", threading.Barrier(2), raising=False)
    monkeypatch.setattr(Blocking, "release", threading.Event(), raising=False)


async def test_two_blocking_handlers_run_at_the_same_time():
    """Each waits for the other: one after the other would never end."""
    async with Jackfield(types=[Blocking]) as jf:
        names = await asyncio.gather(*(jf.connector_async("built-blocking", "meet") for _ in range(2)))

    assert len({outcome.payload for outcome in names}) == 2
    assert all(outcome.payload.startswith("jackfield-command") for outcome in names)


async def test_a_blocking_handler_stalls_no_other_call():
    """It ends only when a later call has run."""
    async with Jackfield(types=[Blocking]) as jf:
        blocked = asyncio.ensure_future(jf.connector_async("built-blocking", "block"))
        await asyncio.to_thread(Blocking.entered.wait, WAIT_S)
        assert (await jf.connector_async("built-blocking", "quick")).payload == "done"
        assert not blocked.done()
        await jf.connector_async("built-blocking", "let_go")

        assert (await blocked).payload is True


async def test_a_handler_in_a_thread_sees_the_callers_context():
    """Traces and request ids travel in context variables."""
    place.set("here")

    assert (await run_command_async(Blocking, "where")).payload == "here"


class Asking(Connector, name="built-asking"):
    base_url: str = field("API address.")

    contexts: ClassVar[list[SyncContext]] = []
    errors: ClassVar[queue.Queue[BaseException]] = queue.Queue()

    @command
    def ask(self, ctx: SyncContext, method: str):
        send = getattr(ctx.http, method)
        answer = send(f"{self.base_url}/things", headers={"X-Team": "blue"}, query={"page": 2})
        return succeed([answer.status, answer.headers["x-method"]])

    @command
    def send(self, ctx: SyncContext, method: str, body: dict[str, int]):
        return succeed(ctx.http.request(method, f"{self.base_url}/things", json=body).body)

    @command
    def keep(self, ctx: SyncContext):
        self.contexts.append(ctx)
        return succeed()

    @command
    def wait_for_ever(self, ctx: SyncContext):
        try:
            ctx.http.get(f"{self.base_url}/slow")
        except BaseException as error:
            self.errors.put(error)
            raise


@pytest.fixture
def service():
    def answer(asked):
        if asked.path == "/slow":
            arrived.set()
            release.wait(WAIT_S)
        return Answer(body=asked.json() if asked.body else None, headers={"X-Method": asked.method})

    arrived, release = threading.Event(), threading.Event()
    with serve(answer) as running:
        yield running, arrived
        release.set()


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete"])
def test_the_blocking_client_knows_every_method(service, method):
    """A handler becomes a plain function by leaving out `await`, not by learning another client."""
    running, _ = service
    config = {"base_url": running.url}
    outcome = run_command(Asking, "ask", {"method": method}, config=config, allow=running.address)

    assert outcome.payload == [200, method.upper()]
    assert running.asked[0].headers["x-team"] == "blue"
    assert running.asked[0].query == {"page": ["2"]}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_blocking_client_sends_bodies(service, method):
    """As the other one does."""
    running, _ = service
    params = {"method": method, "body": {"id": 7}}
    outcome = run_command(Asking, "send", params, config={"base_url": running.url}, allow=running.address)

    assert outcome.payload == {"id": 7}


def test_a_handler_cannot_go_on_asking_after_its_call(service):
    """Its time, credential and record have ended with it; a thread that it left behind must not use them."""
    running, _ = service
    run_command(Asking, "keep", config={"base_url": running.url}, allow=running.address)

    with pytest.raises(CallTimeout, match="went on after its call was over"):
        Asking.contexts.pop().http.get(f"{running.url}/things")
    assert running.asked == []


async def test_giving_up_a_call_ends_the_request_of_its_thread(service):
    """Python cannot stop a thread, but what it waits for can be ended, so that it comes back."""
    running, arrived = service
    config = {"base_url": running.url}
    calling = asyncio.ensure_future(run_command_async(Asking, "wait_for_ever", config=config, allow=running.address))
    await asyncio.to_thread(arrived.wait, WAIT_S)
    calling.cancel()
    await asyncio.wait([calling])
    error = await asyncio.to_thread(Asking.errors.get, timeout=WAIT_S)

    assert calling.cancelled()
    assert isinstance(error, CancelledError)
