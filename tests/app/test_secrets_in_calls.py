"""Named secrets all the way: put in by one process, sent by another, and seen by nobody on the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from jackfield.access.errors import UserDisabled
from jackfield.app.embedded import Embedded
from jackfield.credentials.errors import CredentialMissing
from jackfield.dispatch.call import CallOptions, Origin
from jackfield.settings import Settings
from jackfield.vault.errors import Undecryptable
from servers import Answer, Service, serve

SHARED, PRIVATE, NEWER = "the-shared-value-1", "anns-own-value-22", "a-newer-value-333"
ACME = """
name: acme
baseUrl: {url}
auth: {{type: bearer, secret: ACME_KEY}}
operations:
  whoami: {{method: GET, path: /whoami, readsOnly: true}}
"""


class World:
    """A service, a data folder, and runtimes that share it, as processes do."""

    def __init__(self, folder: Path, service: Service, stack: AsyncExitStack) -> None:
        self.folder = folder
        self.service = service
        self._stack = stack

    def process(self, token: str = "") -> Embedded:
        settings = Settings(
            data=self.folder / "data",
            connectors=(self.folder / "acme.yaml",),
            egress_allow=self.service.address,
            token=token,
        )
        runtime = Embedded(settings, types=())
        self._stack.push_async_callback(runtime.close)
        return runtime

    def sent(self) -> list[str]:
        return [asked.headers.get("authorization", "") for asked in self.service.asked]


@pytest.fixture
async def world(tmp_path) -> AsyncIterator[World]:
    def echo(asked):
        return Answer(body={"you": asked.headers.get("authorization")})

    with serve(echo) as service:
        (tmp_path / "acme.yaml").write_text(ACME.format(url=service.url))
        async with AsyncExitStack() as stack:
            yield World(tmp_path, service, stack)


async def call(runtime: Embedded):
    return await runtime.call("acme", "whoami", {}, CallOptions(), Origin(trigger="sdk"))


async def put(runtime: Embedded, value: str, **given):
    return await (await runtime.open()).secrets.put(await runtime.principal(), "ACME_KEY", value, **given)


async def ann(world: World, local: Embedded) -> Embedded:
    made = await (await local.open()).users.add(await local.principal(), name="ann")
    return world.process(made.token.text)


async def until(runtime: Embedded, sent: str, world: World) -> None:
    """Call until the other process has heard of the change: SQLite is asked each second."""
    async with asyncio.timeout(10):
        while await call(runtime) and world.sent()[-1] != f"Bearer {sent}":
            pass


async def test_each_user_sends_their_own_key_and_the_others_the_shared_one(world):
    """With the same connector, and nobody sees either."""
    local = world.process()
    other = await ann(world, local)
    await put(local, SHARED)
    first, second = await call(local), await call(other)
    await put(other, PRIVATE, visibility="private")
    third, fourth = await call(other), await call(local)

    assert world.sent() == [f"Bearer {value}" for value in (SHARED, SHARED, PRIVATE, SHARED)]
    assert {str(outcome.payload) for outcome in (first, second, third, fourth)} == {"{'you': 'Bearer ********'}"}


async def test_a_new_value_is_sent_by_all_processes(world):
    """And the earlier one by none."""
    local, other = world.process(), world.process()
    await put(local, SHARED)
    await call(other)
    await put(local, NEWER)
    await call(local)
    await until(other, NEWER, world)

    assert world.sent()[1] == f"Bearer {NEWER}"


async def test_a_missing_secret_sends_nothing_and_says_how_to_put_it_in(world):
    """Wherever it was looked for."""
    with pytest.raises(CredentialMissing) as raised:
        await call(world.process())

    assert world.sent() == []
    assert "the shared secrets" in str(raised.value)
    assert "jackfield secrets set ACME_KEY" in raised.value.hint


async def test_a_secret_that_cannot_be_read_sends_nothing(world, monkeypatch):
    """Not even that of the environment, which would be another one."""
    from sqlalchemy import update

    from jackfield.storage.database import open_database
    from jackfield.storage.tables.vault import secret

    monkeypatch.setenv("JACKFIELD_SECRET_ACME_KEY", "one-of-the-environment")
    local = world.process()
    await put(local, SHARED)
    database = await open_database(f"sqlite:///{world.folder / 'data' / 'jackfield.db'}")
    await database.write(lambda connection: connection.execute(update(secret).values(sealed=b"damaged")))
    await database.close()
    with pytest.raises(Undecryptable):
        await call(world.process())

    assert world.sent() == []


async def test_a_user_who_is_disabled_calls_no_longer(world):
    """Also in a process that has just answered them."""
    local = world.process()
    other = await ann(world, local)
    await put(local, SHARED)
    await call(other)
    await (await local.open()).users.disable(await local.principal(), "ann")
    with pytest.raises(UserDisabled):
        async with asyncio.timeout(10):
            while await call(other):
                pass


async def test_no_secret_is_in_any_log_or_file_of_the_installation(world, caplog):
    """From the first word to the last, at the most talkative level."""
    caplog.set_level(logging.DEBUG)
    local = world.process()
    other = await ann(world, local)
    await put(local, SHARED, description="Of Acme")
    await put(other, PRIVATE, visibility="private")
    for runtime in (local, other):
        await call(runtime)
        logging.getLogger("somebody.else").warning("sent %s and %s", SHARED, PRIVATE)
    files = b"".join(path.read_bytes() for path in (world.folder / "data").rglob("*") if path.is_file())

    assert "sent ******** and ********" in caplog.text
    for value in (SHARED, PRIVATE):
        assert value not in caplog.text
        assert value.encode() not in files
