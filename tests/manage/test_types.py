"""Connector types are made, changed in versions, edited, switched off and deleted."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from jackfield.access.errors import AdminRequired, NotOwner, ScopeMissing
from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidDefinition, InvalidParams
from jackfield.manage.types import Types
from jackfield.manage.views import to_json
from jackfield.registry.errors import (
    NameTaken,
    TypeDisabled,
    TypeInUse,
    TypeNotDeletable,
    UnknownType,
    UnknownVersion,
    VersionTooLow,
)
from jackfield.registry.resolve import resolve
from jackfield.registry.seeding import seed
from jackfield.registry.stored import StoredCatalogue
from jackfield.storage import types as rows
from jackfield.storage.changes import Changes
from jackfield.storage.errors import AlreadyExists, RevisionConflict
from jackfield.storage.tables.base import EVERYBODY
from manage.desk import DESK, FEWER, Managed, connectors_of, process, types_in
from manage.people import ADMIN, ANN, BOB, EVE, audit_words
from registry.guides import DESCRIBED, EXTERNAL, MY_CRM, SCRIPT
from registry.stored import check, memory

NEVER_S = 3600.0
MORE = [*DESK["operations"], {"name": "close", "method": "POST", "path": "/tickets/{id}/close"}]


@pytest.fixture
def manage(world):
    return types_in(world)


@pytest.fixture
async def catalogue(world):
    changes = Changes(world, scan_s=NEVER_S)
    await changes.start()
    yield StoredCatalogue(process(), world, changes, check)
    await changes.close()


async def versions(manage, name: str = "desk") -> list[str]:
    return [version.version for version in (await manage.get(ANN, name)).versions]


async def test_a_type_is_made_for_the_whole_tenant(manage, world):
    """A template: everybody makes connectors of it."""
    made = await manage.create(ANN, DESK)
    connector = await connectors_of(world).create(BOB, {"name": "my-desk", "type": "Desk"})

    assert (made.origin, made.public, made.version, made.execution_model) == ("stored", True, "1.0.0", "http")
    assert (connector.type, connector.missing) == ("desk", ["token"])
    assert [info.name for info in await manage.list(EVE)] == ["managed-crm"]
    with pytest.raises(UnknownType):
        await manage.get(EVE, made.id)


@pytest.mark.parametrize("name", ["desk", "Desk", "managedCrm"])
async def test_a_name_is_taken_once(manage, name):
    """Also by what the process has: connectors could be led to a service that nobody knows."""
    await manage.create(ANN, DESK)
    with pytest.raises(NameTaken):
        await manage.create(BOB, DESK | {"name": name})


async def test_of_two_that_make_one_at_once_one_is_refused(manage):
    """Whoever is first."""
    both = await asyncio.gather(*(manage.create(ANN, DESK) for _ in range(2)), return_exceptions=True)

    assert sorted(isinstance(one, NameTaken | AlreadyExists) for one in both) == [False, True]


@pytest.mark.parametrize(
    "document",
    [
        {"name": "x"},
        {"operations": DESK["operations"]},
        DESK | {"operations": []},
        DESK | {"operations": [{"name": "a", "method": "GET", "path": "/{{ (1).__class__ }}"}]},
        DESK | {"unknown": 1},
        DESK | {"version": "1"},
    ],
)
async def test_what_cannot_be_carried_out_is_refused(manage, document):
    """When it is saved, not when it is called."""
    with pytest.raises(InvalidDefinition):
        await manage.create(ANN, document)

    assert [info.name for info in await manage.list(ANN)] == ["managed-crm"]


async def test_metadata_round_trips(manage):
    """A05: everything that is said about a type, and lists are filtered by it."""
    said = {"displayName": "Help desk", "description": "Ours.", "category": "ticketing", "tags": ["a"], "icon": "bell"}
    await manage.create(ANN, DESK)
    edited = to_json(await manage.update(ANN, "desk", said | {"version": "1.2.0", "enabled": False, "public": False}))

    assert {key: edited[key] for key in said} == said
    assert (edited["version"], edited["enabled"], edited["public"]) == ("1.2.0", False, False)
    assert to_json((await manage.get(BOB, "desk")).type) == edited
    assert [info.name for info in await manage.list(ANN, category="ticketing", tag="a", enabled=False)] == ["desk"]
    assert [info.name for info in await manage.list(ANN, category="crm")] == ["managed-crm"]
    assert await manage.list(ANN, tag="b") == []


@pytest.mark.parametrize("changes", [{"name": "x"}, {"tags": "a"}, {"tags": [1]}, {"enabled": 1}, {"version": 2}])
async def test_other_edits_are_refused(manage, changes):
    """They are no metadata, or of the wrong kind."""
    await manage.create(ANN, DESK)
    with pytest.raises(InvalidDefinition):
        await manage.update(ANN, "desk", changes)


async def test_versions_rise_by_what_changed(manage):
    """Patch and minor by themselves; nothing changed is no version."""
    await manage.create(ANN, DESK)
    await manage.update(ANN, "desk", {"operations": DESK["operations"]})
    assert await versions(manage) == ["1.0.0"]

    await manage.update(ANN, "desk", {"operations": DESK["operations"], "description": "Better."})
    await manage.update(ANN, "desk", {"operations": MORE})

    assert await versions(manage) == ["1.0.0", "1.0.1", "1.1.0"]


async def test_what_breaks_others_needs_a_version_that_says_so(manage):
    """A sufficient one, or `autoBump`."""
    await manage.create(ANN, DESK)
    for version in ({}, {"version": "1.1.0"}, {"version": "0.9.0"}):
        with pytest.raises(VersionTooLow) as caught:
            await manage.update(ANN, "desk", {"operations": FEWER} | version)
        assert caught.value.details["needed"] == "2.0.0"
    with pytest.raises(InvalidDefinition):
        await manage.update(ANN, "desk", {"operations": FEWER, "version": "two"})

    assert (await manage.update(ANN, "desk", {"operations": FEWER, "version": "3.0.0"})).version == "3.0.0"
    assert (await manage.update(ANN, "desk", {"operations": DESK["operations"]})).version == "3.1.0"
    assert (await manage.update(ANN, "desk", {"operations": FEWER, "autoBump": True})).version == "4.0.0"


async def test_calls_use_the_newest_version(manage, world, catalogue):
    """As soon as it is saved."""
    await manage.create(ANN, DESK)
    await connectors_of(world).create(ANN, {"name": "my-desk", "type": "desk"})
    await catalogue.refresh("default")
    assert "close" not in resolve(catalogue, "my-desk", tenant="default").type.definition.commands
    await manage.update(ANN, "desk", {"operations": MORE})
    await catalogue.refresh("default")

    assert "close" in resolve(catalogue, "my-desk", tenant="default").type.definition.commands


async def test_a_type_is_switched_off_and_on(manage, world, catalogue):
    """For all of its connectors."""
    await manage.create(ANN, DESK)
    await connectors_of(world).create(ANN, {"name": "my-desk", "type": "desk"})
    await manage.disable(ANN, "desk")
    await catalogue.refresh("default")
    with pytest.raises(TypeDisabled):
        resolve(catalogue, "my-desk", tenant="default")
    await manage.enable(ANN, "desk")
    await catalogue.refresh("default")

    assert resolve(catalogue, "my-desk", tenant="default").type.enabled


async def test_only_its_author_and_administrators_change_it(manage, world):
    """And whoever tried is in the audit log."""
    await manage.create(ANN, DESK)
    for attempt in (
        manage.update(BOB, "desk", {"operations": MORE}),
        manage.update(BOB, "desk", {"category": "x"}),
        manage.delete(BOB, "desk"),
        connectors_of(world).update(BOB, (await _of_bob(world)).id, {"operations": MORE}),
    ):
        with pytest.raises(NotOwner):
            await attempt
    await manage.update(ADMIN, "desk", {"category": "x"})
    with pytest.raises(NotOwner):  # an administrator's edit makes nobody its owner
        await manage.update(BOB, "desk", {"category": "y"})

    denied = [words for words in await audit_words(world) if words.endswith("denied")]
    assert denied == [
        "id-of-bob type.update desk denied",
        "id-of-bob type.update desk denied",
        "id-of-bob type.delete desk denied",
        *[words for words in denied if "connector.update" in words],
        "id-of-bob type.update desk denied",
    ]
    assert len(denied) == 5


async def test_a_type_that_others_have_connectors_of_is_redefined_by_administrators_only(manage, world):
    """Its author could send their secrets to a host of their own. What is said about it stays the author's."""
    await manage.create(ANN, DESK)
    connectors = connectors_of(world)
    own = await connectors.create(ANN, {"name": "own", "type": "desk"})
    await manage.update(ANN, "desk", {"operations": MORE})
    await _of_bob(world)

    for attempt in (
        manage.update(ANN, "desk", {"operations": MORE, "baseUrl": "https://evil.example"}),
        connectors.update(ANN, own.id, {"operations": MORE, "baseUrl": "https://evil.example"}),
    ):
        with pytest.raises(AdminRequired):
            await attempt
    assert (await manage.update(ANN, "desk", {"category": "help"})).category == "help"
    assert (await manage.update(ADMIN, "desk", {"operations": DESK["operations"], "autoBump": True})).version == "2.0.0"


