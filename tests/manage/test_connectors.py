"""Connectors are made, shown, changed, switched off and deleted."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from jackfield.access.errors import AdminRequired, NotOwner, ScopeMissing
from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidDefinition, InvalidName, InvalidParams
from jackfield.definition.secret import MASK
from jackfield.manage.views import to_json
from jackfield.registry.catalogue import ConfiguredConnector
from jackfield.registry.connection import StoredConnections
from jackfield.registry.errors import (
    ConnectorNotStored,
    NameTaken,
    UnknownConnector,
    VersionTooLow,
)
from jackfield.registry.resolve import resolve
from jackfield.registry.stored import StoredCatalogue
from jackfield.storage import connectors as rows
from jackfield.storage.changes import Changes
from jackfield.storage.errors import AlreadyExists, RevisionConflict
from jackfield.vault.errors import Undecryptable
from manage.desk import DESK, FEWER, KEY, bytes_of, connectors_of, process, sealer_of, types_in
from manage.people import ADMIN, ANN, BOB, EVE, audit_words, audited
from registry.stored import check

NEVER_S = 3600.0
CRM = {"name": "my-crm", "type": "managed-crm", "config": {"region": "eu", "apiKey": KEY}}
READER = Principal(user="ann", id="id-of-ann", scopes=frozenset({"read"}))
NOBODY = Principal(user="ann", id="id-of-ann", scopes=frozenset())


@pytest.fixture
def manage(world):
    return connectors_of(world)


@pytest.fixture
async def catalogue(world):
    """What calls see."""
    changes = Changes(world, scan_s=NEVER_S)
    await changes.start()
    yield StoredCatalogue(process(), world, changes, check)
    await changes.close()


async def opened(catalogue, name: str, *, tenant: str = "default"):
    """The connection as a call gets it."""
    if catalogue.is_stale(tenant):
        await catalogue.refresh(tenant)
    return StoredConnections(sealer_of()).open(resolve(catalogue, name, tenant=tenant).connector).config


async def test_a_connector_of_a_class_is_made_and_called(manage, world, catalogue):
    """A01: the type is the process's, the connector is in the database."""
    made = await manage.create(ANN, CRM)

    assert (made.full_name, made.type, made.category, made.owner) == (
        "default/my-crm",
        "managed-crm",
        "crm",
        "id-of-ann",
    )
    assert (made.configured, made.missing, made.stored, made.enabled) == (True, [], True, True)
    assert made.config == {"region": "eu", "api_key": MASK}
    assert await opened(catalogue, "my-crm") == {"region": "eu", "api_key": KEY}
    assert await manage.get(ANN, "my-crm") == await manage.get(BOB, made.id) == made


async def test_no_secret_is_in_the_database_or_in_an_answer(manage, world):
    """H05, H11: not in rows, not in the audit log."""
    made = await manage.create(ANN, CRM)
    await manage.update(ANN, "my-crm", {"config": {"api_key": f"new-{KEY}"}})

    for table in ("connector", "audit", "connector_type_version"):
        assert KEY not in await bytes_of(world, table)
    assert KEY not in f"{made!r}{to_json(made)}"


async def test_a_field_of_the_connection_is_named_by_its_place_in_the_body(manage):
    """A form puts what is wrong at the field that it is about."""
    with pytest.raises(InvalidParams) as caught:
        await manage.create(ANN, CRM | {"config": {"region": 1}})

    assert [fault["pointer"] for fault in caught.value.details["errors"]] == ["/config/region"]


async def test_a_connector_brings_its_own_type(manage, world):
    """In one transaction: neither is there without the other."""
    made = await manage.create(ANN, DESK | {"config": {"token": KEY}, "description": "Ours.", "tags": ["help"]})
    (kind,) = [found for found in await types_in(world).list(ANN) if found.name == "desk"]

    assert (made.type, made.type_version, made.description, made.tags) == ("desk", "1.0.0", "Ours.", ["help"])
    assert (kind.origin, kind.commands, kind.description) == ("stored", ["list_tickets", "get_ticket"], "Ours.")
    with pytest.raises(NameTaken, match="connector type `desk`"):
        await manage.create(ANN, DESK | {"name": "desk-2", "type": "desk", "operations": FEWER})
    with pytest.raises(InvalidParams):
        await manage.create(ANN, DESK | {"name": "broken", "config": {"no_field": 1}})
    assert [found.name for found in await types_in(world).list(ANN)] == ["desk", "managed-crm"]


