"""What the database has, beside what the process has."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import orjson
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from jackfield import Connector, command, succeed
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.floh import from_json, to_json
from jackfield.execution.http import check_operations
from jackfield.registry.catalogue import ConfiguredConnector, ConnectorType, MemoryCatalogue
from jackfield.registry.definitions import changed_type
from jackfield.registry.errors import TypeDisabled, UnknownConnector
from jackfield.registry.resolve import resolve
from jackfield.storage import connectors, types
from jackfield.storage.changes import Changes
from jackfield.storage.database import open_database
from jackfield.storage.errors import DatabaseUnavailable
from jackfield.storage.tables.base import EVERYBODY
from registry.stored import add_connector, add_type, catalogue, declared, memory


class Weather(Connector, name="stored-weather"):
    """The weather."""

    @command
    async def today(self):
        """The weather today."""
        return succeed({"sky": "clear"})


@pytest.fixture
async def changes(database):
    made = Changes(database)
    await made.start()
    yield made
    await made.close()


async def refreshed(found, tenant: str = "default"):
    await found.refresh(tenant)
    return found


def names(found, tenant: str = "default") -> list[str]:
    return [kind.definition.name for kind in found.types(tenant)]


async def test_what_is_stored_is_found_beside_what_the_process_has(database, changes):
    """One catalogue, whoever made its parts."""
    kind = await add_type(database)
    row = await add_connector(database, kind, options={"timeout": 5000, "mocks": {"enabled": True}})
    found = await refreshed(catalogue(database, changes, memory(Weather)))

    (connector,) = found.connectors("default")
    assert names(found) == ["desk", "stored-weather"]
    assert (connector.id, connector.type, connector.timeout_s, connector.mocks) == (
        row.id,
        "desk",
        5.0,
        {"enabled": True},
    )
    assert resolve(found, "my-desk", tenant="default").type.definition == declared()
    assert found.problems == []


async def test_a_tenant_sees_its_own_rows_and_everybodys(database, changes):
    """Another tenant's do not exist."""
    await add_connector(database, await add_type(database, declared("shared"), tenant=EVERYBODY))
    await add_connector(database, await add_type(database, declared("theirs"), tenant="acme"), tenant="acme")
    found = catalogue(database, changes)
    await found.refresh("default")
    await found.refresh("acme")

    assert (names(found), names(found, "acme")) == (["shared"], ["shared", "theirs"])
    assert [c.type for c in found.connectors("acme")] == ["theirs"]
    assert found.find_type("theirs", tenant="default") is None


@pytest.mark.parametrize("odd", ["\ud800", "\0"])
async def test_odd_characters_in_one_type_keep_nobody_from_the_others(database, changes, odd):
    """Anybody who may make a type would end the calls of the whole tenant."""
    await add_type(database, declared("odd", description=f"what {odd} is"))
    await add_type(database, declared())
    found = await refreshed(catalogue(database, changes))

    assert names(found) == ["desk", "odd"]


async def test_a_type_made_later_under_a_name_takes_nobodys_connectors_over(database, changes):
    """Its author could send the secrets of others' connectors wherever they like."""
    everybodys = await add_type(database, tenant=EVERYBODY)
    await add_connector(database, everybodys, "old")
    own = await add_type(database, declared(baseUrl="https://evil.example"))
    await add_connector(database, own, "new")
    found = await refreshed(catalogue(database, changes))

    bases = {name: resolve(found, name, tenant="default").type.definition.source["baseUrl"] for name in ("old", "new")}
    assert bases == {"old": "https://desk.example/v1", "new": "https://evil.example"}
    assert found.find_type("desk", tenant="default").definition.source["baseUrl"] == "https://evil.example"


async def test_a_stored_connector_wins_over_a_files_and_that_is_reported(database, changes, caplog):
    """People have changed the stored one by hand; the file may be old."""
    row = await add_connector(database, await add_type(database, declared("other")), "same_name")
    base = memory(Weather)
    base.add_connector(ConfiguredConnector(id="of-file", tenant="default", name="same-name", type="stored-weather"))
    found = await refreshed(catalogue(database, changes, base))

    assert [c.id for c in found.connectors("default")] == [row.id]
    assert [problem.message for problem in found.problems] == [
        "connector `default/same-name` exists already: in the database and in a file"
    ]
    assert caplog.text.count("exists already") == 1


