"""The command line with a server: the same commands, and those that stay on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jackfield.__main__ import _diagnose, _local, _runtime, _serve
from jackfield.settings import Settings
from jackfield.surfaces.cli.main import cli
from jackfield.surfaces.cli.tools import Tools
from jackfield.surfaces.rest.compat import origin_of
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served

Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs the command line of somebody who has set a server."""
    settings = Settings(data=tmp_path, database_url=sqlite_url, key=KEY, admin_token=ADMIN_TOKEN, port=0)
    tools = Tools(make_runtime=_runtime, make_local=_local, doctor=_diagnose, serve=_serve)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with served(settings) as started:
        monkeypatch.setenv("JACKFIELD_URL", started.url)
        monkeypatch.setenv("JACKFIELD_TOKEN", ADMIN_TOKEN)
        monkeypatch.setenv("JACKFIELD_DATA_DIR", str(tmp_path / "elsewhere"))
        monkeypatch.delenv("JACKFIELD_DATABASE_URL")
        yield lambda *given, stdin=None: CliRunner().invoke(cli, given, obj=tools, input=stdin)


@pytest.mark.slow
def test_every_command_about_the_installation_asks_the_server(run: Run):
    """K14: nothing else changes for whoever sets `JACKFIELD_URL`."""
    lines = [
        ("secrets", "set", "ACME_KEY"),
        ("secrets", "list"),
        ("secrets", "show", "ACME_KEY"),
        ("connectors", "add", "-"),
        ("connectors", "list"),
        ("connectors", "show", "acme"),
        ("connectors", "disable", "acme"),
        ("connectors", "enable", "acme"),
        ("types", "--json"),
        ("users", "add", "ann"),
        ("users", "tokens", "ann"),
        ("users", "list"),
        ("call", "delay", "delayMs=0"),
        ("gateways", "create", "help", "--connector", "delay"),
        ("gateways", "update", "help", "--title", "Help"),
        ("gateways", "token", "help"),
        ("gateways", "show", "help"),
        ("gateways", "list"),
        ("tools", "list", "--gateway", "help"),
        ("tools", "show", "delay__wait", "--gateway", "help"),
        ("tools", "call", "delay__wait", "delayMs=0", "--gateway", "help"),
        ("gateways", "delete", "help"),
        ("executions", "list"),
        ("audit", "list"),
        ("audit", "verify"),
        ("connectors", "delete", "acme"),
        ("secrets", "delete", "ACME_KEY"),
        ("users", "delete", "ann"),
    ]
    stdin = {
        ("secrets", "set", "ACME_KEY"): "sk-0123456789-of-acme",
        ("connectors", "add", "-"): json.dumps({"name": "acme", "type": "http"}),
    }
    said = {line: run(*line, stdin=stdin.get(line)) for line in lines}

    assert {line: done.output for line, done in said.items() if done.exit_code} == {}
    assert "ACME_KEY" in said["secrets", "list"].stdout
    assert "default/acme" in said["connectors", "list"].stdout
    assert {found["name"] for found in json.loads(said["types", "--json"].stdout)} >= {"delay", "http"}
    assert said["executions", "list"].stdout.split("\t")[2:5] == ["delay", "wait", "COMPLETED"]
    assert said["executions", "list"].stdout.split("\t")[6] == "cli"
    assert "secret.create" in said["audit", "list"].stdout


def test_files_of_this_machine_are_refused_beside_a_server(run: Run, tmp_path: Path):
    """The server would not see them, and would call something else of that name."""
    done = run("call", "delay", "--connectors", str(tmp_path))

    assert done.exit_code == 2
    assert "`--connectors` names files of this machine" in done.stderr


@pytest.mark.slow
def test_keys_are_those_of_this_machine_whatever_server_is_set(run: Run, tmp_path: Path):
    """They never travel; and the token of the server opens nothing here."""
    done = run("keys", "status")

    assert done.exit_code == 0, done.output
    assert str(tmp_path / "elsewhere" / "key") in done.stderr


@pytest.mark.parametrize(
    ("client", "trigger", "text_only"),
    [
        (None, "api", False),
        ("sdk", "sdk", False),
        ("cli", "cli", True),
        ("webhook", "api", False),
        ("workflow", "api", False),
        ("CLI", "api", False),
        ("", "api", False),
    ],
)
def test_a_client_says_what_it_is_and_nothing_else(client: str | None, trigger: str, text_only: bool):
    """Anybody can send the header: it must not make a call look like that of a workflow or a webhook."""
    origin = origin_of(client)

    assert (origin.trigger, origin.text_only) == (trigger, text_only)
    assert (origin.run_id, origin.chat_id, origin.tool_call_id) == (None, None, None)
