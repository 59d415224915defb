"""The bodies of the guides make connectors, as they stand, of every execution model."""

from __future__ import annotations

import pytest

from jackfield import Connector, Secret, command, succeed
from jackfield.access.errors import NotOwner
from jackfield.definition.errors import InvalidDefinition, InvalidParams
from jackfield.definition.secret import MASK
from jackfield.manage.views import to_json
from jackfield.registry.errors import NameTaken, VersionTooLow
from manage.desk import DESK, FEWER, connectors_of, types_in
from manage.people import ADMIN, ANN, BOB
from registry.guides import AUTHIFI, DESCRIBED, EXTERNAL, MY_CRM, ONPREM, OPENAPI, SLACK
from registry.stored import memory


class Authifi(Connector, name="authifi"):
    """Tenants and users."""

    baseUrl: str  # noqa: N815 - as the guide writes it
    tenant: str
    tenantId: str  # noqa: N815
    clientId: str  # noqa: N815
    clientSecret: Secret  # noqa: N815

    @command(reads_only=True)
    async def list_users(self):
        """All users."""
        return succeed([])


@pytest.fixture
def manage(world):
    return connectors_of(world, memory(Authifi))


@pytest.fixture
def types(world):
    return types_in(world, memory(Authifi))


async def test_an_instance_of_an_installed_type_is_made(manage, types):
    """Its `configSchema` does not count; that it differs is told."""
    made = await manage.create(ADMIN, AUTHIFI)
    schema = (await types.get(ADMIN, "authifi")).definition["configSchema"]
    (before,) = made.warnings
    again = await manage.create(ADMIN, AUTHIFI | {"name": "authifi-2", "configSchema": schema})

    assert (made.type, made.execution_model, made.configured) == ("authifi", "built_in", True)
    assert (made.config["tenantId"], made.config["clientSecret"]) == ("42", MASK)
    assert before.startswith("`configSchema` is ignored")
    assert made.config_schema == schema
    assert again.warnings == []
    assert to_json(again)["configSchema"]["commands"]["list_users"]["readsOnly"] is True


@pytest.mark.parametrize("body", DESCRIBED, ids=lambda body: body["name"])
async def test_a_described_connector_brings_its_type(manage, types, body):
    """It is stored, shown, switched off and deleted, whether or not its commands can be run here."""
    made = await manage.create(ANN, body)
    kind = await types.get(BOB, body["name"])
    source = kind.definition["source"]

    assert (made.type, made.warnings, kind.type.public) == (body["name"], [], False)
    assert kind.definition["configSchema"] == made.config_schema
    for key in ("scriptSource", "endpointUrl", "spec"):
        assert source.get(key) == body.get(key)
    assert (await manage.disable(ANN, body["name"])).enabled is False
    assert (await manage.enable(ANN, body["name"])).enabled is True
    await manage.delete(ANN, body["name"])
    assert await manage.list(ANN) == []
    assert (await manage.create(ANN, body)).type == body["name"]


async def test_a_second_connector_of_the_same_body_shares_the_type(manage, types):
    """Guides repeat the definition in every body. One that differs does not change it behind everybody's back."""
    await manage.create(ANN, MY_CRM)
    second = await manage.create(BOB, MY_CRM | {"name": "crm-2", "description": "Another tenant."})
    by_name = await manage.create(BOB, {"name": "crm-3", "type": "myCrm", "executionModel": "script"})

    assert (second.type, by_name.type, by_name.missing) == ("my-crm", "my-crm", ["baseUrl", "apiKey"])
    with pytest.raises(NameTaken, match="connector type `my-crm` exists already") as caught:
        await manage.create(BOB, MY_CRM | {"name": "crm-4", "scriptSource": "function listContacts() {}"})
    assert "update the type" in caught.value.hint
    assert (await types.get(ANN, "my-crm")).type.version == "1.0.0"
    other = MY_CRM | {"namespace": "sales", "scriptSource": "function listContacts() {}"}
    assert (await manage.create(BOB, other)).type == "sales-my-crm"


async def test_an_unknown_type_says_which_was_meant(manage):
    """At its place, for who marks it in a form."""
    with pytest.raises(InvalidParams, match="did you mean `authifi`") as caught:
        await manage.create(ANN, AUTHIFI | {"type": "authify"})

    assert (caught.value.status, caught.value.details["errors"][0]["pointer"]) == (422, "/type")
    with pytest.raises(InvalidDefinition, match="no `scriptSource`"):
        await manage.create(ANN, {"name": "x", "type": "no-such", "executionModel": "script"})
    with pytest.raises(InvalidDefinition, match="has the execution model `built_in`, not `script`"):
        await manage.create(ANN, {"name": "x", "type": "authifi", "executionModel": "script"})


async def test_what_is_made_has_the_version_and_the_reach_that_it_says(manage, types):
    """A template, from one body."""
    made = await manage.create(ANN, MY_CRM | {"version": "2.3.0", "public": True})
    kind = (await types.get(BOB, "my-crm")).type

    assert (made.type_version, kind.version, kind.public, kind.category) == ("2.3.0", "2.3.0", True, "crm")
    empty = await manage.create(ANN, ONPREM | {"name": "bare", "configSchema": {"commands": {}}})
    assert empty.warnings == ["the type `bare` has no commands: describe them in `configSchema.commands`"]


