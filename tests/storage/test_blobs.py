"""Large values."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from functools import partial

import pytest

from jackfield.storage import blobs
from jackfield.storage.journal import record
from storage.journal_world import an_execution

LARGE = b"\0\xff large " * 50_000


def put(database, content: bytes, tenant: str = "default"):
    """Keep it."""
    return database.write(partial(blobs.put, tenant=tenant, content=content))


def get(database, name: str, tenant: str = "default"):
    """What is kept."""
    return database.read(partial(blobs.get, tenant=tenant, name=name))


def delete_unused(database, *, before: int | None = None, limit: int = 100):
    """Clean up."""
    before = time.time_ns() // 1000 + 1_000_000 if before is None else before
    return database.write(partial(blobs.delete_unused, before=before, limit=limit))


async def test_a_value_is_found_by_its_hash(database):
    """So it can be checked, and kept once."""
    name = await put(database, LARGE)

    assert name == hashlib.sha256(LARGE).hexdigest()
    assert await get(database, name) == LARGE
    assert await put(database, LARGE) == name


async def test_another_tenant_cannot_see_it(database):
    """Nor learn that somebody has it."""
    name = await put(database, LARGE)

    assert await get(database, name, "acme") is None


async def test_it_comes_and_goes_with_the_row_that_names_it(database):
    """In one transaction."""

    def work(connection):
        blobs.put(connection, tenant="default", content=LARGE)
        raise ValueError

    with pytest.raises(ValueError):
        await database.write(work)

    assert await get(database, hashlib.sha256(LARGE).hexdigest()) is None


async def test_what_nobody_names_is_deleted(database):
    """And nothing else."""
    used, unused = await put(database, b"used"), await put(database, b"unused")
    foreign = await put(database, b"used", "acme")
    await record(database, replace(an_execution(), blob_id=used))

    assert await delete_unused(database) == 2
    assert await get(database, used) == b"used"
    assert await get(database, unused) is None
    assert await get(database, foreign, "acme") is None


async def test_what_was_put_lately_stays(database):
    """The row that will name it may not be committed yet."""
    name = await put(database, b"new")

    assert await delete_unused(database, before=time.time_ns() // 1000 - 60_000_000) == 0
    assert await get(database, name) == b"new"


async def test_a_clean_up_is_done_in_slices(database):
    """Other writers wait meanwhile."""
    for number in range(5):
        await put(database, b"%d" % number)

    assert [await delete_unused(database, limit=2) for _ in range(4)] == [2, 2, 1, 0]
