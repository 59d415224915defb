"""The database fails beside a runtime that is at work: before a write, after it, and after a read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import make_url

from databases import in_a_loop_of_its_own, on_server
from jackfield.access.principal import LOCAL
from jackfield.app import store
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call, CallOptions
from jackfield.dispatch.errors import RecordFailed, UnknownOutcome
from jackfield.errors import JackfieldError
from jackfield.settings import Settings
from jackfield.storage.database import open_database
from jackfield.storage.tables.coordination import process
from jackfield.storage.tables.journal import execution
from servers import Answer, Asked, Service, serve
from surfaces.kept import KEY, full, locked, small_disk

DESK = {
    "name": "desk",
    "operations": [
        {"name": "order", "method": "POST", "path": "/orders"},
        {"name": "look", "method": "GET", "path": "/orders"},
    ],
}


class Trouble:
    """What keeps the database from being written.

    Attributes:
        url: Of the database.
        codes: What is said where nothing was sent.
    """

    def __init__(self, url: str, make: Callable[[], Any], *, codes: set[str]) -> None:
        self.url = url
        self.codes = codes
        self._make = make
        self._stack = ExitStack()

    def begin(self) -> None:
        """From now on."""
        self._stack.enter_context(self._make())

    def end(self) -> None:
        """Until now."""
        self._stack.close()


@contextmanager
def shut(url: str) -> Iterator[None]:
    """The server lets nobody into the database, and throws out who is there."""
    name = make_url(url).database
    allow = f"ALTER DATABASE {name} ALLOW_CONNECTIONS"
    throw_out = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    in_a_loop_of_its_own(on_server(f"{allow} false"))
    in_a_loop_of_its_own(on_server(throw_out))
    try:
        yield
    finally:
        in_a_loop_of_its_own(on_server(f"{allow} true"))


@pytest.fixture(params=["locked", "full", "shut"])
def trouble(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trouble]:
    """A lock, a full disk, a server that is gone."""
    monkeypatch.setattr(store, "open_database", partial(open_database, busy_timeout_s=0.05))
    if request.param == "shut":
        url = request.getfixturevalue("postgresql_url")
        yield Trouble(url, lambda: shut(url), codes={"database-unavailable"})
        return
    url = request.getfixturevalue("sqlite_url")
    file = Path(url.removeprefix("sqlite:///"))
    if request.param == "locked":
        yield Trouble(url, lambda: locked(file), codes={"database-busy"})
        return
    with small_disk(tmp_path / "disk") as disk:
        if disk is None:
            pytest.skip("only root can make a disk that is small")
        (disk / file.name).write_bytes(file.read_bytes())
        yield Trouble(f"sqlite:///{disk / file.name}", lambda: full(disk), codes={"disk-full"})


@dataclass
class World:
    """A runtime, the service that it calls, and what happens to its database.

    Attributes:
        strike: Trouble begins while the service carries out a request.
    """

    trouble: Trouble
    service: Service
    settings: Settings
    runtime: Embedded
    strike: bool = False

    async def order(self, key: str | None, *, runtime: Embedded | None = None) -> Any:
        """A write."""
        options = CallOptions(idempotency_key=key)
        asked = Call(principal=LOCAL, target="desk", command="order", options=options)
        return await (runtime or self.runtime).run(asked)

    async def look(self) -> Any:
        """A read."""
        return await self.runtime.run(Call(principal=LOCAL, target="desk", command="look"))

    async def another_process(self) -> Embedded:
        """One that is started later."""
        runtime = Embedded(self.settings, types=[])
        await runtime.add(DESK | {"baseUrl": self.service.url})
        return runtime

    async def rows(self) -> dict[str, str]:
        """The status of every execution."""
        database = await open_database(self.settings.database)
        statement = select(execution.c.id, execution.c.status)
        found = await database.read(lambda connection: [tuple(row) for row in connection.execute(statement)])
        await database.close()
        return dict(found)

    async def forget_the_dead(self) -> None:
        """Every process was last seen long ago."""
        database = await open_database(self.settings.database)
        await database.write(lambda connection: connection.execute(update(process).values(seen=0)) and None)
        await database.close()


@pytest.fixture
async def world(trouble: Trouble, tmp_path: Path) -> AsyncIterator[World]:
    def answer(_: Asked) -> Answer:
        if made.strike:
            trouble.begin()
        return Answer(body={"done": True})

    with serve(answer) as service:
        settings = Settings(data=tmp_path / "data", database_url=trouble.url, key=KEY, egress_allow=service.address)
        runtime = Embedded(settings, types=[])
        await runtime.add(DESK | {"baseUrl": service.url})
        made = World(trouble=trouble, service=service, settings=settings, runtime=runtime)
        await made.order("before")  # it is at work, and known to the others
        service.asked.clear()
        yield made
        trouble.end()
        await runtime.close()


async def test_a_read_whose_record_cannot_be_kept_names_its_execution(world: World):
    """It was made; without a record it is not answered as if it had one."""
    world.strike = True
    with pytest.raises(RecordFailed) as failed:
        await world.look()
    world.strike = False
    world.trouble.end()
    again = await world.look()

    assert failed.value.details["reason"] in world.trouble.codes
    assert failed.value.details["execution_id"] not in await world.rows()
    assert again.success
    assert (await world.rows())[again.metadata["executionId"]] == "COMPLETED"


@pytest.mark.parametrize("key", ["order-1", None])
async def test_a_write_that_cannot_be_claimed_is_not_sent(world: World, key: str | None):
    """What could not be written down first is not done; the key is free for the next attempt."""
    before = await world.rows()
    world.trouble.begin()
    with pytest.raises(JackfieldError) as refused:
        await world.order(key)
    sent = list(world.service.asked)
    world.trouble.end()
    after = await world.rows()
    again = await world.order(key)

    assert refused.value.code in world.trouble.codes
    assert sent == []
    assert after == before
    assert again.success
    assert "replayed" not in again.metadata
    assert len(world.service.asked) == 1


async def test_a_write_whose_end_cannot_be_kept_is_unknown_from_then_on(world: World):
    """Nobody may repeat it: not this process, which knows that its end was lost, nor another one."""
    world.strike = True
    with pytest.raises(RecordFailed) as failed:
        await world.order("order-1")
    world.strike = False
    world.trouble.end()
    lost = failed.value.details["execution_id"]
    still_open = (await world.rows())[lost]
    with pytest.raises(UnknownOutcome) as asked_again:
        await world.order("order-1")
    other = await world.another_process()
    with pytest.raises(UnknownOutcome) as asked_elsewhere:
        await world.order("order-1", runtime=other)
    await other.close()

    assert failed.value.details["reason"] in world.trouble.codes
    assert still_open == "RUNNING"
    assert asked_again.value.details["execution_id"] == lost
    assert asked_elsewhere.value.details["execution_id"] == lost
    assert (await world.rows())[lost] == "UNKNOWN_OUTCOME"
    assert len(world.service.asked) == 1


async def test_a_write_whose_end_cannot_be_kept_is_unknown_to_the_process_after_it(world: World):
    """The one that knew is gone, and nothing but the claim tells."""
    world.strike = True
    with pytest.raises(RecordFailed):
        await world.order("order-1")
    world.strike = False
    world.trouble.end()
    await world.forget_the_dead()
    other = await world.another_process()
    with pytest.raises(UnknownOutcome):
        await world.order("order-1", runtime=other)
    await other.close()

    assert len(world.service.asked) == 1
    # `FAILED` is the call that was refused.
    assert sorted((await world.rows()).values()) == ["COMPLETED", "FAILED", "UNKNOWN_OUTCOME"]
