"""`jackfield import openapi`: a document becomes a connector, from wherever it is."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from jackfield.settings import Settings
from pets import KEY, document, service, without
from servers import Service, serve

from .stored import Terminal

BUNDLED: dict[str, Any] = {
    "paths": {
        "/pets/{petId}": {
            "get": {
                "operationId": "getPet",
                "parameters": [{"$ref": "parts/common.yaml#/petId"}],
                "responses": {"200": {"description": "The pet."}},
            }
        }
    }
}
COMMON = "petId: {name: petId, in: path, required: true, schema: {type: integer}}"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "data")


@pytest.fixture
def pets() -> Iterator[Service]:
    with serve(service) as running:
        yield running


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A folder with a document in two files, and one that is none of it."""
    folder = tmp_path / "bundle"
    (folder / "parts").mkdir(parents=True)
    (folder / "openapi.yaml").write_text(yaml.safe_dump(document() | BUNDLED))
    (folder / "parts" / "common.yaml").write_text(COMMON)
    (folder / "README.md").write_text("openapi: no")
    return folder


def test_a_file_becomes_a_connector_that_is_called(tmp_path: Path, pets: Service):
    """From a file to the service."""
    terminal = Terminal(tmp_path / "data", settings={"egress_allow": pets.address})
    (tmp_path / "pets.json").write_text(json.dumps(document(pets.url, security=[])))
    made = terminal("import", "openapi", str(tmp_path / "pets.json"), "--name", "pets")
    called = terminal("call", "pets.list_pets", "limit=2")

    assert (made.exit_code, made.stdout) == (0, "")
    assert made.stderr.splitlines()[0] == "`My Pets` 1.0.0: 3 operations."
    assert made.stderr.splitlines()[-1] == "Made the connector `default/pets`."
    assert json.loads(called.stdout)["query"] == {"limit": ["2"]}


def test_every_form_of_a_document_is_the_same_connector(tmp_path: Path, pets: Service):
    """D02: JSON and YAML files, stdin, an address."""
    terminal = Terminal(tmp_path / "data", settings={"egress_allow": pets.address})
    (tmp_path / "pets.json").write_text(json.dumps(document()))
    (tmp_path / "pets.yaml").write_text(yaml.safe_dump(document()))
    sources = [str(tmp_path / "pets.json"), str(tmp_path / "pets.yaml"), "-", f"{pets.url}/openapi.json"]
    shown = [
        json.loads(terminal("import", "openapi", source, "--dry-run", "--json", stdin=json.dumps(document())).stdout)
        for source in sources
    ]
    for each in shown:
        del each["parsed"]["draft"]

    assert [each == shown[0] for each in shown] == [True] * 4


def test_a_dry_run_keeps_nothing(terminal: Terminal):
    """What would be made, as a table."""
    looked = terminal("import", "openapi", "-", "--dry-run", stdin=yaml.safe_dump(document()))

    assert looked.stdout.splitlines()[0] == "list_pets\tGET\t/pets\tAll pets."
    assert "Made" not in looked.stderr
    assert terminal("connectors", "list").stdout == ""


def test_only_what_is_selected_is_made(terminal: Terminal):
    """By command or by the id of the operation."""
    made = terminal("import", "openapi", "-", "--select", "getPet", "--json", stdin=json.dumps(document()))
    wrong = terminal("import", "openapi", "-", "--select", "getPets", stdin=json.dumps(document()))

    assert list(json.loads(made.stdout)["connector"]["configSchema"]["commands"]) == ["get_pet"]
    assert (wrong.exit_code, "hint: did you mean `get_pet`?" in wrong.stderr) == (2, True)


