"""Who there is, and who may change that."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from jackfield.access.errors import AdminRequired, ScopeMissing, TokenRevoked, UserDisabled
from jackfield.access.principal import ALL_SCOPES
from jackfield.access.tokens import Tokens
from jackfield.definition.errors import InvalidName, InvalidParams
from jackfield.manage.errors import OwnAccount, UnknownUser
from jackfield.manage.users import Users
from jackfield.storage import secrets, users
from jackfield.storage.changes import Changes
from jackfield.storage.errors import AlreadyExists
from jackfield.storage.secrets import SecretRow
from jackfield.storage.users import token_hash
from manage.people import ADMIN, ANN, BOB, EVE, audit_words, audited

NEVER_S = 3600.0


@pytest.fixture
async def tokens(other):
    """Who asks for a token in another process."""
    changes = Changes(other, scan_s=NEVER_S)
    await changes.start()
    opened = Tokens(other, changes)
    yield opened
    await opened.close()
    await changes.close()


async def heard(tokens: Tokens, since: int) -> None:
    """What happens by itself within a second."""
    changes = tokens._changes
    await changes.scan()
    await asyncio.wait_for(changes.wait_for_change(tenant="default", topic=users.TOPIC, since=since), 10)


async def test_a_new_user_has_one_token_that_works(world, tokens):
    """It is shown this once; only its hash is kept."""
    made = await Users(world).add(ADMIN, name="carl", display_name="Carl C.", scopes=["read", "execute"])
    principal = await tokens.authenticate(made.token.text)
    kept = await world.read(partial(users.tokens_of, tenant="default", user_id=made.user.id))

    assert (principal.user, principal.id, principal.admin) == ("carl", made.user.id, False)
    assert principal.scopes == {"read", "execute"}
    assert [row.hash for row in kept] == [token_hash(made.token.text)]
    assert made.token.text not in f"{made} {kept}"
    assert (made.user.display_name, made.user.roles) == ("Carl C.", ())


async def test_an_administrator_makes_administrators(world, tokens):
    """Roles come from the user, not from the token."""
    made = await Users(world).add(ADMIN, name="carla", admin=True, expires_in_s=60)
    principal = await tokens.authenticate(made.token.text)

    assert (principal.admin, principal.scopes) == (True, ALL_SCOPES)
    assert made.token.token.expires - made.token.token.created == pytest.approx(60_000_000, abs=1_000_000)


async def test_everybody_with_a_place_in_the_tenant_is_listed_for_administrators(world):
    """Others see themselves, and nobody sees another tenant."""
    manage = Users(world)

    assert [user.name for user in await manage.list(ADMIN)] == ["ann", "bob", "local"]
    assert [user.name for user in await manage.list(ANN)] == ["ann"]
    assert [user.name for user in await manage.list(EVE)] == ["eve"]


@pytest.mark.parametrize("act", ["disable", "delete"])
async def test_a_user_who_is_taken_away_stops_at_once_in_every_process(world, tokens, act):
    """Whatever tokens there are."""
    manage = Users(world)
    made = await manage.add(ADMIN, name="carl")
    await tokens.authenticate(made.token.text)
    since = tokens._changes.version(tenant="default", topic=users.TOPIC)
    await getattr(manage, act)(ADMIN, "Carl")
    await heard(tokens, since)
    with pytest.raises(UserDisabled if act == "disable" else TokenRevoked):
        await tokens.authenticate(made.token.text)


async def test_a_user_who_was_disabled_goes_on_when_enabled(world, tokens):
    """With the same tokens."""
    manage = Users(world)
    made = await manage.add(ADMIN, name="carl")
    disabled = await manage.disable(ADMIN, "carl")
    again = await manage.disable(ADMIN, "carl")
    enabled = await manage.enable(ADMIN, "carl")

    assert disabled.disabled == again.disabled is not None
    assert enabled.disabled is None
    assert (await tokens.authenticate(made.token.text)).user == "carl"


async def test_a_deleted_users_private_secrets_go_along_and_shared_things_stay(world):
    """Nobody could ever see the private ones again."""
    for owner in (ANN.id, None):
        row = SecretRow(tenant="default", name="KEY", sealed=b"sealed", owner=owner, author=ANN.id)
        await world.write(partial(secrets.add, row=row))
    await Users(world).delete(ADMIN, "ann")
    left = await world.read(partial(secrets.every, tenant="default", user=ANN.id))

    assert [row.owner for row in left] == [None]
    told = {"name": "ann", "private_secrets": 1, "private_credentials": 0, "drafts": 0}
    assert (await audited(world))[-1].details == told
    assert [user.name for user in await Users(world).list(ADMIN)] == ["bob", "local"]


async def test_a_name_is_free_again_and_another_user(world, tokens):
    """What the first one owned is not the second one's."""
    manage = Users(world)
    await manage.delete(ADMIN, "ann")
    made = await manage.add(ADMIN, name="ann")

    assert made.user.id != ANN.id
    assert (await tokens.authenticate(made.token.text)).id == made.user.id


