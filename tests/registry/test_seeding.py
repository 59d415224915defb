"""The types of installed packages as rows."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from jackfield import Connector, command, succeed
from jackfield.definition.floh import to_json
from jackfield.definition.model import CommandDefinition
from jackfield.registry.catalogue import ConnectorType, MemoryCatalogue
from jackfield.registry.resolve import resolve
from jackfield.registry.seeding import next_label, seed
from jackfield.storage import types
from jackfield.storage.changes import Changes
from jackfield.storage.database import open_database
from jackfield.storage.tables.base import EVERYBODY
from registry.stored import add_connector, catalogue, memory


class Weather(Connector, name="seeded-weather"):
    """The weather."""

    @command
    async def today(self):
        """The weather today."""
        return succeed({"sky": "clear"})


class Tides(Connector, name="seeded-tides"):
    """High and low water."""

    @command
    async def today(self):
        """The tides of today."""
        return succeed({"high": "12:01"})


def newer(version: str, *classes: type[Connector]) -> MemoryCatalogue:
    """What a process has after the package of `Weather` was upgraded: it has one more command."""
    before = Weather.definition
    commands = before.commands | {"tomorrow": CommandDefinition(name="tomorrow")}
    changed = replace(before, version=version, commands=commands, description="The weather of every day.")
    made = memory(*classes)
    made.add_type(ConnectorType(definition=changed, implementation=Weather, packaged=True))
    return made


@pytest.fixture
async def changes(database):
    made = Changes(database)
    await made.start()
    yield made
    await made.close()


async def stored(database):
    return {row.name: row for row in await database.read(partial(types.every, tenant=EVERYBODY))}


async def versions(database, row):
    there = await database.read(partial(types.versions, tenant=EVERYBODY, type_id=row.id))
    return [
        await database.read(partial(types.get_version, tenant=EVERYBODY, type_id=row.id, version=each.version))
        for each in there
    ]


async def edit(database, row, **changed):
    """As `manage` stores an edited description."""
    newest = (await versions(database, row))[-1]
    version = replace(newest, id=f"edit-{row.id}", version=f"{row.version}+1", definition=newest.definition | changed)

    def save(connection):
        types.add_version(connection, version)
        return types.save(connection, replace(row, version=version.version))

    return await database.write(save)


async def test_types_of_packages_become_everybodys_rows(database):
    """B14: nothing is listed or registered by hand."""
    written = await seed(memory(Weather, Tides), database)

    rows = await stored(database)
    (version,) = await versions(database, rows["seeded-weather"])
    assert (sorted(written), sorted(rows)) == (["seeded-tides", "seeded-weather"], ["seeded-tides", "seeded-weather"])
    assert (version.version, version.author, version.definition) == ("1.0.0", "jackfield", to_json(Weather.definition))


async def test_the_types_that_jackfield_brings_are_stored(database):
    """Their definitions survive being written."""
    from jackfield.registry.loading import load_installed

    base = MemoryCatalogue()
    load_installed(base)
    await seed(base, database)

    assert {"http", "delay"} <= (await stored(database)).keys()


async def test_nothing_is_written_when_nothing_changed(database, changes):
    """Every start would wake every process otherwise."""
    await seed(memory(Weather), database)
    version = changes.version(tenant=EVERYBODY, topic=types.TOPIC)

    assert await seed(memory(Weather), database) == []
    assert changes.version(tenant=EVERYBODY, topic=types.TOPIC) == version


async def test_types_of_files_are_not_stored(database):
    """They are this process's alone, until a connector of them is stored."""
    assert await seed(memory(Weather, packaged=False), database) == []


async def test_a_new_version_of_a_package_is_a_new_version_of_the_type(database):
    """The old one stays, for the executions that name it."""
    await seed(memory(Weather), database)
    await seed(newer("1.1.0"), database)

    row = (await stored(database))["seeded-weather"]
    assert [version.version for version in await versions(database, row)] == ["1.0.0", "1.1.0"]
    assert row.version == "1.1.0"


async def test_a_package_that_forgot_to_raise_its_version_is_followed_too(database):
    """In development nobody raises it."""
    await seed(memory(Weather), database)
    await seed(newer("1.0.0"), database)

    row = (await stored(database))["seeded-weather"]
    assert [version.version for version in await versions(database, row)] == ["1.0.0", "1.0.0+1"]


async def test_edits_survive_a_new_version_of_the_package(database, changes):
    """They are laid over what the package says, and its new commands are there."""
    await seed(memory(Weather), database)
    await edit(database, (await stored(database))["seeded-weather"], description="Ours.", tags=["sky"])
    await database.write(partial(_switch_off, row=(await stored(database))["seeded-weather"]))

    before = await stored(database)
    assert await seed(newer("1.1.0"), database) == []
    assert await stored(database) == before

    found = catalogue(database, changes, newer("1.1.0"))
    await found.refresh("default")
    kind = found.find_type("seeded-weather", tenant="default")
    assert (kind.definition.description, kind.definition.tags, kind.enabled) == ("Ours.", ("sky",), False)
    assert (list(kind.definition.commands), kind.implementation) == (["today", "tomorrow"], Weather)


def _switch_off(connection, row):
    return types.save(connection, replace(row, enabled=False))


async def test_a_type_that_is_switched_off_stays_so_when_its_package_changes(database):
    """Whoever did that had a reason."""
    await seed(memory(Weather), database)
    await database.write(partial(_switch_off, row=(await stored(database))["seeded-weather"]))
    await seed(newer("1.1.0"), database)

    row = (await stored(database))["seeded-weather"]
    assert (row.version, row.enabled) == ("1.1.0", False)


async def test_a_vanished_type_keeps_its_row_and_cannot_be_called(database, changes):
    """Its connectors and executions name it; the package may come back."""
    await seed(memory(Weather), database)
    await add_connector(database, (await stored(database))["seeded-weather"], "sky")
    await seed(memory(Tides), database)
    gone, back = catalogue(database, changes, memory(Tides)), catalogue(database, changes, memory(Weather, Tides))
    await gone.refresh("default")
    await back.refresh("default")

    assert "seeded-weather" in await stored(database)
    assert [kind.definition.name for kind in gone.types("default")] == ["seeded-tides"]
    assert resolve(back, "sky", tenant="default").type.implementation is Weather


async def test_many_processes_that_start_at_once_store_each_type_once(database, database_url):
    """None of them fails, whoever is first."""
    others = [await open_database(database_url) for _ in range(3)]
    try:
        await asyncio.gather(*(seed(memory(Weather, Tides), each) for each in [database, *others] * 3))
        await asyncio.gather(*(seed(newer("1.1.0", Tides), each) for each in [database, *others] * 3))
    finally:
        for other in others:
            await other.close()

    rows = await stored(database)
    assert sorted(rows) == ["seeded-tides", "seeded-weather"]
    assert [version.version for version in await versions(database, rows["seeded-weather"])] == ["1.0.0", "1.1.0"]


@pytest.mark.parametrize(
    ("taken", "label"), [([], "1.0.0"), (["1.0.0"], "1.0.0+1"), (["1.0.0", "1.0.0+1", "1.1.0"], "1.0.0+2")]
)
def test_forms_of_one_version_are_numbered(taken: list[str], label: str):
    """Semantic Versioning 2.0.0, item 10: what follows the plus says nothing about what callers can rely on."""
    assert next_label("1.0.0", taken) == label
