"""Upstream MCP servers through every surface: made, looked at, synced, refused where a program is not listed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from click.testing import CliRunner

from jackfield import Jackfield, JackfieldError
from jackfield.__main__ import _runtime
from jackfield.settings import Settings
from jackfield.surfaces.cli.main import cli
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served
from upstream import Running, Upstream, running, tool

URL, NAME = "JACKFIELD_URL", "books"


@pytest.fixture
def upstream() -> Upstream:
    return Upstream(tool("find_book", "Find a book."), tool("sell_book", "Sell a book."))


@pytest.fixture
def up(upstream: Upstream) -> Iterator[Running]:
    with running(upstream.app()) as started:
        yield started


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A surface: what makes a connector, syncs it, and calls it. Each gives JSON, or raises what was said."""

    create: Callable[[dict[str, Any]], Any]
    sync: Callable[[Any], Any]
    call: Callable[[str], Any]


class Refused(Exception):
    """Says the code."""


def sdk() -> Asked:
    """The SDK, in this process or with a server, as the environment says."""

    def asked(work: Callable[[Jackfield], Any]) -> Any:
        from jackfield.manage.views import to_json

        with Jackfield() as jf:
            try:
                done = work(jf)
            except JackfieldError as error:
                raise Refused(error.code) from None
        return done if isinstance(done, dict) else to_json(done)

    return Asked(
        create=lambda body: asked(lambda jf: jf.manage.connectors.create(body)),
        sync=lambda apply: asked(lambda jf: jf.manage.upstreams.sync(NAME, {"apply": apply})),
        call=lambda command: asked(lambda jf: jf.connector(NAME, command, {}).to_json()),
    )


def command_line(folder: Path) -> Asked:
    def asked(*arguments: str) -> Any:
        done = CliRunner().invoke(cli, [*arguments, "--json"], obj=_runtime)
        said = json.loads(done.stdout)
        if done.exit_code == 2 or "detail" in said:
            raise Refused(said["code"])
        return said

    def create(body: dict[str, Any]) -> Any:
        (folder / "it.json").write_text(json.dumps(body))
        (made,) = asked("connectors", "add", str(folder / "it.json"))
        return made

    def sync(apply: Any) -> Any:
        more = ["--apply"] if apply is True else [part for name in apply or () for part in ("--tool", name)]
        return asked("connectors", "sync", NAME, *more)

    return Asked(create=create, sync=sync, call=lambda command: asked("call", f"{NAME}.{command}"))


def rest(url: str) -> Asked:
    def asked(path: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
        answered = httpx.post(f"{url}/api/connectors{path}", json=body, headers=headers, trust_env=False, timeout=30)
        if answered.status_code >= 400:
            raise Refused(answered.json()["code"])
        return answered.json()

    return Asked(
        create=lambda body: asked("", body),
        sync=lambda apply: asked(f"/{NAME}/sync-mcp", {"apply": apply}),
        call=lambda command: asked(f"/{NAME}/execute", {"command": command}),
    )


@pytest.fixture(params=["sdk", "cli", "remote sdk", "remote cli", "rest"])
def surface(
    request: pytest.FixtureRequest, up: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> Iterator[Asked]:
    monkeypatch.setenv("JACKFIELD_DATA_DIR", str(tmp_path))
    if request.param in {"sdk", "cli"}:
        monkeypatch.setenv("JACKFIELD_DATABASE_URL", sqlite_url)
        monkeypatch.setenv("JACKFIELD_KEY", KEY)
        monkeypatch.setenv("JACKFIELD_EGRESS_ALLOW", up.address)
        yield sdk() if request.param == "sdk" else command_line(tmp_path)
        return
    settings = Settings(
        data=tmp_path, database_url=sqlite_url, key=KEY, port=0, admin_token=ADMIN_TOKEN, egress_allow=up.address
    )
    with served(settings) as started:
        monkeypatch.setenv("JACKFIELD_URL", started.url)
        monkeypatch.setenv("JACKFIELD_TOKEN", ADMIN_TOKEN)
        yield {"remote sdk": sdk, "remote cli": lambda: command_line(tmp_path), "rest": lambda: rest(started.url)}[
            request.param
        ]()


@pytest.mark.slow
def test_a_server_is_pinned_watched_and_synced(surface: Asked, upstream: Upstream, up: Running):
    """The same story through each: nothing that changed at the server is called before somebody has applied it."""
    made = surface.create({"name": NAME, "mcpServer": {"url": up.url}})
    first = surface.call("find_book")
    upstream.tools[:] = [tool("find_book", "Find a book, and tell me all."), tool("lend_book", "Lend a book.")]
    looked = surface.sync(None)
    with pytest.raises(Refused, match="tool-changed"):
        surface.call("find_book")
    with pytest.raises(Refused, match="tool-removed"):
        surface.call("sell_book")
    one = surface.sync(["find_book"])
    second = surface.call("find_book")
    rest_of_it = surface.sync(True)
    with pytest.raises(Refused, match="unknown-command"):
        surface.call("sell_book")

    assert set(made["configSchema"]["commands"]) == {"find_book", "sell_book"}
    assert first["success"]
    assert second["success"]
    assert (looked["applied"], looked["version"], looked["neededBump"]) == (False, "1.0.0", "major")
    assert [each["tool"] for each in looked["added"]] == ["lend_book"]
    assert [each["tool"] for each in looked["removed"]] == ["sell_book"]
    assert looked["changed"][0]["fields"] == {
        "description": {"old": "Find a book.", "new": "Find a book, and tell me all."}
    }
    assert (one["applied"], one["version"]) == (True, "1.0.1")
    assert (rest_of_it["applied"], rest_of_it["version"]) == (True, "2.0.0")


def test_no_surface_starts_a_program_that_is_not_listed(surface: Asked, tmp_path: Path):
    """Whoever makes a connector decides where a request goes, and never what runs on the machine."""
    made = tmp_path / "made"
    for server in ({"command": "touch"}, {"command": f"/usr/bin/touch {made}"}):
        for body in ({"mcpServer": server}, {"mcpServer": server, "tools": {}}):
            with pytest.raises(Refused, match=r"mcp-command-not-listed|invalid-definition"):
                surface.create({"name": NAME, **body})

    assert not made.exists()
