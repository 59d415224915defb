"""`jackfield executions watch` and `jackfield settings`, in this process and with a server."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.stored import Terminal
from jackfield.access.principal import LOCAL
from jackfield.settings import Settings
from jackfield.surfaces.cli.main import cli
from jackfield.surfaces.sdk.remote import events
from jackfield.surfaces.sdk.remote.runtime import Remote
from server.world import At, at
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, database_url=sqlite_url, key=KEY, admin_token=ADMIN_TOKEN, port=0)


@pytest.fixture
def server(settings: Settings) -> Iterator[At]:
    with served(settings) as started:
        yield at(started)


@contextmanager
def calling(server: At) -> Iterator[None]:
    """Somebody calls all the time."""
    over = threading.Event()

    def call() -> None:
        while not over.is_set():
            server.execute({"command": "wait", "params": {"delayMs": 0}}, to="delay")

    thread = threading.Thread(target=call)
    thread.start()
    yield
    over.set()
    thread.join(30)


def remote(server: At, token: str = ADMIN_TOKEN) -> Any:
    return lambda paths: Remote(Settings(url=server.url, token=token))


def local(settings: Settings) -> Terminal:
    return Terminal(settings.data, settings={"database_url": settings.database_url, "key": KEY})


def test_calls_are_printed_as_they_happen_by_whatever_process(server: At, settings: Settings):
    """The server's, seen through it and from the same file."""
    with calling(server):
        far = CliRunner().invoke(cli, ["executions", "watch", "--limit", "2"], obj=remote(server))
        near = local(settings)("executions", "watch", "--limit", "2", "--json", "--command", "wait")

    assert (far.exit_code, near.exit_code) == (0, 0), (far.output, near.output)
    assert [line.split("\t")[2:5] for line in far.stdout.splitlines()] == [["delay", "wait", "COMPLETED"]] * 2
    assert [json.loads(line)["command"] for line in near.stdout.splitlines()] == ["wait"] * 2


def test_a_watcher_without_a_token_is_told_so(server: At):
    done = CliRunner().invoke(cli, ["executions", "watch"], obj=remote(server, "jf_nobody-knows-this-one"))

    assert done.exit_code == 2
    assert "token" in done.stderr


async def test_a_connection_that_breaks_is_made_anew_without_a_loss(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """The server is started anew meanwhile, at the same address."""
    monkeypatch.setattr(events, "PAUSE_S", 0.01)
    commands: list[str] = []
    with served(settings) as started:
        first = at(started)
        runtime = Remote(Settings(url=first.url, token=ADMIN_TOKEN))
        watched = (await runtime.open()).executions.watch(LOCAL)
        task = asyncio.create_task(_next(watched))
        while not task.done():
            await asyncio.to_thread(first.execute, {"command": "wait", "params": {"delayMs": 0}}, to="delay")
        commands.append((await task).id)
        listed = [item["id"] for item in first.ask("GET", "/api/executions").json()["items"]]
    with served(replace(settings, port=first.address[1])) as started:
        second = at(started)
        second.execute({"command": "wait", "params": {"delayMs": 0}}, to="delay")
        newest = second.ask("GET", "/api/executions").json()["items"][0]["id"]
        while commands[-1] != newest:
            commands.append((await _next(watched)).id)
        await watched.aclose()
        await runtime.close()

    seen = listed[: listed.index(commands[0]) + 1][::-1]
    assert commands == [*seen, newest]


async def _next(watched: Any) -> Any:
    return await anext(watched)


def test_settings_are_shown_of_this_process_and_of_a_server(server: At, settings: Settings):
    """Secrets are not."""
    far = CliRunner().invoke(cli, ["settings"], obj=remote(server))
    near = local(settings)("settings", "--json")
    shown = {line.split("\t")[0]: line.split("\t")[1:] for line in far.stdout.splitlines()}
    found = json.loads(near.stdout)

    assert shown["admin_token"] == ["(set)", "argument", "JACKFIELD_ADMIN_TOKEN"]
    assert shown["retention_days"] == ["90", "default", "JACKFIELD_RETENTION_DAYS"]
    assert ADMIN_TOKEN not in far.output
    assert KEY not in near.output
    assert found["about"]["database"] == "sqlite"
    assert {each["name"]: each["isSet"] for each in found["settings"]}["key"]
