"""Named secrets from the database: whose, from when on, and what logs know of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import update

from jackfield.storage import secrets, users
from jackfield.storage.changes import Changes
from jackfield.storage.database import open_database
from jackfield.storage.secrets import SecretRow
from jackfield.storage.tables.vault import secret
from jackfield.storage.users import UserRow
from jackfield.vault.envelope import Envelope
from jackfield.vault.errors import Undecryptable
from jackfield.vault.keys import KeyRing
from jackfield.vault.stored_secrets import StoredSecrets, context
from jackfield.vault.watch import SecretWatch

NEVER_S = 3600.0
ENVELOPE = Envelope(KeyRing([("main", bytes(range(32)))]))
SHARED, PRIVATE, NEWER = "the-shared-value", "anns-own-value", "a-newer-value"


class Counting:
    """A database that counts how often it is read."""

    def __init__(self, database) -> None:
        self._database = database
        self.reads = 0

    async def read(self, work):
        self.reads += 1
        return await self._database.read(work)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def changes(database):
    bus = Changes(database, scan_s=NEVER_S)
    await bus.start()
    yield bus
    await bus.close()


@pytest.fixture
def watch() -> SecretWatch:
    return SecretWatch()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counting(database) -> Counting:
    return Counting(database)


@pytest.fixture
def store(counting, changes, watch, clock) -> StoredSecrets:
    return StoredSecrets(counting, changes, ENVELOPE, watch, limit=5, linger_s=600, clock=clock)


@pytest.fixture
async def ann(database) -> str:
    return (await database.write(partial(users.add, row=UserRow(tenant="default", name="ann")))).id


def sealed(row: SecretRow, value: str) -> SecretRow:
    return replace(row, sealed=ENVELOPE.seal(value.encode(), context(row)))


def add(database, value: str, **given):
    row = sealed(SecretRow(**({"tenant": "default", "name": "KEY", "sealed": b""} | given)), value)
    return database.write(partial(secrets.add, row=row))


def save(database, row: SecretRow, value: str):
    """Put another value in its place, sealed for the next revision."""
    again = replace(sealed(replace(row, revision=row.revision + 1), value), revision=row.revision)
    return database.write(partial(secrets.save, row=again))


async def found(store: StoredSecrets, user: str = "bob", name: str = "KEY", tenant: str = "default") -> str | None:
    secret = await store.find(name, tenant=tenant, user=user)
    return None if secret is None else secret.reveal()


async def test_each_user_gets_their_own_before_the_shared_one(database, store, ann):
    """And nobody another tenant's."""
    await add(database, SHARED)
    await add(database, PRIVATE, owner=ann)

    assert await found(store, ann) == PRIVATE
    assert await found(store, "bob") == SHARED
    assert await found(store, ann, tenant="other") is None
    assert await found(store, ann, name="key") is None
    assert store.places("KEY") == ["the private secrets of the caller", "the shared secrets"]


async def test_an_answer_is_kept_until_something_changes(database, store, counting, ann):
    """Also that there is none: a secret of another store is asked for here first, at every call."""
    await add(database, SHARED)
    for _ in range(3):
        assert await found(store) == SHARED
        assert await found(store, name="OTHER") is None

    assert counting.reads == 2


@pytest.mark.parametrize("where", ["here", "elsewhere"])
async def test_a_new_value_is_used_from_the_next_call_on(database, database_url, store, changes, where):
    """Whichever process set it."""
    row = await add(database, SHARED)
    await found(store)
    since = changes.version(tenant="default", topic=secrets.TOPIC)
    if where == "here":
        await save(database, row, NEWER)
    else:
        other = await open_database(database_url)
        await save(other, row, NEWER)
        await other.close()
        if database.dialect == "sqlite":
            await changes.scan()  # what happens by itself each second
        await asyncio.wait_for(changes.wait_for_change(tenant="default", topic=secrets.TOPIC, since=since), 10)

    assert await found(store) == NEWER


