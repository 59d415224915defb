"""`jackfield connectors`, as a person sees it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jackfield.app.embedded import Embedded
from jackfield.settings import Settings
from jackfield.surfaces.cli.main import cli

TOKEN = "token-that-nobody-may-see"

DESK = f"""
connectors:
  - name: desk
    description: Our help desk.
    baseUrl: https://desk.example/v1
    connectionConfig: {{token: {{type: secret, required: true}}}}
    auth: {{type: bearer, field: token}}
    operations: [{{name: list, method: GET, path: /tickets}}]
    config: {{token: {TOKEN}}}
  - {{name: nap, namespace: rest, type: delay}}
"""


@pytest.fixture
def jackfield(tmp_path: Path):
    """Runs commands, each in a runtime of its own, as processes would."""

    def make(paths: Sequence[Path]) -> Embedded:
        return Embedded(Settings(data=tmp_path / "data", connectors=tuple(paths)), types=[])

    def run(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(cli, arguments, obj=make, input=stdin)

    return run


@pytest.fixture
def desk(jackfield):
    """Two connectors, and how they were added."""
    return jackfield("connectors", "add", "-", stdin=DESK)


def test_connectors_are_added_from_a_file_or_stdin(jackfield, desk, tmp_path: Path):
    """And a secret in it is in no file of Jackfield's, and in no answer."""
    (tmp_path / "more.json").write_text('{"name": "more", "type": "desk"}')
    more = jackfield("connectors", "add", str(tmp_path / "more.json"), "--json")

    assert (desk.exit_code, desk.stdout) == (0, "")
    assert desk.stderr.splitlines() == [
        "Added the connector `default/desk` of the type `desk`.",
        "Added the connector `rest/nap` of the type `delay`.",
    ]
    assert json.loads(more.stdout)[0]["missing"] == ["token"]
    assert more.stderr == "Added the connector `default/more` of the type `desk`; still to fill in: token.\n"
    stored = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert stored
    assert not any(TOKEN.encode() in path.read_bytes() for path in stored)


def test_connectors_are_listed_and_filtered(jackfield, desk):
    """One a line, for a terminal without colours."""
    jackfield("connectors", "disable", "nap")
    listed, off = jackfield("connectors", "list"), jackfield("connectors", "list", "--disabled", "--json")

    assert listed.stdout == "default/desk\tdesk\tenabled\t\tOur help desk.\nrest/nap\tdelay\tdisabled\t\t\n"
    assert [info["name"] for info in json.loads(off.stdout)] == ["nap"]
    assert jackfield("connectors", "list", "--namespace", "nowhere").stdout == ""


def test_one_connector_is_shown_without_its_secrets(jackfield, desk):
    """What is empty is left out."""
    shown, whole = jackfield("connectors", "show", "desk"), jackfield("connectors", "show", "desk", "--json")

    assert 'config\t{"token":"********"}' in shown.stdout
    assert "egress" not in shown.stdout
    assert json.loads(whole.stdout)["config"] == {"token": "********"}
    assert TOKEN not in shown.output + whole.output


def test_a_disabled_connector_is_not_called_until_it_is_enabled(jackfield, desk):
    """A12: in every process that comes after."""
    disabled = jackfield("connectors", "disable", "nap")
    refused = jackfield("call", "nap", "delayMs=1")
    enabled = jackfield("connectors", "enable", "rest/nap")
    called = jackfield("call", "nap", "delayMs=1")

    assert (disabled.stderr, enabled.stderr) == (
        "Disabled the connector `rest/nap`.\n",
        "Enabled the connector `rest/nap`.\n",
    )
    assert (refused.exit_code, "`rest/nap` is disabled" in refused.stderr) == (2, True)
    assert (called.exit_code, json.loads(called.stdout)) == (0, {"delayed": 1})


def test_a_deleted_connector_is_gone(jackfield, desk):
    """And shown on request."""
    deleted = jackfield("connectors", "delete", "nap", "--yes")
    gone = jackfield("call", "rest/nap", "delayMs=1")
    listed = jackfield("connectors", "list", "--deleted")

    assert deleted.stderr == "Deleted the connector `nap`.\n"
    assert gone.exit_code == 2
    assert "rest/nap\tdelay\tdeleted 20" in listed.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file has no connectors"),
        ("a: [", "could not be loaded"),
        ("- 7", "must be an object"),
        ("name: x\ntype: dely", "did you mean `delay`?"),
        ("name: desk\ntype: delay", "exists already"),
    ],
)
def test_what_cannot_be_added_is_told(jackfield, desk, content: str, said: str):
    """In words that say what to do."""
    done = jackfield("connectors", "add", "-", stdin=content)

    assert done.exit_code in {1, 2}
    assert said in done.stderr


def test_an_error_is_json_for_programs(jackfield):
    """With its code."""
    done = jackfield("connectors", "show", "nothing", "--json")

    assert (done.exit_code, json.loads(done.stdout)["code"]) == (2, "unknown-connector")


def test_a_connector_is_changed_by_a_file(jackfield, desk, tmp_path: Path):
    """What it leaves out stays, its secret too; a change that breaks others has to be said."""
    more = {"operations": [{"name": "close", "method": "POST", "path": "/close"}], "tags": ["help"]}
    (tmp_path / "change.json").write_text(json.dumps(more))
    (tmp_path / "other.json").write_text('{"name": "other", "type": "desk"}')
    jackfield("connectors", "add", str(tmp_path / "other.json"))
    refused = jackfield("connectors", "update", "desk", str(tmp_path / "change.json"))
    changed = jackfield("connectors", "update", "desk", str(tmp_path / "change.json"), "--auto-bump", "--json")
    listed = jackfield("connectors", "update", "desk", "-", stdin="[1]")

    assert (refused.exit_code, "2.0.0" in refused.stderr) == (2, True)
    assert changed.exit_code == 0, changed.stderr
    assert changed.stderr == "Updated the connector `default/desk`.\n"
    assert json.loads(changed.stdout)["tags"] == ["help"]
    assert json.loads(changed.stdout)["configured"] is True
    assert (listed.exit_code, "it is no object" in listed.stderr) == (2, True)


def test_a_script_is_saved_and_changed_from_its_file(jackfield, tmp_path: Path):
    """It becomes a connector called like the file, and later its next version; a mistake has its place."""
    script = tmp_path / "greeter.js"
    script.write_text("function hello() { return { said: 1 }; }")
    made = jackfield("connectors", "add", str(script))
    script.write_text("function hello() { return { said: 2 }; }")
    changed, called = jackfield("connectors", "update", "greeter", str(script)), jackfield("call", "greeter.hello")
    script.write_text("function hello( {")
    broken = jackfield("connectors", "update", "greeter", str(script))

    assert made.stderr == "Added the connector `default/greeter` of the type `greeter`.\n"
    assert (changed.exit_code, changed.stderr) == (0, "Updated the connector `default/greeter`.\n")
    assert json.loads(called.stdout) == {"said": 2}
    assert (broken.exit_code, "(line 1, column" in broken.stderr) == (2, True)
