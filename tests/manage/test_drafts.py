"""Drafts: of one user alone, encrypted, and gone when nobody works on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from jackfield.access.errors import ScopeMissing
from jackfield.access.principal import Principal
from jackfield.definition.errors import InvalidParams
from jackfield.errors import JackfieldError
from jackfield.manage.draft_vault import DraftVault
from jackfield.manage.drafts import MAX_BYTES, MAX_DRAFTS, Drafts
from jackfield.manage.errors import DraftTooLarge, TooManyDrafts, UnknownDraft
from jackfield.manage.users import Users
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.database import Database
from jackfield.storage.errors import RevisionConflict
from jackfield.storage.retention import DAY_S, purge
from jackfield.storage.tables.drafts import draft as table
from jackfield.vault.envelope import Envelope
from jackfield.vault.keys import KeyRing
from jackfield.vault.watch import SecretWatch
from manage.desk import bytes_of
from manage.people import ADMIN, ANN, BOB

TOKEN = "token-that-nobody-may-see"
CONNECTOR = {"kind": "connector", "name": "Acme", "body": {"config": {"token": TOKEN}}, "secrets": ["/config/token"]}
MARKED = {"config": {"token": {"$secret": "set"}}}


@pytest.fixture
def watch() -> SecretWatch:
    return SecretWatch()


@pytest.fixture
def vault(world: Database, watch: SecretWatch) -> DraftVault:
    """Of a database with people in it."""
    return DraftVault(world, Envelope(KeyRing([("k1", bytes(range(32)))])), watch)


@pytest.fixture
def drafts(world: Database, vault: DraftVault) -> Drafts:
    """Those of that database."""
    return Drafts(world, vault)


async def test_a_draft_is_kept_until_it_is_changed_or_deleted(drafts: Drafts):
    made = await drafts.create(ANN, CONNECTOR)
    changed = await drafts.update(ANN, made.id, {"body": {**MARKED, "more": 1}}, revision=1)
    listed = await drafts.list(ANN)
    await drafts.delete(ANN, made.id)

    assert (made.body, made.secrets, made.revision) == (MARKED, ["/config/token"], 1)
    assert (changed.body, changed.name, changed.revision) == ({**MARKED, "more": 1}, "Acme", 2)
    assert [(each.id, each.kind, each.revision) for each in listed] == [(made.id, "connector", 2)]
    assert changed.expires - changed.updated == microseconds(30 * DAY_S)
    with pytest.raises(UnknownDraft):
        await drafts.get(ANN, made.id)


@pytest.mark.parametrize("other", [BOB, ADMIN], ids=["another user", "an administrator"])
async def test_a_draft_is_nobody_elses(drafts: Drafts, vault: DraftVault, other: Principal):
    """It may hold what its author has not thought of as a secret."""
    made = await drafts.create(ANN, CONNECTOR)

    assert await drafts.list(other) == []
    for asked in (
        drafts.get(other, made.id),
        drafts.update(other, made.id, {"name": "mine"}),
        drafts.delete(other, made.id),
        vault.filled(other, {"draft": made.id}),
    ):
        with pytest.raises(UnknownDraft):
            await asked
    assert (await drafts.get(ANN, made.id)).revision == 1


async def test_nothing_of_it_can_be_read_in_the_database_or_in_the_log(drafts: Drafts, world: Database, watch):
    made = await drafts.create(ANN, {**CONNECTOR, "body": {"config": {"token": TOKEN}, "plain": "by-the-way"}})
    kept, noted = await bytes_of(world, "draft"), await bytes_of(world, "audit")

    assert watch.mask(f"with {TOKEN}") == "with ********"
    assert TOKEN not in kept + noted
    assert "by-the-way" not in kept
    assert made.id in noted
    assert "Acme" not in noted


async def test_its_secrets_reach_a_connector_in_their_places_only(drafts: Drafts, vault: DraftVault):
    made = await drafts.create(ANN, CONNECTOR)
    alone = await vault.filled(ANN, {"draft": made.id})
    changed = await vault.filled(ANN, {"draft": made.id, "name": "acme", **MARKED})

    assert alone == CONNECTOR["body"]
    assert changed == {"name": "acme", "config": {"token": TOKEN}}
    with pytest.raises(InvalidParams):
        await vault.filled(ANN, {"draft": made.id, "config": {"url": {"$secret": "set"}}})


async def test_of_two_who_change_it_at_once_one_is_told(drafts: Drafts):
    made = await drafts.create(ANN, CONNECTOR)
    await drafts.update(ANN, made.id, {"name": "first"}, revision=1)

    with pytest.raises(RevisionConflict):
        await drafts.update(ANN, made.id, {"name": "second"}, revision=1)
    assert (await drafts.get(ANN, made.id)).name == "first"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"kind": None}, InvalidParams),
        ({"kind": "No Kind"}, InvalidParams),
        ({"name": "two\nlines"}, InvalidParams),
        ({"name": 3}, InvalidParams),
        ({"body": []}, InvalidParams),
        ({"other": 1}, InvalidParams),
        ({"secrets": ["token"]}, InvalidParams),
        ({"secrets": {}}, InvalidParams),
        ({"body": {"text": "x" * MAX_BYTES}}, DraftTooLarge),
    ],
)
async def test_what_is_no_draft_is_refused(drafts: Drafts, said: dict[str, Any], error: type[JackfieldError]):
    with pytest.raises(error):
        await drafts.create(ANN, CONNECTOR | said)
    assert await drafts.list(ANN) == []


async def test_a_user_has_a_hundred_at_most(drafts: Drafts, world: Database):
    for number in range(MAX_DRAFTS):
        await drafts.create(ANN, {"kind": "connector", "name": str(number)})

    with pytest.raises(TooManyDrafts):
        await drafts.create(ANN, CONNECTOR)
    assert (await drafts.create(BOB, CONNECTOR)).revision == 1


async def test_one_that_nobody_has_changed_for_thirty_days_is_deleted(drafts: Drafts, world: Database):
    old, young = await drafts.create(ANN, CONNECTOR), await drafts.create(ANN, CONNECTOR)
    now, days = now_us(), microseconds(DAY_S)
    for made, age in ((old, 31), (young, 29)):
        aged = update(table).where(table.c.id == made.id).values(updated=now - age * days)
        await world.write(lambda connection, aged=aged: connection.execute(aged).rowcount)
    purged = await purge(world, tenant=ANN.tenant, before=0, now=now)

    assert purged.drafts == 1
    assert [each.id for each in await drafts.list(ANN)] == [young.id]


async def test_with_a_user_go_the_drafts(drafts: Drafts, world: Database):
    await drafts.create(ANN, CONNECTOR)
    await Users(world).delete(ADMIN, ANN.user)

    assert await drafts.list(ANN) == []


@pytest.mark.parametrize("verb", ["create", "list", "get", "update", "delete"])
async def test_a_token_that_may_not_make_connectors_has_no_drafts(drafts: Drafts, world: Database, verb: str):
    """What is in a draft would be read with it otherwise."""
    reader = replace(ANN, scopes=frozenset({"read", "execute"}))
    arguments: dict[str, tuple[Any, ...]] = {"create": (CONNECTOR,), "list": (), "update": ("x", {})}

    with pytest.raises(ScopeMissing):
        await getattr(drafts, verb)(reader, *arguments.get(verb, ("x",)))
    assert f"draft.{verb}" in await bytes_of(world, "audit")
