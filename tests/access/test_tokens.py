"""Who stands behind a token, and from when on nobody does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import update

from jackfield.access.errors import TokenExpired, TokenRevoked, TokenUnknown, UserDisabled
from jackfield.access.tokens import Tokens
from jackfield.storage import users
from jackfield.storage.changes import Changes
from jackfield.storage.clock import now_us
from jackfield.storage.database import open_database
from jackfield.storage.errors import DatabaseUnavailable
from jackfield.storage.tables.people import user_account
from jackfield.storage.users import TokenRow, UserRow, new_token, token_hash

NEVER_S = 3600.0
HOUR_US = 3_600_000_000


class Counting:
    """A database that counts how often it is read."""

    def __init__(self, database) -> None:
        self._database = database
        self.reads = 0

    def __getattr__(self, name):
        return getattr(self._database, name)

    async def read(self, work):
        self.reads += 1
        return await self._database.read(work)


@pytest.fixture
async def changes(database):
    bus = Changes(database, scan_s=NEVER_S)
    await bus.start()
    yield bus
    await bus.close()


@pytest.fixture
def counting(database) -> Counting:
    return Counting(database)


@pytest.fixture
async def tokens(counting, changes):
    opened = Tokens(counting, changes, limit=10)
    yield opened
    await opened.close()


@pytest.fixture
async def ann(database) -> UserRow:
    return await database.write(partial(users.add, row=UserRow(tenant="default", name="ann", roles=["admin"])))


async def make(database, user: UserRow, **given) -> str:
    text = new_token()
    values = {"tenant": user.tenant, "user_id": user.id, "name": "laptop", "scopes": ["read", "execute"]}
    await database.write(partial(users.add_token, row=TokenRow(hash=token_hash(text), **(values | given))))
    return text


async def row_of(database, text: str) -> TokenRow:
    return (await database.read(partial(users.find_token, text=text)))[0]


async def test_the_caller_has_the_scopes_of_the_token(database, tokens, ann):
    """And is an administrator if the user is one; no token widens that."""
    text = await make(database, ann)
    plain = await database.write(partial(users.add, row=UserRow(tenant="default", name="bob")))
    other = await make(database, plain, scopes=["manage", "everything"])
    principal, second = await tokens.authenticate(text), await tokens.authenticate(other)

    assert (principal.user, principal.id, principal.tenant, principal.admin) == ("ann", ann.id, "default", True)
    assert principal.scopes == {"read", "execute"}
    assert (second.admin, second.scopes) == (False, {"manage"})


async def test_a_caller_is_looked_up_once(database, tokens, counting, ann):
    """Every request brings its token."""
    text = await make(database, ann)
    first = await tokens.authenticate(text)
    reads = counting.reads

    assert await tokens.authenticate(text) is first
    assert counting.reads == reads


@pytest.mark.parametrize("text", ["", "jf_", "nonsense", "x" * 1_000_000, "\0", "\ud800"])
async def test_what_is_no_token_is_refused_and_not_shown(database, tokens, text):
    """It may be another secret, pasted by mistake."""
    with pytest.raises(TokenUnknown) as raised:
        await tokens.authenticate(text)

    assert raised.value.status == 401
    assert not text or text not in str(raised.value.to_json())


async def test_strangers_cannot_fill_the_memory(database, tokens, counting):
    """However many tokens they try; each is looked up, so one that is made later works."""
    for _ in range(30):
        with pytest.raises(TokenUnknown):
            await tokens.authenticate(new_token())

    assert len(tokens._known) == 0
    assert counting.reads == 30


async def test_only_so_many_callers_are_remembered(database, tokens, counting, ann):
    """Those that were seen longest ago are forgotten."""
    texts = [await make(database, ann) for _ in range(12)]
    await tokens.authenticate(texts[0])
    for text in texts[1:]:
        await tokens.authenticate(texts[0])
        await tokens.authenticate(text)
    reads = counting.reads
    await tokens.authenticate(texts[0])

    assert len(tokens._known) == 10
    assert counting.reads == reads


async def test_a_token_ends_with_its_time_also_when_it_is_remembered(database, tokens, ann):
    """No change is announced then."""
    text = await make(database, ann, expires=now_us() + HOUR_US)
    await tokens.authenticate(text)
    (known,) = tokens._known.values()
    known.token = replace(known.token, expires=now_us())  # an hour later
    with pytest.raises(TokenExpired, match="laptop"):
        await tokens.authenticate(text)

    assert len(tokens._known) == 0


async def test_a_token_that_is_over_is_refused(database, tokens, ann):
    """With what became of it, and without the token."""
    expired = await make(database, ann, expires=now_us() - 1)
    revoked = await make(database, ann, revoked=1)
    with pytest.raises(TokenExpired) as first:
        await tokens.authenticate(expired)
    with pytest.raises(TokenRevoked) as second:
        await tokens.authenticate(revoked)

    assert expired not in str(first.value.to_json())
    assert revoked not in str(second.value.to_json())


@pytest.mark.parametrize("change", ["disable", "delete", "revoke"])
async def test_a_token_stops_at_once_in_every_process(database, database_url, tokens, changes, ann, change):
    """Whichever process took it away."""
    text = await make(database, ann)
    await tokens.authenticate(text)
    before = changes.version(tenant="default", topic=users.TOPIC)
    other = await open_database(database_url)
    row = await row_of(database, text)
    if change == "disable":
        await other.write(partial(users.save, row=replace(ann, disabled=now_us())))
    elif change == "delete":
        await other.write(partial(users.delete, row=ann))
    else:
        await other.write(partial(users.revoke_token, tenant="default", id=row.id))
    await other.close()
    if database.dialect == "sqlite":
        await changes.scan()  # what happens by itself each second
    await asyncio.wait_for(changes.wait_for_change(tenant="default", topic=users.TOPIC, since=before), 10)
    with pytest.raises(UserDisabled if change == "disable" else TokenRevoked):
        await tokens.authenticate(text)


async def test_a_change_between_look_up_and_answer_is_not_missed(database, changes, ann):
    """Otherwise a token that was revoked at the wrong moment would work until the next change."""
    text = await make(database, ann)
    row = await row_of(database, text)

    class Late(Counting):
        async def read(self, work):
            found = await super().read(work)
            if self.reads == 1:
                await database.write(partial(users.revoke_token, tenant="default", id=row.id))
            return found

    tokens = Tokens(Late(database), changes)
    await tokens.authenticate(text)  # was read before it was revoked
    with pytest.raises(TokenRevoked):
        await tokens.authenticate(text)
    await tokens.close()


async def test_a_user_that_was_enabled_again_goes_on(database, tokens, ann):
    """Tokens are kept while a user is disabled."""
    text = await make(database, ann)
    disabled = await database.write(partial(users.save, row=replace(ann, disabled=now_us())))
    with pytest.raises(UserDisabled):
        await tokens.authenticate(text)
    await database.write(partial(users.save, row=replace(disabled, disabled=None)))

    assert (await tokens.authenticate(text)).id == ann.id


async def test_a_deleted_user_has_no_tokens_even_if_one_was_left(database, tokens, ann):
    """As a restored table of tokens would leave it."""
    text = await make(database, ann)
    await database.write(lambda c: c.execute(update(user_account).values(deleted=1)))
    with pytest.raises(UserDisabled):
        await tokens.authenticate(text)


async def test_use_is_noted_once_a_minute_and_nobody_waits_for_it(database, tokens, ann):
    """A write with every request would be slower than the request."""
    text = await make(database, ann)
    await tokens.authenticate(text)
    waiting = len(tokens._touching)
    await tokens.authenticate(text)

    assert waiting == len(tokens._touching) == 1
    await tokens.close()
    first = (await row_of(database, text)).used
    assert first
    await tokens.authenticate(text)
    assert not tokens._touching
    (known,) = tokens._known.values()
    known.touched -= 60_000_000  # a minute later
    await tokens.authenticate(text)
    assert len(tokens._touching) == 1


async def test_a_database_that_takes_no_write_stops_no_caller(database, changes, ann, caplog):
    """When a token was used is worth little."""
    text = await make(database, ann)

    class Full(Counting):
        async def write(self, work):
            raise DatabaseUnavailable(place="here", reason="it is full")

    tokens = Tokens(Full(database), changes)
    await tokens.authenticate(text)
    await tokens.close()

    assert "it is full" in caplog.text
    assert text not in caplog.text
