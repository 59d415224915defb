"""The help desk of `tool_desk`, in this process and at a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jackfield import Jackfield
from servers import Service
from surfaces.served import ADMIN_TOKEN
from tool_desk import Hanging, desk_server, desk_service, embedded_desk


@pytest.fixture(scope="module")
def desk_world() -> Iterator[tuple[Service, Hanging]]:
    with desk_service() as world:
        yield world


@pytest.fixture(scope="module")
def desk(desk_world: tuple[Service, Hanging]) -> Service:
    """The service behind the tools."""
    return desk_world[0]


@pytest.fixture(scope="module")
def desk_url(desk: Service, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for all tests of a module."""
    with desk_server(tmp_path_factory.mktemp("desk"), desk, sqlite_template) as url:
        yield url


@pytest.fixture(params=["embedded", "remote"], scope="module")
def tool_jf(
    request: pytest.FixtureRequest, desk: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Jackfield]:
    """One body for both: a Jackfield in this process, and one with a server."""
    if request.param == "embedded":
        made = embedded_desk(tmp_path_factory.mktemp("here"), desk)
    else:
        made = Jackfield(url=request.getfixturevalue("desk_url"), token=ADMIN_TOKEN)
    with made:
        yield made