CHANGES = [
    (MY_CRM, {"scriptSource": "function listContacts() {}"}),
    (EXTERNAL, {"endpointUrl": "https://connector.example.com/v2"}),
    (OPENAPI, {"spec": OPENAPI["spec"] | {"info": {"title": "My API", "version": "1.0.1"}}}),
    (ONPREM, {"configSchema": {"commands": ONPREM["configSchema"]["commands"] | {"ping": {}}}}),
    (SLACK, {"operations": [*SLACK["operations"], {"name": "ping", "method": "GET", "path": "/ping"}]}),
]


@pytest.mark.parametrize(("body", "change"), CHANGES, ids=[body["name"] for body, _ in CHANGES])
async def test_what_a_connector_runs_is_changed_by_a_new_version_of_its_type(manage, types, body, change):
    """Patch or minor by itself; the rest of it stays, and sending it again is no change."""
    await manage.create(ANN, body)
    changed = await manage.update(ANN, body["name"], body | change | {"description": "Other words."})
    again = await manage.update(ANN, body["name"], body | change)
    kind = await types.get(ANN, body["name"])

    assert [version.version for version in kind.versions] == ["1.0.0", "1.1.0" if "ping" in str(change) else "1.0.1"]
    assert (changed.type, changed.execution_model) == (body["name"], again.execution_model)
    assert kind.type.description == body.get("description", "")
    assert changed.description == "Other words."


async def test_a_breaking_change_needs_to_be_meant_when_others_use_the_type(manage, types):
    """`autoBump`, or a sufficient version. While nobody else does, nobody can be broken."""
    fewer = {"configSchema": {"commands": {"test": {"params": []}}}}
    await manage.create(ANN, MY_CRM)
    await manage.update(ANN, "my-crm", {"configSchema": {"commands": {"test": {}, "ping": {}}}})
    assert (await types.get(ANN, "my-crm")).type.version == "2.0.0"
    await manage.create(ANN, {"name": "crm-2", "type": "my-crm"})

    with pytest.raises(VersionTooLow, match="command `ping` was removed"):
        await manage.update(ANN, "my-crm", fewer)
    with pytest.raises(VersionTooLow):
        await manage.update(ANN, "my-crm", fewer | {"version": "2.1.0"})
    await manage.update(ANN, "my-crm", fewer | {"version": "3.0.0"})
    assert (await types.get(ANN, "my-crm")).type.version == "3.0.0"
    assert (await types.get(ANN, "my-crm")).definition["configSchema"]["connectionConfig"].keys() == {
        "baseUrl",
        "apiKey",
    }


async def test_only_who_made_the_type_changes_it_through_a_connector(manage, types):
    """Repeating what it is already is no change."""
    await manage.create(ANN, MY_CRM)
    await manage.create(BOB, MY_CRM | {"name": "crm-2"})

    assert (await manage.update(BOB, "crm-2", MY_CRM | {"name": "crm-2", "displayName": "Ours"})).display_name == "Ours"
    with pytest.raises(NotOwner):
        await manage.update(BOB, "crm-2", {"scriptSource": "function test() {}"})
    with pytest.raises(InvalidDefinition, match="means `http`"):
        await manage.update(ANN, "my-crm", {"operations": FEWER})


async def test_a_body_of_the_guide_changes_an_instance(manage):
    """What it repeats of its type does not count; what only a definition has is refused."""
    await manage.create(ADMIN, AUTHIFI)
    changed = await manage.update(ADMIN, "authifi-prod", AUTHIFI | {"description": "Other words.", "version": "1.1.0"})

    assert changed.description == "Other words."
    assert [warning.partition(" is ignored")[0] for warning in changed.warnings] == ["`version`", "`configSchema`"]
    with pytest.raises(InvalidDefinition, match="of a package or class"):
        await manage.update(ADMIN, "authifi-prod", {"scriptSource": "function a() {}"})
    with pytest.raises(InvalidDefinition, match="not `script`"):
        await manage.update(ADMIN, "authifi-prod", {"executionModel": "script"})


@pytest.mark.parametrize("body", DESCRIBED, ids=lambda body: body["name"])
async def test_what_made_a_connector_can_be_sent_again(manage, types, body):
    """`PUT` of a whole body, with what a client leaves empty. Only what cannot be changed there is told."""
    empty = {
        "autoBump": False,
        "icon": None,
        "headers": None,
        "connectionConfig": None,
        "type": body["name"],
        "public": True,
    }
    await manage.create(ANN, body | empty)
    again = await manage.update(ANN, body["name"], body | empty)
    other = await manage.update(ANN, body["name"], body | empty | {"public": False})

    assert again.warnings == []
    assert [warning.partition(" is ignored")[0] for warning in other.warnings] == ["`public`"]
    assert [version.version for version in await types.versions(ANN, body["name"])] == ["1.0.0"]


async def test_lists_have_no_schemas(manage):
    """A document may describe ten thousand commands."""
    await manage.create(ANN, MY_CRM)

    (shown,) = await manage.list(ANN)
    assert (shown.execution_model, shown.config_schema, shown.warnings) == ("script", None, [])


async def test_operations_and_the_test_command(manage, types):
    """An operation called `test` shows whether a connection works, as in every other model."""
    await manage.create(ANN, DESK | {"operations": [*FEWER, {"name": "test", "method": "GET", "path": "/health"}]})

    assert (await types.get(ANN, "desk")).definition["testCommand"] == "test"
