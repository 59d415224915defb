"""Rows of tokens that are moved, put back, or led elsewhere: they open nowhere else, and nobody renews them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.app.token_upkeep import TokenUpkeep
from jackfield.credentials.errors import CredentialNotAllowed
from jackfield.dispatch.call import Call
from jackfield.storage.clock import now_us
from jackfield.storage.database import Database, open_database
from jackfield.storage.tables.catalogue import connector
from jackfield.storage.tables.credentials import oauth_grant
from jackfield.testing import FakeOAuth
from jackfield.vault.envelope import Envelope
from jackfield.vault.errors import Undecryptable
from jackfield.vault.keys import parse_keys
from jackfield.vault.records import Records
from jackfield.vault.watch import SecretWatch
from oauth_refresh.account import CLIENT, CONNECTOR, install
from oauth_refresh.world import HOLDER, TENANT, exchanges, granted, keep, stored
from surfaces.kept import KEY

Row = dict[str, Any]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


MOVES: dict[str, Callable[[Row], Row]] = {
    "to another credential": lambda row: row | {"holder": "cred-2"},
    "to another tenant": lambda row: row | {"tenant": "other"},
    "to a connector's own client": lambda row: row | {"holder": f"connector:{HOLDER}"},
    "to another generation": lambda row: row | {"generation": 7},
}


@pytest.mark.parametrize("move", MOVES)
async def test_tokens_that_are_moved_do_not_open(database: Database, server: FakeOAuth, move: str):
    """What is sealed says where it belongs."""
    grants = await stored(database)
    assert await keep(grants, granted(server))
    moved = MOVES[move](dict(await database.read(lambda c: c.execute(select(oauth_grant)).mappings().one())))

    def work(connection: Any) -> None:
        connection.execute(oauth_grant.delete())
        connection.execute(insert(oauth_grant).values(moved))

    await database.write(work)

    with pytest.raises(Undecryptable):
        await (await stored(database)).read(tenant=moved["tenant"], holder=moved["holder"])
    assert TENANT == "default"


async def test_tokens_of_before_do_not_come_back(database: Database, server: FakeOAuth):
    """Old ones in the place of new ones are told from them."""
    grants = await stored(database)
    await keep(grants, granted(server))
    old = await database.read(lambda connection: connection.scalar(select(oauth_grant.c.sealed)))
    await keep(grants, granted(server))
    await database.write(lambda connection: connection.execute(update(oauth_grant).values(sealed=old)) and None)

    with pytest.raises(Undecryptable):
        await (await stored(database)).read(tenant=TENANT, holder=HOLDER)


async def test_nobody_renews_tokens_where_the_approval_is_withdrawn(
    database: Database, database_url: str, tmp_path: Any, server: FakeOAuth, monkeypatch: pytest.MonkeyPatch
):
    """The refresh token would go where somebody else says: neither for a call, nor in the background."""
    here = install(tmp_path, database_url, server)
    for name, value in zip(CLIENT, (server.client_id, server.client_secret), strict=True):
        monkeypatch.setenv(name, value)
    due = update(oauth_grant).values(expires=now_us() + 60_000_000)
    withdrawn = update(connector).values(options={}, owner="mallory")
    await database.write(lambda connection: [connection.execute(statement) for statement in (due, withdrawn)] and None)
    runtime = Embedded(here.settings, types=[])
    dispatcher = (await runtime.opened()).dispatcher
    records = Records(Envelope(parse_keys(KEY)), SecretWatch())
    done = await TokenUpkeep(database, dispatcher.commands, dispatcher.credentials, records).round()
    with pytest.raises(CredentialNotAllowed):
        await runtime.run(Call(principal=LOCAL, target=CONNECTOR, command="me"))
    await runtime.close()

    assert done.skipped == [here.holder]
    assert exchanges(server) == []
