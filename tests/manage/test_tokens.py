"""Tokens of users: made, listed, revoked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jackfield.access.errors import AdminRequired, ScopeMissing, TokenRevoked
from jackfield.access.tokens import Tokens as Known
from jackfield.definition.errors import InvalidParams
from jackfield.manage.errors import TokenNotFound, UnknownUser
from jackfield.manage.tokens import Tokens
from jackfield.storage.changes import Changes
from jackfield.storage.clock import microseconds, now_us
from manage.people import ADMIN, ANN, BOB, EVE, audit_words, audited

NEVER_S = 3600.0


@pytest.fixture
async def known(other):
    """Who asks for a token in another process."""
    changes = Changes(other, scan_s=NEVER_S)
    await changes.start()
    opened = Known(other, changes)
    yield opened
    await opened.close()
    await changes.close()


async def test_a_user_makes_tokens_of_their_own(world, known):
    """With all that the token allows which asks for it, or less."""
    manage = Tokens(world)
    whole = await manage.create(ANN, name="laptop")
    less = await manage.create(ANN, name="reader", scopes=["read"], expires_in_s=3600)

    assert (await known.authenticate(whole.text)) == ANN
    assert (await known.authenticate(less.text)).scopes == {"read"}
    assert [token.name for token in await manage.list(ANN)] == ["laptop", "reader"]
    assert whole.text not in str(await manage.list(ANN))


async def test_no_token_makes_one_that_may_more(world):
    """Otherwise a leaked token for one thing would be one for all."""
    narrow = replace(ANN, scopes=frozenset({"manage", "read"}))
    with pytest.raises(ScopeMissing, match="execute"):
        await Tokens(world).create(narrow, name="laptop", scopes=["execute"])
    made = await Tokens(world).create(narrow, name="laptop")

    assert made.token.scopes == ("manage", "read")
    assert (await audit_words(world))[0] == f"{ANN.id} token.create laptop denied"


@pytest.mark.parametrize("asked", [None, 7200, 60])
async def test_no_token_makes_one_that_lasts_longer(world, asked):
    """Otherwise one that was lent for an hour would be one for ever."""
    end = now_us() + microseconds(3600)
    made = await Tokens(world).create(replace(ANN, expires=end), name="laptop", expires_in_s=asked)
    sooner = asked == 60

    assert made.token.expires is not None
    assert made.token.expires < end if sooner else made.token.expires == end


async def test_making_and_revoking_takes_manage(world):
    """And seeing takes `read`."""
    made = await Tokens(world).create(ANN, name="laptop")
    reader, caller = replace(ANN, scopes=frozenset({"read"})), replace(ANN, scopes=frozenset({"execute"}))
    with pytest.raises(ScopeMissing):
        await Tokens(world).create(reader, name="another")
    with pytest.raises(ScopeMissing):
        await Tokens(world).revoke(reader, made.token.id)
    with pytest.raises(ScopeMissing):
        await Tokens(world).list(caller)

    assert (await audit_words(world))[1:] == [
        f"{ANN.id} token.create another denied",
        f"{ANN.id} token.revoke {made.token.id} denied",
        f"{ANN.id} token.list ann denied",
    ]


async def test_others_tokens_are_an_administrators_affair(world, known):
    """Who makes a token for somebody can act as them."""
    manage = Tokens(world)
    made = await manage.create(ADMIN, name="robot", user="ann", scopes=["execute"])

    assert (await known.authenticate(made.text)).id == ANN.id
    assert [token.id for token in await manage.list(ADMIN, user="ann")] == [made.token.id]
    with pytest.raises(AdminRequired):
        await manage.create(BOB, name="robot", user="ann")
    with pytest.raises(AdminRequired):
        await manage.list(BOB, user="ann")
    with pytest.raises(TokenNotFound):
        await manage.revoke(BOB, made.token.id)
    with pytest.raises(TokenNotFound):
        await manage.revoke(EVE, made.token.id)
    with pytest.raises(UnknownUser):
        await manage.list(EVE, user="ann")
    assert (await known.authenticate(made.text)).id == ANN.id
    assert (await audit_words(world))[-1] == f"{BOB.id} token.revoke {made.token.id} denied"


async def test_a_user_revokes_their_own(world, known):
    """It stays in the list, so that it can be seen when it ended."""
    manage = Tokens(world)
    made, kept = await manage.create(ANN, name="laptop"), await manage.create(ANN, name="server")
    revoked = await manage.revoke(ANN, made.token.id)
    again = await manage.revoke(ANN, made.token.id)
    with pytest.raises(TokenRevoked):
        await known.authenticate(made.text)

    assert revoked.revoked == again.revoked is not None
    assert await known.authenticate(kept.text) == ANN
    assert [bool(token.revoked) for token in await manage.list(ANN)] == [True, False]
    assert (await audit_words(world))[2:] == [f"{ANN.id} token.revoke {made.token.id} done"]


async def test_an_administrator_revokes_any(world, known):
    """Of the tenant."""
    made = await Tokens(world).create(ANN, name="laptop")
    await Tokens(world).revoke(ADMIN, made.token.id)
    with pytest.raises(TokenRevoked):
        await known.authenticate(made.text)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"name": ""}, "/name"),
        ({"name": " "}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"name": "a\nb"}, "/name"),
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["admin"]}, "/scopes"),
        ({"expires_in_s": 0}, "/expires"),
        ({"expires_in_s": 1e12}, "/expires"),
        ({"expires_in_s": float("nan")}, "/expires"),
    ],
)
async def test_what_cannot_be_is_refused(world, given, where):
    """With the place of the fault."""
    with pytest.raises(InvalidParams) as raised:
        await Tokens(world).create(ANN, **({"name": "laptop"} | given))

    assert raised.value.details["errors"][0]["pointer"] == where
    assert await Tokens(world).list(ANN) == []


async def test_no_token_is_in_the_audit_log(world):
    """Nor its hash."""
    made = await Tokens(world).create(ANN, name="laptop")
    (entry,) = await audited(world)

    assert made.text not in str(entry)
    assert entry.details == {"user": "ann", "name": "laptop", "scopes": ["execute", "manage", "read"], "expires": None}
