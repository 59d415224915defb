"""Gateways: who may see, change and use them, and what becomes of their tokens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jackfield.access.errors import (
    GatewayDisabled,
    GatewayTokenMisplaced,
    NotOwner,
    ScopeMissing,
    TokenExpired,
    TokenRevoked,
    UserDisabled,
)
from jackfield.access.principal import GatewayGrant, Principal
from jackfield.access.tokens import Tokens as Known
from jackfield.agents.choice import Choice, ChosenConnector
from jackfield.definition.errors import InvalidParams
from jackfield.definition.model import ConnectorDefinition
from jackfield.manage.errors import UnknownGateway, UnknownUser
from jackfield.manage.gateways import Gateways
from jackfield.manage.sessions import Sessions, StoredSessions
from jackfield.manage.tokens import Tokens
from jackfield.manage.users import Users
from jackfield.registry.catalogue import ConfiguredConnector, ConnectorType, MemoryCatalogue
from jackfield.storage.changes import Changes
from jackfield.storage.errors import AlreadyExists, RevisionConflict
from manage.people import ADMIN, ANN, BOB, EVE, audit_words, audited
from tools.making import command

NEVER_S = 3600.0
READER, CALLER = replace(ANN, scopes=frozenset({"read"})), replace(ANN, scopes=frozenset({"execute"}))


@pytest.fixture
def catalogue():
    """It has `default/acme` with the command `list_messages`."""
    made = MemoryCatalogue()
    definition = ConnectorDefinition(name="acme", commands={"list_messages": command()})
    made.add_type(ConnectorType(definition=definition))
    made.add_connector(ConfiguredConnector(id="1", tenant="default", name="acme", type="acme"))
    return made


@pytest.fixture
async def changes(world):
    started = Changes(world, scan_s=NEVER_S)
    await started.start()
    yield started
    await started.close()


@pytest.fixture
def gateways(world, catalogue, changes) -> Gateways:
    return Gateways(world, catalogue, changes)


@pytest.fixture
async def known(world, changes):
    """Who asks for a token, in the same process."""
    opened = Known(world, changes)
    yield opened
    await opened.close()


CHOICE = {"connectors": [{"connector": "acme", "operations": ["list_messages"]}]}


async def test_every_change_is_written_down(world, gateways):
    """Who, what, which."""
    made = await gateways.create(ANN, {"name": "help", "choice": CHOICE})
    await gateways.update(ANN, "help", {"title": "Help", "mode": "search"})
    token = await gateways.create_token(ANN, "help", name="assistant")
    await gateways.delete(ANN, made.id)
    entries = await audited(world)

    assert await audit_words(world) == [
        f"{ANN.id} gateway.create {made.id} done",
        f"{ANN.id} gateway.update {made.id} done",
        f"{ANN.id} token.create {token.token.id} done",
        f"{ANN.id} gateway.delete {made.id} done",
    ]
    assert entries[1].details == {"name": "help", "changed": ["mode", "title"], "revision": 2}
    assert entries[2].details["gateway"] == "help"


async def test_seeing_takes_read_and_changing_manage(world, gateways):
    """What is denied is written down, too."""
    await gateways.create(ANN, {"name": "help"})
    for attempt in (
        gateways.create(READER, {"name": "mine"}),
        gateways.update(READER, "help", {}),
        gateways.delete(READER, "help"),
        gateways.create_token(READER, "help", name="x"),
        gateways.list(CALLER),
        gateways.get(CALLER, "help"),
    ):
        with pytest.raises(ScopeMissing):
            await attempt

    assert [info.name for info in await gateways.list(READER)] == ["help"]
    assert [word.split()[1] for word in (await audit_words(world))[1:]] == [
        *("gateway.create", "gateway.update", "gateway.delete", "gateway.token", "gateway.list", "gateway.get"),
    ]


async def test_only_its_owner_or_an_administrator_changes_it(gateways):
    """Its tokens act for somebody: whoever has one could else widen what it reaches."""
    await gateways.create(ANN, {"name": "help"})
    for attempt in (
        gateways.update(BOB, "help", {"choice": {}}),
        gateways.delete(BOB, "help"),
        gateways.create_token(BOB, "help", name="x"),
    ):
        with pytest.raises(NotOwner):
            await attempt

    assert (await gateways.update(ADMIN, "help", {"title": "Ours"})).title == "Ours"
    assert (await gateways.open(BOB, "help")).title == "Ours"


async def test_another_tenants_gateways_are_not_there(world, gateways, known):
    """By no name, no id, and no token."""
    made = await gateways.create(ANN, {"name": "help"})
    token = await gateways.create_token(ANN, "help", name="assistant")
    theirs = await gateways.create(EVE, {"name": "help"})
    for wanted in ("help", theirs.id):
        assert (await gateways.get(EVE, wanted)).id == theirs.id
    for attempt in (
        gateways.get(EVE, made.id),
        gateways.open(EVE, made.id),
        gateways.update(EVE, made.id, {}),
        gateways.delete(EVE, made.id),
        gateways.create_token(EVE, made.id, name="x"),
    ):
        with pytest.raises(UnknownGateway):
            await attempt
    with pytest.raises(UnknownUser):
        await gateways.create_token(EVE, "help", name="x", user="ann")

    assert (await gateways.open(await known.authenticate(token.text), "help")).id == made.id
    with pytest.raises(UnknownGateway):
        await gateways.open(await known.authenticate(token.text), theirs.id)


async def test_names_are_one_in_any_case_style(gateways):
    """Otherwise an address would mean either of two."""
    made = await gateways.create(ANN, {"name": "helpDesk"})
    other = await gateways.create(ANN, {"name": "other"})
    with pytest.raises(AlreadyExists):
        await gateways.create(BOB, {"name": "help-desk"})
    with pytest.raises(AlreadyExists):
        await gateways.update(ANN, "other", {"name": "HELP_DESK"})

    assert (await gateways.update(ANN, "helpdesk", {"name": "help_desk"})).id == made.id
    assert [info.name for info in await gateways.list(ANN)] == ["help_desk", other.name]


async def test_a_change_of_what_has_changed_is_refused(gateways):
    """Somebody else's would be lost."""
    made = await gateways.create(ANN, {"name": "help"})
    await gateways.update(ANN, "help", {"title": "first"}, revision=made.revision)
    for attempt in (
        gateways.update(ANN, "help", {"title": "second"}, revision=made.revision),
        gateways.delete(ANN, "help", revision=made.revision),
    ):
        with pytest.raises(RevisionConflict):
            await attempt

    assert (await gateways.get(ANN, "help")).title == "first"


