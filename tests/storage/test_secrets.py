"""Rows of secrets."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from jackfield.storage import secrets, users
from jackfield.storage.errors import AlreadyExists, ConstraintFailed, RevisionConflict
from jackfield.storage.secrets import SecretRow
from jackfield.storage.users import UserRow


@pytest.fixture
async def ann(database) -> str:
    """The id of a user."""
    return (await database.write(partial(users.add, row=UserRow(tenant="default", name="ann")))).id


def a_secret(sealed: bytes = b"sealed", **given) -> SecretRow:
    return SecretRow(**({"tenant": "default", "name": "ACME_KEY", "sealed": sealed} | given))


def add(database, row: SecretRow):
    return database.write(partial(secrets.add, row=row))


def resolve(database, user: str | None, tenant: str = "default"):
    return database.read(partial(secrets.resolve, tenant=tenant, name="ACME_KEY", user=user))


async def test_a_users_own_secret_comes_before_the_shared_one(database, ann):
    """Each sends their own key where they have one."""
    shared, private = await add(database, a_secret(b"shared")), await add(database, a_secret(b"private", owner=ann))

    assert await resolve(database, ann) == private
    assert await resolve(database, "bob") == shared
    assert await resolve(database, None) == shared
    assert await resolve(database, ann, "other") is None


async def test_nobody_gets_anothers(database, ann):
    """Not even where there is no shared one."""
    await add(database, a_secret(owner=ann))

    assert await resolve(database, "bob") is None
    assert await resolve(database, None) is None
    assert await database.read(partial(secrets.every, tenant="default", user="bob")) == []


async def test_a_name_is_there_once_for_each_owner(database, ann):
    """Two shared ones of a name would answer by chance."""
    for owner in (None, ann):
        row = await add(database, a_secret(owner=owner))
        with pytest.raises(AlreadyExists, match="ACME_KEY"):
            await add(database, a_secret(owner=owner))
        found = await database.read(partial(secrets.find, tenant="default", name="ACME_KEY", owner=owner))
        assert found == row


async def test_a_value_is_replaced_by_whoever_read_the_last_one(database):
    """Its revision is sealed into it."""
    row = await add(database, a_secret())
    saved = await database.write(partial(secrets.save, row=replace(row, sealed=b"new")))

    with pytest.raises(RevisionConflict):
        await database.write(partial(secrets.save, row=replace(row, sealed=b"late")))

    assert saved.revision == 2
    assert await resolve(database, None) == saved


async def test_a_removed_secret_is_gone_for_good(database, ann):
    """Nobody expects a deleted password in a backup of next week."""
    shared, private = await add(database, a_secret()), await add(database, a_secret(owner=ann))
    await database.write(partial(secrets.remove, row=private))

    assert await resolve(database, ann) == shared
    with pytest.raises(RevisionConflict):
        await database.write(partial(secrets.remove, row=private))
    with pytest.raises(RevisionConflict):
        await database.write(partial(secrets.remove, row=replace(shared, tenant="other")))


async def test_a_list_shows_the_shared_ones_and_ones_own(database, ann):
    """Of one name, the one that counts first."""
    rows = [a_secret(owner=ann), a_secret(), a_secret(name="ZED"), a_secret(tenant="other")]
    for row in rows:
        await add(database, row)

    assert await database.read(partial(secrets.every, tenant="default", user=ann)) == rows[:3]


async def test_a_private_secret_needs_its_user(database):
    """One of nobody could be read by nobody, and deleted by nobody."""
    with pytest.raises(ConstraintFailed):
        await add(database, a_secret(owner="nobody"))


def test_values_do_not_show():
    """A row ends up in a log one day."""
    assert "sealed" not in repr(a_secret(b"sealed"))


async def test_a_user_who_goes_takes_private_secrets_along(database, ann):
    """Nobody else could ever see or delete them."""
    shared = await add(database, a_secret(author=ann))
    await add(database, a_secret(owner=ann))
    await add(database, a_secret(owner=ann, name="OTHER"))

    assert await database.write(partial(secrets.remove_private, tenant="other", owner=ann)) == 0
    assert await database.write(partial(secrets.remove_private, tenant="default", owner=ann)) == 2
    assert await database.read(partial(secrets.every, tenant="default", user=ann)) == [shared]
