"""`jackfield try`, as a person sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.stored import Terminal
from jackfield.__main__ import _runtime
from jackfield.surfaces.cli.main import cli
from server.world import settings
from surfaces.served import ADMIN_TOKEN, served

SCRIPT = """
function greet() {
  floh.log.info("to " + floh.params.name);
  return { success: true, payload: "Hi " + floh.params.name };
}
function reach() { return { success: true, payload: floh.http.get("http://169.254.169.254/x").status }; }
"""
YAML = """
connectors:
  - name: one
    scriptSource: ./greeter.js
    configSchema:
      connectionConfig: {apiKey: {type: string, secret: true, required: true}}
      commands: {greet: {params: {name: {type: string}, times: {type: integer}}}, reach: {}}
  - {name: two, type: delay}
"""
DESK = "{name: desk, baseUrl: https://desk.example, operations: [{name: list, method: GET, path: /tickets}]}"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a script, and a document beside it."""
    (tmp_path / "greeter.js").write_text(SCRIPT)
    (tmp_path / "greeter.yaml").write_text(YAML)
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path


@pytest.fixture
def jackfield(tmp_path: Path) -> Terminal:
    """A terminal on a database of its own."""
    return Terminal(tmp_path / "data")


@pytest.mark.slow
def test_a_script_is_tried_from_its_file_and_nothing_is_kept_but_the_record(jackfield: Terminal, files: Path):
    """Its log and its requests are for people, the payload for programs."""
    named = (str(files / "greeter.yaml"), "--name", "one", "--config", "apiKey=sk-0123456789")
    greeted = jackfield("try", *named, "greet", "name=Ann")
    refused = jackfield("try", *named, "reach", "--json")
    kept, rows = jackfield("connectors", "list"), jackfield("executions", "list", "--trigger", "trial")
    told = json.loads(refused.stdout)

    assert (greeted.exit_code, json.loads(greeted.stdout)) == (0, "Hi Ann")
    assert greeted.stderr == "info: to Ann\n"
    assert refused.exit_code == 1
    assert [each["code"] for each in told["requests"]] == ["url-refused"]
    assert kept.stdout == ""
    assert [line.split("\t")[2] for line in rows.stdout.splitlines()] == ["default/one (trial)"] * 2


def test_without_a_command_the_file_is_only_looked_at(jackfield: Terminal, files: Path):
    looked = jackfield("try", str(files / "desk.yaml"))

    assert (looked.exit_code, looked.stdout) == (0, "list\t\t\n")
    assert looked.stderr == "`default/desk` is sound: http, version 1.0.0.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["greeter.yaml"], "the file does not have one connector"),
        (["greeter.yaml", "--name", "three"], "the file has no connector `three`"),
        (["desk.yaml", "name=Ann"], "there is no command to be called"),
        (["desk.yaml", "other"], "connector `default/desk` has no command `other`"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_runs(jackfield: Terminal, files: Path, arguments, told):
    said = jackfield("try", str(files / arguments[0]), *arguments[1:])

    assert said.exit_code == 2
    assert said.stderr.startswith(f"error: {told}")


@pytest.mark.slow
def test_a_server_tries_what_a_file_of_this_machine_has(files: Path, sqlite_url: str, monkeypatch):
    """With `JACKFIELD_URL`, by the same words."""
    named = (str(files / "greeter.yaml"), "--name", "one", "--config", "apiKey=sk-0123456789")
    with served(settings(files / "server", database_url=sqlite_url)) as started:
        monkeypatch.setenv("JACKFIELD_URL", started.url)
        monkeypatch.setenv("JACKFIELD_TOKEN", ADMIN_TOKEN)
        greeted = CliRunner().invoke(cli, ["try", *named, "greet", "name=Ann", "times=3"], obj=_runtime)
        looked = CliRunner().invoke(cli, ["try", *named, "--json"], obj=_runtime)
        wrong = CliRunner().invoke(cli, ["try", *named, "greet", "times=x"], obj=_runtime)

    assert (greeted.exit_code, json.loads(greeted.stdout), greeted.stderr) == (0, "Hi Ann", "info: to Ann\n")
    assert json.loads(looked.stdout)["name"] == "one"
    assert (wrong.exit_code, "times" in wrong.stderr) == (2, True)
