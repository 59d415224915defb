"""Servers for the tests of the server."""

from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def called_by_all() -> Iterator[Service]:
    """The service that the connector `probe` calls."""
    with serve(service) as running:
        yield running


@pytest.fixture
def called(called_by_all: Service) -> Service:
    """The service that the connector `probe` calls, which nobody has called yet."""
    called_by_all.asked.clear()
    return called_by_all


@pytest.fixture(scope="module")
def calling_server(
    called_by_all: Service, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[At]:
    """A server on SQLite that may reach the service `called`, for all tests of a file."""
    folder = tmp_path_factory.mktemp("calling")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'jackfield.db')}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROBE_URL", called_by_all.url)
        with served(settings(folder, database_url=url, egress_allow=called_by_all.address)) as started:
            yield at(started)
