"""Rows of connector types."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from jackfield.storage import types
from jackfield.storage.errors import AlreadyExists, RevisionConflict
from jackfield.storage.tables.base import EVERYBODY
from jackfield.storage.types import TypeRow, TypeVersionRow

DEFINITION = {"name": "acme", "commands": {"z": {}, "a": {}}}


def a_type(name: str = "acme", tenant: str = "default", **given) -> TypeRow:
    return TypeRow(tenant=tenant, name=name, model="http", version="1.0.0", **given)


async def added(database, row: TypeRow) -> TypeRow:
    """Make it."""
    return await database.write(partial(types.add, row=row, definition=DEFINITION, author="ann"))


def find(database, name: str, tenant: str = "default"):
    return database.read(partial(types.find, tenant=tenant, name=name))


async def test_a_type_comes_back_with_its_first_version(database):
    """As it was given; the order of commands is that of its author."""
    row = await added(database, a_type())
    (version,) = await database.read(partial(types.versions, tenant="default", type_id=row.id))
    same = await database.read(partial(types.get_version, tenant="default", type_id=row.id, version="1.0.0"))

    assert await find(database, "ACME") == row
    assert await database.read(partial(types.get, tenant="default", id=row.id)) == row
    assert (same.version, same.author, same.definition) == ("1.0.0", "ann", DEFINITION)
    assert list(same.definition["commands"]) == ["z", "a"]
    assert (version.id, version.version, version.author, version.created) == (same.id, "1.0.0", "ann", same.created)
    assert await database.read(partial(types.version_id, row=row)) == version.id


async def test_a_name_is_taken_in_every_case_style(database):
    """`AcmeCrm` and `acme-crm` are one name."""
    await added(database, a_type("AcmeCrm"))

    with pytest.raises(AlreadyExists, match="acme-crm"):
        await added(database, a_type("acme-crm"))

    assert [row.name for row in await database.read(partial(types.every, tenant="default"))] == ["AcmeCrm"]


async def test_everybodys_types_are_seen_by_all_and_covered_by_their_own(database):
    """A tenant may edit what was seeded, by a type of its own."""
    seeded = await added(database, a_type(tenant=EVERYBODY, seeded="hash"))
    before = await find(database, "acme")
    own = await added(database, a_type())

    assert before == seeded
    assert await find(database, "acme") == own
    assert await find(database, "acme", "other") == seeded
    assert await database.read(partial(types.get, tenant="other", id=own.id)) is None


async def test_a_version_is_added_and_never_replaced(database):
    """Executions name it."""
    row = await added(database, a_type())
    newer = TypeVersionRow(tenant="default", type_id=row.id, version="1.1.0", definition={"name": "acme"})
    await database.write(partial(types.add_version, row=newer))
    saved = await database.write(partial(types.save, row=replace(row, version="1.1.0")))

    with pytest.raises(AlreadyExists, match=r"1\.1\.0"):
        await database.write(partial(types.add_version, row=replace(newer, id="another")))

    versions = await database.read(partial(types.versions, tenant="default", type_id=row.id))
    assert [version.version for version in versions] == ["1.0.0", "1.1.0"]
    assert (saved.version, saved.revision) == ("1.1.0", 2)


async def test_a_deleted_type_frees_its_name_and_keeps_its_versions(database):
    """What ran with it can still be looked at."""
    row = await added(database, a_type())
    await database.write(partial(types.delete, row=row))
    again = await added(database, a_type())
    gone = await database.read(partial(types.get, tenant="default", id=row.id))

    assert await find(database, "acme") == again
    assert gone.deleted is not None
    assert len(await database.read(partial(types.versions, tenant="default", type_id=row.id))) == 1
    with pytest.raises(RevisionConflict):
        await database.write(partial(types.save, row=gone))
