"""Rows of connectors."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import pytest

from jackfield.storage import connectors, types
from jackfield.storage.changes import Changes
from jackfield.storage.connectors import ConnectorRow
from jackfield.storage.database import open_database
from jackfield.storage.errors import AlreadyExists, ConstraintFailed, RevisionConflict
from jackfield.storage.types import TypeRow


@pytest.fixture
async def type_id(database) -> str:
    """A type for connectors."""
    row = TypeRow(tenant="default", name="acme", model="http", version="1.0.0")
    await database.write(partial(types.add, row=row, definition={}))
    return row.id


@pytest.fixture
def a_connector(type_id):
    """Makes a row that is not stored yet."""

    def make(name: str = "acme-prod", **given) -> ConnectorRow:
        values = {"tenant": "default", "namespace": "default", "type_id": type_id, "type_version": "1.0.0"}
        return ConnectorRow(**(values | {"name": name} | given))

    return make


def find(database, name: str, *, tenant: str = "default", namespace: str = "default"):
    return database.read(partial(connectors.find, tenant=tenant, namespace=namespace, name=name))


def every(database, **given):
    return database.read(partial(connectors.every, **({"tenant": "default"} | given)))


async def test_a_connector_comes_back_as_it_was_given(database, a_connector):
    """Sealed fields too, which only the vault can read."""
    row = a_connector(config={"url": "https://acme.example", "key": "***"}, sealed=b"\0sealed", tags=["crm"], owner="u")
    await database.write(partial(connectors.add, row=row))

    assert await find(database, "acmeProd") == row
    assert await database.read(partial(connectors.get, tenant="default", id=row.id)) == row
    assert b"sealed" not in repr(row).encode()


async def test_read_only_mappings_are_stored(database, a_connector):
    """Definitions and rows are frozen all through Jackfield."""
    row = a_connector(config=MappingProxyType({"a": MappingProxyType({"b": 1})}))
    await database.write(partial(connectors.add, row=row))

    assert (await find(database, "acme-prod")).config == {"a": {"b": 1}}


async def test_a_name_is_taken_in_its_namespace_in_every_case_style(database, a_connector):
    """And only there."""
    await database.write(partial(connectors.add, row=a_connector()))
    await database.write(partial(connectors.add, row=a_connector(namespace="eu")))
    await database.write(partial(connectors.add, row=a_connector(tenant="other")))

    with pytest.raises(AlreadyExists, match="default/acmeProd"):
        await database.write(partial(connectors.add, row=a_connector("acmeProd")))

    assert [row.full_name for row in await every(database)] == ["default/acme-prod", "eu/acme-prod"]


async def test_a_foreign_connector_is_not_there(database, a_connector):
    """By no way of asking."""
    row = a_connector()
    await database.write(partial(connectors.add, row=row))

    assert await find(database, "acme-prod", tenant="other") is None
    assert await database.read(partial(connectors.get, tenant="other", id=row.id)) is None
    assert await every(database, tenant="other") == []
    with pytest.raises(RevisionConflict):
        await database.write(partial(connectors.save, row=replace(row, tenant="other")))
    with pytest.raises(RevisionConflict):
        await database.write(partial(connectors.delete, row=replace(row, tenant="other")))


async def test_of_two_that_save_the_same_revision_one_wins(database, database_url, a_connector):
    """Two servers cannot both: the other one is told, and nothing of its change is kept."""
    row = await database.write(partial(connectors.add, row=a_connector()))
    other = await open_database(database_url)
    changes = [replace(row, description=text) for text in ("one", "two")]
    results = await asyncio.gather(
        database.write(partial(connectors.save, row=changes[0])),
        other.write(partial(connectors.save, row=changes[1])),
        return_exceptions=True,
    )
    await other.close()
    (saved,) = [result for result in results if isinstance(result, ConnectorRow)]
    (error,) = [result for result in results if isinstance(result, RevisionConflict)]

    assert (error.code, error.status, error.details["expected"]) == ("revision-conflict", 409, 1)
    assert saved.revision == 2
    assert await find(database, "acme-prod") == saved


async def test_a_connector_is_renamed_unless_the_name_is_taken(database, a_connector):
    """The index is the judge."""
    row = await database.write(partial(connectors.add, row=a_connector("one")))
    await database.write(partial(connectors.add, row=a_connector("two")))

    with pytest.raises(ConstraintFailed):
        await database.write(partial(connectors.save, row=replace(row, name="Two")))
    renamed = await database.write(partial(connectors.save, row=replace(row, name="Three")))

    assert await find(database, "three") == renamed
    assert await find(database, "one") is None


async def test_a_deleted_connector_frees_its_name_and_can_still_be_listed(database, a_connector):
    """Executions name it, and people ask what it was."""
    row = await database.write(partial(connectors.add, row=a_connector()))
    await database.write(partial(connectors.delete, row=row))
    again = await database.write(partial(connectors.add, row=a_connector()))
    with_deleted = await every(database, deleted=True)

    assert await find(database, "acme-prod") == again
    assert await every(database) == [again]
    assert [each.deleted is not None for each in with_deleted] == [True, False]


async def test_a_test_result_is_kept_without_a_new_revision(database, a_connector):
    """Somebody may be editing it meanwhile."""
    row = await database.write(partial(connectors.add, row=a_connector()))
    result = {"success": True, "durationMs": 12}
    await database.write(partial(connectors.record_test, tenant="default", id=row.id, result=result))
    found = await find(database, "acme-prod")

    assert (found.test_result, found.revision) == (result, 1)
    assert found.tested >= row.created


async def test_every_change_is_heard(database, a_connector):
    """Caches are emptied by it."""
    changes = Changes(database, scan_s=3600)
    await changes.start()
    versions = [changes.version(tenant="default", topic=connectors.TOPIC)]
    row = await database.write(partial(connectors.add, row=a_connector()))
    versions.append(changes.version(tenant="default", topic=connectors.TOPIC))
    row = await database.write(partial(connectors.save, row=replace(row, enabled=False)))
    versions.append(changes.version(tenant="default", topic=connectors.TOPIC))
    await database.write(partial(connectors.delete, row=row))
    versions.append(changes.version(tenant="default", topic=connectors.TOPIC))
    await changes.close()

    assert versions == sorted(set(versions))


async def test_a_connector_of_no_type_is_refused(database, a_connector):
    """Foreign keys hold on both databases."""
    with pytest.raises(ConstraintFailed):
        await database.write(partial(connectors.add, row=a_connector(type_id="nothing")))