async def _of_bob(world):
    return await connectors_of(world).create(BOB, {"name": "of-bob", "type": "desk"})


async def test_scopes_are_asked_for(manage):
    """A token that may only look changes nothing."""
    await manage.create(ANN, DESK)
    reader = Principal(user="ann", id="id-of-ann", scopes=frozenset({"read"}))
    for attempt in (
        manage.create(reader, DESK | {"name": "x"}),
        manage.update(reader, "desk", {"operations": MORE}),
        manage.disable(reader, "desk"),
        manage.delete(reader, "desk"),
        manage.list(Principal(user="ann", scopes=frozenset({"manage"}))),
    ):
        with pytest.raises(ScopeMissing):
            await attempt


async def test_a_type_with_connectors_is_not_deleted(manage, world):
    """They could not be called, shown or repaired any more."""
    await manage.create(ANN, DESK)
    connectors = connectors_of(world)
    await connectors.create(BOB, {"name": "my-desk", "type": "desk"})
    with pytest.raises(TypeInUse) as caught:
        await manage.delete(ANN, "desk")
    assert caught.value.details["connectors"] == ["default/my-desk"]

    await connectors.delete(BOB, "my-desk")
    await manage.delete(ANN, "desk")
    with pytest.raises(UnknownType):
        await manage.get(ANN, "desk")
    assert (await manage.create(BOB, DESK)).version == "1.0.0"


