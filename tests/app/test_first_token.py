"""The first administrator: one token for a new server, shown once, and never given back after it was taken away."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import AsyncIterator
from functools import partial

import pytest

from jackfield.access.principal import ALL_SCOPES, Principal
from jackfield.access.tokens import Tokens
from jackfield.app.embedded import Embedded
from jackfield.app.first_token import ensure_admin_token
from jackfield.app.server_errors import AdminTokenRefused
from jackfield.manage.tokens import Tokens as ManagedTokens
from jackfield.manage.users import Users
from jackfield.settings import Settings
from jackfield.storage import users
from jackfield.storage.changes import Changes
from jackfield.storage.database import Database, open_database
from jackfield.storage.users import TokenRow, token_hash
from manage.people import ADMIN, audit_words, settle

MINE, ANOTHER = "mine-0123456789-0123456789", "another-0123456789-0123456789"
KEY = f"main:{base64.b64encode(bytes(range(32))).decode()}"
NOTHING_SET = Settings()


@pytest.fixture(autouse=True)
async def local(database: Database) -> None:
    """The user that `open_store` makes, who has the role and no token."""
    await settle(database)


@pytest.fixture
async def second(database_url) -> AsyncIterator[Database]:
    """Another server on the same database."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


async def caller(database: Database, text: str) -> Principal:
    changes = Changes(database)
    authenticator = Tokens(database, changes)
    try:
        return await authenticator.authenticate(text)
    finally:
        await authenticator.close()
        await changes.close()


async def tokens_of(database: Database, name: str) -> list[TokenRow]:
    row = await database.read(partial(users.find, tenant="default", name=name))
    return await database.read(partial(users.tokens_of, tenant="default", user_id=row.id)) if row else []


async def test_a_new_server_makes_one_token_and_shows_it_once(database):
    """It allows everything, and only its hash is kept."""
    text = await ensure_admin_token(database, NOTHING_SET)
    assert text
    principal = await caller(database, text)
    (kept,) = await tokens_of(database, "admin")

    assert (principal.user, principal.admin, principal.scopes, principal.expires) == ("admin", True, ALL_SCOPES, None)
    assert (kept.name, kept.hash) == ("first token", token_hash(text))
    assert await ensure_admin_token(database, NOTHING_SET) is None
    assert await audit_words(database) == [
        f"local user.create {principal.id} done",
        f"local token.create {kept.id} done",
    ]


async def test_servers_that_start_at_once_make_one(database, second):
    """The others print none, so nobody has to guess which one counts."""
    every = [ensure_admin_token(each, NOTHING_SET) for each in (database, second) * 4]
    texts = [text for text in await asyncio.gather(*every) if text]

    assert len(texts) == 1
    assert len(await tokens_of(database, "admin")) == 1


async def test_servers_that_start_at_once_with_a_setting_make_one(database, second):
    """The same text is one token."""
    settings = Settings(admin_token=MINE)
    answers = await asyncio.gather(*(ensure_admin_token(each, settings) for each in (database, second) * 4))

    assert set(answers) == {None}
    assert [row.hash for row in await tokens_of(database, "admin")] == [token_hash(MINE)]


async def test_what_was_revoked_is_not_given_back(database):
    """Whoever took the first token away did not want another one in the log of the next start."""
    text = await ensure_admin_token(database, NOTHING_SET)
    (row,) = await tokens_of(database, "admin")
    await ManagedTokens(database).revoke(ADMIN, row.id)

    assert text
    assert await ensure_admin_token(database, NOTHING_SET) is None


async def test_an_administrator_with_a_token_is_enough(database):
    """Made on the command line, before a server was ever started."""
    await Users(database).add(ADMIN, name="carla", admin=True)

    assert await ensure_admin_token(database, NOTHING_SET) is None


async def test_nobody_becomes_an_administrator_by_a_name(database):
    """There may be a user `admin` who is none, with tokens that many have."""
    made = await Users(database).add(ADMIN, name="Admin")
    text = await ensure_admin_token(database, NOTHING_SET)
    assert text

    assert (await caller(database, text)).user == "admin-2"
    assert not (await caller(database, made.token.text)).admin
    with pytest.raises(AdminTokenRefused, match="the user `Admin` is no administrator"):
        await ensure_admin_token(database, Settings(admin_token=MINE))