async def test_a_secret_that_comes_later_or_goes_is_noticed(database, store, ann):
    """Nothing is kept beyond a change."""
    assert await found(store, ann) is None
    shared = await add(database, SHARED)
    assert await found(store, ann) == SHARED
    private = await add(database, PRIVATE, owner=ann)
    assert await found(store, ann) == PRIVATE
    await database.write(partial(secrets.remove, row=private))
    assert await found(store, ann) == SHARED
    await database.write(partial(secrets.remove, row=shared))
    assert await found(store, ann) is None


async def test_what_cannot_be_read_is_an_error_and_never_missing(database, store, ann):
    """Otherwise a call would go out with the shared key, or without one."""
    await add(database, SHARED)
    row = await add(database, PRIVATE, owner=ann)
    broken = update(secret).where(secret.c.id == row.id).values(sealed=row.sealed[:-1] + b"\0")
    await database.write(lambda connection: connection.execute(broken))
    for _ in range(2):
        with pytest.raises(Undecryptable) as raised:
            await found(store, ann)

    assert PRIVATE not in str(raised.value.to_json())
    assert await found(store, "bob") == SHARED


async def test_an_earlier_value_cannot_be_put_back(database, store):
    """The revision is sealed in."""
    row = await add(database, SHARED)
    await save(database, row, NEWER)
    await database.write(lambda c: c.execute(update(secret).values(sealed=row.sealed)))
    with pytest.raises(Undecryptable):
        await found(store)


async def test_logs_are_watched_for_what_was_decrypted(database, store, watch):
    """From then on."""
    await add(database, SHARED)
    before = watch.mask(SHARED)
    await found(store)

    assert (before, watch.mask(f"key={SHARED}")) == (SHARED, "key=********")


async def test_a_replaced_value_is_watched_for_until_no_call_can_have_it(database, store, watch, clock):
    """A call that began with it may still write it to a log; later it is nobody's secret."""
    row = await add(database, SHARED)
    await found(store)
    await save(database, row, NEWER)
    await found(store)
    during = watch.mask(f"{SHARED} {NEWER}")
    clock.now = 600.0
    await found(store, name="OTHER")

    assert during == "******** ********"
    assert watch.mask(f"{SHARED} {NEWER}") == f"{SHARED} ********"


async def test_a_deleted_value_is_forgotten_too(database, store, watch, clock, ann):
    """With the user's own, when there is still a shared one."""
    await add(database, SHARED)
    row = await add(database, PRIVATE, owner=ann)
    await found(store, ann)
    await database.write(partial(secrets.remove, row=row))
    await found(store, ann)
    clock.now = 600.0
    await found(store, name="OTHER")

    assert watch.mask(f"{SHARED} {PRIVATE}") == f"******** {PRIVATE}"


async def test_a_shared_value_that_a_private_one_hides_is_still_watched_for(database, store, watch, clock, ann):
    """All others still use it."""
    await add(database, SHARED)
    await found(store, ann)
    await found(store, "bob")
    await add(database, PRIVATE, owner=ann)
    await found(store, ann)
    clock.now = 600.0
    await found(store, name="OTHER")

    assert watch.mask(f"{SHARED} {PRIVATE}") == "******** ********"


async def test_another_secrets_change_decrypts_nothing_again(database, store, watch):
    """Only the row is read again."""
    await add(database, SHARED)
    first = await store.find("KEY", tenant="default", user="bob")
    await add(database, NEWER, name="OTHER")

    assert await store.find("KEY", tenant="default", user="bob") is first


async def test_only_so_many_answers_are_kept(database, store, counting):
    """Names come from callers."""
    await add(database, SHARED)
    for turn in range(20):
        await found(store)
        assert await found(store, name=f"NAME_{turn}") is None

    assert len(store._kept) == 5
    assert counting.reads == 21


async def test_a_change_between_look_up_and_answer_is_not_missed(database, changes, watch):
    """Otherwise the old value would be used until the next change."""
    row = await add(database, SHARED)

    class Late(Counting):
        async def read(self, work):
            answer = await super().read(work)
            if self.reads == 1:
                await save(database, row, NEWER)
            return answer

    store = StoredSecrets(Late(database), changes, ENVELOPE, watch)
    await found(store)

    assert await found(store) == NEWER
