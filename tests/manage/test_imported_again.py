"""Documents are imported again: each is read once, and what is stored is what the long way makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
import yaml

from jackfield.definition.floh import stored_json
from jackfield.definition.openapi import commands as commands_of
from jackfield.definition.openapi import reader
from jackfield.definition.openapi.reader import read_openapi
from jackfield.manage.types_behind import TypesBehind
from jackfield.registry.definitions import changed_type, read_type, with_document
from jackfield.storage import json_text
from jackfield.storage.database import Database
from jackfield.storage.errors import RevisionConflict
from manage.desk import types_in
from manage.importing import World, opened
from manage.people import ANN
from pets import document, without

CHANGED = document(paths={**without("/pets")["paths"], "/owners": {"get": {"operationId": "listOwners"}}})


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often documents are opened, and their commands made."""
    found: Counter[str] = Counter()

    def counting(name: str, done: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            found[name] += 1
            return done(*given, **named)

        return call

    monkeypatch.setattr(reader, "open_document", counting("documents", reader.open_document))
    monkeypatch.setattr(commands_of.Commands, "_make", counting("commands", commands_of.Commands._make))
    return found


async def test_a_document_is_read_once_when_it_is_imported_again(here: World, counted: Counter[str]):
    """Whatever it is compared with, checked for and shown by; and its commands are made once."""
    await here.connectors.create(ANN, {"name": "pets", "spec": document()})
    made = Counter(counted)
    done = await here.import_(CHANGED)
    again = counted - made
    await here.import_(CHANGED)
    same = counted - made - again

    assert made == Counter(documents=1, commands=3)
    assert (done.added, done.removed, done.version) == (1, 2, "2.0.0")
    assert again == Counter(documents=1, commands=2)
    assert same == Counter(documents=1, commands=2)


async def test_what_was_imported_is_called_without_reading_it_again(here: World, counted: Counter[str]):
    """By the process that imported it."""
    await here.connectors.create(ANN, {"name": "pets", "spec": document()})
    await here.import_(CHANGED)
    before = counted["documents"]
    await here.catalogue.refresh(ANN.tenant)
    kind = here.catalogue.find_type("pets", tenant=ANN.tenant)
    await here.connectors.update(ANN, "pets", {"enabled": False})
    await here.types.get(ANN, "pets")

    assert kind is not None
    assert list(kind.definition.commands) == ["get_pet", "list_owners"]
    assert counted["documents"] == before


async def test_another_process_reads_it_once_for_all_that_it_does(here: World, world: Database, counted: Counter[str]):
    """Calls, changes, lists and looks share what was read."""
    await here.connectors.create(ANN, {"name": "pets", "spec": document()})
    before = counted["documents"]
    async with opened(world) as other:
        await other.catalogue.refresh(ANN.tenant)
        await other.connectors.list(ANN)
        await other.connectors.update(ANN, "pets", {"description": "Mine."})
        await other.types.list(ANN)
        await other.types.versions(ANN, "pets")
        await other.connectors.delete(ANN, "pets")

    assert counted["documents"] == before + 1


async def test_a_look_changes_nothing_and_reads_as_little(here: World, counted: Counter[str]):
    """`apply: false`."""
    await here.connectors.create(ANN, {"name": "pets", "spec": document()})
    before = counted["documents"]
    told = await here.import_(CHANGED, apply=False)

    assert counted["documents"] == before + 1
    assert (told.applied, told.added, told.removed, told.version) == (False, 1, 2, "1.0.0")
    assert [each.version for each in await here.types.versions(ANN, "pets")] == ["1.0.0"]


@pytest.mark.parametrize("text", [orjson.dumps(document()).decode(), yaml.safe_dump(document())], ids=["JSON", "YAML"])
async def test_a_text_is_parsed_when_it_comes_and_never_again(here: World, text: str):
    """A large YAML document takes seconds: every process that starts would pay them."""
    await here.connectors.create(ANN, {"name": "pets", "spec": text})
    found = await here.types.get(ANN, "pets")
    same = await here.import_(document())

    assert found.definition["source"] == {"spec": document()}
    assert (same.diff["differences"], same.version) == ([], "1.0.0")


async def test_a_version_of_an_imported_type_has_its_commands(here: World):
    """As the type itself has them: what is kept is the document, and it is not what people ask for."""
    await here.connectors.create(ANN, {"name": "pets", "spec": document()})
    whole = (await here.types.get(ANN, "pets")).definition
    await here.import_(CHANGED)
    first = await here.types.version(ANN, "pets", "1.0.0")
    second = await here.types.version(ANN, "pets", "2.0.0")

    assert first.definition == whole
    assert list(first.definition["configSchema"]["commands"]) == ["list_pets", "add_pet", "get_pet"]
    assert list(second.definition["configSchema"]["commands"]) == ["get_pet", "list_owners"]


async def test_who_is_overtaken_while_a_document_is_read_is_merged_with_what_came(here: World, world: Database):
    """Two import at once. The second is compared with what the first has made: nobody is told what is not so."""
    await here.connectors.create(ANN, {"name": "pets", "spec": document()})
    other, whole = types_in(world), TypesBehind.redefine

    async def overtaken(self: TypesBehind, *given: Any, **named: Any) -> Any:
        TypesBehind.redefine = whole  # type: ignore[method-assign]
        await other.update(ANN, "pets", {"spec": CHANGED, "autoBump": True})
        return await whole(self, *given, **named)

    TypesBehind.redefine = overtaken  # type: ignore[method-assign]
    try:
        done = await here.import_(without("/pets/{petId}"))
    finally:
        TypesBehind.redefine = whole  # type: ignore[method-assign]

    assert (done.added, done.removed, done.version) == (2, 2, "3.0.0")
    assert [each.version for each in await here.types.versions(ANN, "pets")] == ["1.0.0", "2.0.0", "3.0.0"]


async def test_a_revision_that_has_passed_is_not_imported_into(here: World):
    """Whoever says what they have seen."""
    made = await here.connectors.create(ANN, {"name": "pets", "spec": document()})
    await here.connectors.update(ANN, "pets", {"description": "Changed."})
    body = {"spec": CHANGED}
    with pytest.raises(RevisionConflict):
        await here.imports.import_into(ANN, "pets", body, revision=made.revision)

    assert (await here.types.get(ANN, "pets")).type.version == "1.0.0"


SELECTED = [{"select": ["addPet"]}, {}]
OWN = [
    {},
    {"connectionConfig": {"region": {"type": "string"}, "baseUrl": {"type": "url", "default": "https://own.example"}}},
    {"authRequired": False},
    {"auth": {"type": "basic", "secret": "PETS"}},
    {"defaultCommand": "get_pet", "rateLimits": {"requests_per_minute": 60}, "tags": ["a"]},
]


@pytest.mark.parametrize("own", OWN, ids=lambda own: "-".join(own) or "nothing")
@pytest.mark.parametrize("select", SELECTED, ids=["selected", "all"])
@pytest.mark.parametrize("before", [document(), without("/pets"), document(security=[])], ids=["all", "one", "open"])
def test_a_document_that_was_read_makes_what_the_long_way_makes(before: Any, select: Any, own: Any):
    """Own fields, credentials and metadata stay, and what the document says follows it."""
    kept = {**own, "defaultCommand": "add_pet"} if "defaultCommand" in own and select else own
    before = document() if "add_pet" in kept.values() else before
    old = read_type({"name": "pets", "spec": before, **kept})
    read = read_openapi(document(), name="pets", select=select.get("select"))
    source = {key: read.source.get(key) for key in ("spec", "select", "files", "at", "location")}

    assert stored_json(with_document(old, read)) == stored_json(changed_type(old, {"source": source}))


def test_a_default_command_that_is_gone_is_left_out():
    """The document decides what there is; that breaks callers, and is told as such."""
    old = read_type({"name": "pets", "spec": document(), "defaultCommand": "list_pets"})
    new = with_document(old, read_openapi(CHANGED, name="pets"))

    assert (old.default_command, new.default_command) == ("list_pets", None)


def test_what_is_written_in_parts_is_what_is_written_whole():
    """The large part of a definition is written before the transaction."""
    whole = {"name": "a", "source": {"spec": {"é": [1, None, "\ud800"]}}}
    parts = json_text.with_written(whole, "source", json_text.Written(json_text.write(whole["source"])))

    assert parts.text == json_text.write(whole)
    assert json_text.with_written({}, "a", json_text.Written("1")).text == '{"a":1}'