async def test_a_change_of_something_that_changed_since_is_refused(manage):
    """Two people with the same form open."""
    made = await manage.create(ANN, DESK)
    await manage.update(ANN, "desk", {"category": "a"}, revision=made.revision)

    for attempt in (
        manage.update(ANN, "desk", {"category": "b"}, revision=made.revision),
        manage.update(ANN, "desk", {"operations": MORE}, revision=made.revision),
    ):
        with pytest.raises(RevisionConflict):
            await attempt


async def test_types_of_packages_are_edited_by_administrators_of_the_installation(world):
    """They are every tenant's."""
    await seed(memory(Managed), world)
    manage = types_in(world, memory(Managed))

    for person in (ANN, EVE):
        with pytest.raises(AdminRequired):
            await manage.update(person, "managed-crm", {"category": "mine"})
    edited = await manage.update(ADMIN, "managed-crm", {"category": "ours", "tags": ["a"]})

    assert (edited.category, edited.origin, edited.installed) == ("ours", "package", True)
    assert [info.category for info in await manage.list(EVE)] == ["ours"]
    assert await versions(manage, "managed-crm") == ["1.0.0", "1.0.0+1"]
    with pytest.raises(InvalidDefinition):
        await manage.update(ADMIN, "managed-crm", {"version": "2.0.0"})
    with pytest.raises(InvalidDefinition):
        await manage.update(ADMIN, "managed-crm", {"operations": MORE})
    with pytest.raises(TypeNotDeletable):
        await manage.delete(ADMIN, "managed-crm")


async def test_a_type_whose_edits_are_taken_back_follows_its_package_again(world):
    """As if nobody had touched it."""
    base = memory(Managed)
    await seed(base, world)
    manage = types_in(world, base)
    await manage.update(ADMIN, "managed-crm", {"category": "ours"})
    (edited,) = await world.read(partial(rows.every, tenant=EVERYBODY))
    await manage.update(ADMIN, "managed-crm", {"category": "crm"})
    (taken_back,) = await world.read(partial(rows.every, tenant=EVERYBODY))

    assert (edited.version, taken_back.version, taken_back.seeded) == ("1.0.0+1", "1.0.0+2", edited.seeded)
    assert (await manage.get(ANN, "managed-crm")).type.category == "crm"