async def test_nobody_locks_themselves_out(world):
    """The last administrator could not undo it."""
    for act in ("disable", "delete"):
        with pytest.raises(OwnAccount, match="local"):
            await getattr(Users(world), act)(ADMIN, "local")


@pytest.mark.parametrize("act", ["disable", "enable", "delete"])
async def test_only_administrators_change_users_and_attempts_are_written_down(world, act):
    """With a token that has `manage`."""
    with pytest.raises(AdminRequired):
        await getattr(Users(world), act)(ANN, "bob")
    with pytest.raises(ScopeMissing):
        await getattr(Users(world), act)(replace(ADMIN, scopes=frozenset({"read"})), "bob")

    assert await audit_words(world) == [f"{ANN.id} user.{act} bob denied", f"local user.{act} bob denied"]
    assert len(await Users(world).list(ADMIN)) == 3


async def test_only_administrators_add_users(world):
    """And give no more than the token has that they use."""
    with pytest.raises(AdminRequired):
        await Users(world).add(ANN, name="carl")
    with pytest.raises(ScopeMissing, match="execute"):
        await Users(world).add(replace(ADMIN, scopes=frozenset({"manage"})), name="carl", scopes=["manage", "execute"])
    with pytest.raises(ScopeMissing):
        await Users(world).list(replace(BOB, scopes=frozenset({"execute"})))

    assert len(await Users(world).list(ADMIN)) == 3
    assert await audit_words(world) == [
        f"{ANN.id} user.create carl denied",
        "local user.create carl denied",
        f"{BOB.id} user.list all denied",
    ]


async def test_users_of_another_tenant_do_not_exist(world):
    """Not even for its administrator."""
    for act in ("disable", "enable", "delete"):
        with pytest.raises(UnknownUser):
            await getattr(Users(world), act)(EVE, "ann")


async def test_a_mistyped_name_is_told_what_it_may_have_been(world):
    """Administrators see all names anyway."""
    with pytest.raises(UnknownUser) as raised:
        await Users(world).disable(ADMIN, "amn")

    assert raised.value.hint == "did you mean `ann`?"


@pytest.mark.parametrize("name", ["", "1st", "a b", "x" * 101, "ann\0"])
async def test_a_name_is_a_name(world, name):
    """It is typed, and stands in addresses."""
    with pytest.raises(InvalidName):
        await Users(world).add(ADMIN, name=name)


async def test_what_cannot_be_leaves_no_user_behind(world):
    """User and token are made together or not at all."""
    with pytest.raises(InvalidParams, match="scopes"):
        await Users(world).add(ADMIN, name="carl", scopes=["everything"])
    with pytest.raises(InvalidParams, match="expires"):
        await Users(world).add(ADMIN, name="carl", expires_in_s=-1)
    with pytest.raises(AlreadyExists):
        await Users(world).add(ADMIN, name="ANN")

    assert [user.name for user in await Users(world).list(ADMIN)] == ["ann", "bob", "local"]
    assert await audited(world) == []


async def test_what_was_done_is_written_down_without_the_token(world):
    """Who made whom, and what it may do."""
    manage = Users(world)
    made = await manage.add(ADMIN, name="carl", scopes=["read"])
    await manage.disable(ADMIN, "carl")
    await manage.enable(ADMIN, "carl")
    await manage.delete(ADMIN, "carl")

    assert await audit_words(world) == [
        f"local user.create {made.user.id} done",
        f"local token.create {made.token.token.id} done",
        f"local user.disable {made.user.id} done",
        f"local user.enable {made.user.id} done",
        f"local user.delete {made.user.id} done",
    ]
    assert made.token.text not in str(await audited(world))
