"""The tokens of a gateway, for whoever is about to delete it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jackfield.access.errors import NotOwner, ScopeMissing
from jackfield.manage.errors import UnknownGateway
from jackfield.manage.gateways import Gateways
from jackfield.manage.tokens import Tokens
from jackfield.storage.changes import Changes
from manage.people import ADMIN, ANN, BOB, EVE

NEVER_S = 3600.0


@pytest.fixture
async def gateways(here, world):
    """Those of one process, with one of Ann's."""
    changes = Changes(world, scan_s=NEVER_S)
    await changes.start()
    made = Gateways(world, here.catalogue, changes)
    await made.create(ANN, {"name": "desk"})
    yield made
    await changes.close()


async def test_all_tokens_of_a_gateway_are_seen_by_whoever_may_end_them(gateways, world):
    """Also those of others, and those that are revoked: they are what a gateway that goes takes along."""
    await gateways.create_token(ANN, "desk", name="mine")
    his = await gateways.create_token(ADMIN, "desk", name="his", user="bob")
    await Tokens(world).revoke(ADMIN, his.token.id)
    await Tokens(world).create(ANN, name="another thing")
    seen = await gateways.tokens(ANN, "Desk")

    assert [(each.name, each.user, each.revoked is None) for each in seen] == [
        ("mine", "ann", True),
        ("his", "bob", False),
    ]
    assert await gateways.tokens(ADMIN, "desk") == seen
    assert his.text not in str(seen)


async def test_nobody_else_sees_them(gateways):
    """Names of tokens say what people have connected."""
    with pytest.raises(NotOwner):
        await gateways.tokens(BOB, "desk")
    with pytest.raises(UnknownGateway):
        await gateways.tokens(EVE, "desk")
    with pytest.raises(ScopeMissing):
        await gateways.tokens(replace(ANN, scopes=frozenset({"execute"})), "desk")