def test_a_document_that_changed_is_imported_again(terminal: Terminal):
    """What would change is told, and then what has changed."""
    terminal("import", "openapi", "-", stdin=json.dumps(document()))
    looked = terminal("import", "openapi", "-", "--dry-run", stdin=json.dumps(without("/pets")))
    done = terminal("import", "openapi", "-", stdin=json.dumps(without("/pets")))

    assert "Would change the connector `default/my-pets`: 0 added, 0 changed, 2 removed, 1 as before." in looked.stderr
    assert "  removed: add_pet" in done.stderr
    assert done.stderr.splitlines()[-1] == "The version needs a major bump, because something breaks; it is 2.0.0."


def test_operations_go_into_a_connector_that_was_written_by_hand(terminal: Terminal, tmp_path: Path):
    """With a look first; what was written stays."""
    own = {
        "name": "mine",
        "baseUrl": "https://pets.example",
        "operations": [{"name": "feed", "method": "POST", "path": "/feed"}],
    }
    (tmp_path / "pets.json").write_text(json.dumps(document()))
    (tmp_path / "mine.json").write_text(json.dumps(own))
    terminal("connectors", "add", str(tmp_path / "mine.json"))
    source = str(tmp_path / "pets.json")
    looked = terminal("import", "openapi", source, "--into", "default/mine", "--dry-run")
    done = terminal("import", "openapi", source, "--into", "default/mine", "--json")
    wrong = terminal("import", "openapi", source, "--into", "default/mine", "--name", "other")
    absent = terminal("import", "openapi", source, "--into", "default/nobody")
    imported = json.loads(done.stdout)["imported"]

    assert "Would change the connector `default/mine`: 3 added, 0 changed, 0 removed, 1 as before." in looked.stderr
    assert "no credential goes out, and the document asks for a bearer token" in looked.stderr
    assert (imported["added"], imported["kept"], imported["version"]) == (3, 1, "1.1.0")
    assert "`--into` names a connector that is there" in wrong.stderr
    assert absent.exit_code != 0
    assert "nobody" in absent.stderr


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_a_document_of_several_files_is_read_whole(terminal: Terminal, bundle: Path, packed: bool):
    """What it refers to is beside it; and it can be imported again."""
    source = bundle
    if packed:
        source = bundle.parent / "bundle.zip"
        with zipfile.ZipFile(source, "w") as written:
            for path in bundle.rglob("*"):
                written.write(path, path.relative_to(bundle).as_posix())
    made = terminal("import", "openapi", str(source), "--json")
    again = terminal("import", "openapi", str(source), "--json")

    parsed = json.loads(made.stdout)["parsed"]
    assert parsed["warnings"] == []
    assert parsed["commands"][0]["params"]["properties"]["petId"]["type"] == "integer"
    assert json.loads(again.stdout)["imported"]["neededBump"] is None


def test_a_file_alone_reads_no_other_file(terminal: Terminal, bundle: Path):
    """A document from elsewhere names no files of this machine."""
    made = terminal("import", "openapi", str(bundle / "openapi.yaml"), "--dry-run")
    assert "leads to no file that was given" in made.stderr


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({}, "has no OpenAPI document"),
        ({"a.yaml": "openapi: 3.1.0", "b.yaml": "openapi: 3.1.0"}, "has several OpenAPI documents: `a.yaml`, `b.yaml`"),
    ],
)
def test_a_folder_without_one_document_is_refused(terminal: Terminal, tmp_path: Path, written, told):
    """Nothing is guessed."""
    (tmp_path / "empty").mkdir()
    for name, text in written.items():
        (tmp_path / "empty" / name).write_text(text)
    refused = terminal("import", "openapi", str(tmp_path / "empty"))

    assert refused.exit_code == 2
    assert told in refused.stderr


def test_what_is_no_document_is_told(terminal: Terminal, tmp_path: Path):
    """With the line, and without a stack of Python's."""
    absent = terminal("import", "openapi", str(tmp_path / "absent.yaml"))
    broken = terminal("import", "openapi", "-", stdin="openapi: 3.1.0\npaths: {a: b: c}")
    other = terminal("import", "openapi", "-", stdin='{"name": "x"}')

    assert [done.exit_code for done in (absent, broken, other)] == [2, 2, 2]
    assert "there is no file or folder" in absent.stderr
    assert "line 2, column" in broken.stderr
    assert "is no OpenAPI document" in other.stderr


