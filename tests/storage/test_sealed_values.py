"""Secrets of the installation."""

from __future__ import annotations

from functools import partial

from jackfield.storage import sealed_values


def put(database, sealed: bytes, *, tenant="*", name="params-key"):
    return database.write(partial(sealed_values.put_if_absent, tenant=tenant, name=name, sealed=sealed))


async def test_a_value_is_made_once(database):
    """Of two processes that start at once, both go on with the value of the first."""
    own = partial(sealed_values.get, tenant="*", name="params-key")

    assert await database.read(own) is None
    assert await put(database, b"one") == b"one"
    assert await put(database, b"two") == b"one"
    assert await database.read(own) == b"one"


async def test_tenants_do_not_see_each_others(database):
    """As everywhere."""
    await put(database, b"one", tenant="a")
    await put(database, b"two", tenant="b")

    assert await database.read(partial(sealed_values.every, tenant="a")) == {"params-key": b"one"}


async def test_a_value_is_replaced_only_while_it_is_what_was_read(database):
    """A rotation must not put back what somebody else has replaced meanwhile."""
    await put(database, b"one")
    change = partial(sealed_values.replace, tenant="*", name="params-key")

    assert await database.write(partial(change, before=b"none", sealed=b"two")) is False
    assert await database.write(partial(change, before=b"one", sealed=b"two")) is True
    assert await database.read(partial(sealed_values.every, tenant="*")) == {"params-key": b"two"}
