"""Rows of tenants, users and tokens."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select

from jackfield.storage import tenants, users
from jackfield.storage.errors import AlreadyExists, ConstraintFailed, RevisionConflict
from jackfield.storage.tables.people import token
from jackfield.storage.tenants import TenantRow
from jackfield.storage.users import TokenRow, UserRow, new_token, token_hash


@pytest.fixture
async def ann(database) -> UserRow:
    """A user."""
    return await database.write(partial(users.add, row=UserRow(tenant="default", name="Ann", roles=["admin"])))


def a_token(user: UserRow, text: str, **given) -> TokenRow:
    values = {"tenant": user.tenant, "user_id": user.id, "name": "laptop", "scopes": ["read"]}
    return TokenRow(hash=token_hash(text), **(values | given))


def find(database, text: str):
    return database.read(partial(users.find_token, text=text))


async def test_tenants_are_there_once(database):
    """The first one is made with the tables."""
    await database.write(partial(tenants.add, row=TenantRow(tenant="acme", display_name="Acme")))

    with pytest.raises(AlreadyExists):
        await database.write(partial(tenants.add, row=TenantRow(tenant="default")))

    assert [row.tenant for row in await database.read(tenants.every)] == ["acme", "default"]


async def test_a_user_is_found_by_name_and_id_inside_the_tenant(database, ann):
    """And nowhere else."""
    assert await database.read(partial(users.find, tenant="default", name="ANN")) == ann
    assert await database.read(partial(users.get, tenant="default", id=ann.id)) == ann
    assert await database.read(partial(users.find, tenant="other", name="ann")) is None
    assert await database.read(partial(users.get, tenant="other", id=ann.id)) is None


async def test_a_users_name_is_taken(database, ann):
    """In every case style: people type it."""
    with pytest.raises(AlreadyExists, match="ANN"):
        await database.write(partial(users.add, row=UserRow(tenant="default", name="ANN")))


async def test_a_user_needs_a_tenant(database):
    """A typing error must not make a new one."""
    with pytest.raises(ConstraintFailed):
        await database.write(partial(users.add, row=UserRow(tenant="typo", name="ann")))


async def test_a_token_finds_its_user(database, ann):
    """By its hash, which is all that is kept of it."""
    text = new_token()
    row = await database.write(partial(users.add_token, row=a_token(ann, text)))
    columns = await database.read(lambda connection: connection.execute(select(token)).one())

    assert await find(database, text) == (row, ann)
    assert text not in repr(columns) + repr(row)
    assert len(row.hash) == 32


@pytest.mark.parametrize("text", ["", "jf_", "jf_guess", "\0", "\ud800", "x" * 100_000])
async def test_what_is_no_token_finds_nobody(database, ann, text):
    """Whatever bytes somebody sends."""
    await database.write(partial(users.add_token, row=a_token(ann, new_token())))

    assert await find(database, text) is None


def test_tokens_cannot_be_guessed_and_can_be_recognised():
    """256 random bits behind a prefix that scanners of code know."""
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert {len(text) for text in tokens} == {len("jf_") + 43}
    assert all(text.startswith("jf_") for text in tokens)


async def test_the_hash_of_a_token_is_no_token(database, ann):
    """Who reads the database cannot sign in with what is there."""
    row = a_token(ann, new_token())
    await database.write(partial(users.add_token, row=row))

    assert await find(database, row.hash.hex()) is None
    assert await find(database, row.hash.decode("latin-1")) is None


async def test_a_revoked_token_says_since_when(database, ann):
    """So that its owner can be told, and not just refused."""
    text = new_token()
    row = await database.write(partial(users.add_token, row=a_token(ann, text)))
    foreign = await database.write(partial(users.revoke_token, tenant="other", id=row.id))
    first = await database.write(partial(users.revoke_token, tenant="default", id=row.id))
    second = await database.write(partial(users.revoke_token, tenant="default", id=row.id))
    found, _ = await find(database, text)

    assert (foreign, first, second) == (False, True, False)
    assert found.revoked >= row.created


async def test_a_deleted_users_tokens_are_revoked(database, ann):
    """Nobody remembers them one by one."""
    text = new_token()
    await database.write(partial(users.add_token, row=a_token(ann, text)))
    await database.write(partial(users.delete, row=ann))
    found, user = await find(database, text)

    assert found.revoked is not None
    assert user.deleted is not None
    assert await database.read(partial(users.every, tenant="default")) == []


async def test_a_user_is_disabled_by_whoever_read_the_last_revision(database, ann):
    """Two administrators at once do not undo each other's work."""
    saved = await database.write(partial(users.save, row=replace(ann, disabled=1)))

    with pytest.raises(RevisionConflict):
        await database.write(partial(users.save, row=replace(ann, display_name="A.")))

    assert await database.read(partial(users.every, tenant="default")) == [saved]


async def test_use_is_written_once_a_minute(database, ann):
    """Not at every request: it would be a commit each."""
    row = await database.write(partial(users.add_token, row=a_token(ann, new_token())))

    async def touched() -> int:
        await database.write(partial(users.touch_token, row=row))
        (found,) = await database.read(partial(users.tokens_of, tenant="default", user_id=ann.id))
        return found.used

    first = await touched()

    assert first >= row.created
    assert await touched() == first


async def test_a_token_needs_a_user(database, ann):
    """One of nobody could do nothing, and look as if."""
    with pytest.raises(ConstraintFailed):
        await database.write(partial(users.add_token, row=a_token(ann, new_token(), user_id="nobody")))