async def test_a_type_whose_package_is_gone_is_listed_as_not_installed(world):
    """Its connectors cannot be called here, and none can be made."""
    await seed(memory(Managed), world)
    manage = types_in(world, memory())
    connector = await connectors_of(world, memory(Managed)).create(ANN, {"name": "my-crm", "type": "managed-crm"})

    assert [(info.name, info.installed) for info in await manage.list(ANN)] == [("managed-crm", False)]
    with pytest.raises(InvalidParams):
        await connectors_of(world, memory()).create(ANN, {"name": "x", "type": "managed-crm"})
    without = connectors_of(world, memory())
    assert (await without.get(ANN, "my-crm")).configured is False
    assert (await without.disable(ANN, connector.id)).enabled is False
    with pytest.raises(InvalidParams):
        await without.update(ANN, "my-crm", {"config": {"region": "eu"}})


async def test_one_that_cannot_be_read_is_shown_and_can_be_deleted(world, manage):
    """Somebody has to get rid of it."""
    row = rows.TypeRow(tenant="default", name="broken", model="http", version="1.0.0")
    await world.write(partial(rows.add, row=row, definition={"name": "other name"}, author="id-of-ann"))

    listed = {info.name: info.installed for info in await manage.list(ANN)}

    assert listed == {"broken": False, "managed-crm": True}
    assert (await manage.get(ANN, "broken")).type.description == "What is stored of it cannot be read."
    await manage.delete(ANN, "broken")


async def test_what_was_done_is_in_the_audit_log(manage, world):
    """Who, what, which."""
    await manage.create(ANN, DESK)
    await manage.update(ANN, "desk", {"operations": MORE})
    await manage.disable(ADMIN, "desk")
    await manage.delete(ANN, "desk")

    assert await audit_words(world) == [
        "id-of-ann type.create desk done",
        "id-of-ann type.update desk done",
        "local type.update desk done",
        "id-of-ann type.delete desk done",
    ]


async def test_types_of_every_execution_model_are_made(manage):
    """Templates without a connector, kept also where they cannot be run; `installed` says so."""
    there = Types(manage._database, process(), check, models=["built_in", "http"])
    made = [await there.create(ANN, body) for body in DESCRIBED]

    assert [(info.execution_model, info.installed) for info in made] == [
        ("script", False),
        ("external", False),
        ("onprem", False),
        ("openapi", False),
        ("http", True),
    ]
    assert [info.installed for info in await there.list(ANN)] == [False, True, False, False, False, True]
    with pytest.raises(InvalidDefinition, match="has none of `operations`"):
        await there.create(ANN, {"name": "x", "executionModel": "built_in", "configSchema": {}})


async def test_one_update_says_everything(manage):
    """As `PUT /api/connector-types/{id}` sends it."""
    await manage.create(ANN, MY_CRM | {"public": False})
    body = MY_CRM | {"displayName": "CRM", "enabled": False, "public": True, "version": "1.2.0"}
    body["configSchema"] = {"commands": MY_CRM["configSchema"]["commands"] | {"ping": {}}}
    with pytest.raises(VersionTooLow):
        await manage.update(ANN, "my-crm", body | {"version": "1.0.1"})
    changed = await manage.update(ANN, "my-crm", body)

    assert (changed.display_name, changed.enabled, changed.public, changed.version) == ("CRM", False, True, "1.2.0")
    assert "ping" in changed.commands
    assert (await manage.get(ANN, "my-crm")).definition["source"]["scriptSource"] == SCRIPT
    breaking = {"configSchema": {"commands": {"ping": {}}}}
    with pytest.raises(VersionTooLow, match="command `listContacts` was removed"):
        await manage.update(ANN, "my-crm", breaking)
    assert (await manage.update(ANN, "my-crm", breaking | {"autoBump": True})).version == "2.0.0"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "other"}, "cannot be renamed"),
        ({"executionModel": "http"}, "has the execution model `script`"),
        ({"enabled": "no"}, "`enabled` of a connector type is `no`"),
        ({"scriptSource": ""}, "`scriptSource` is missing"),
        ({"tags": "a"}, "`tags` is `a`"),
        ([], "is no object"),
    ],
)
async def test_a_change_that_cannot_be_is_refused(manage, change, told):
    """Whole."""
    await manage.create(ANN, MY_CRM)
    with pytest.raises(InvalidDefinition, match=told):
        await manage.update(ANN, "my-crm", change)

    assert await versions(manage, "my-crm") == ["1.0.0"]


