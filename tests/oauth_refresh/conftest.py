"""A fake OAuth server, and desks that call its service: in memory, on SQLite, on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from jackfield.storage.database import open_database
from jackfield.testing import FakeOAuth
from oauth_refresh.world import Another, Desk, memory_desks, sleepless, stored_desks


@pytest.fixture
def server() -> Iterator[FakeOAuth]:
    """A service that rotates refresh tokens, and ends a grant whose token is used twice."""
    with FakeOAuth() as running:
        yield running


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def another(request: pytest.FixtureRequest, server: FakeOAuth) -> AsyncIterator[Another]:
    """Makes desks that share what is kept."""
    made: list[Desk] = []
    database = None
    if request.param != "memory":
        database = await open_database(request.getfixturevalue(f"{request.param}_url"))
    make = memory_desks(server) if database is None else stored_desks(server, database)

    async def noted() -> Desk:
        made.append(await make())
        return made[-1]

    yield noted
    for desk in made:
        await desk.close()
    if database is not None:
        await database.close()


@pytest.fixture
async def desk(another: Another) -> Desk:
    """One process."""
    return await another()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls do not wait for the next attempt."""
    sleepless(monkeypatch)
