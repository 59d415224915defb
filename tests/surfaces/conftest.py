"""One body for every surface: the same call through each, and what it answered in one shape."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from jackfield import Jackfield, JackfieldError
from jackfield.__main__ import _runtime
from jackfield.settings import Settings, from_environment
from jackfield.surfaces.cli.main import cli
from servers import Answer, Asked, Service, serve
from surfaces.kept import KEY, Kept
from surfaces.served import ADMIN_TOKEN, post, served


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


def _through_sdk(folder: Path | None) -> Surface:
    def call(target: str, command: str | None, params: dict[str, Any], **options: Any) -> Said:
        with _made(folder) as jackfield:
            try:
                return of_outcome(jackfield.connector(target, command, params, **options).to_json())
            except JackfieldError as error:
                return of_problem(error.to_json())

    return call


def _through_async_sdk(folder: Path | None) -> Surface:
    async def running(target: str, command: str | None, params: dict[str, Any], **options: Any) -> Said:
        async with _made(folder) as jackfield:
            try:
                return of_outcome((await jackfield.connector_async(target, command, params, **options)).to_json())
            except JackfieldError as error:
                return of_problem(error.to_json())

    return lambda *args, **options: asyncio.run(running(*args, **options))


def _through_cli(folder: Path | None) -> Surface:
    def call(
        target: str,
        command: str | None,
        params: dict[str, Any],
        *,
        timeout_s: float | None = None,
        plan: bool = False,
        debug: bool = False,
        environment: str | None = None,
        credential_id: str | None = None,
    ) -> Said:
        arguments = ["call", f"{target}.{command}" if command else target, "--params", json.dumps(params), "--json"]
        arguments += ["--connectors", str(folder)] if folder else []
        arguments += ["--timeout", str(timeout_s)] if timeout_s else []
        arguments += ["--plan"] if plan else []
        arguments += ["--debug"] if debug else []
        arguments += ["--environment", environment] if environment else []
        arguments += ["--credential", credential_id] if credential_id else []
        done = CliRunner().invoke(cli, arguments, obj=_runtime)
        answer = json.loads(done.stdout)
        said = of_outcome(answer) if "success" in answer else of_problem(answer)
        carried_out = said.started or said.code == "record-failed"
        assert done.exit_code == (0 if said.success else 1 if carried_out else 2), done.stderr
        assert said.success or f"error: {said.message}" in done.stderr
        return said

    return call


def _made(folder: Path | None) -> Jackfield:
    return Jackfield() if folder is None else Jackfield(folder=folder, types=[])


def _through_rest(style: str) -> Surface:
    def call(
        target: str,
        command: str | None,
        params: dict[str, Any],
        *,
        timeout_s: float | None = None,
        plan: bool = False,
        debug: bool = False,
        environment: str | None = None,
        credential_id: str | None = None,
    ) -> Said:
        options = ({"timeout": timeout_s * 1000} if timeout_s else {}) | ({"debug": True} if debug else {})
        options |= {"environment": environment} if environment else {}
        options |= {"credentialId": credential_id} if credential_id else {}
        bodies: dict[str, dict[str, Any]] = {
            "structured": {"command": command, "params": params, "options": options, "plan": plan},
            "resource": {"resource": command, "data": params, "options": options},
            "flat": {"command": command} | params,
        }
        body = bodies["structured" if options or plan else style]
        status, answer = post(f"/api/connectors/{quote(target, safe='/')}/execute", body)
        assert (status == 200) == ("success" in answer)
        assert status == 200 or status == answer["status"]
        return of_outcome(answer) if status == 200 else of_problem(answer)

    return call


def _at_a_server(inner: Surface) -> Callable[[Path], Surface]:
    """`inner`, which works with the server that the environment names: here one that is started for each call."""

    def of(folder: Path) -> Surface:
        def call(*arguments: Any, **options: Any) -> Said:
            settings = from_environment()
            environment = {"JACKFIELD_TOKEN": settings.token or ADMIN_TOKEN}
            at_the_server = replace(settings, token="", connectors=(folder,), port=0, admin_token=ADMIN_TOKEN)
            try:
                with served(at_the_server) as started, pytest.MonkeyPatch.context() as patch:
                    for name, value in (environment | {"JACKFIELD_URL": started.url}).items():
                        patch.setenv(name, value)
                    return inner(*arguments, **options)
            except JackfieldError as error:  # it did not start: whoever starts it reads this
                return of_problem(error.to_json())

        return call

    return of


HERE: dict[str, Callable[[Path], Surface]] = {"sdk": _through_sdk, "sdk-async": _through_async_sdk, "cli": _through_cli}
AT_A_SERVER: dict[str, Callable[[Path], Surface]] = {
    "rest": _at_a_server(_through_rest("structured")),
    "rest-resource": _at_a_server(_through_rest("resource")),
    "rest-flat": _at_a_server(_through_rest("flat")),
    "sdk-remote": _at_a_server(_through_sdk(None)),
    "sdk-remote-async": _at_a_server(_through_async_sdk(None)),
    "cli-remote": _at_a_server(_through_cli(None)),
}

SURFACES = HERE | AT_A_SERVER
EVERY_SURFACE = [*HERE, *(pytest.param(name, marks=pytest.mark.slow) for name in AT_A_SERVER)]


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


@pytest.fixture(params=EVERY_SURFACE)
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


@pytest.fixture(params=[*HERE, "rest", "sdk-remote"])
def surface_on_kept(request: pytest.FixtureRequest, folder: Path, kept: Kept) -> Surface:
    """As `surface`, on the installation `kept`; each call is made by a process of its own."""
    return SURFACES[request.param](folder)


def _keep_in(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACKFIELD_DATA_DIR", str(folder / "data"))
    monkeypatch.setenv("JACKFIELD_DATABASE_URL", url)
    monkeypatch.setenv("JACKFIELD_KEY", KEY)
