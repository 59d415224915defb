"""Stored connectors all the way: made by one process, called by another, their secrets seen by nobody on the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from jackfield import Connector, Context, Outcome, Secret, command, succeed
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import CallOptions, Origin
from jackfield.dispatch.errors import ConnectorDisabled
from jackfield.registry.errors import ConnectorNotConfigured, TypeDisabled, UnknownConnector
from jackfield.settings import Settings
from jackfield.storage.database import open_database
from jackfield.storage.tables.catalogue import connector
from jackfield.vault.errors import Undecryptable
from servers import Answer, Service, serve

KEY, NEWER, NAMED = "the-first-key-111", "a-newer-key-22222", "a-named-key-333333"


class Keeper(Connector, name="keeper-of-a-key"):
    """Opens once, and tells with which key it was opened."""

    key: Secret

    async def open(self) -> None:
        self.opened_with = self.key.reveal()

    @command(reads_only=True)
    async def tell(self, ctx: Context) -> Outcome:
        """Whether the key of the call is the one that it was opened with."""
        return succeed({"same": self.opened_with == ctx.config["key"].reveal(), "ends": self.opened_with[-3:]})


class World:
    """A service, a data folder, and runtimes that share it, as processes do."""

    def __init__(self, folder: Path, service: Service, stack: AsyncExitStack) -> None:
        self.folder = folder
        self.service = service
        self._stack = stack

    def process(self) -> Embedded:
        settings = Settings(data=self.folder / "data", connectors=(), egress_allow=self.service.address)
        runtime = Embedded(settings, types=[Keeper])
        self._stack.push_async_callback(runtime.close)
        return runtime

    def desk(self, **more: Any) -> dict[str, Any]:
        return {
            "name": "desk",
            "baseUrl": self.service.url,
            "connectionConfig": {"token": {"type": "secret", "required": True}},
            "auth": {"type": "bearer", "field": "token"},
            "operations": [{"name": "whoami", "method": "GET", "path": "/whoami"}],
        } | more

    def sent(self) -> list[str]:
        return [asked.headers.get("authorization", "") for asked in self.service.asked]


@pytest.fixture
async def world(tmp_path) -> AsyncIterator[World]:
    def echo(asked):
        return Answer(body={"you": asked.headers.get("authorization")})

    with serve(echo) as service:
        async with AsyncExitStack() as stack:
            yield World(tmp_path, service, stack)


async def call(runtime: Embedded, target: str = "desk", name: str | None = "whoami"):
    return await runtime.call(target, name, {}, CallOptions(), Origin(trigger="sdk"))


async def connectors(runtime: Embedded, verb: str, *arguments: Any):
    return await getattr((await runtime.open()).connectors, verb)(await runtime.principal(), *arguments)


async def test_a_connector_made_by_one_process_is_called_by_another(world, caplog):
    """Its secret reaches the service, and no log, answer or file."""
    caplog.set_level(logging.DEBUG)
    local, other = world.process(), world.process()
    await connectors(local, "create", world.desk(config={"token": KEY}))
    outcome = await call(other)
    logging.getLogger("somebody.else").warning("sent %s", KEY)
    files = b"".join(path.read_bytes() for path in (world.folder / "data").rglob("*") if path.is_file())

    assert world.sent() == [f"Bearer {KEY}"]
    assert outcome.payload == {"you": "Bearer ********"}
    assert KEY not in caplog.text
    assert KEY.encode() not in files


async def test_a_new_key_is_used_by_the_next_call(world):
    """Also by what was opened with the earlier one."""
    local = world.process()
    await connectors(local, "create", {"name": "keeper", "type": "keeper-of-a-key", "config": {"key": KEY}})
    first = await call(local, "keeper", "tell")
    await connectors(local, "update", "keeper", {"config": {"key": NEWER}})
    second = await call(local, "keeper", "tell")

    assert (first.payload, second.payload) == ({"same": True, "ends": "111"}, {"same": True, "ends": "222"})


async def test_a_secret_may_be_named_in_the_connection(world):
    """It is found when it is needed: put in later, changed at any time."""
    local = world.process()
    await connectors(local, "create", world.desk(config={"token": {"secret": "DESK"}}))
    manage, principal = await local.open(), await local.principal()
    await manage.secrets.put(principal, "DESK", NAMED)
    first = await call(local)
    await manage.secrets.put(principal, "DESK", NEWER)
    await call(local)

    assert world.sent() == [f"Bearer {NAMED}", f"Bearer {NEWER}"]
    assert NAMED not in str(first.to_json())


async def test_an_unconfigured_connector_sends_nothing_until_it_is_completed(world):
    """H10."""
    local = world.process()
    await connectors(local, "create", world.desk())
    with pytest.raises(ConnectorNotConfigured):
        await call(local)
    await connectors(local, "update", "desk", {"config": {"token": KEY}})
    await call(local)

    assert world.sent() == [f"Bearer {KEY}"]


async def test_one_that_cannot_be_read_sends_nothing_and_the_others_work(world):
    """H08: loud, never an empty connection; and filled in again it works."""
    local = world.process()
    await connectors(local, "create", world.desk(config={"token": KEY}))
    await connectors(local, "create", {"name": "second", "type": "desk", "config": {"token": NEWER}})
    database = await open_database(f"sqlite:///{world.folder / 'data' / 'jackfield.db'}")
    damage = update(connector).where(connector.c.name == "desk").values(sealed=b"damaged")
    await database.write(lambda connection: connection.execute(damage))
    await database.close()

    other = world.process()
    with pytest.raises(Undecryptable):
        await call(other)
    await call(other, "second")
    assert world.sent() == [f"Bearer {NEWER}"]
    await connectors(other, "update", "desk", {"config": {"token": NAMED}})
    await call(other)
    assert world.sent()[-1] == f"Bearer {NAMED}"


async def test_a_connector_that_is_switched_off_is_off_in_every_process(world):
    """A12: and deleted it is gone."""
    local, other = world.process(), world.process()
    await connectors(local, "create", world.desk(config={"token": KEY}))
    await call(other)
    await connectors(local, "disable", "desk")
    with pytest.raises(ConnectorDisabled):
        await call(local)
    with pytest.raises(ConnectorDisabled):
        await _until_refused(other)
    await connectors(local, "enable", "desk")
    await (await local.open()).types.disable(await local.principal(), "desk")
    with pytest.raises(TypeDisabled):
        await call(local)
    await (await local.open()).types.enable(await local.principal(), "desk")
    await connectors(local, "delete", "desk")
    with pytest.raises(UnknownConnector):
        await call(local)


async def _until_refused(runtime: Embedded) -> None:
    """SQLite is asked each second."""
    async with asyncio.timeout(10):
        while await call(runtime):
            pass


async def test_stored_mocks_answer_for_the_service(world):
    """R02: nothing is sent."""
    local = world.process()
    await connectors(local, "create", world.desk(config={"token": KEY}))
    mocks = {"enabled": True, "data": {"whoami": {"default": {"success": True, "payload": {"you": "a mock"}}}}}
    await connectors(local, "set_mocks", "desk", mocks)
    outcome = await call(local)

    assert (outcome.payload, outcome.metadata["mock"], world.sent()) == ({"you": "a mock"}, True, [])
