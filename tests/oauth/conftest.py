"""Servers at which accounts are connected, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, world


@pytest.fixture
def service() -> Iterator[FakeOAuth]:
    """A service at which everybody agrees at once."""
    with FakeOAuth(consent="allow") as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def everywhere(request: pytest.FixtureRequest, tmp_path: Path, service: FakeOAuth) -> Iterator[World]:
    """A server on each database."""
    with world(tmp_path, request.getfixturevalue(f"{request.param}_url"), service) as made:
        yield made


@pytest.fixture
def here(sqlite_url: str, tmp_path: Path, service: FakeOAuth) -> Iterator[World]:
    """A server of its own on SQLite."""
    with world(tmp_path, sqlite_url, service) as made:
        yield made


@pytest.fixture(scope="module")
def shared_service() -> Iterator[FakeOAuth]:
    """One service for all tests of a file that leave it as it was."""
    with FakeOAuth(consent="allow") as running:
        yield running


@pytest.fixture(scope="module")
def shared(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, shared_service: FakeOAuth
) -> Iterator[World]:
    """One server for all tests of a file."""
    folder = tmp_path_factory.mktemp("oauth")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'jackfield.db')}"
    with world(folder, url, shared_service) as made:
        yield made