async def test_a_broken_definition_is_a_problem_and_the_others_are_there(database, changes):
    """One row that an older or newer version has written must not take everything down."""
    broken = await add_type(database, declared("broken"), raw={"name": "broken", "version": "x"})
    await add_type(database, declared("unrunnable"), raw=to_json(declared("unrunnable")) | {"source": {}})
    await add_connector(database, broken, "lost")
    await add_connector(database, await add_type(database), "odd", options={"timeout": "soon"})
    found = await refreshed(catalogue(database, changes))

    assert names(found) == ["desk"]
    assert [c.name for c in found.connectors("default")] == ["lost"]
    assert sorted(problem.details["place"] for problem in found.problems) == [
        "connector default/odd",
        "connector type broken 1.0.0",
        "connector type unrunnable 1.0.0",
    ]
    with pytest.raises(UnknownConnector) as caught:
        resolve(found, "lost", tenant="default")
    assert caught.value.hint == "its type `broken` is no longer installed"


async def test_a_class_that_this_process_has_not_leaves_its_connectors_uncallable(database, changes):
    """A package was removed, or another server has it: its rows stay."""
    kind = await add_type(database, Weather.definition, tenant=EVERYBODY, seeded="hash")
    await add_connector(database, kind, "sky")
    without, with_it = catalogue(database, changes), catalogue(database, changes, memory(Weather))
    await without.refresh("default")
    await with_it.refresh("default")

    assert resolve(with_it, "sky", tenant="default").type.implementation is Weather
    assert names(without) == []
    with pytest.raises(UnknownConnector) as caught:
        resolve(without, "sky", tenant="default")
    assert caught.value.hint == "its type `stored-weather` is no longer installed"


async def test_a_type_that_is_switched_off_refuses_its_connectors(database, changes):
    """A05, A12: for all of them at once, and for calls of the type itself."""
    kind = await add_type(database, enabled=False)
    await add_connector(database, kind)
    found = await refreshed(catalogue(database, changes))

    for wanted in ("my-desk", "desk"):
        with pytest.raises(TypeDisabled):
            resolve(found, wanted, tenant="default")


async def test_a_change_makes_it_stale_until_it_is_read(database, changes):
    """Nothing is read again without one; what was derived is kept for as long as the version is the same."""
    kind = await add_type(database)
    found = catalogue(database, changes)
    assert found.is_stale("default")
    await found.refresh("default")
    version, definition = found.version("default"), found.find_type("desk", tenant="default").definition

    row = await add_connector(database, kind)
    assert found.is_stale("default")
    await found.refresh("default")

    assert (found.is_stale("default"), found.version("default") > version) == (False, True)
    assert [c.id for c in found.connectors("default")] == [row.id]
    assert found.find_type("desk", tenant="default").definition is definition  # what was compiled for it is kept


async def test_another_tenants_change_costs_nothing(database, changes):
    """Tenants do not make each other read."""
    kind = await add_type(database, tenant=EVERYBODY)
    found = await refreshed(catalogue(database, changes))
    await add_connector(database, kind, tenant="acme")

    assert not found.is_stale("default")


async def test_a_type_of_everybody_makes_every_tenant_read(database, changes):
    """They all see it."""
    found = await refreshed(catalogue(database, changes))
    await add_type(database, tenant=EVERYBODY)

    assert found.is_stale("default")


async def test_what_the_process_learns_later_is_seen_at_once(database, changes):
    """A class that is defined after the start."""
    base = memory()
    found = await refreshed(catalogue(database, changes, base))
    version = found.version("default")
    base.add_type(ConnectorType(definition=Weather.definition, implementation=Weather))

    assert found.version("default") > version
    assert names(found) == ["stored-weather"]


