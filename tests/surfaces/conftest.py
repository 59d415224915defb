"""One body for every surface: the same call through each, and what it answered in one shape."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from jackfield import Jackfield, JackfieldError
from jackfield.__main__ import _runtime
from jackfield.settings import Settings
from jackfield.surfaces.cli.main import cli
from servers import Answer, Asked, Service, serve
from surfaces.kept import KEY, Kept


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a surface answered, in the shape that all surfaces share.

    Attributes:
        started: Whether the command ran; without it, the error was raised.
    """

    started: bool
    success: bool
    code: str | None = None
    message: str | None = None
    hint: str | None = None
    outcome: Mapping[str, Any] | None = None


Surface = Callable[..., Said]


def of_outcome(outcome: Mapping[str, Any]) -> Said:
    hint = (outcome.get("diagnostics") or {}).get("hint")
    return Said(
        started=True,
        success=outcome["success"],
        code=outcome.get("code"),
        message=outcome.get("error"),
        hint=hint,
        outcome=outcome,
    )


def of_problem(problem: Mapping[str, Any]) -> Said:
    return Said(started=False, success=False, code=problem["code"], message=problem["detail"], hint=problem["hint"])


def _through_sdk(folder: Path) -> Surface:
    def call(target: str, command: str | None, params: dict[str, Any], **options: Any) -> Said:
        with Jackfield(folder=folder, types=[]) as jackfield:
            try:
                return of_outcome(jackfield.connector(target, command, params, **options).to_json())
            except JackfieldError as error:
                return of_problem(error.to_json())

    return call


def _through_async_sdk(folder: Path) -> Surface:
    async def running(target: str, command: str | None, params: dict[str, Any], **options: Any) -> Said:
        async with Jackfield(folder=folder, types=[]) as jackfield:
            try:
                return of_outcome((await jackfield.connector_async(target, command, params, **options)).to_json())
            except JackfieldError as error:
                return of_problem(error.to_json())

    return lambda *args, **options: asyncio.run(running(*args, **options))


def _through_cli(folder: Path) -> Surface:
    def call(target: str, command: str | None, params: dict[str, Any], *, timeout_s: float | None = None) -> Said:
        arguments = ["call", f"{target}.{command}" if command else target, "--params", json.dumps(params), "--json"]
        arguments += ["--connectors", str(folder)] + (["--timeout", str(timeout_s)] if timeout_s else [])
        done = CliRunner().invoke(cli, arguments, obj=_runtime)
        answer = json.loads(done.stdout)
        said = of_outcome(answer) if "success" in answer else of_problem(answer)
        carried_out = said.started or said.code == "record-failed"
        assert done.exit_code == (0 if said.success else 1 if carried_out else 2), done.stderr
        assert said.success or f"error: {said.message}" in done.stderr
        return said

    return call


SURFACES = {"sdk": _through_sdk, "sdk-async": _through_async_sdk, "cli": _through_cli}


def trial_service(asked: Asked) -> Answer:
    """A service that misbehaves in one way per path."""
    if asked.path == "/broken":
        return Answer(status=500, body={"reason": "out of order"})
    if asked.path == "/text":
        return Answer(body=b"not JSON at all", headers={"Content-Type": "application/json"})
    if asked.path == "/big":
        return Answer(body=b"x" * (17 * 1024 * 1024))
    if asked.path == "/seen":
        return Answer(body={"headers": asked.headers})
    return Answer(body=[{"path": asked.path, "query": asked.query}])


@pytest.fixture
def service() -> Iterator[Service]:
    """The service that the trial connectors call."""
    with serve(trial_service) as running:
        yield running


@pytest.fixture
def silent() -> Iterator[str]:
    """Address of a service that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def nobody() -> str:
    """Address at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def folder(tmp_path: Path, service: Service, silent: str, nobody: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the trial connectors, and egress opened for what they call."""
    monkeypatch.setenv("TRIAL_URL", service.url)
    monkeypatch.setenv("JACKFIELD_EGRESS_ALLOW", f"{service.address},{silent},{nobody}")
    shutil.copy(Path(__file__).parent / "trial.py", tmp_path)
    (tmp_path / "declared.json").write_text(
        json.dumps(
            {
                "name": "declared",
                "baseUrl": f"{service.url}/v1",
                "operations": [{"name": "get_file", "method": "GET", "path": "/users/{id}/files/{{ name }}"}],
            }
        )
    )
    return tmp_path


@pytest.fixture(params=["memory", "sqlite"])
def keeping(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where runtimes keep what happens: what is said must not depend on it."""
    url = "memory" if request.param == "memory" else request.getfixturevalue("sqlite_url")
    _keep_in(url, tmp_path, monkeypatch)
    return url


@pytest.fixture(params=SURFACES)
def surface(request: pytest.FixtureRequest, folder: Path, keeping: str) -> Surface:
    """A way to call: `surface(target, command, params, **options)`."""
    return SURFACES[request.param](folder)


@pytest.fixture
def kept(request: pytest.FixtureRequest, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """An installation that keeps what happens, in the database `database_url` or else in a SQLite file."""
    where = "database_url" if "database_url" in request.fixturenames else "sqlite_url"
    url = request.getfixturevalue(where)
    _keep_in(url, tmp_path, monkeypatch)
    allow = os.environ["JACKFIELD_EGRESS_ALLOW"]
    settings = Settings(data=tmp_path / "data", database_url=url, key=KEY, egress_allow=allow, connectors=(folder,))
    return Kept(settings=settings)


@pytest.fixture(params=SURFACES)
def surface_on_kept(request: pytest.FixtureRequest, folder: Path, kept: Kept) -> Surface:
    """As `surface`, on the installation `kept`; each call is made by a process of its own."""
    return SURFACES[request.param](folder)


def _keep_in(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACKFIELD_DATA_DIR", str(folder / "data"))
    monkeypatch.setenv("JACKFIELD_DATABASE_URL", url)
    monkeypatch.setenv("JACKFIELD_KEY", KEY)
