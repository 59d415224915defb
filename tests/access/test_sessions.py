"""How long somebody is signed in, and by what that ends."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select, update

from jackfield.access.errors import SessionEnded, TokenRevoked, TokenUnknown, UserDisabled
from jackfield.access.sessions import csrf_token_of, new_session_text
from jackfield.access.tokens import Tokens
from jackfield.storage import sessions, users
from jackfield.storage.changes import Changes
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.tables.people import token as table
from jackfield.storage.tables.people import user_account
from jackfield.storage.users import TokenRow, UserRow, new_token, token_hash

NEVER_S = 3600.0
MINUTE_US = microseconds(60)
IDLE_US = microseconds(sessions.IDLE_S)
LIFETIME_US = microseconds(sessions.LIFETIME_S)


@pytest.fixture
async def changes(database):
    bus = Changes(database, scan_s=NEVER_S)
    await bus.start()
    yield bus
    await bus.close()


@pytest.fixture
async def tokens(database, changes):
    opened = Tokens(database, changes)
    yield opened
    await opened.close()


@pytest.fixture
async def ann(database) -> UserRow:
    return await database.write(partial(users.add, row=UserRow(tenant="default", name="ann", roles=["admin"])))


async def make_token(database, user: UserRow, **given) -> TokenRow:
    values = {"tenant": user.tenant, "user_id": user.id, "name": "laptop", "scopes": ["read", "execute"]}
    row = TokenRow(**({"hash": token_hash(new_token())} | values | given))
    return await database.write(partial(users.add_token, row=row))


async def begin(database, parent: TokenRow) -> tuple[str, TokenRow]:
    text = new_session_text()
    return text, await database.write(partial(sessions.begin, parent=parent, text=text))


async def change(database, id: str, **values) -> None:
    await database.write(lambda connection: connection.execute(update(table).where(table.c.id == id).values(**values)))


async def count(database) -> int:
    statement = select(func.count()).select_from(table).where(table.c.parent.is_not(None))
    return await database.read(lambda connection: connection.scalar(statement))


async def test_a_session_is_its_tokens_caller(database, tokens, ann):
    """Scopes and rights are those of the token, and so is the end of what is made in it."""
    parent = await make_token(database, ann, expires=now_us() + 10 * LIFETIME_US)
    text, row = await begin(database, parent)
    found = await tokens.session(text)

    assert (found.principal.user, found.principal.id, found.principal.admin) == ("ann", ann.id, True)
    assert found.principal.scopes == {"read", "execute"}
    assert found.principal.expires == parent.expires
    assert (found.id, found.csrf_token) == (row.id, csrf_token_of(text))
    assert found.expires == row.created + LIFETIME_US


async def test_a_session_never_outlives_its_token(database, tokens, ann):
    parent = await make_token(database, ann, expires=now_us() + MINUTE_US)
    text, row = await begin(database, parent)

    assert (await tokens.session(text)).expires == row.expires == parent.expires
    await change(database, row.id, expires=now_us() - 1)
    with pytest.raises(SessionEnded):
        await Tokens(database, tokens._changes).session(text)


async def test_what_is_no_session_is_refused(database, tokens, ann):
    """A token is none, and a session is no token."""
    text, _ = await begin(database, await make_token(database, ann))
    own = new_token()
    await make_token(database, ann, hash=token_hash(own))

    for other in ("", "jfs_", own, new_session_text(), "x" * 1_000_000, "\0", "\ud800"):
        with pytest.raises(SessionEnded):
            await tokens.session(other)
    for _ in range(2):  # the second time from memory
        await tokens.session(text)
        with pytest.raises(TokenUnknown):
            await tokens.authenticate(text)
    await tokens.authenticate(own)
    with pytest.raises(SessionEnded):
        await tokens.session(own)


async def test_a_session_that_is_not_used_ends(database, tokens, ann):
    """At twelve hours and not before."""
    parent = await make_token(database, ann)
    (used, one), (idle, other) = await begin(database, parent), await begin(database, parent)
    await change(database, one.id, used=now_us() - IDLE_US + MINUTE_US)
    await change(database, other.id, used=now_us() - IDLE_US)

    assert (await tokens.session(used)).id == one.id
    with pytest.raises(SessionEnded):
        await tokens.session(idle)


async def test_use_in_another_process_counts(database, tokens, ann):
    """What this one remembers may be old."""
    text, row = await begin(database, await make_token(database, ann))
    await tokens.session(text)
    tokens._known[token_hash(text)].touched = now_us() - IDLE_US
    await tokens.session(text)
    await change(database, row.id, used=now_us() - IDLE_US)
    tokens._known[token_hash(text)].touched = now_us() - IDLE_US

    with pytest.raises(SessionEnded):
        await tokens.session(text)


async def test_use_is_noted_of_the_session_and_of_its_token(database, tokens, ann):
    """Else a token that people sign in with would look as if nobody needed it."""
    parent = await make_token(database, ann)
    text, row = await begin(database, parent)
    long_ago = now_us() - 10 * MINUTE_US
    await change(database, row.id, used=long_ago)
    await tokens.session(text)
    await tokens.close()
    found = await database.read(partial(users.find_token, text=text))
    above = await database.read(partial(users.get_token, tenant="default", id=parent.id))

    assert found[0].used > long_ago
    assert above[0].used is not None


async def test_a_session_ends_with_its_token_or_its_user(database, tokens, ann):
    parent = await make_token(database, ann)
    text, row = await begin(database, parent)
    await tokens.session(text)
    await database.write(
        lambda connection: (
            connection.execute(update(user_account).values(disabled=now_us()))
            and users.bump(connection, tenant="default", topic=users.TOPIC)
        )
    )
    with pytest.raises(UserDisabled):
        await tokens.session(text)
    await database.write(lambda connection: connection.execute(update(user_account).values(disabled=None)))
    await tokens.session(text)
    await database.write(partial(users.revoke_token, tenant="default", id=parent.id))
    with pytest.raises(TokenRevoked):
        await tokens.session(text)
    await change(database, parent.id, revoked=None)
    await tokens.session(text)
    await database.write(partial(users.revoke_token, tenant="default", id=row.id))
    with pytest.raises(SessionEnded):
        await tokens.session(text)


async def test_a_token_that_lost_a_scope_takes_it_from_its_sessions(database, tokens, ann):
    parent = await make_token(database, ann)
    text, _ = await begin(database, parent)
    await change(database, parent.id, scopes=["read"])

    assert (await tokens.session(text)).principal.scopes == {"read"}


async def test_a_token_has_a_bounded_number_of_sessions(database, tokens, ann, monkeypatch):
    """Whoever may only read cannot fill the database; the newest stay."""
    monkeypatch.setattr(sessions, "MAX_OF_ONE_TOKEN", 3)
    parent, other = await make_token(database, ann), await make_token(database, ann)
    elsewhere, _ = await begin(database, other)
    texts = [(await begin(database, parent))[0] for _ in range(5)]

    for text in texts[:2]:
        with pytest.raises(SessionEnded):
            await tokens.session(text)
    for text in (*texts[2:], elsewhere):
        await tokens.session(text)


async def test_what_is_over_is_deleted_and_nothing_else(database, ann):
    """An hour later; tokens stay for ever, since people look at them."""
    now, parent = now_us(), await make_token(database, ann)
    revoked = await make_token(database, ann, revoked=1, expires=1, used=1)
    for over in ({"expires": 1}, {"revoked": 1}, {"used": 1}, {"expires": now + 1}, {"revoked": now}, {"expires": now}):
        _, row = await begin(database, parent)
        await change(database, row.id, **over)
    deleted = await database.write(partial(sessions.delete_over, tenant="default", now=now))
    elsewhere = await database.write(partial(sessions.delete_over, tenant="other", now=now * 2))

    assert (deleted, elsewhere, await count(database)) == (3, 0, 3)
    assert await database.read(partial(users.get_token, tenant="default", id=revoked.id))


def test_no_csrf_token_tells_of_its_session():
    """It is known to scripts, which must not have the session."""
    text = new_session_text()

    assert csrf_token_of(text) == csrf_token_of(text)
    assert csrf_token_of(text) != csrf_token_of(new_session_text())
    assert text.removeprefix("jfs_") not in csrf_token_of(text)
    assert len(text) - len("jfs_") == len(csrf_token_of(text)) == 43  # 256 bits
