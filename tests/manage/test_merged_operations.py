"""Documents are imported into connectors whose operations were written by hand."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from jackfield.definition.errors import InvalidDefinition
from jackfield.registry.errors import VersionTooLow
from manage.importing import World
from manage.people import ANN, BOB
from pets import document

OWN: dict[str, Any] = {
    "name": "pets",
    "baseUrl": "https://pets.example",
    "connectionConfig": {"token": {"type": "secret", "required": True}},
    "auth": {"type": "bearer", "field": "token"},
    "headers": {"X-Shop": "{{ config.token | length }}"},
    "operations": [
        {"name": "feed", "method": "POST", "path": "/pets/{id}/feed", "mapping": {"much": "query"}, "errors": "ignore",
         "parameters": {"properties": {"much": {"type": "number"}}}, "response": "$.data", "mock": {"ok": {"a": 1}}},
        {"name": "list_pets", "method": "GET", "path": "/old/pets", "displayName": "Mine."},
    ],
}  # fmt: skip
FILES = {
    "/pets/{petId}/photo": {
        "parameters": [{"name": "petId", "in": "path", "required": True, "schema": {"type": "string"}}],
        "put": {
            "operationId": "putPhoto",
            "requestBody": {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}},
        },
    }
}
UNSAFE = {"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "api_key"}}}


async def operations(here: World) -> dict[str, Any]:
    return (await here.types.get(ANN, "pets")).definition


def parts(definition: dict[str, Any], name: str) -> bytes:
    """All that is stored of an operation."""
    return orjson.dumps([definition["configSchema"]["commands"][name], definition["source"]["operations"][name]])


async def test_operations_are_replaced_added_and_kept(here: World):
    """D06: of the same name replaced, new ones appended, those by hand as they were, byte for byte; counts are told."""
    await here.connectors.create(ANN, OWN)
    before = await operations(here)
    done = await here.import_(document())
    after = await operations(here)

    counts = (done.added, done.changed, done.removed, done.kept)
    assert (counts, done.applied, done.connector) == ((2, 1, 0, 1), True, "default/pets")
    assert list(after["configSchema"]["commands"]) == ["feed", "list_pets", "add_pet", "get_pet"]
    assert parts(after, "feed") == parts(before, "feed")
    assert after["source"]["operations"]["list_pets"]["path"] == "/pets"
    assert {**after["source"], "operations": None} == {**before["source"], "operations": None}
    assert (after["auth"], after["executionModel"]) == (before["auth"], "http")
    assert after["configSchema"]["connectionConfig"] == before["configSchema"]["connectionConfig"]
    assert done.warnings == []


async def test_a_look_tells_the_same_and_changes_nothing(here: World):
    """`apply: false` gives the difference."""
    await here.connectors.create(ANN, OWN)
    before = await operations(here)
    told = await here.import_(document(), apply=False)
    same = await operations(here)
    done = await here.import_(document())

    assert same == before
    assert (told.applied, told.version, done.applied) == (False, "1.0.0", True)
    assert (told.diff, told.needed_bump) == (done.diff, done.needed_bump)
    assert (told.diff["added"], told.diff["changed"]) == (["add_pet", "get_pet"], ["list_pets"])


async def test_importing_twice_changes_nothing_the_second_time(here: World):
    """Neither the type nor the connector."""
    await here.connectors.create(ANN, OWN)
    first = await here.import_(document())
    connector = await here.connectors.get(ANN, "pets")
    again = await here.import_(document())

    assert (again.version, again.diff["differences"], again.kept) == (first.version, [], 4)
    assert (await here.connectors.get(ANN, "pets")).revision == connector.revision


async def test_only_what_is_selected_is_merged(here: World):
    """And a name in another case style is the same name."""
    await here.connectors.create(
        ANN, OWN | {"operations": [*OWN["operations"], {**OWN["operations"][1], "name": "getPet"}]}
    )
    done = await here.import_(document(), select=["getPet"])
    found = await operations(here)

    assert (done.added, done.changed, done.kept) == (0, 1, 2)
    assert list(found["configSchema"]["commands"]) == ["feed", "list_pets", "get_pet"]


async def test_without_merging_the_document_is_all_there_is(here: World):
    """Whoever says so: it breaks what others call."""
    await here.connectors.create(ANN, OWN | {"testCommand": "feed"})
    done = await here.import_(document(), merge=False)
    found = await operations(here)

    assert (done.removed, done.breaking, done.needed_bump) == (1, True, "major")
    assert list(found["configSchema"]["commands"]) == ["list_pets", "add_pet", "get_pet"]
    assert found["testCommand"] is None


async def test_what_cannot_be_declared_is_told_with_its_cause(here: World):
    """Nothing is silently lost, and nothing is sent otherwise than the document says."""
    await here.connectors.create(ANN, OWN)
    done = await here.import_(document(paths={**document()["paths"], **FILES}))
    (told,) = done.warnings

    assert "put_photo" not in (await operations(here))["configSchema"]["commands"]
    assert told.pointer == "/paths/~1pets~1{petId}~1photo/put"
    assert "`put_photo` is left out" in told.message
    assert "`image/png`" in told.message


@pytest.mark.parametrize(
    ("auth", "security", "words"),
    [
        ({"type": "bearer", "field": "token"}, {"security": [{"bearerAuth": []}]}, ""),
        ({"type": "oauth2", "field": "token"}, {"security": [{"bearerAuth": []}]}, ""),
        ({"type": "none"}, {"security": [{"bearerAuth": []}]}, "no credential goes out, and"),
        ({"type": "none"}, {"security": []}, ""),
        ({"type": "bearer", "field": "token"}, {"security": [{}]}, "goes out, and the document asks for none"),
        (
            {"type": "api_key", "field": "token", "name": "X-Key"},
            {"security": [{"key": []}], "components": UNSAFE},
            "an API key in the query `api_key`",
        ),
        (
            {"type": "api_key", "field": "token", "name": "api_key", "location": "query"},
            {"security": [{"key": []}], "components": UNSAFE},
            "",
        ),
        ({"type": "basic", "field": "token"}, {"security": [{"bearerAuth": []}]}, "the connector's `basic` credential"),
    ],
    ids=str,
)  # fmt: skip
async def test_credentials_that_differ_are_told(here: World, auth: Any, security: Any, words: str):
    """The connector signs as it did: whoever imports must know where that is not what the service wants."""
    await here.connectors.create(ANN, {**OWN, "auth": auth, "authRequired": False})
    done = await here.import_(document(**security))

    if words:
        assert [words in warning.message for warning in done.warnings] == [True]
        assert "`list_pets`, `add_pet`, `get_pet`" in done.warnings[0].message
    else:
        assert done.warnings == []


async def test_another_base_url_is_told(here: World):
    """Requests go where the connector says."""
    await here.connectors.create(ANN, OWN)
    done = await here.import_(document("https://other.example/v2"))

    assert [warning.message for warning in done.warnings] == [
        "requests go to `https://pets.example`; the document says `https://other.example/v2`"
    ]


async def test_who_uses_the_type_is_broken_by_nobody_who_does_not_say_so(here: World):
    """The version rules are those of every change."""
    await here.connectors.create(ANN, OWN | {"type": "shop", "name": "pets"})
    await here.connectors.create(ANN, {"name": "two", "type": "shop"})
    with pytest.raises(VersionTooLow):
        await here.import_(document(), merge=False)
    done = await here.import_(document(), merge=False, autoBump=True)

    assert done.version == "2.0.0"


async def test_secrets_and_connection_stay(here: World):
    """Only what the type does is changed."""
    await here.connectors.create(ANN, OWN | {"config": {"token": "tok-that-stays"}})
    await here.import_(document())
    found = await here.connectors.get(ANN, "pets")

    assert (found.configured, found.config["token"]) == (True, "********")


async def test_what_runs_no_requests_takes_no_document(here: World):
    """A script is what it is."""
    await here.connectors.create(ANN, {"name": "pets", "endpointUrl": "https://pets.example/execute"})
    with pytest.raises(InvalidDefinition, match="takes no OpenAPI document"):
        await here.import_(document())


async def test_others_may_not_import_into_it(here: World):
    """Who may change a connector may do this."""
    await here.connectors.create(ANN, OWN)
    with pytest.raises(Exception, match="pets") as refused:
        await here.imports.import_into(BOB, "pets", {"spec": document()})

    assert refused.value.status == 403
