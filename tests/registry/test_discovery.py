"""Types and connectors are found without a list."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from jackfield import Connector, Jackfield, JackfieldError, command, succeed

TYPE = """
from jackfield import Connector, command, succeed

class Weather(Connector, name="weather"):
    '''The weather.'''

    @command
    async def today(self):
        '''The weather today.'''
        return succeed({"sky": "clear"})
"""


def names(jackfield: Jackfield) -> set[str]:
    return {found.definition.name for found in jackfield.runtime.base.types("default")}


def test_a_module_in_a_folder_is_enough(tmp_path: Path):
    """B14: no registration, no list to extend."""
    (tmp_path / "weather.py").write_text(TYPE)

    with Jackfield(folder=tmp_path, types=[]) as jackfield:
        assert jackfield.connector("weather", "today").sky == "clear"
        assert names(jackfield) == {"delay", "http", "sample-script", "weather"}


def test_an_installed_package_brings_its_types(tmp_path: Path):
    """B14: the entry-point group `jackfield.connectors`, as any package on the index would use it."""
    (tmp_path / "acme_weather.py").write_text(TYPE)
    metadata = tmp_path / "acme_weather-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-weather\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[jackfield.connectors]\nweather = acme_weather:Weather\n")

    done = subprocess.run(
        [sys.executable, "-m", "jackfield", "call", "weather.today"],
        env={"PYTHONPATH": str(tmp_path), "PATH": "", "JACKFIELD_DATABASE_URL": "memory"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert '"sky": "clear"' in done.stdout


def test_a_class_of_this_process_is_found_also_when_it_is_defined_later():
    """Ten lines in a script or a notebook define and call."""
    with Jackfield() as jackfield:

        class LateComer(Connector, name="late-comer"):
            """Late."""

            @command
            async def here(self):
                """Here."""
                return succeed({"here": True})

        assert jackfield.connector("late-comer", "here").here is True


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("syntax.py", "class Broken(:\n", "syntax.py, line 1"),
        ("raises.py", "x = 1\nraise RuntimeError('no luck')\n", "raises.py, line 2` could not be loaded: RuntimeError"),
        (
            "twice.py",
            "from jackfield import Connector, command\nclass A(Connector, name='a'):\n    @command\n"
            "    def getIt(self): ...\n    @command\n    def get_it(self): ...\n",
            "`getIt` and `get_it`",
        ),
        ("broken.yaml", "connectors:\n  - name: [\n", "broken.yaml, line 3"),
        ("broken.json", '{"name": }', "broken.json, line 1"),
        ("nothing.yaml", "hello: world\n", "the document has no `connectors`"),
        ("nameless.yaml", "connectors:\n  - type: http\n", "a connector has no `name`"),
        ("unknown.yaml", "name: x\ntype: nowhere\n", "there is no connector type `nowhere`"),
        ("mistyped.yaml", "name: x\ntype: http\nconfg: {}\n", "unknown key `confg`"),
        ("badname.yaml", "name: 1abc\ntype: http\n", "`1abc` is not a valid connector name"),
        ("reserved.yaml", "name: execute\ntype: http\n", "`execute` is reserved, and so not a valid connector name"),
        (
            "enabled.yaml",
            "name: x\ntype: http\nenabled: 'false'\n",
            "`enabled` of a connector is `false`, which is not true or",
        ),
        ("switch.yaml", "name: on\ntype: http\n", "`name` of a connector is `True`, which is not text"),
        ("egress.yaml", "name: x\ntype: http\negress: {ports: '443'}\n", "`egress` of connector `x` cannot be read"),
        ("allowed.yaml", "name: x\ntype: http\negress: {allowed: a}\n", "`egress` of connector `x` cannot be read"),
        ("deep.yaml", "[" * 3000, "deep.yaml"),
        ("script.yaml", "name: x\nexecutionModel: script\n", "has the execution model `script` and no `scriptSource`"),
    ],
)
def test_a_broken_file_is_told_and_the_rest_is_there(tmp_path: Path, file: str, text: str, told: str):
    """One bad file must not take down the others, nor be passed over in silence."""
    (tmp_path / "weather.py").write_text(TYPE)
    (tmp_path / file).write_text(text)

    with Jackfield(folder=tmp_path, types=[]) as jackfield:
        assert jackfield.connector("weather", "today").success
        (problem,) = jackfield.problems

    assert told in problem.message


DOCUMENTS = {
    "bare lists": "connectors: [{name: one, type: delay}, {name: two, type: delay}]",
    "a config": "apiVersion: jackfield/v1\nkind: Config\nspec:\n  connectors: [{name: one, type: delay}, "
    "{name: two, type: delay}]",
    "a guide's config": "apiVersion: sinas.co/v1\nkind: SinasConfig\nmetadata: {name: x}\nspec:\n  connectors: "
    "[{name: one, type: delay}, {name: two, type: delay}]",
    "a list": "- {name: one, type: delay}\n- {name: two, type: delay}",
    "two documents": "name: one\ntype: delay\n---\nname: two\ntype: delay",
}


@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_form_of_a_document_is_read(tmp_path: Path, text: str):
    """People copy from several guides."""
    (tmp_path / "connectors.yaml").write_text(dedent(text))

    with Jackfield(folder=tmp_path, types=[]) as jackfield:
        assert jackfield.problems == []
        assert jackfield.connector("one", None, {"delayMs": 0}).success
        assert jackfield.connector("default/two", "wait", {"delayMs": 0}).success


def test_a_python_file_may_define_what_a_document_configures(tmp_path: Path):
    """Whatever the files are called, types come first."""
    (tmp_path / "a.yaml").write_text("name: here\ntype: weather\n")
    (tmp_path / "z.py").write_text(TYPE)

    with Jackfield(folder=tmp_path, types=[]) as jackfield:
        assert jackfield.connector("here", "today").success


def test_two_types_of_one_name_are_told_with_their_places(tmp_path: Path):
    """Which of the two would run must not be an accident."""
    (tmp_path / "one.py").write_text(TYPE)
    (tmp_path / "two.py").write_text(TYPE)

    with Jackfield(folder=tmp_path, types=[]) as jackfield:
        (problem,) = jackfield.problems

    assert problem.code == "name-taken"
    assert "one.py" in problem.message
    assert "two.py" in problem.message


def test_hidden_and_private_files_are_left_alone(tmp_path: Path):
    """Helpers and editors' files are no connectors."""
    for name in ("_helper.py", ".hidden.py", "notes.txt"):
        (tmp_path / name).write_text("raise SystemExit")

    with Jackfield(folder=tmp_path, types=[]) as jackfield:
        assert jackfield.problems == []


