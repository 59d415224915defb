"""Servers for the tests of the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.world import At, at, service, settings
from servers import Service, serve
from surfaces.served import served


@pytest.fixture(scope="session")
def memory_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[At]:
    """One server that keeps nothing, for all tests that leave nothing behind."""
    with served(settings(tmp_path_factory.mktemp("memory"), max_request_bytes=20_000)) as started:
        yield at(started)


@pytest.fixture
def server(sqlite_url: str, tmp_path: Path) -> Iterator[At]:
    """A server of its own on SQLite."""
    with served(settings(tmp_path, database_url=sqlite_url)) as started:
        yield at(started)


@pytest.fixture
def postgresql_server(postgresql_url: str, tmp_path: Path) -> Iterator[At]:
    """A server of its own on PostgreSQL."""
    with served(settings(tmp_path, database_url=postgresql_url)) as started:
        yield at(started)


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The service that the connector `probe` calls."""
    with serve(service) as running:
        monkeypatch.setenv("PROBE_URL", running.url)
        yield running


@pytest.fixture
def calling_server(called: Service, sqlite_url: str, tmp_path: Path) -> Iterator[At]:
    """A server of its own on SQLite that may reach the service `called`."""
    with served(settings(tmp_path, database_url=sqlite_url, egress_allow=called.address)) as started:
        yield at(started)
