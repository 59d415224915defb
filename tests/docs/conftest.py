"""Where the examples of the documentation run: a folder of their own, and a real service to call."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from jackfield.app import sdk
from jackfield.definition import connector
from jackfield.settings import Settings
from servers import Service, serve, todos
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served

from .server import starts_a_server


@pytest.fixture(scope="session")
def command_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the commands that pages use, bound to the Python that runs the tests."""
    folder = tmp_path_factory.mktemp("commands")
    for name, arguments in {"jackfield": "-m jackfield", "python": ""}.items():
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        script.chmod(0o755)
    return folder


@pytest.fixture
def todo_service() -> Iterator[Service]:
    """The service that examples call at `$TODO_URL`, fresh for each page."""
    with serve(todos()) as service:
        yield service


def forget_earlier_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin as a new process does: nothing was called, and no connector class was defined."""
    while sdk._default:
        sdk._default.pop().close()
    monkeypatch.setattr(connector, "_defined", {})


def keep_notes_with_their_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until Python 3.11.4 `doctest` compared the last line alone of what an exception says, which is its hint."""
    plain = traceback.format_exception_only
    monkeypatch.setattr(traceback, "format_exception_only", lambda *given: ["".join(plain(*given))])


@pytest.fixture(autouse=True)
def same_environment_afterwards() -> Iterator[None]:
    """A page may set variables, as a program does; the tests after it have none of them."""
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture
def reader(
    tmp_path: Path, command_folder: Path, todo_service: Service, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The empty folder and clean environment of somebody who follows a page from its start."""
    keep_notes_with_their_exception(monkeypatch)
    for name in [name for name in os.environ if name.startswith(("JACKFIELD_", "XDG_", "PYTEST_ADD"))]:
        monkeypatch.delenv(name)
    for name, value in {
        "TODO_URL": todo_service.url,
        "JACKFIELD_EGRESS_ALLOW": todo_service.address,
        "PATH": f"{command_folder}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "NO_COLOR": "1",
        "TERM": "dumb",
        "COLUMNS": "100",
    }.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "page"
    folder.mkdir()
    forget_earlier_pages(monkeypatch)
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    yield folder
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(f"{folder}{os.sep}"):
            del sys.modules[name]


@pytest.fixture
def asked_server(
    request: pytest.FixtureRequest, reader: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """For pages that ask over HTTP: a server at `$JACKFIELD_URL` that takes `$JACKFIELD_TOKEN`, fresh for the page."""
    page = request.node.callspec.params["path"].read_text(encoding="utf-8")
    if '"$JACKFIELD_URL/' not in page or starts_a_server(page):
        yield
        return
    url = request.getfixturevalue("sqlite_url")
    allow = os.environ["JACKFIELD_EGRESS_ALLOW"]
    settings = Settings(data=tmp_path, database_url=url, key=KEY, admin_token=ADMIN_TOKEN, port=0, egress_allow=allow)
    with served(settings) as started:
        monkeypatch.setenv("JACKFIELD_URL", started.url)
        monkeypatch.setenv("JACKFIELD_TOKEN", ADMIN_TOKEN)
        yield
