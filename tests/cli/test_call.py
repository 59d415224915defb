"""`jackfield call`, `types` and `new`, as a person sees them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jackfield.__main__ import _runtime
from jackfield.surfaces.cli.main import cli
from servers import serve, todos

TODO_TYPE = """
from jackfield import Connector, Context, Outcome, command, field, succeed

class Todo(Connector, name="todo"):
    '''Things to do.'''
    base_url: str = field("API address.", default="{url}")

    @command(reads_only=True)
    async def get(self, ctx: Context, id: int, loud: bool = False, tags: list[str] | None = None) -> Outcome:
        '''Read one.'''
        answer = await ctx.http.get(f"{{self.base_url}}/todos/{{id}}")
        answer.raise_for_status()
        return succeed(answer.body | {{"loud": loud, "tags": tags}})
"""


def jackfield(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, arguments, obj=_runtime, input=stdin)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A working directory with a `connectors` folder, and the service that its connector calls."""
    with serve(todos()) as service:
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("JACKFIELD_CONNECTORS", raising=False)
        monkeypatch.setenv("JACKFIELD_EGRESS_ALLOW", service.address)
        (tmp_path / "connectors").mkdir()
        (tmp_path / "connectors/todo.py").write_text(TODO_TYPE.format(url=service.url))
        yield tmp_path


def test_the_payload_goes_to_stdout_and_nothing_else_does(folder: Path):
    """So that it can be piped."""
    done = jackfield("call", "todo.get", "id=1", "loud=yes", 'tags:=["a", "b"]')

    assert done.exit_code == 0
    assert done.stderr == ""
    assert json.loads(done.stdout) == {
        "id": 1,
        "title": "Write a connector",
        "done": False,
        "loud": True,
        "tags": ["a", "b"],
    }


def test_a_failed_command_ends_with_1_and_words_on_stderr(folder: Path):
    """Scripts look at the status, people at the words."""
    done = jackfield("call", "todo.get", "id=99")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("error: the service answered `404` to http://127.0.0.1:")
    assert "\n\nhint: " in done.stderr


def test_a_wrong_call_ends_with_2(folder: Path):
    """Nothing was sent."""
    done = jackfield("call", "todo.get", "id=one")

    assert (done.exit_code, done.stdout) == (2, "")
    assert (
        done.stderr
        == 'error: `/id`: "one" is not of type "integer"\n\nhint: `get` takes `id` (required), `loud`, `tags`\n'
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["id"], "`id` is not of the form name=value"),
        (["id:=}"], "the value of `id` is not JSON"),
        (["id=1", "id=2"], "`id` is given twice"),
        (["--params", "[1]"], "the params must be a JSON object"),
        (["--params", "{"], "the params are not JSON"),
        (["--timeout", "0"], "0.0 is not in the range 1<=x<=300"),
    ],
)
def test_arguments_that_cannot_be_read_are_explained(folder: Path, arguments: list[str], told: str):
    """With status 2, as for every wrong use."""
    done = jackfield("call", "todo.get", *arguments)

    assert done.exit_code == 2
    assert told in " ".join(done.stderr.split())


@pytest.mark.parametrize("arguments", [["call"], ["call", "todo.get", "--tiemout", "3"], ["cal", "x"], ["--nope"]])
def test_a_command_line_that_cannot_be_read_is_told_as_every_error_is(folder: Path, arguments: list[str]):
    """`error:`, an empty line, `hint:`; and JSON for programs."""
    plain, as_json = jackfield(*arguments), jackfield(*arguments, "--json")

    assert (plain.exit_code, plain.stdout) == (2, "")
    assert plain.stderr.startswith("error: ")
    assert "--help` explains" in plain.stderr
    assert json.loads(as_json.stdout)["code"] == "wrong-use"


def test_params_come_from_stdin_too(folder: Path):
    """Long documents do not fit a command line; single arguments win over them."""
    done = jackfield("call", "todo.get", "--params", "-", "id=2", stdin='{"id": 1, "loud": true}')

    assert json.loads(done.stdout)["title"] == "Call it from everywhere"


def test_programs_get_errors_as_json(folder: Path):
    """The problem document, on stdout."""
    done = jackfield("call", "todo.gte", "--json")

    assert done.exit_code == 2
    assert json.loads(done.stdout)["code"] == "unknown-command"


def test_types_are_listed_for_people_and_for_programs(folder: Path):
    """B14: what a folder adds is listable with no other edit."""
    plain, as_json = jackfield("types"), jackfield("types", "--json")

    assert [line.split("\t")[0] for line in plain.stdout.splitlines()] == ["delay", "http", "sample-script", "todo"]
    assert [found["name"] for found in json.loads(as_json.stdout)] == ["delay", "http", "sample-script", "todo"]