async def test_a_token_can_be_set(database):
    """For whoever starts servers from a script. To start again changes nothing."""
    settings = Settings(admin_token=MINE)
    assert await ensure_admin_token(database, settings) is None
    said = await audit_words(database)
    assert await ensure_admin_token(database, settings) is None
    (kept,) = await tokens_of(database, "admin")

    assert (await caller(database, MINE)).admin
    assert kept.name == "JACKFIELD_ADMIN_TOKEN"
    assert await audit_words(database) == said
    assert await ensure_admin_token(database, NOTHING_SET) is None


async def test_a_changed_setting_revokes_the_earlier_token(database):
    """Whoever changes it wants the old one gone; other tokens of that user stay."""
    first = await ensure_admin_token(database, NOTHING_SET)
    assert first
    await ensure_admin_token(database, Settings(admin_token=MINE))
    await ensure_admin_token(database, Settings(admin_token=ANOTHER))
    kept = {row.hash: row.revoked for row in await tokens_of(database, "admin")}

    assert kept.pop(token_hash(MINE)) is not None
    assert kept == {token_hash(first): None, token_hash(ANOTHER): None}
    assert (await audit_words(database))[-1].startswith("local token.revoke ")


async def test_a_revoked_text_is_refused_and_nothing_changes(database):
    """A restart must not undo what an administrator has done; the present token goes on."""
    await ensure_admin_token(database, Settings(admin_token=MINE))
    await ensure_admin_token(database, Settings(admin_token=ANOTHER))
    with pytest.raises(AdminTokenRefused) as caught:
        await ensure_admin_token(database, Settings(admin_token=MINE))

    assert caught.value.message == "the token in `JACKFIELD_ADMIN_TOKEN` cannot be used: it was revoked"
    assert MINE not in str(caught.value.to_json())
    assert (await caller(database, ANOTHER)).admin


async def test_a_disabled_user_stays_disabled(database):
    """With the old text as with a new one."""
    await ensure_admin_token(database, Settings(admin_token=MINE))
    await Users(database).disable(ADMIN, "admin")
    for text in (MINE, ANOTHER):
        with pytest.raises(AdminTokenRefused, match="the user `admin` is disabled") as caught:
            await ensure_admin_token(database, Settings(admin_token=text))
        assert caught.value.hint == "`jackfield users enable admin`"


async def test_the_text_of_a_lesser_token_is_refused(database):
    """What looks like an administrator's and is none would be noticed late."""
    some = await Users(database).add(ADMIN, name="carla", admin=True, scopes=["read"])
    with pytest.raises(AdminTokenRefused, match="does not allow everything"):
        await ensure_admin_token(database, Settings(admin_token=some.token.text))
    user = await Users(database).add(ADMIN, name="carl")
    with pytest.raises(AdminTokenRefused, match="the user `carl` is no administrator"):
        await ensure_admin_token(database, Settings(admin_token=user.token.text))
    brief = await Users(database).add(ADMIN, name="cleo", admin=True, expires_in_s=0.000_001)
    with pytest.raises(AdminTokenRefused, match="it has expired"):
        await ensure_admin_token(database, Settings(admin_token=brief.token.text))


async def test_the_generated_text_can_be_set_too(database):
    """It is the token that it is, under the name that it has."""
    text = await ensure_admin_token(database, NOTHING_SET)
    assert text
    await ensure_admin_token(database, Settings(admin_token=text))

    assert [row.name for row in await tokens_of(database, "admin")] == ["first token"]


async def test_only_a_server_makes_one_and_no_log_has_it(database_url, tmp_path, caplog):
    """A command or a program has nobody to show it to. It is printed, and nowhere else."""
    settings = Settings(data=tmp_path, database_url=database_url, key=KEY)
    program = Embedded(settings, types=(), kind="sdk")
    assert (await program.opened()).first_token is None
    await program.close()
    server = Embedded(settings, types=(), kind="server")
    try:
        text = (await server.opened()).first_token
        assert text
        logging.getLogger("somebodys.library").warning("got %s", text)
    finally:
        await server.close()

    assert "got ********" in caplog.text


@pytest.mark.parametrize("url", ["memory", ""])
async def test_a_token_that_is_set_is_in_no_log(url, tmp_path, caplog):
    """Neither of a server that keeps what happens, nor of one that does not."""
    server = Embedded(Settings(data=tmp_path, database_url=url, admin_token=MINE), types=(), kind="server")
    try:
        await server.open()
        logging.getLogger("somebodys.library").warning("got %s", MINE)
    finally:
        await server.close()

    assert "got ********" in caplog.text
