"""Named secrets: they go in, they are used, and nobody sees them again."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import logging
from dataclasses import replace

import pytest
from sqlalchemy import select, text, update

from jackfield.access.errors import NotOwner, ScopeMissing
from jackfield.definition.errors import InvalidName, InvalidParams
from jackfield.definition.secret import MASK, Secret
from jackfield.manage.errors import UnknownSecret, VisibilityMissing
from jackfield.manage.secrets import MAX_BYTES, Secrets
from jackfield.manage.views import to_json
from jackfield.storage.changes import Changes
from jackfield.storage.tables.vault import secret
from jackfield.vault.envelope import Envelope
from jackfield.vault.errors import Undecryptable
from jackfield.vault.keys import KeyRing
from jackfield.vault.stored_secrets import StoredSecrets
from jackfield.vault.watch import SecretWatch
from manage.people import ADMIN, ANN, BOB, EVE, audit_words, audited

NEVER_S = 3600.0
ENVELOPE = Envelope(KeyRing([("main", bytes(range(32)))]))
VALUE, OTHER = "a-long-enough-value", "quite-another-value"


@pytest.fixture
def watch() -> SecretWatch:
    return SecretWatch()


@pytest.fixture
def manage(world, watch) -> Secrets:
    return Secrets(world, ENVELOPE, watch)


@pytest.fixture
async def store(world, watch):
    """Where calls get their secrets from."""
    changes = Changes(world, scan_s=NEVER_S)
    await changes.start()
    yield StoredSecrets(world, changes, ENVELOPE, watch)
    await changes.close()


async def used(store, principal, name="KEY") -> str | None:
    found = await store.find(name, tenant=principal.tenant, user=principal.id)
    return None if found is None else found.reveal()


async def test_a_secret_is_made_and_then_changed_by_the_same_call(manage, store):
    """It says which of them happened."""
    first = await manage.put(ANN, "KEY", VALUE, description="Of Acme")
    before = await used(store, ANN)
    second = await manage.put(ANN, "KEY", Secret(OTHER))

    assert (first.created, second.created) == (True, False)
    assert (before, await used(store, ANN)) == (VALUE, OTHER)
    assert second.secret.description == "Of Acme"
    assert second.secret.updated >= first.secret.updated
    assert second.secret.created == first.secret.created


async def test_a_description_changes_without_the_value(manage, store):
    """And no value with nothing else changes nothing: a file is applied again without its secrets."""
    await manage.put(ANN, "KEY", VALUE, description="Of Acme")
    changed = await manage.put(ANN, "KEY", description="Of Acme, for tests")
    same = await manage.put(ANN, "KEY")

    assert changed.secret.description == "Of Acme, for tests"
    assert same == changed
    assert await used(store, ANN) == VALUE


async def test_a_private_secret_is_its_users_alone(manage, store):
    """Calls of that user get it before the shared one; nobody else knows that it exists."""
    await manage.put(ANN, "KEY", VALUE)
    await manage.put(ANN, "KEY", OTHER, visibility="private")

    assert (await used(store, ANN), await used(store, BOB)) == (OTHER, VALUE)
    assert [(s.name, s.visibility) for s in await manage.list(ANN)] == [("KEY", "private"), ("KEY", "shared")]
    for person in (BOB, ADMIN):
        assert [(s.name, s.visibility) for s in await manage.list(person)] == [("KEY", "shared")]
        with pytest.raises(UnknownSecret):
            await manage.get(person, "KEY", visibility="private")
        with pytest.raises(UnknownSecret):
            await manage.delete(person, "KEY", visibility="private")
    assert (await manage.get(ANN, "KEY")).visibility == "private"
    assert (await manage.get(ANN, "KEY", visibility="shared")).visibility == "shared"


async def test_metadata_is_all_that_is_shown(manage):
    """There is no field for a value."""
    put = await manage.put(ANN, "KEY", VALUE, description="Of Acme")

    assert to_json(put.secret) | {"created": "", "updated": ""} == {
        "name": "KEY",
        "visibility": "shared",
        "description": "Of Acme",
        "author": ANN.id,
        "authorName": "ann",
        "created": "",
        "updated": "",
    }


async def test_no_method_ever_answers_a_value(manage, world):
    """Whatever is asked, by whomever, also in errors."""
    answers = [await manage.put(ANN, "KEY", VALUE), await manage.put(ANN, "KEY", VALUE, visibility="private")]
    for person in (ANN, BOB, ADMIN):
        answers += [await manage.list(person), await manage.get(person, "KEY")]
    for failing in (
        manage.put(BOB, "KEY", VALUE),
        manage.put(ANN, "no such name", VALUE),
        manage.put(ANN, "KEY", VALUE * 10_000),
        manage.delete(ANN, "KEY"),
        manage.get(EVE, "KEY"),
    ):
        with pytest.raises(Exception) as raised:
            await failing
        answers.append((repr(raised.value), raised.value.to_json()))
    methods = [name for name, _ in inspect.getmembers(Secrets, inspect.isfunction) if not name.startswith("_")]

    assert VALUE not in str([repr(answer) for answer in answers])
    assert VALUE not in str([dataclasses.asdict(answer) for answer in answers if dataclasses.is_dataclass(answer)])
    assert VALUE not in str(await audited(world))
    assert methods == ["delete", "get", "list", "put"]  # a new one belongs into this test


async def test_no_value_is_in_the_database_or_in_a_log(manage, store, world, watch, caplog):
    """Not in the clear, nor as base64."""
    caplog.set_level(logging.DEBUG)
    await manage.put(ANN, "KEY", VALUE, description="Of Acme")
    await used(store, ANN)
    await manage.put(ANN, "KEY", description="Of Acme, again")
    await manage.delete(ANN, "KEY")
    await manage.put(ANN, "KEY", VALUE)
    tables = ["secret", "audit", "change_version"]
    rows = await world.read(lambda c: [row for t in tables for row in c.execute(text(f"SELECT * FROM {t}")).all()])

    assert VALUE.encode() not in b"".join(cell for row in rows for cell in row if isinstance(cell, bytes))
    assert VALUE not in str(rows)
    assert VALUE not in caplog.text
    assert watch.mask(VALUE) == MASK


async def test_a_shared_secret_is_changed_by_its_author_or_an_administrator(manage, store, world):
    """Nobody else puts a key of their own in the place of the one that all others rely on."""
    await manage.put(ANN, "KEY", VALUE)
    with pytest.raises(NotOwner):
        await manage.put(BOB, "KEY", OTHER)
    with pytest.raises(NotOwner):
        await manage.put(BOB, "KEY", description="mine")
    with pytest.raises(NotOwner):
        await manage.delete(BOB, "KEY")
    still = await used(store, BOB)
    await manage.put(ADMIN, "KEY", description="of the team")
    await manage.put(ANN, "KEY", OTHER)
    await manage.delete(ADMIN, "KEY")

    assert still == VALUE
    assert await used(store, ANN) is None
    assert await audit_words(world) == [
        f"{ANN.id} secret.create KEY done",
        f"{BOB.id} secret.put KEY denied",
        f"{BOB.id} secret.put KEY denied",
        f"{BOB.id} secret.delete KEY denied",
        "local secret.update KEY done",
        f"{ANN.id} secret.update KEY done",
        "local secret.delete KEY done",
    ]


async def test_whoever_puts_the_value_is_its_author(manage, store, world):
    """And decides where it goes: not whoever put the one before, nor whoever only describes it."""
    await manage.put(ANN, "KEY", VALUE)
    described = await manage.put(ADMIN, "KEY", description="of the team")
    before = await store.decided_by("KEY", tenant="default", user=BOB.id)
    replaced = await manage.put(ADMIN, "KEY", OTHER)
    after = await store.decided_by("KEY", tenant="default", user=BOB.id)
    with pytest.raises(NotOwner):
        await manage.put(ANN, "KEY", VALUE)
    with pytest.raises(NotOwner):
        await manage.delete(ANN, "KEY")

    assert (described.secret.author_name, replaced.secret.author_name) == (ANN.user, ADMIN.user)
    assert (before, after) == (ANN.id, ADMIN.id)
    assert (await audited(world))[2].details["changed"] == ["value", "author"]
    assert await used(store, BOB) == OTHER


async def test_anybody_may_have_a_private_one_beside_a_shared_one(manage, store):
    """It hides the shared one from nobody else."""
    await manage.put(ANN, "KEY", VALUE)
    await manage.put(BOB, "KEY", OTHER, visibility="private")
    await manage.delete(BOB, "KEY", visibility="private")

    assert await used(store, BOB) == VALUE


async def test_of_two_it_has_to_be_said_which_is_deleted(manage):
    """The wrong one would take a key away from everybody."""
    await manage.put(ANN, "KEY", VALUE)
    await manage.put(ANN, "KEY", OTHER, visibility="private")
    with pytest.raises(VisibilityMissing, match=r"`shared`.*`private`"):
        await manage.delete(ANN, "KEY")
    await manage.delete(ANN, "KEY", visibility="shared")
    await manage.delete(ANN, "KEY")
    with pytest.raises(UnknownSecret):
        await manage.delete(ANN, "KEY")


async def test_scopes_are_asked_for(manage, world):
    """`read` to look, `manage` to change; `execute` uses them."""
    caller, reader = (replace(ANN, scopes=frozenset({scope})) for scope in ("execute", "read"))
    for attempt in (
        manage.put(reader, "KEY", VALUE),
        manage.delete(reader, "KEY"),
        manage.list(caller),
        manage.get(caller, "KEY"),
    ):
        with pytest.raises(ScopeMissing):
            await attempt

    assert await audit_words(world) == [
        f"{ANN.id} secret.put KEY denied",
        f"{ANN.id} secret.delete KEY denied",
        f"{ANN.id} secret.list all denied",
        f"{ANN.id} secret.get KEY denied",
    ]


async def test_another_tenants_secret_does_not_exist(manage, store):
    """Not for its administrator either; the name is free there."""
    await manage.put(ANN, "KEY", VALUE)
    with pytest.raises(UnknownSecret):
        await manage.get(EVE, "KEY")
    with pytest.raises(UnknownSecret):
        await manage.delete(EVE, "KEY")
    made = await manage.put(EVE, "KEY", OTHER)

    assert made.created
    assert await manage.list(EVE) == [made.secret]
    assert (await used(store, EVE), await used(store, ANN)) == (OTHER, VALUE)


@pytest.mark.parametrize("name", ["A", "a", "_", "-", "0", "Acme.key-1_X", "x" * 128])
async def test_names_may_be_what_an_environment_or_a_file_may(manage, store, name):
    """Upper and lower case count."""
    await manage.put(ANN, name, VALUE)

    assert await used(store, ANN, name) == VALUE
    assert await used(store, ANN, name.swapcase()) is None or name.swapcase() == name


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "a b", "ä", "x" * 129, "a\n", "a\0", "\ud800"])
async def test_other_names_are_refused(manage, name):
    """They stand in addresses, files and variables."""
    with pytest.raises(InvalidName, match="secret"):
        await manage.put(ANN, name, VALUE)


@pytest.mark.parametrize("value", ["x", "ä\n\0\t", "-----BEGIN KEY-----\nx\n", "x" * MAX_BYTES, "ü" * (MAX_BYTES // 2)])
async def test_values_are_kept_to_the_letter(manage, store, value):
    """Whatever text they are."""
    await manage.put(ANN, "KEY", value)
    await manage.put(ANN, "KEY", description="sealed again")

    assert await used(store, ANN) == value


@pytest.mark.parametrize("value", ["", MASK, "\ud800", "x" * (MAX_BYTES + 1), "ü" * (MAX_BYTES // 2 + 1)])
async def test_other_values_are_refused_and_not_shown(manage, value):
    """The mask is what a form was shown and sent back."""
    with pytest.raises(InvalidParams) as raised:
        await manage.put(ANN, "KEY", value)

    assert raised.value.details["errors"][0]["pointer"] == "/value"
    assert value in {"", MASK} or value not in str(raised.value.to_json())


async def test_a_new_secret_needs_a_value(manage):
    """An empty one would be found and then missing."""
    with pytest.raises(InvalidParams, match="value"):
        await manage.put(ANN, "KEY", description="for later")
    with pytest.raises(InvalidParams, match="description"):
        await manage.put(ANN, "KEY", VALUE, description="x" * 1001)
    with pytest.raises(InvalidParams, match="visibility"):
        await manage.put(ANN, "KEY", VALUE, visibility="public")
    with pytest.raises(InvalidParams, match="visibility"):
        await manage.get(ANN, "KEY", visibility="public")


async def test_a_mistyped_name_is_told_what_it_may_have_been(manage):
    """From what the caller sees."""
    await manage.put(ANN, "ACME_KEY", VALUE)
    await manage.put(BOB, "ACME_KEX", VALUE, visibility="private")
    with pytest.raises(UnknownSecret) as raised:
        await manage.get(ANN, "ACME_KE")

    assert raised.value.hint == "did you mean `ACME_KEY`?"


async def test_a_value_that_cannot_be_read_is_not_lost_by_a_new_description(manage, world):
    """It fails loudly; a new value mends it."""
    await manage.put(ANN, "KEY", VALUE)
    row = await world.read(lambda c: c.execute(select(secret)).one())
    await world.write(lambda c: c.execute(update(secret).values(sealed=row.sealed[:-1])))
    with pytest.raises(Undecryptable):
        await manage.put(ANN, "KEY", description="Of Acme")
    mended = await manage.put(ANN, "KEY", OTHER)

    assert not mended.created


async def test_two_processes_that_put_at_once_both_succeed(manage, other, world, store):
    """The last one wins, nothing is half of each, and the log has both."""
    second = Secrets(other, ENVELOPE, SecretWatch())
    done = await asyncio.gather(
        *(one.put(ADMIN, "KEY", f"value-{turn}") for turn in range(10) for one in (manage, second))
    )
    await store._changes.scan()

    assert sum(put.created for put in done) == 1
    assert (await used(store, ADMIN)).startswith("value-")
    assert len(await audited(world)) == 20