def test_a_new_connector_works_at_once(folder: Path):
    """B13: written, found, callable through its mock."""
    done = jackfield("new", "acme-crm", "-d", 'Contacts in the "Acme" CRM')
    called = jackfield("call", "acme-crm.list-items", "--mock", "empty")

    assert (done.exit_code, done.stdout) == (0, "connectors/acme_crm.py\n")
    assert json.loads(called.stdout) == {"items": [], "total": 0}
    assert '"""Contacts in the \'Acme\' CRM."""' in (folder / "connectors/acme_crm.py").read_text()


def test_a_new_connector_overwrites_only_when_told(folder: Path):
    """B13: somebody's work may be in that file."""
    path = folder / "connectors/acme_crm.py"
    jackfield("new", "acme-crm")
    path.write_text("# mine\n")
    refused = jackfield("new", "acme-crm")
    kept = path.read_text()
    forced = jackfield("new", "acme-crm", "--force")

    assert (refused.exit_code, kept) == (2, "# mine\n")
    assert "`connectors/acme_crm.py` exists already" in refused.stderr
    assert forced.exit_code == 0
    assert "class AcmeCrm(" in path.read_text()
    assert len(list((folder / "connectors").iterdir())) - ((folder / "connectors/__pycache__").exists()) == 2


@pytest.mark.parametrize("name", ["1abc", "a b", "", "x" * 101, "../up"])
def test_a_new_connector_needs_a_name(folder: Path, name: str):
    """A03; and a name is never a path."""
    done = jackfield("new", name)

    assert done.exit_code == 2
    assert "is not a valid connector type name" in done.stderr


def test_a_new_connector_passes_the_checks_that_strict_projects_make(folder: Path):
    """What we write for people should not be what their linter complains about first."""
    jackfield("new", "acme-crm")
    target = str(folder / "connectors/acme_crm.py")
    for arguments in (
        ["ruff", "check", "--isolated", "--line-length", "120"],
        ["ruff", "format", "--isolated", "--check", "--line-length", "120"],
    ):
        done = subprocess.run([sys.executable, "-m", *arguments, target], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_without_arguments_it_says_what_to_try(folder: Path):
    """The first thing that many type; every line of it works. The server, which does not end, has tests of its own."""
    done = jackfield()
    suggestions = [line.split("   ")[0].strip() for line in done.stdout.splitlines() if line.startswith("  jackfield")]

    assert done.exit_code == 0
    assert suggestions.pop(0) == "jackfield serve --demo"
    for line in suggestions:
        assert jackfield(*line.split()[1:]).exit_code == 0, line


@pytest.mark.parametrize("command", [[], ["call"], ["new"], ["types"]])
def test_help_begins_with_an_example(command: list[str]):
    """People copy before they read."""
    done = jackfield(*command, "--help")

    assert done.exit_code == 0
    assert "jackfield " in done.stdout.split("Options:")[0].split("\n\n", 1)[1]


def test_the_installed_command_runs(folder: Path):
    """As a process of its own, as a person runs it."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "jackfield"), "call", "delay", "delayMs=0"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, '{\n  "delayed": 0\n}\n', "")


def planned(folder: Path, **operation: object) -> str:
    crm = {
        "name": "crm",
        "baseUrl": "https://crm.example",
        "operations": [{"name": "add", "method": "POST"} | operation],
    }
    (folder / "connectors/crm.json").write_text(json.dumps(crm))
    done = jackfield("call", "crm.add", "name=a b", "--plan")
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def test_a_plan_reads_like_a_request(folder: Path):
    """For people; `--json` is for programs."""
    assert planned(folder, path="/contacts") == (
        'POST https://crm.example/contacts\nContent-Type: application/json\n\n{\n  "name": "a b"\n}\n'
    )
    assert planned(folder, path="/contacts", method="GET") == "GET https://crm.example/contacts?name=a%20b\n"


def test_a_plan_does_not_command_the_terminal(folder: Path):
    """Bodies are made from definitions that others have written."""
    content = {"properties": {"name": {"type": "string", "in": "content", "default": "x"}}}
    (folder / "connectors/crm.json").write_text(
        json.dumps(
            {
                "name": "crm",
                "baseUrl": "https://crm.example",
                "operations": [{"name": "add", "method": "POST", "path": "/x", "parameters": content}],
            }
        )
    )
    done = jackfield("call", "crm.add", "--plan", "--params", json.dumps({"name": "one\n\x1b[2Jtwo"}))

    assert done.stdout.endswith("\n\none\n\\x1b[2Jtwo\n")


def test_a_plan_of_a_connector_in_python_is_refused(folder: Path):
    done = jackfield("call", "todo.get", "id=1", "--plan")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "option `plan` is not supported by connectors of execution model `built_in`" in done.stderr