async def test_types_of_two_namespaces_may_have_connectors_of_one_name(manage):
    """As in files."""
    await manage.create(ANN, DESK)
    second = await manage.create(ANN, DESK | {"namespace": "support"})

    assert (second.full_name, second.type) == ("support/desk", "support-desk")


async def test_it_can_be_configured_later(manage, catalogue):
    """H10: it is listed as what it is, and an update completes it."""
    made = await manage.create(ANN, CRM | {"config": {}})
    assert (made.configured, made.missing) == (False, ["region", "api_key"])

    half = await manage.update(ANN, "my-crm", {"config": {"region": "eu"}})
    whole = await manage.update(ANN, "my-crm", {"config": {"apiKey": KEY}})

    assert (half.missing, whole.missing, whole.configured) == (["api_key"], [], True)
    assert await opened(catalogue, "my-crm") == {"region": "eu", "api_key": KEY}


async def test_an_update_keeps_what_it_does_not_name(manage, catalogue):
    """H11: what a form was shown comes back, and changes nothing but what was changed in it."""
    made = await manage.create(ANN, CRM | {"timeout": 5000, "tags": ["a"]})
    body = to_json(made)
    changed = await manage.update(
        ANN, made.id, {"displayName": "Our CRM", "config": body["config"] | {"region": "us"}}, revision=1
    )

    assert (changed.display_name, changed.timeout, changed.tags, changed.revision) == ("Our CRM", 5000, ["a"], 2)
    assert await opened(catalogue, "my-crm") == {"region": "us", "api_key": KEY}


async def test_null_clears_a_secret(manage):
    """H11: explicitly, and then it is missing."""
    await manage.create(ANN, CRM)
    cleared = await manage.update(ANN, "my-crm", {"config": {"api_key": None}})

    assert (cleared.config, cleared.missing) == ({"region": "eu"}, ["api_key"])


async def test_a_secret_may_be_named(manage, catalogue):
    """The name is shown; the value is found at each call, for its caller."""
    made = await manage.create(ANN, CRM | {"config": {"region": "eu", "api_key": {"secret": "CRM_KEY"}}})

    assert (made.configured, made.config["api_key"]) == (True, {"secret": "CRM_KEY"})
    assert (await opened(catalogue, "my-crm"))["api_key"] == {"secret": "CRM_KEY"}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (CRM | {"name": "1abc"}, InvalidName),
        (CRM | {"namespace": "a b"}, InvalidName),
        (CRM | {"type": "no-such"}, InvalidParams),
        (CRM | {"config": {"region": 1}}, InvalidParams),
        (CRM | {"config": {"api_key": MASK}}, InvalidParams),
        (CRM | {"config": {"region": {"secret": "A"}}}, InvalidParams),
        (CRM | {"unknown": 1}, InvalidDefinition),
        (CRM | {"id": "mine"}, InvalidDefinition),
        ({"name": "x"}, InvalidDefinition),
    ],
)
async def test_what_is_wrong_is_refused_whole(manage, body, error):
    """A03: nothing of it is kept."""
    with pytest.raises(error):
        await manage.create(ANN, body)

    assert await manage.list(ANN) == []


async def test_a_name_is_taken_once_in_its_namespace(manage, world):
    """A02: also when two create it at once, and by a file."""
    await manage.create(ANN, CRM)
    for name in ("my-crm", "MyCrm", "my_crm"):
        with pytest.raises(NameTaken):
            await manage.create(ANN, CRM | {"name": name})
    assert (await manage.create(ANN, CRM | {"namespace": "sales"})).full_name == "sales/my-crm"

    both = await asyncio.gather(*(manage.create(ANN, CRM | {"name": "two"}) for _ in range(2)), return_exceptions=True)
    assert sorted(isinstance(one, NameTaken | AlreadyExists) for one in both) == [False, True]

    base = process()
    base.add_connector(ConfiguredConnector(id="f", tenant="default", name="of-file", type="managed-crm"))
    with pytest.raises(NameTaken):
        await connectors_of(world, base).create(ANN, CRM | {"name": "of_file"})


async def test_connectors_of_files_are_shown_and_cannot_be_changed(world):
    """Their secrets neither."""
    base = process()
    config = {"region": "eu", "api_key": KEY}
    base.add_connector(ConfiguredConnector(id="f", tenant="default", name="of-file", type="managed-crm", config=config))
    manage = connectors_of(world, base)

    (shown,) = await manage.list(ANN)
    assert (shown.stored, shown.config, shown.configured) == (False, {"region": "eu", "api_key": MASK}, True)
    assert await manage.get(ANN, "of_file") == shown
    with pytest.raises(ConnectorNotStored):
        await manage.update(ADMIN, "of-file", {"enabled": False})