async def test_what_a_choice_names_was_there_when_it_was_made(gateways):
    """What is gone later keeps nobody from switching the gateway off."""
    with pytest.raises(InvalidParams, match="did you mean `list_messages`"):
        await gateways.create(ANN, {"name": "help", "choice": [{"connector": "acme", "operations": ["list_mesages"]}]})
    await gateways.create(ANN, {"name": "help", "choice": CHOICE})
    gateways._catalogue = MemoryCatalogue()

    assert (await gateways.update(ANN, "help", {"enabled": False})).choice["connectors"]
    with pytest.raises(InvalidParams):
        await gateways.update(ANN, "help", {"choice": CHOICE})


async def test_a_gateways_token_allows_nothing_until_its_gateway_is_opened(gateways, known):
    """So whatever is asked in its name elsewhere is refused, also where nobody thought of it."""
    await gateways.create(ADMIN, {"name": "help", "choice": CHOICE})
    made = await gateways.create_token(ADMIN, "help", name="assistant")
    caller = await known.authenticate(made.text)
    opened = await gateways.open(caller, "HELP")

    assert (caller.scopes, caller.admin, caller.id) == (frozenset(), False, ADMIN.id)
    for scope in ("read", "execute", "manage"):
        with pytest.raises(GatewayTokenMisplaced):
            caller.require(scope)
    assert (opened.caller.scopes, opened.caller.admin) == ({"read", "execute"}, False)
    assert opened.choice == Choice(connectors=(ChosenConnector(connector="acme", commands=("list_messages",)),))
    with pytest.raises(ScopeMissing):
        opened.caller.require("manage")


async def test_a_gateways_token_opens_that_gateway_only(gateways, known):
    """To it there are no others: neither by name nor by id, and no error names them."""
    await gateways.create(ANN, {"name": "help"})
    other = await gateways.create(ANN, {"name": "halp"})
    caller = await known.authenticate((await gateways.create_token(ANN, "help", name="x")).text)
    for wanted in ("halp", other.id, "hlp"):
        with pytest.raises(UnknownGateway) as caught:
            await gateways.open(caller, wanted)
        assert "halp" not in caught.value.hint.replace(wanted, "")


@pytest.mark.parametrize("scopes", [["read"], ["execute"]])
async def test_a_gateways_token_may_allow_less(gateways, known, scopes):
    await gateways.create(ANN, {"name": "help"})
    made = await gateways.create_token(ANN, "help", name="x", scopes=scopes)
    opened = await gateways.open(await known.authenticate(made.text), "help")

    assert opened.caller.scopes == {*scopes} == {*made.token.scopes}