@pytest.mark.parametrize("given", [{"name": "x"}, {"type": "http"}, {"name": "x", "type": "http", "config": 3}, []])
def test_a_bad_dict_is_refused(given: object):
    """The same checks as for files."""
    with Jackfield(types=[]) as jackfield, pytest.raises(JackfieldError):
        jackfield.add(given)  # type: ignore[arg-type]  # what a user might do


def test_a_place_that_is_not_there_is_told(tmp_path: Path):
    """And everything else is loaded."""
    (tmp_path / "weather.py").write_text(TYPE)

    with Jackfield(folder=[tmp_path / "nowhere", tmp_path], types=[]) as jackfield:
        assert jackfield.connector("weather", "today").success
        (problem,) = jackfield.problems

    assert "nowhere` could not be loaded: no such file or directory" in problem.message


def test_one_name_in_two_namespaces_is_two_connectors():
    """A02, also where each brings its own operations."""
    operations = [{"name": "go", "method": "GET", "path": "/"}]
    notes = {"name": "notes", "baseUrl": "http://notes.example", "operations": operations}
    with Jackfield(types=[]) as jackfield:
        assert jackfield.add(notes) == "default/notes"
        assert jackfield.add(notes | {"namespace": "crm"}) == "crm/notes"
        with pytest.raises(JackfieldError, match="is not a valid namespace name"):
            jackfield.add(notes | {"name": "more", "namespace": "1bad"})
        assert jackfield.add(notes | {"name": "more", "namespace": "good"}) == "good/more"


def test_an_id_belongs_to_one_connector():
    """Opened connectors are kept by it."""
    with Jackfield(types=[]) as jackfield:
        jackfield.add({"name": "one", "type": "http", "id": "x1"})
        with pytest.raises(JackfieldError, match="`x1` exists already"):
            jackfield.add({"name": "two", "type": "http", "id": "x1"})