async def test_lists_are_filtered(manage):
    """A05: by namespace, type, category, tag, and whether it can be called."""
    await manage.create(ANN, CRM | {"tags": ["a"]})
    await manage.create(ANN, CRM | {"name": "other", "namespace": "sales", "enabled": False})
    await manage.create(ANN, DESK | {"category": "ticketing"})

    async def names(**filters):
        return [found.full_name for found in await manage.list(BOB, **filters)]

    assert await names() == ["default/desk", "default/my-crm", "sales/other"]
    assert await names(namespace="sales") == await names(enabled=False) == ["sales/other"]
    assert await names(type="managedCrm") == ["default/my-crm", "sales/other"]
    assert await names(category="ticketing") == ["default/desk"]
    assert await names(tag="a") == ["default/my-crm"]


async def test_only_its_owner_and_administrators_change_it(manage, world):
    """And whoever tried is in the audit log."""
    await manage.create(ANN, CRM)
    for attempt in (
        manage.update(BOB, "my-crm", {"displayName": "mine"}),
        manage.disable(BOB, "my-crm"),
        manage.set_mocks(BOB, "my-crm", {"enabled": True}),
        manage.delete(BOB, "my-crm"),
    ):
        with pytest.raises(NotOwner):
            await attempt
    changed = await manage.update(ADMIN, "my-crm", {"displayName": "ours"})

    assert (changed.display_name, changed.owner) == ("ours", "id-of-ann")
    assert await audit_words(world) == [
        "id-of-ann connector.create default/my-crm done",
        "id-of-bob connector.update my-crm denied",
        "id-of-bob connector.update my-crm denied",
        "id-of-bob connector.update my-crm denied",
        "id-of-bob connector.delete my-crm denied",
        "local connector.update default/my-crm done",
    ]


async def test_scopes_are_asked_for(manage, world):
    """A token that may only look changes nothing, and one without any scope sees nothing."""
    await manage.create(ANN, CRM)
    for attempt in (
        manage.create(READER, CRM | {"name": "x"}),
        manage.update(READER, "my-crm", {}),
        manage.delete(READER, "my-crm"),
        manage.record_test(READER, "my-crm", {}),
        manage.list(NOBODY),
        manage.get(NOBODY, "my-crm"),
    ):
        with pytest.raises(ScopeMissing):
            await attempt

    assert [info.name for info in await manage.list(READER)] == ["my-crm"]
    assert len([words for words in await audit_words(world) if words.endswith("denied")]) == 6


async def test_another_tenants_connectors_do_not_exist(manage):
    """Not by id either, not for its administrator."""
    made = await manage.create(ANN, CRM)

    assert await manage.list(EVE) == []
    for wanted in ("my-crm", made.id):
        with pytest.raises(UnknownConnector):
            await manage.get(EVE, wanted)
        with pytest.raises(UnknownConnector):
            await manage.delete(EVE, wanted)
    assert (await manage.create(EVE, CRM)).owner == "id-of-eve"


async def test_opening_the_network_takes_an_administrator(manage):
    """`egress` reaches addresses that everybody else's connectors cannot."""
    egress = {"allow": "10.0.0.0/8"}
    with pytest.raises(AdminRequired):
        await manage.create(ANN, CRM | {"egress": egress})
    await manage.create(ANN, CRM)
    with pytest.raises(AdminRequired):
        await manage.update(ANN, "my-crm", {"egress": egress})
    await manage.update(ADMIN, "my-crm", {"egress": egress})

    same = await manage.update(ANN, "my-crm", {"egress": egress, "displayName": "x"})
    assert same.egress == egress
    with pytest.raises(AdminRequired):
        await manage.update(ANN, "my-crm", {"egress": {"allow": "0.0.0.0/0"}})


@pytest.mark.parametrize("other", ["Egress", "e_gress", "EGRESS"])
async def test_what_is_said_twice_is_refused(manage, other):
    """Else the one could be looked at, and the other one kept: here, an open network without an administrator."""
    said_twice = {"egress": {}, other: {"allow": "10.0.0.0/8"}}
    with pytest.raises(InvalidDefinition, match="twice"):
        await manage.create(ANN, CRM | said_twice)
    await manage.create(ANN, CRM)
    with pytest.raises(InvalidDefinition, match="twice"):
        await manage.update(ANN, "my-crm", said_twice)

    assert [info.egress for info in await manage.list(ADMIN)] == [{}]


