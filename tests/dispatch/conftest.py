"""A shop, called through a runtime with each kind of journal and each kind of connector."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from dispatch.journal_world import CONNECTORS, Counter, Shopping
from servers import Service, serve


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def journal(request: pytest.FixtureRequest) -> str:
    """The URL of a database, or `memory`."""
    return "memory" if request.param == "memory" else request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=CONNECTORS)
def kind(request: pytest.FixtureRequest) -> str:
    """How the connector of the shop is written."""
    return request.param


@pytest.fixture
def counter() -> Counter:
    """The shop, whose door is `till`."""
    return Counter()


@pytest.fixture
def till(counter: Counter) -> Iterator[Service]:
    """Where the shop takes orders."""
    with serve(counter.serve) as running:
        yield running
        counter.answer_now.set()


@pytest.fixture
async def shop(kind: str, journal: str, tmp_path: Path, till: Service, counter: Counter) -> AsyncIterator[Shopping]:
    """A runtime that calls the shop."""
    shopping = Shopping(kind=kind, database_url=journal, folder=tmp_path, service=till, counter=counter)
    await shopping.open()
    yield shopping
    await shopping.close()
