"""Scripts in files: beside the document that describes their connector, or all there is of one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from jackfield import Jackfield
from jackfield.__main__ import _runtime
from jackfield.execution.script.errors import ScriptFunctionMissing, ScriptInvalid
from jackfield.registry.documents import read_bodies
from jackfield.settings import MEMORY, Settings
from jackfield.surfaces.cli.main import cli
from server.world import at, settings
from surfaces.served import served


def opened(*paths: Path) -> Jackfield:
    return Jackfield(folder=[*paths], settings=Settings(data=paths[0], database_url=MEMORY), types=[])


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem.replace('__', '.')}.{suffix}").write_text(text)
    return folder


def test_a_script_alone_is_a_connector(tmp_path: Path):
    """Called like its file; its functions are its commands, and take any params."""
    write(tmp_path, greeter_js="function hello() { return { said: 'Hello, ' + floh.params.name }; } function _own() {}")
    with opened(tmp_path) as jackfield:
        outcome = jackfield.connector("greeter", "hello", {"name": "Ann"})

        assert jackfield.problems == []
    assert outcome.payload == {"said": "Hello, Ann"}
    assert outcome.metadata["connector"] == "default/greeter"


@pytest.mark.parametrize("named", ["./code.js", "code.js", "  code.js\n"])
def test_a_document_takes_its_script_from_beside_it(tmp_path: Path, named: str):
    """And the script is then no connector of its own."""
    document = {"name": "described", "scriptSource": named, "configSchema": {"commands": {"run": {"params": ["n"]}}}}
    write(tmp_path, code_js="function run() { return { n: floh.params.n }; }", described_json=json.dumps(document))
    with opened(tmp_path) as jackfield:
        assert jackfield.connector("described", "run", {"n": 1}).n == 1
        assert jackfield.problems == []
        with pytest.raises(Exception, match="there is no connector `code`"):
            jackfield.connector("code", "run", {})


def test_scripts_of_tools_and_tests_are_none_of_ours(tmp_path: Path):
    """Nor is one whose document could not be read: without that, it is half a connector."""
    write(
        tmp_path, eslint__config_js="nothing", _own_js="nothing", broken_yaml="name: [", broken_js="function run() {}"
    )
    with opened(tmp_path) as jackfield:
        with pytest.raises(Exception, match="there is no connector `broken`"):
            jackfield.connector("broken", "run", {})

        assert [problem.code for problem in jackfield.problems] == ["load-failed"]


def test_a_script_that_is_not_there_is_told_by_its_place(tmp_path: Path):
    """With the path that was looked at."""
    write(tmp_path, a_json='{"name": "a", "scriptSource": "./gone.js"}')
    with opened(tmp_path) as jackfield:
        jackfield.connector("delay", "wait", {"delayMs": 0})
        (problem,) = jackfield.problems

    assert str(tmp_path / "gone.js") in problem.message
    assert "no such file" in problem.message


def test_a_body_that_is_sent_names_no_files():
    """Only files name files: what a user sends to a server reads nothing there."""
    (body,) = read_bodies(b'{"name": "a", "scriptSource": "function f() {}"}', place="a.json")

    assert body["scriptSource"] == "function f() {}"


def test_a_new_connector_in_javascript_can_be_called_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`jackfield new --script`: two files, and a command that needs no service."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JACKFIELD_DATABASE_URL", MEMORY)
    made = CliRunner().invoke(cli, ["new", "acme-crm", "--script", "-d", 'Contacts in "Acme": all.'], obj=_runtime)
    called = CliRunner().invoke(cli, ["call", "acme-crm.greet", "name=Ann", "--json"], obj=_runtime)
    again = CliRunner().invoke(cli, ["new", "acme-crm", "--script"], obj=_runtime)

    assert made.stdout.split() == ["connectors/acme-crm.js", "connectors/acme-crm.yaml"]
    assert "jackfield call acme-crm.greet name=you" in made.stderr
    assert json.loads(called.stdout)["payload"] == {"greeting": "Hello, Ann!"}
    assert (again.exit_code, "exists" in again.stderr) == (2, True)


def test_a_script_with_a_mistake_is_told_with_its_file_by_a_server(tmp_path: Path):
    """Where it starts; the others are served all the same."""
    write(tmp_path, good_js="function run() { return { n: 1 }; }", bad_js="function run() {\n  return 1 +;\n}")
    with served(settings(tmp_path, connectors=(tmp_path,))) as started:
        (problem,) = started.problems
        answer = at(started).execute({"command": "run"}, to="good").json()
        absent = at(started).execute({"command": "run"}, to="bad")

    assert problem.message.startswith(f"`{tmp_path / 'bad.js'}`")
    assert "(line 2, column" in problem.message
    assert answer["payload"] == {"n": 1}
    assert absent.code == "unknown-connector"


def test_a_program_is_told_of_a_mistake_when_it_calls(tmp_path: Path):
    """What lives shortly does not look at scripts that it may never call."""
    lacking = {"name": "lacking", "scriptSource": "function runs() {}", "configSchema": {"commands": {"run": {}}}}
    write(tmp_path, bad_js="function run() {\n  return 1 +;\n}", lacking_json=json.dumps(lacking))
    with opened(tmp_path) as jackfield:
        with pytest.raises(ScriptInvalid, match=r"\(line 2, column"):
            jackfield.connector("bad", "run", {})
        with pytest.raises(ScriptFunctionMissing, match="did you mean `runs`"):
            jackfield.connector("lacking", "run", {})


def test_a_package_brings_what_its_documents_describe(tmp_path: Path):
    """Beside its modules: no class is needed."""
    package = tmp_path / "brought"
    package.mkdir()
    (package / "__init__.py").write_text("")
    document = {"name": "brought", "scriptSource": "./code.js", "configSchema": {"commands": {"run": {}}}}
    write(package, code_js="function run() { return { n: 1 }; }", brought_json=json.dumps(document))
    (tmp_path / "brought-1.0.dist-info").mkdir()
    (tmp_path / "brought-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: brought\nVersion: 1.0\n")
    (tmp_path / "brought-1.0.dist-info" / "entry_points.txt").write_text("[jackfield.connectors]\nbrought = brought\n")
    code = "from jackfield import connector; print(connector('brought', 'run').payload)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "JACKFIELD_DATABASE_URL": MEMORY}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )

    assert done.stdout == "{'n': 1}\n", done.stderr
