"""Credentials: who may see, put and change them, what is written down, which one is the default."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from jackfield.access.errors import AdminRequired, NotOwner, ScopeMissing
from jackfield.credentials.errors import CredentialNotAllowed, UnknownCredential
from jackfield.credentials.oauth.access import OAuth
from jackfield.credentials.oauth.apps import EnvironmentApps
from jackfield.credentials.oauth.refreshing import Refresher
from jackfield.credentials.oauth.stored_grants import StoredGrants
from jackfield.credentials.service import CredentialService
from jackfield.credentials.stored import StoredCredentials
from jackfield.definition.errors import InvalidParams
from jackfield.definition.model import ConnectionField, ConnectorDefinition
from jackfield.definition.secret import MASK
from jackfield.dispatch.ready import ReadyCommands
from jackfield.egress.policy import Policy
from jackfield.manage.credential_tokens import CredentialTokens
from jackfield.manage.credentials import Credentials
from jackfield.manage.errors import TestCommandMissing
from jackfield.registry.catalogue import ConfiguredConnector, ConnectorType, MemoryCatalogue
from jackfield.registry.errors import UnknownConnector
from jackfield.storage.changes import Changes
from jackfield.storage.errors import AlreadyExists, RevisionConflict
from jackfield.vault.envelope import Envelope
from jackfield.vault.keys import KeyRing
from jackfield.vault.records import Records
from jackfield.vault.secrets import MemorySecrets
from jackfield.vault.watch import SecretWatch
from manage.people import ADMIN, ANN, BOB, EVE, audit_words, audited

NEVER_S = 3600.0
FIELDS = (
    ConnectionField(name="host", kind="string", schema={"type": "string", "maxLength": 20}),
    ConnectionField(name="user", kind="string", schema={"type": "string"}),
    ConnectionField(name="apiKey", kind="secret", schema={"type": "string", "writeOnly": True}),
)
AUTH = {"type": "basic", "username": {"field": "user"}, "password": {"secret": "KEY"}}
READER = replace(ANN, scopes=frozenset({"read"}))
CALLER = replace(ANN, scopes=frozenset({"execute"}))
CHANGER = replace(ANN, scopes=frozenset({"manage"}))


@pytest.fixture
async def changes(world):
    started = Changes(world, scan_s=NEVER_S)
    await started.start()
    yield started
    await started.close()


@pytest.fixture
def catalogue():
    """`acme` of whoever runs the installation, and `anns` of ann, whom nobody has approved."""
    made = MemoryCatalogue()
    made.add_type(ConnectorType(definition=ConnectorDefinition(name="desk", fields=FIELDS, auth=AUTH)))
    made.add_connector(ConfiguredConnector(id="1", tenant="default", name="acme", type="desk"))
    made.add_connector(ConfiguredConnector(id="2", tenant="default", name="anns", type="desk", chosen_by=ANN.id))
    made.add_connector(ConfiguredConnector(id="3", tenant=EVE.tenant, name="acme", type="desk"))
    return made


@pytest.fixture
def made(world, changes, catalogue) -> Any:
    envelope, watch = Envelope(KeyRing([("main", bytes(range(32)))])), SecretWatch()
    records, grants = Records(envelope, watch), StoredGrants(world, changes, envelope, watch)
    oauth = OAuth(refresher=Refresher(grants=grants), apps=EnvironmentApps(), pools=SimpleNamespace())
    service = CredentialService(secrets=MemorySecrets({}, tenant="default"), oauth=oauth)
    tokens = CredentialTokens(ReadyCommands(catalogue, Policy()), service, grants)
    credentials = Credentials(world, catalogue, records, tokens, run=SimpleNamespace())
    return SimpleNamespace(credentials=credentials, stored=StoredCredentials(world, changes, records))


@pytest.fixture
def credentials(made) -> Credentials:
    return made.credentials


VALUES = {"password": "a-long-password-1"}


async def test_every_change_is_written_down_without_values(world, credentials):
    """Who, what, which."""
    first = await credentials.add(ANN, "acme", values=VALUES)
    await credentials.change(ANN, first.id, name="production", values={"password": "a-long-password-2"})
    await credentials.change(ANN, first.id, default=False)
    await credentials.change(ANN, first.id, name="production")
    await credentials.delete(ANN, first.id)
    entries = await audited(world)

    assert await audit_words(world) == [
        f"id-of-ann credential.create {first.id} done",
        f"id-of-ann credential.update {first.id} done",
        f"id-of-ann credential.update {first.id} done",
        f"id-of-ann credential.delete {first.id} done",
    ]
    assert entries[1].details["changed"] == ["name"]
    assert entries[1].details["values"] == ["password"]
    assert "a-long-password" not in repr(entries)


@pytest.mark.parametrize(
    ("who", "act"),
    [
        (CALLER, lambda c, made: c.list(CALLER)),
        (CALLER, lambda c, made: c.get(CALLER, made)),
        (CALLER, lambda c, made: c.status(CALLER, made)),
        (CALLER, lambda c, made: c.fields(CALLER, "acme")),
        (READER, lambda c, made: c.add(READER, "acme", values=VALUES)),
        (READER, lambda c, made: c.change(READER, made, name="x")),
        (READER, lambda c, made: c.delete(READER, made)),
        (READER, lambda c, made: c.refresh(READER, made)),
        (READER, lambda c, made: c.revoke(READER, made)),
        (CHANGER, lambda c, made: c.test(CHANGER, made)),
    ],
)
async def test_a_token_needs_the_scope_and_an_attempt_is_written_down(world, credentials, who, act):
    """`read` sees, `execute` tests, `manage` changes."""
    made = await credentials.add(ANN, "acme", values=VALUES)
    with pytest.raises(ScopeMissing):
        await act(credentials, made.id)

    assert (await audited(world))[-1].verdict == "denied"
    assert [each.id for each in await credentials.list(ANN)] == [made.id]


async def test_shared_ones_are_changed_by_their_author_and_administrators(credentials):
    """Whoever has put the values last is their author: nobody else decides where they go."""
    made = await credentials.add(ANN, "acme", values=VALUES)
    for act in (
        credentials.change(BOB, made.id, name="bobs"),
        credentials.delete(BOB, made.id),
        credentials.revoke(BOB, made.id),
    ):
        with pytest.raises(NotOwner):
            await act
    renamed = await credentials.change(ADMIN, made.id, name="theirs")
    changed = await credentials.change(ADMIN, made.id, values={"password": "a-long-password-2"})
    with pytest.raises(NotOwner):
        await credentials.change(ANN, made.id, name="mine")

    assert (renamed.author, changed.author) == (ANN.id, ADMIN.id)
    assert (await credentials.get(BOB, made.id)).values == {"password": MASK}


async def test_other_tenants_see_none_of_them(credentials):
    """Z17, V02: an id of another tenant is as if it were not there, for its administrators too."""
    made = await credentials.add(ANN, "acme", values=VALUES)
    own = await credentials.add(EVE, "acme", values=VALUES)
    acts = [
        credentials.get(EVE, made.id),
        credentials.change(EVE, made.id, name="x"),
        credentials.delete(EVE, made.id),
        credentials.test(EVE, made.id),
        credentials.refresh(EVE, made.id),
        credentials.revoke(EVE, made.id),
    ]
    for act in acts:
        with pytest.raises(UnknownCredential):
            await act

    assert [each.id for each in await credentials.list(EVE)] == [own.id]
    assert (await credentials.get(ANN, made.id)) == made


async def test_the_first_is_the_default_and_each_owner_has_one(made):
    """A connector with one credential uses it; the private default wins for its owner."""
    credentials, stored = made.credentials, made.stored
    first = await credentials.add(ANN, "acme", values=VALUES)
    second = await credentials.add(ANN, "acme", values=VALUES)
    mine = await credentials.add(BOB, "acme", values=VALUES, visibility="private")
    other = await credentials.add(ANN, "acme", values=VALUES, default=True)
    chosen = [await stored.choose(who, "1") for who in (ANN, BOB)]

    assert [each.is_default for each in (first, second, mine, other)] == [True, False, True, True]
    assert [each.name for each in (first, second, other)] == ["main", "main 2", "main 3"]
    assert [each.id for each in await credentials.list(ANN) if each.is_default] == [other.id]
    assert [each.id for each in chosen if each] == [other.id, mine.id]


async def test_the_newest_of_the_others_follows_a_default_that_is_deleted(world, credentials):
    """And that is told: the calls of everybody use another account from then on."""
    old = await credentials.add(ANN, "acme", name="old", values=VALUES)
    new = await credentials.add(ANN, "acme", name="new", values=VALUES)
    last = await credentials.add(ANN, "acme", name="last", values=VALUES, default=True)
    private = await credentials.add(ANN, "acme", name="private", values=VALUES, visibility="private", default=False)
    await credentials.delete(ANN, last.id)
    told = (await audited(world))[-1].details
    await credentials.delete(ANN, old.id)

    assert told["newDefault"] == new.id
    assert {each.id: each.is_default for each in await credentials.list(ANN)} == {new.id: True, private.id: False}


async def test_a_name_is_taken_for_its_owner_only(credentials):
    """In any case style."""
    await credentials.add(ANN, "acme", name="Main account", values=VALUES)
    other = await credentials.add(ANN, "acme", name="other", values=VALUES)
    await credentials.add(ANN, "anns", name="main account", values=VALUES)
    await credentials.add(ANN, "acme", name="main-account", values=VALUES, visibility="private")
    with pytest.raises(AlreadyExists):
        await credentials.add(ANN, "acme", name="MAIN ACCOUNT", values=VALUES)
    with pytest.raises(AlreadyExists):
        await credentials.change(ANN, other.id, name="main_account")
    with pytest.raises(UnknownCredential):
        await credentials.get(ANN, "main account")

    assert (await credentials.get(ANN, "other")).id == other.id


async def test_only_what_was_looked_at_is_changed(credentials):
    """If-Match; and of two at once one wins."""
    made = await credentials.add(ANN, "acme", values=VALUES)
    changed = await credentials.change(ANN, made.id, name="second", revision=made.revision)
    for act in (
        credentials.change(ANN, made.id, name="third", revision=made.revision),
        credentials.delete(ANN, made.id, revision=made.revision),
    ):
        with pytest.raises(RevisionConflict):
            await act
    tries = [credentials.change(ANN, made.id, name=f"n{number}") for number in range(5)]
    ended = await asyncio.gather(*tries, return_exceptions=True)

    assert changed.revision == made.revision + 1
    assert {type(each) for each in ended if isinstance(each, Exception)} <= {RevisionConflict}
    assert (await credentials.get(ANN, made.id)).revision > changed.revision


async def test_a_mask_keeps_and_null_clears(made):
    """What a form was shown comes back as it was."""
    credentials, stored = made.credentials, made.stored
    first = await credentials.add(ANN, "acme", values={"user": "ann", "api_key": "a-long-key-12345", **VALUES})
    same = await credentials.change(ANN, first.id, values=first.values)
    kept = await credentials.change(ANN, first.id, values={"user": "bob", "password": MASK})
    opened = await stored.choose(ANN, "1")
    cleared = await credentials.change(ANN, first.id, values={"apiKey": None, "user": None})
    again = await stored.choose(ANN, "1")

    assert first.values == {"user": "ann", "apiKey": MASK, "password": MASK}
    assert same == first
    assert kept.values == {"user": "bob", "apiKey": MASK, "password": MASK}
    assert opened is not None
    assert [opened.values["apiKey"].reveal(), opened.values["password"].reveal()] == [
        "a-long-key-12345",
        "a-long-password-1",
    ]
    assert cleared.values == {"password": MASK}
    assert again is not None
    assert again.values["password"].reveal() == "a-long-password-1"


async def test_values_fit_the_type(credentials):
    """As those of a connection do."""
    for values in ({"host": "x" * 21}, {"host": 3}, {"apiKey": {"secret": "KEY"}}, {"username": "u"}, {"password": 1}):
        with pytest.raises(InvalidParams) as caught:
            await credentials.add(ADMIN, "acme", values=values)
        assert caught.value.details["errors"][0]["pointer"].startswith("/values/")


async def test_what_leads_elsewhere_takes_an_administrator(credentials):
    """`host` may be an address; `user` is what the type signs with, and `apiKey` a secret."""
    with pytest.raises(AdminRequired):
        await credentials.add(ANN, "acme", values={"host": "evil.example"}, visibility="private")
    fields = {field.name: field.leads for field in await credentials.fields(ANN, "acme")}

    assert (await credentials.add(ANN, "acme", values={"user": "ann", **VALUES})).values["user"] == "ann"
    assert (await credentials.add(ANN, "anns", values={"host": "own.example"})).values == {"host": "own.example"}
    assert (await credentials.add(ADMIN, "acme", values={"host": "good.example"})).values == {"host": "good.example"}
    assert fields == {"password": False, "user": False, "apiKey": False, "host": True}


async def test_nobody_puts_a_credential_for_a_strangers_connector(credentials):
    """Decision 0010."""
    for who in (BOB, ADMIN):
        with pytest.raises(CredentialNotAllowed):
            await credentials.add(who, "anns", values=VALUES, visibility="private")

    assert (await credentials.add(ANN, "anns", values=VALUES)).connector == "default/anns"


async def test_a_type_without_a_test_says_so(credentials):
    """Before anything is called."""
    made = await credentials.add(ANN, "acme", values=VALUES)
    with pytest.raises(TestCommandMissing):
        await credentials.test(ANN, made.id)
    with pytest.raises(UnknownConnector):
        await credentials.add(ANN, "acmee", values=VALUES)
    with pytest.raises(UnknownConnector):
        await credentials.add(ANN, "desk", values=VALUES)
