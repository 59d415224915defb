"""What every place of secrets does, told once for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

import pytest

from hashicorp_stand_in import stand_in
from jackfield.definition.secret import Secret
from jackfield.storage import secrets, users
from jackfield.storage.changes import Changes
from jackfield.storage.database import open_database
from jackfield.storage.secrets import SecretRow
from jackfield.storage.users import UserRow
from jackfield.vault.backends.files import FileSecrets
from jackfield.vault.backends.hashicorp import FRESH_S, HashicorpSecrets
from jackfield.vault.backends.hashicorp_client import HashicorpClient, Place
from jackfield.vault.backends.hashicorp_sign_in import GivenToken
from jackfield.vault.backends.layered import LayeredSecrets
from jackfield.vault.secrets import MemorySecrets, SecretStore
from jackfield.vault.stored_secrets import StoredSecrets, context
from jackfield.vault.watch import SecretWatch

VALUE, NEWER = "the-value-1234", "the-newer-value"
WHO = {"tenant": "default", "user": "ada"}


@dataclass(frozen=True, kw_only=True)
class Backend:
    """A place of secrets.

    Attributes:
        put: Gives it a value under a name, or another one.
        place: Where it says that `KEY` is.
        decider: Who decides where its secrets go.
    """

    store: SecretStore
    put: Callable[[str, str], Awaitable[None]]
    place: str
    decider: str = ""


Opened = AbstractAsyncContextManager[Backend]


@asynccontextmanager
async def files(watch: SecretWatch, request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    folder = request.getfixturevalue("tmp_path")

    async def put(name: str, value: str) -> None:
        (folder / name).write_text(value)

    yield Backend(store=FileSecrets(folder, tenant="default", watch=watch), put=put, place=f"`{folder / 'KEY'}`")


@asynccontextmanager
async def hashicorp(watch: SecretWatch, request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    with stand_in() as server:
        now, where = [0.0], Place(url=server.url, path="secret/data/jackfield")
        client = HashicorpClient(where, GivenToken(token=Secret("root-token")), watch=watch)
        store = HashicorpSecrets(client, tenant="default", watch=watch, clock=lambda: now[0])

        async def put(name: str, value: str) -> None:
            server.put(f"secret/data/jackfield/{name}", value)
            now[0] += FRESH_S

        yield Backend(store=store, put=put, place=f"`secret/data/jackfield/KEY` of `{server.url}`")
        await store.close()


@asynccontextmanager
async def vault(watch: SecretWatch, request: pytest.FixtureRequest, *, url: str) -> AsyncIterator[Backend]:
    envelope, database = request.getfixturevalue("envelope"), await open_database(request.getfixturevalue(url))
    author = await database.write(partial(users.add, row=UserRow(tenant="default", name="ann")))
    changes = Changes(database)
    await changes.start()

    async def put(name: str, value: str) -> None:
        row = await database.read(partial(secrets.find, tenant="default", name=name, owner=None))
        if row is None:
            row = SecretRow(tenant="default", name=name, sealed=b"", author=author.id)
            await database.write(partial(secrets.add, row=sealed(row, value)))
        else:
            fresh = sealed(replace(row, revision=row.revision + 1), value)
            await database.write(partial(secrets.save, row=replace(fresh, revision=row.revision)))

    def sealed(row: SecretRow, value: str) -> SecretRow:
        return replace(row, sealed=envelope.seal(value.encode(), context(row)))

    store = StoredSecrets(database, changes, envelope, watch)
    yield Backend(store=store, put=put, place="the shared secrets", decider=author.id)
    await changes.close()
    await database.close()


@asynccontextmanager
async def layered(watch: SecretWatch, request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    """Files behind another place that has nothing."""
    async with files(watch, request) as behind:
        store = LayeredSecrets([MemorySecrets({}, tenant="default"), behind.store])
        yield replace(behind, store=store)


EVERY: dict[str, Callable[[SecretWatch, pytest.FixtureRequest], Opened]] = {
    "files": files,
    "hashicorp": hashicorp,
    "layered": layered,
    "vault-sqlite": partial(vault, url="sqlite_url"),
    "vault-postgresql": partial(vault, url="postgresql_url"),
}


@pytest.fixture
def watch() -> SecretWatch:
    return SecretWatch()


@pytest.fixture(params=EVERY)
async def backend(request: pytest.FixtureRequest, watch: SecretWatch) -> AsyncIterator[Backend]:
    async with EVERY[request.param](watch, request) as opened:
        yield opened


async def test_what_is_there_is_found_and_what_is_not_is_none(backend):
    """By the name to the letter."""
    await backend.put("KEY", VALUE)

    assert await backend.store.find("KEY", **WHO) == Secret(VALUE)
    assert await backend.store.find("OTHER", **WHO) is None
    assert await backend.store.find("key", **WHO) is None


async def test_who_decides_where_it_goes_is_known(backend):
    """Of what is not there, nobody."""
    await backend.put("KEY", VALUE)

    assert await backend.store.decided_by("KEY", **WHO) == backend.decider
    assert await backend.store.decided_by("OTHER", **WHO) is None


async def test_it_is_of_one_tenant(backend):
    """Callers of another get nothing, and decide nothing."""
    await backend.put("KEY", VALUE)
    other = {"tenant": "acme", "user": "ada"}

    assert await backend.store.find("KEY", **other) is None
    assert await backend.store.decided_by("KEY", **other) is None


async def test_the_place_is_named(backend):
    """Whoever misses a secret is told where to put it."""
    assert backend.store.places("KEY")[-1] == backend.place


async def test_a_changed_value_is_seen(backend):
    """Without a new process."""
    await backend.put("KEY", VALUE)
    first = await backend.store.find("KEY", **WHO)
    await backend.put("KEY", NEWER)

    assert (first, await backend.store.find("KEY", **WHO)) == (Secret(VALUE), Secret(NEWER))


async def test_logs_are_watched_for_what_was_found(backend, watch):
    """From then on, and for the value before too: a call that has it may still be going on."""
    await backend.put("KEY", VALUE)
    await backend.store.find("KEY", **WHO)
    await backend.put("KEY", NEWER)
    await backend.store.find("KEY", **WHO)

    assert watch.mask(f"{VALUE} {NEWER}") == "******** ********"


async def test_what_a_program_or_the_environment_gives_is_of_one_tenant_too():
    """It cannot change while the process lives."""
    store = MemorySecrets({"KEY": VALUE}, tenant="default", place="`JACKFIELD_SECRET_{name}`")

    assert await store.find("KEY", **WHO) == Secret(VALUE)
    assert await store.find("OTHER", **WHO) is None
    assert await store.find("KEY", tenant="acme", user="ada") is None
    assert await store.decided_by("KEY", **WHO) == ""
    assert await store.decided_by("KEY", tenant="acme", user="ada") is None
    assert store.places("KEY") == ["`JACKFIELD_SECRET_KEY`"]