def test_no_secret_is_printed(tmp_path: Path, pets: Service):
    """The connection is filled in afterwards, and masked in what is printed by a later import."""
    terminal = Terminal(tmp_path / "data")
    connector = {"name": "my-pets", "spec": document(), "config": {"bearerToken": KEY}}
    terminal("connectors", "add", "-", stdin=json.dumps(connector))
    again = terminal("import", "openapi", "-", "--json", stdin=json.dumps(without("/pets")))

    assert again.exit_code == 0
    assert KEY not in again.output


@pytest.mark.slow
def test_the_terminal_imports_into_a_server(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    """With `JACKFIELD_URL` the same command works there; what is on this machine is read here."""
    from click.testing import CliRunner

    from jackfield.__main__ import _runtime
    from jackfield.surfaces.cli.main import cli
    from surfaces.kept import KEY as MAIN_KEY
    from surfaces.served import ADMIN_TOKEN, served

    (tmp_path / "pets.yaml").write_text(yaml.safe_dump(document()))
    settings = Settings(
        data=tmp_path, database_url=sqlite_url, key=MAIN_KEY, admin_token=ADMIN_TOKEN, port=0, connectors=()
    )
    with served(settings) as started:
        monkeypatch.setenv("JACKFIELD_URL", started.url)
        monkeypatch.setenv("JACKFIELD_TOKEN", ADMIN_TOKEN)
        made = CliRunner().invoke(cli, ["import", "openapi", str(tmp_path / "pets.yaml")], obj=_runtime)
        again = CliRunner().invoke(cli, ["import", "openapi", str(tmp_path / "pets.yaml"), "--json"], obj=_runtime)

    assert "Made the connector `default/my-pets`" in made.stderr
    assert json.loads(again.stdout)["imported"]["kept"] == 3


def test_a_script_is_written_to_be_edited_and_nothing_else_is_made(terminal: Terminal, tmp_path: Path):
    """To a file, or to stdout; a file that somebody may have edited is not overwritten."""
    target, command = tmp_path / "pets.js", ("import", "openapi", "-", "--export-script")
    spec = json.dumps(document())
    written = terminal(*command, str(target), stdin=spec)
    printed = terminal(*command, "-", "--select", "getPet", stdin=spec)
    again = terminal(*command, str(target), stdin=spec)
    forced = terminal(*command, str(target), "--force", "--select", "getPet", stdin=spec)
    nowhere = terminal(*command, str(tmp_path / "absent" / "pets.js"), stdin=spec)

    assert (written.exit_code, written.stdout) == (0, "")
    assert written.stderr.splitlines()[-1] == f"Wrote `{target}`: 3 functions."
    assert [line for line in printed.stdout.splitlines() if line.startswith("function")] == ["function get_pet() {"]
    assert (again.exit_code, "exists already" in again.stderr) == (2, True)
    assert (forced.exit_code, target.read_text(encoding="utf-8")) == (0, printed.stdout)
    assert (nowhere.exit_code, "in a folder that there is" in nowhere.stderr) == (2, True)
    assert terminal("connectors", "list").stdout == ""


def test_a_program_gets_the_connector_with_the_script(terminal: Terminal, tmp_path: Path):
    """As `connectors add` takes it."""
    target = tmp_path / "pets.js"
    shown = terminal(
        *("import", "openapi", "-", "--export-script", str(target), "--json", "--namespace", "shop", "--name", "zoo"),
        stdin=json.dumps(document()),
    )
    draft = json.loads(shown.stdout)

    assert draft["scriptSource"] == target.read_text(encoding="utf-8")
    assert (draft["namespace"], draft["name"], draft["executionModel"]) == ("shop", "zoo", "script")
    assert list(draft["configSchema"]["commands"]) == ["list_pets", "add_pet", "get_pet"]
