"""Which keys encrypt."""

from __future__ import annotations

from functools import partial

from jackfield.storage import vault_keys


def add(database, id: str, fingerprint: str):
    return database.write(partial(vault_keys.add, id=id, fingerprint=fingerprint))


async def test_keys_are_known_by_their_fingerprints(database):
    """A wrong key is found before the first secret is needed."""
    assert await database.read(vault_keys.known) == {}
    assert await add(database, "old", "f1") == "f1"
    assert await add(database, "new", "f2") == "f2"
    assert list((await database.read(vault_keys.known)).items()) == [("old", "f1"), ("new", "f2")]


async def test_the_first_fingerprint_stays(database):
    """Two processes may start with different keys of one name; what the first has encrypted must stay readable."""
    await add(database, "main", "f1")

    assert await add(database, "main", "f2") == "f1"
    assert await database.read(vault_keys.known) == {"main": "f1"}


async def test_a_key_that_is_no_longer_needed_is_forgotten(database):
    """After a rotation the old one need not be given any more."""
    await add(database, "old", "f1")
    await add(database, "new", "f2")

    assert await database.write(partial(vault_keys.forget, id="old")) is True
    assert await database.write(partial(vault_keys.forget, id="old")) is False
    assert await database.read(vault_keys.known) == {"new": "f2"}