async def test_a_connector_is_switched_off_and_on(manage, catalogue):
    """A12: calls see it at once."""
    await manage.create(ANN, CRM)
    off = await manage.disable(ANN, "my-crm")
    await catalogue.refresh("default")
    assert (off.enabled, resolve(catalogue, "my-crm", tenant="default").connector.enabled) == (False, False)

    assert (await manage.enable(ANN, "my-crm")).enabled
    assert await opened(catalogue, "my-crm") == {"region": "eu", "api_key": KEY}


async def test_null_clears_only_what_can_be_cleared(manage):
    """A form that sends everything must not switch a connector on again."""
    await manage.create(ANN, CRM | {"enabled": False, "timeout": 5000, "tags": ["a"], "displayName": "CRM"})
    nulls = dict.fromkeys(("name", "namespace", "type", "enabled", "timeout", "tags", "displayName", "mocks", "egress"))
    changed = await manage.update(ANN, "my-crm", nulls)

    assert (changed.full_name, changed.enabled, changed.type) == ("default/my-crm", False, "managed-crm")
    assert (changed.timeout, changed.tags, changed.display_name, changed.egress) == (None, [], "", {})
    with pytest.raises(InvalidDefinition):
        await manage.create(ANN, CRM | {"name": None})


async def test_one_whose_secrets_cannot_be_read_can_be_switched_off_and_filled_in_again(world, manage, catalogue):
    """A key is missing: nothing of what it has sealed is lost meanwhile."""
    await manage.create(ANN, CRM)
    await manage.create(ANN, CRM | {"name": "second"})
    without = connectors_of(world, key=2)

    with pytest.raises(Undecryptable):
        await without.update(ANN, "my-crm", {"displayName": "x"})
    off = await without.disable(ANN, "my-crm")
    assert (off.enabled, off.revision, off.configured) == (False, 1, True)
    await without.update(ANN, "second", {"config": {"api_key": f"new-{KEY}"}})
    await without.delete(ANN, "second")

    await manage.enable(ANN, "my-crm")  # the key is back
    assert (await opened(catalogue, "my-crm"))["api_key"] == KEY


async def test_a_change_of_something_that_changed_since_is_refused(manage):
    """Two people with the same form open."""
    await manage.create(ANN, CRM)
    await manage.update(ANN, "my-crm", {"displayName": "first"}, revision=1)

    with pytest.raises(RevisionConflict):
        await manage.update(ANN, "my-crm", {"displayName": "second"}, revision=1)
    assert (await manage.get(ANN, "my-crm")).display_name == "first"


async def test_a_deleted_connector_is_gone_with_its_secrets(manage, world):
    """Its name is free, its row stays without anything sealed, and it is shown on request."""
    made = await manage.create(ANN, CRM)
    await manage.delete(ANN, "my-crm")

    row = await world.read(partial(rows.get, tenant="default", id=made.id))
    assert (row.sealed, row.config, row.deleted is not None) == (None, {"region": "eu", "api_key": None}, True)
    assert await manage.list(ANN) == []
    with pytest.raises(UnknownConnector):
        await manage.get(ANN, made.id)
    again = await manage.create(ANN, CRM)
    assert {info.id for info in await manage.list(ANN, deleted=True)} == {made.id, again.id}


async def test_it_can_be_renamed(manage):
    """A04: to a name that is free."""
    await manage.create(ANN, CRM)
    await manage.create(ANN, CRM | {"name": "taken"})
    renamed = await manage.update(ANN, "my-crm", {"name": "our-crm", "namespace": "sales"})

    assert renamed.full_name == "sales/our-crm"
    with pytest.raises(NameTaken):
        await manage.update(ANN, "our-crm", {"name": "taken", "namespace": "default"})
    with pytest.raises(InvalidName):
        await manage.update(ANN, "our-crm", {"name": "no name"})
    assert (await manage.update(ANN, "our-crm", {"name": "OurCrm"})).name == "OurCrm"


async def test_its_type_cannot_be_another(manage):
    """Its secrets belong to the service of its type."""
    await manage.create(ANN, CRM)
    await manage.create(ANN, DESK)
    with pytest.raises(InvalidDefinition):
        await manage.update(ANN, "my-crm", {"type": "desk"})

    assert (await manage.update(ANN, "my-crm", {"type": "managedCrm"})).type == "managed-crm"