async def test_no_gateways_token_allows_more_than_whoever_made_it(gateways):
    """Nor does it ever change anything."""
    await gateways.create(ANN, {"name": "help"})
    narrow = replace(ANN, scopes=frozenset({"manage", "read"}))
    with pytest.raises(ScopeMissing):
        await gateways.create_token(narrow, "help", name="x", scopes=["execute"])
    with pytest.raises(InvalidParams):
        await gateways.create_token(ANN, "help", name="x", scopes=["manage"])

    assert (await gateways.create_token(narrow, "help", name="x")).token.scopes == ("read",)


async def test_the_token_of_a_gateway_ends_with_it(gateways, known):
    """Deleted: for good. Disabled: for as long as that is so."""
    await gateways.create(ANN, {"name": "help"})
    made = await gateways.create_token(ANN, "help", name="x")
    await known.authenticate(made.text)
    await gateways.update(ANN, "help", {"enabled": False})
    with pytest.raises(GatewayDisabled):
        await known.authenticate(made.text)
    with pytest.raises(GatewayDisabled):
        await gateways.open(ANN, "help")
    await gateways.update(ANN, "help", {"enabled": True})
    await known.authenticate(made.text)
    await gateways.delete(ANN, "help")
    with pytest.raises(TokenRevoked):
        await known.authenticate(made.text)
    await gateways.create(ANN, {"name": "help"})
    with pytest.raises(TokenRevoked):
        await known.authenticate(made.text)


async def test_the_token_of_a_gateway_ends_as_all_tokens_do(world, gateways, known):
    """Revoked, out of time, or with its user."""
    await gateways.create(ADMIN, {"name": "help"})
    revoked = await gateways.create_token(ADMIN, "help", name="x", user="ann")
    over = await gateways.create_token(ADMIN, "help", name="x", user="ann", expires_in_s=0.000001)
    disabled = await gateways.create_token(ADMIN, "help", name="x", user="bob")
    await Tokens(world).revoke(ANN, revoked.token.id)
    await Users(world).disable(ADMIN, "bob")

    for text, error in ((revoked.text, TokenRevoked), (over.text, TokenExpired), (disabled.text, UserDisabled)):
        with pytest.raises(error):
            await known.authenticate(text)
    assert [token.gateway for token in await Tokens(world).list(ANN)] == ["help", "help"]


async def test_nobody_signs_in_with_the_token_of_a_gateway(world, gateways, known):
    """The attempt is written down."""
    await gateways.create(ANN, {"name": "help"})
    made = await gateways.create_token(ANN, "help", name="x")
    with pytest.raises(GatewayTokenMisplaced):
        await Sessions(StoredSessions(world, known)).sign_in(made.text, address="192.0.2.7")

    assert (await audit_words(world))[-1].endswith("session.create  denied")


async def test_a_users_token_opens_any_gateway_by_its_own_scopes(gateways):
    """Without `read` and `execute` there is nothing to do there."""
    await gateways.create(ANN, {"name": "help"})

    assert (await gateways.open(BOB, "help")).caller is BOB
    assert (await gateways.open(CALLER, "help")).caller is CALLER
    with pytest.raises(ScopeMissing):
        await gateways.open(replace(BOB, scopes=frozenset({"manage"})), "help")


async def test_a_change_is_seen_by_whoever_has_opened_it_before(gateways):
    """It is remembered until then, so that each request costs no look into the database."""
    await gateways.create(ANN, {"name": "help"})
    first, second = await gateways.open(ANN, "help"), await gateways.open(BOB, "help")
    await gateways.update(ANN, "help", {"instructions": "Be brief."})

    assert first.choice is second.choice
    assert (await gateways.open(ANN, "help")).instructions == "Be brief."
    await gateways.delete(ANN, "help")
    with pytest.raises(UnknownGateway):
        await gateways.open(ANN, "help")


async def test_a_grant_that_somebody_made_up_opens_nothing(gateways):
    """Only the id of the gateway counts, which names cannot imitate."""
    made = await gateways.create(ANN, {"name": "help"})
    grant = GatewayGrant(gateway="help", scopes=frozenset({"read"}))
    with pytest.raises(UnknownGateway):
        await gateways.open(Principal(user="ann", id=ANN.id, scopes=frozenset(), gateway=grant), "help")

    assert made.name == "help"