async def test_a_type_of_a_package_takes_its_own_definition_and_no_other(world):
    """A form sends back what it was given, with other words."""
    await seed(memory(Managed), world)
    manage = types_in(world)
    given = dict((await manage.get(ADMIN, "managed-crm")).definition) | {"description": "Ours.", "icon": "bell"}
    whole = {key: given[key] for key in ("name", "version", "executionModel", "configSchema", "description", "icon")}
    changed = await manage.update(ADMIN, "managed-crm", whole)

    assert (changed.description, changed.icon, changed.commands) == ("Ours.", "bell", ["list_contacts"])
    for other in ({"configSchema": {"commands": {}}}, {"operations": MORE}, {"version": "9.0.0"}, {"auth": {}}):
        with pytest.raises(InvalidDefinition, match="comes from its package"):
            await manage.update(ADMIN, "managed-crm", whole | {"executionModel": None} | other)


async def test_capabilities_say_what_a_form_and_a_caller_need(manage):
    """A08, A18: of each field and command, with deprecations."""
    fields = {
        "mode": {"type": "select", "options": ["key", "none"], "default": "key", "label": "Sign in"},
        "apiKey": {
            "type": "string",
            "secret": True,
            "required": True,
            "placeholder": "ak_...",
            "helpUrl": "https://help.example",
            "helpText": "Settings > API.",
            "displayOptions": {"show": {"mode": ["key"]}},
        },
    }
    await manage.create(ANN, EXTERNAL | {"configSchema": EXTERNAL["configSchema"] | {"connectionConfig": fields}})
    shown = to_json(await manage.capabilities(BOB, "my-external-service"))
    mode, key = shown["connection"]
    old, new = shown["commands"]

    assert (shown["executionModel"], shown["version"], shown["installed"]) == ("external", "1.0.0", True)
    assert (mode["kind"], mode["options"], mode["default"], mode["label"]) == (
        "select",
        ["key", "none"],
        "key",
        "Sign in",
    )
    assert {name: key[name] for name in ("placeholder", "helpUrl", "helpText", "required", "secret", "shownWhen")} == {
        "placeholder": "ak_...",
        "helpUrl": "https://help.example",
        "helpText": "Settings > API.",
        "required": True,
        "secret": True,
        "shownWhen": {"mode": ["key"]},
    }
    assert (old["deprecated"], old["deprecatedMessage"], old["addedInVersion"]) == (
        True,
        "Use listUsersV2 instead",
        "1.0.0",
    )
    assert (new["deprecated"], new["params"]["properties"], new["addedInVersion"]) == (
        False,
        {"limit": {}, "cursor": {}},
        "2.0.0",
    )
    assert (await manage.capabilities(BOB, "managed-crm")).installed is True
    with pytest.raises(UnknownType):
        await manage.capabilities(BOB, "no-such")


async def test_every_version_can_be_looked_at(manage):
    """Executions name the one they ran."""
    await manage.create(ANN, DESK)
    await manage.update(ANN, "desk", {"operations": MORE})
    first = await manage.version(BOB, "desk", "1.0.0")

    assert [version.version for version in await manage.versions(BOB, "desk")] == ["1.0.0", "1.1.0"]
    assert list(first.definition["configSchema"]["commands"]) == ["list_tickets", "get_ticket"]
    assert list((await manage.version(BOB, "desk", "1.1.0")).definition["configSchema"]["commands"])[-1] == "close"
    with pytest.raises(UnknownVersion, match="has no version"):
        await manage.version(BOB, "desk", "3.0.0")
    (process_version,) = await manage.versions(BOB, "managed-crm")
    assert (process_version.version, process_version.created) == ("1.0.0", None)
    assert (await manage.version(BOB, "managed-crm", "1.0.0")).definition["name"] == "managed-crm"


async def test_only_an_administrator_switches_off_what_others_use(manage, world):
    """Whoever made a template could else stop the connectors of everybody who trusted it."""
    await manage.create(ANN, DESK)
    await connectors_of(world).create(BOB, {"name": "my-desk", "type": "desk"})
    with pytest.raises(AdminRequired):
        await manage.disable(ANN, "desk")

    assert not (await manage.disable(ADMIN, "desk")).enabled
    assert (await manage.enable(ANN, "desk")).enabled