MOCKS = {"enabled": True, "scenario": "none", "data": {"listContacts": {"none": {"success": True, "payload": []}}}}


async def test_mock_data_is_stored_for_commands_that_there_are(manage, catalogue):
    """R02, R03: under the command's own name."""
    await manage.create(ANN, CRM)
    changed = await manage.set_mocks(ANN, "my-crm", MOCKS)
    await catalogue.refresh("default")

    stored = {"list_contacts": MOCKS["data"]["listContacts"]}
    assert changed.mocks == MOCKS | {"data": stored}
    assert resolve(catalogue, "my-crm", tenant="default").connector.mocks == changed.mocks
    assert (await manage.set_mocks(ANN, "my-crm", {})).mocks == {}


@pytest.mark.parametrize(
    ("mocks", "places"),
    [
        ({"enabled": "yes"}, ["/enabled"]),
        ({"on": True, "scenario": 3}, ["/on", "/scenario"]),
        ({"data": []}, ["/data"]),
        ({"data": {"no_command": {}}}, ["/data/no_command"]),
        ({"data": {"list_contacts": []}}, ["/data/list_contacts"]),
        ({"data": {"list_contacts": {"a": [], "b": {"data": 1}}}}, ["/data/list_contacts/a", "/data/list_contacts/b"]),
    ],
)
async def test_mock_data_that_is_no_outcome_is_refused(manage, mocks, places):
    """It would be found out in the middle of somebody's test otherwise."""
    await manage.create(ANN, CRM)
    with pytest.raises(InvalidParams) as caught:
        await manage.set_mocks(ANN, "my-crm", mocks)

    assert [error["pointer"] for error in caught.value.details["errors"]] == places


async def test_the_result_of_a_test_is_kept(manage, world):
    """R07: when and how; the connector is the same, so nothing is opened anew."""
    await manage.create(ANN, CRM)
    kept = await manage.record_test(BOB, "my-crm", {"success": True, "latencyMs": 12, "payload": {"key": KEY}})

    shown = to_json(await manage.get(ANN, "my-crm"))
    assert (shown["testResult"], shown["revision"]) == (kept, 1)
    assert kept == {"success": True, "latencyMs": 12, "testedAt": shown["tested"]}
    assert (await audited(world))[-1].details["success"] is True
    failed = {"success": False, "latencyMs": 3.6, "code": "upstream-status", "error": "x" * 9000}
    failed = await manage.record_test(BOB, "my-crm", failed)
    assert (failed["success"], failed["latencyMs"], failed["code"], len(failed["error"])) == (
        False,
        4,
        "upstream-status",
        2000,
    )


async def test_changed_operations_are_a_new_version_of_its_type(manage, world):
    """While nobody else uses the type nobody can be broken, and the rest of the type stays as it was."""
    await manage.create(ANN, DESK | {"config": {"token": KEY}})
    more = [*DESK["operations"], {"name": "close", "method": "POST", "path": "/tickets/{id}/close"}]
    added = await manage.update(ANN, "desk", {"operations": more})
    removed = await manage.update(ANN, "desk", {"operations": FEWER})
    details = await types_in(world).get(ANN, "desk")

    assert [version.version for version in details.versions] == ["1.0.0", "1.1.0", "2.0.0"]
    assert details.definition["source"]["baseUrl"] == DESK["baseUrl"]
    assert details.definition["auth"] == DESK["auth"]
    assert (added.configured, removed.config) == (True, {"token": MASK})


async def test_operations_that_others_use_are_not_broken_by_accident(manage, world):
    """Their authors did not ask for it."""
    await manage.create(ANN, DESK)
    await manage.create(ANN, {"name": "second", "type": "desk"})

    with pytest.raises(VersionTooLow) as caught:
        await manage.update(ANN, "desk", {"operations": FEWER})
    assert caught.value.details["needed"] == "2.0.0"
    await manage.update(ANN, "desk", {"operations": FEWER, "autoBump": True})
    assert (await types_in(world).get(ANN, "desk")).type.version == "2.0.0"


async def test_operations_of_a_class_cannot_be_changed(manage):
    """They are code."""
    await manage.create(ADMIN, CRM)
    with pytest.raises(InvalidDefinition):
        await manage.update(ADMIN, "my-crm", {"operations": FEWER})