async def test_a_connector_switched_off_in_one_process_is_off_in_the_other(database, database_url, changes):
    """A12: both have kept what they read, and neither asks the database at each call."""
    row = await add_connector(database, await add_type(database))
    here = await refreshed(catalogue(database, changes))
    other = await open_database(database_url)
    changes_there = Changes(other, scan_s=0.01)
    await changes_there.start()
    try:
        there = await refreshed(catalogue(other, changes_there))
        assert resolve(there, "my-desk", tenant="default").connector.enabled
        since = changes_there.version(tenant="default", topic=connectors.TOPIC)

        await database.write(partial(connectors.save, row=replace(row, enabled=False)))
        await changes_there.wait_for_change(tenant="default", topic=connectors.TOPIC, since=since)

        for found in (here, there):
            assert found.is_stale("default")
            await found.refresh("default")
            assert not resolve(found, "my-desk", tenant="default").connector.enabled
    finally:
        await changes_there.close()
        await other.close()


async def test_a_change_that_cannot_be_read_is_not_passed_over(database, database_url, changes):
    """What was read before may be what somebody has just switched off."""
    kind = await add_type(database)
    other = await open_database(database_url)
    found = await refreshed(catalogue(other, changes))
    await add_connector(database, kind)
    await other.close()

    with pytest.raises(DatabaseUnavailable):
        await found.refresh("default")


async def test_newer_versions_are_used(database, changes):
    """The row names the newest one."""
    kind = await add_type(database)
    found = await refreshed(catalogue(database, changes))
    changed = declared(version="1.1.0", description="Newer.")
    version = types.TypeVersionRow(tenant="default", type_id=kind.id, version="1.1.0", definition=to_json(changed))

    def save(connection):
        types.add_version(connection, version)
        types.save(connection, replace(kind, version="1.1.0"))

    await database.write(save)
    await found.refresh("default")

    assert found.find_type("desk", tenant="default").definition == changed


async def test_many_definitions_are_read_in_slices(database, changes):
    """Databases limit the values of a statement."""
    made = [await add_type(database, declared(f"desk-{number}")) for number in range(7)]
    ids = list((await database.read(partial(types.newest, tenant="default"))).values())
    found = await database.read(partial(types.definitions, tenant="default", ids=ids * 200))

    assert {definition["name"] for definition in found.values()} == {row.name for row in made}


def texts(size: int) -> st.SearchStrategy[str]:
    """What a document may hold: whole characters, and no U+0000."""
    return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=size)


OPERATIONS = st.fixed_dictionaries(
    {"method": st.sampled_from(["GET", "POST", "DELETE"]), "path": st.sampled_from(["/a", "/a/{id}", "/{{ id }}/b"])},
    optional={
        "description": texts(8),
        "parameters": st.just({"properties": {"id": {"type": "integer"}, "q": {"type": "string", "default": "x"}}}),
        "mapping": st.sampled_from(["json", "query", {"*": "query"}]),
        "response": st.sampled_from(["json", "text", {"mapping": "json", "path": "$.items"}]),
        "headers": st.just({"X-Kind": "{{ token }}"}),
        "outputs": st.just(["id"]),
        "mock": st.dictionaries(st.sampled_from(["default", "empty"]), st.none() | texts(4), max_size=2),
        "tags": st.lists(texts(4), max_size=2),
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {"operations": st.lists(OPERATIONS, min_size=1, max_size=3)},
    optional={
        "description": texts(8),
        "baseUrl": st.sampled_from(["https://a.example", "https://a.example/v1/"]),
        "auth": st.sampled_from([{"type": "none"}, {"type": "basic", "secret": "DESK"}]),
        "rateLimits": st.just({"requests_per_minute": 60}),
        "tags": st.lists(texts(4), max_size=2),
    },
)


@given(DOCUMENTS)
def test_a_stored_declarative_type_is_the_one_that_was_declared(document: dict[str, Any]):
    """With all that its execution needs: what is sent after a restart is what was sent before."""
    named = [{"name": f"op_{index}"} | each for index, each in enumerate(document["operations"])]
    try:
        definition = declared(**document | {"operations": named})
        check_operations(definition)
    except InvalidDefinition:
        reject()
    stored = from_json(orjson.loads(orjson.dumps(to_json(definition))))

    assert stored == definition
    assert changed_type(stored, {"operations": named}) == definition
    check_operations(stored)


async def test_a_memory_catalogue_is_never_stale():
    """There is nothing to read."""
    found = MemoryCatalogue()
    await found.refresh("default")

    assert not found.is_stale("default")
