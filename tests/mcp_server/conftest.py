"""A server with a help desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mcp_server.world import REVISIONS, Served
from server.world import settings
from surfaces.served import served

HERE = Path(__file__).parent
CONNECTORS = (HERE / "helping.py",)


@contextmanager
def desk(folder: Path, template: Path, **more: Any) -> Iterator[Served]:
    """A server on SQLite with the connector `desk`."""
    url = f"sqlite:///{shutil.copy(template, folder / 'jackfield.db')}"
    with served(settings(folder, database_url=url, connectors=CONNECTORS, **more)) as started:
        server = Served(url=started.url)
        server.rest("POST", "/api/connectors", {"name": "desk", "type": "helping"})
        yield server


@pytest.fixture(scope="module")
def shared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all tests of a file that leave the catalogue as it is."""
    with desk(tmp_path_factory.mktemp("mcp"), sqlite_template) as server:
        yield server


@pytest.fixture
def server(sqlite_template: Path, tmp_path: Path) -> Iterator[Served]:
    """One of its own."""
    with desk(tmp_path, sqlite_template) as server:
        yield server


@pytest.fixture(params=list(REVISIONS))
def revision(request: pytest.FixtureRequest) -> str:
    """Each of them."""
    return str(request.param)
