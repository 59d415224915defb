"""`dev.py` sets everything up once, says in words what keeps it from doing so, and steps aside.

Each test has a small checkout of its own, with a `jackfield` that reports how it was called. Installing is done by
a stand-in for uv that notes its arguments, so that no test needs a package index; the slow tests use real pip.
"""

from __future__ import annotations

import ast
import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")

REPORT = (
    "import json, os, sys; print(json.dumps({'pid': os.getpid(), 'cwd': os.getcwd(), 'arguments': sys.argv[1:]}))\n"
)

UV = """\
#!/bin/sh
echo "$@" >> "$UV_LOG"
case "$1" in
  venv) exec "$4" -m venv --clear --without-pip "$5" ;;
  pip) eval "$UV_DOES" ;;
esac
"""

# Builds an editable wheel with nothing but the standard library, so that pip needs no index for it.
BACKEND = """\
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "jackfield-0.1.0-py3-none-any.whl"
    info = "jackfield-0.1.0.dist-info/"
    with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
        wheel.writestr("jackfield.pth", __file__.rpartition("/")[0])
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: jackfield\\nVersion: 0.1.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""

PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "jackfield"
version = "0.1.0"
"""

START = ["serve", "--demo"]
"""What a start without arguments becomes: the server, with something to try it with."""


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """A small checkout, and the environment that its `dev.py` sees."""

    folder: Path
    environment: dict[str, str]

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start `dev.py` without waiting for it."""
        command = [sys.executable, "dev.py", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=self.folder, env=self.environment | environment, stdout=pipe, stderr=pipe, text=True
        )

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `dev.py` to its end."""
        with self.start(*arguments, **environment) as process:
            stdout, stderr = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def installed(self) -> list[str]:
        """What the stand-in for uv was asked for, one line a call."""
        log = Path(self.environment["UV_LOG"])
        return log.read_text().splitlines() if log.exists() else []

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Checkout:
    """A checkout where a stand-in for uv does the installing."""
    made = Checkout(
        folder=tmp_path / "checkout",
        environment={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "UV_LOG": str(tmp_path / "uv.log"), "UV_DOES": ""},
    )
    made.write("jackfield/__main__.py", REPORT)
    made.write("constraints.txt", "")
    made.write("pyproject.toml", PYPROJECT)
    made.write("backend.py", BACKEND)
    shutil.copy(root / "dev.py", made.folder)
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(UV)
    uv.chmod(0o755)
    return made


@pytest.fixture
def without_uv(checkout: Checkout, tmp_path: Path) -> Checkout:
    """A checkout where pip has to do the installing, with no settings of this machine's."""
    return Checkout(
        folder=checkout.folder,
        environment=checkout.environment
        | {"PATH": str(tmp_path / "nothing"), "PIP_CONFIG_FILE": "/dev/null", "PIP_NO_INDEX": "1"},
    )


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A loopback port that nobody listens on, kept from anybody else."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def report(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_parses_on_python_36(root):
    """Somebody with an old Python must be told so by `dev.py`, which a syntax error keeps from happening."""
    tree = ast.parse((root / "dev.py").read_text(), feature_version=(3, 6))

    check = next(index for index, node in enumerate(tree.body) if isinstance(node, ast.If))
    before = {alias.name for node in tree.body[:check] if isinstance(node, ast.Import) for alias in node.names}
    modules = {node.module for node in tree.body[:check] if isinstance(node, ast.ImportFrom)}
    assert "version_info" in ast.unparse(tree.body[check])
    assert modules == {"pathlib"}
    assert before <= {"contextlib", "hashlib", "os", "shutil", "subprocess", "sys", "time"}


@pytest.mark.parametrize("word", ["help", "--help"])
def test_help_needs_no_setting_up(checkout, word):
    """Asking what a command does must not start a minute of installing."""
    done = checkout.run(word)

    assert done.returncode == 0
    assert "python3 dev.py test" in done.stdout
    assert not (checkout.folder / ".venv").exists()


def test_the_pinned_packages_come_first_and_by_their_hashes(checkout):
    """The project itself brings nothing along that is not pinned."""
    checkout.run()
    made, packages, project = checkout.installed()

    assert made.startswith("venv ")
    assert packages.endswith("--require-hashes -r constraints.txt")
    assert project.endswith("--no-deps --no-build-isolation -e .")


def test_a_second_start_installs_nothing_and_says_nothing(checkout):
    """Starting is what people do all day."""
    first = checkout.run()
    installed = checkout.installed()
    second = checkout.run()

    assert "installing" in first.stderr
    assert report(second)["arguments"] == START
    assert second.stderr == ""
    assert checkout.installed() == installed


@pytest.mark.parametrize("name", ["constraints.txt", "pyproject.toml"])
def test_a_changed_dependency_is_installed_at_the_next_start(checkout, name):
    """After a pull nobody has to remember to install."""
    checkout.run()
    checkout.write(name, (checkout.folder / name).read_text() + "# changed\n")
    before = len(checkout.installed())
    checkout.run()

    assert [line.split()[0] for line in checkout.installed()[before:]] == ["pip", "pip"]


def test_an_interrupted_installation_is_made_anew(checkout):
    """A half-installed package looks installed to every installer."""
    killed = checkout.run(UV_DOES="kill -KILL $PPID")
    before = len(checkout.installed())
    done = checkout.run()

    assert killed.returncode == -signal.SIGKILL
    assert report(done)["arguments"] == START
    assert checkout.installed()[before].startswith("venv ")


def test_a_broken_environment_is_made_anew(checkout):
    """An upgrade of the system's Python takes away what `.venv` points at."""
    checkout.run()
    python = checkout.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("gone")
    before = len(checkout.installed())
    done = checkout.run()

    assert report(done)["arguments"] == START
    assert checkout.installed()[before].startswith("venv ")


def test_two_starts_at_once_install_once(checkout):
    """Somebody starts the tests in a second terminal while the first one still installs."""
    both = [checkout.start(), checkout.start()]
    for process in both:
        process.communicate(timeout=60)

    assert [process.returncode for process in both] == [0, 0]
    assert [line.split()[0] for line in checkout.installed()] == ["venv", "pip", "pip"]


def test_jackfield_takes_over_the_process_and_the_arguments(checkout):
    """A supervisor's signals and the exit status then need nobody to pass them on."""
    checkout.run()
    with checkout.start("call", "acme.list", "a b") as process:
        said = json.loads(process.communicate(timeout=60)[0])

    assert said == {"pid": process.pid, "cwd": str(checkout.folder), "arguments": ["call", "acme.list", "a b"]}


def test_a_changed_web_ui_is_built_at_the_next_start(checkout):
    """After a pull nobody has to remember that either."""
    checkout.write(
        "ui/build.py",
        """
        import pathlib, sys
        built = pathlib.Path(__file__).with_name("built")
        if sys.argv[1:] == ["--check"]: sys.exit(not built.exists())
        built.touch()
        """.replace("\n        ", "\n"),
    )
    first, second = checkout.run(), checkout.run()

    assert "building the web UI" in first.stderr
    assert second.stderr == ""
    assert report(second)["arguments"] == START


def test_a_web_ui_that_cannot_be_built_says_how_to_do_without(checkout):
    """Somebody without a way to npm's registry wants to go on."""
    checkout.write("ui/build.py", "import sys\nsys.exit(2 if sys.argv[1:] else 'error: `npm ci` failed')")
    done = checkout.run()

    assert done.returncode == 1
    assert "building the web UI failed" in done.stderr
    assert "`npm ci` failed" in done.stderr
    assert "JACKFIELD_SKIP_UI=1" in done.stderr


@pytest.mark.parametrize(("ends_by", "status"), [("sys.exit(7)", 7), ("os.kill(os.getpid(), 15)", -15)])
def test_how_jackfield_ends_is_how_it_ends(checkout, ends_by, status):
    """Scripts look at the status."""
    checkout.write("jackfield/__main__.py", f"import os, sys; {ends_by}")

    assert checkout.run().returncode == status


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ([], ["-n", "auto"]),
        (["-x", "tests/egress"], ["-x", "tests/egress"]),
        (["--fast", "-x"], ["-n", "auto", "-m", "not slow", "-x"]),
    ],
)
def test_tests_run_with_the_arguments_given(checkout, given, passed):
    """All of them unless somebody in a hurry says so."""
    checkout.write("pytest.py", REPORT)

    assert report(checkout.run("test", *given))["arguments"] == passed


def test_all_checks_run_also_after_one_has_failed(checkout):
    """One run shows all there is to mend."""
    for name, status in {"ruff": 0, "mypy": 1, "importlinter/cli": 0}.items():
        checkout.write(
            f"{name}.py", f"def lint_imports_command(): return {status}\nif __name__ == '__main__': exit({status})"
        )
    done = checkout.run("check")

    assert done.returncode == 1
    assert done.stderr.endswith("dev.py: layers\ndev.py: failed: types\n")


@pytest.mark.parametrize("missing", ["ensurepip", "venv"])
def test_a_python_without_venv_is_told_how_to_get_it(without_uv, tmp_path, missing):
    """Debian's Python comes without it, and its own message is long and easily missed."""
    (tmp_path / "sitecustomize.py").write_text(f"import sys; sys.modules[{missing!r}] = None")
    done = without_uv.run(PYTHONPATH=str(tmp_path))

    assert done.returncode == 1
    assert f"error: this Python cannot make virtual environments: it has no `{missing}` module" in done.stderr
    assert "python3-venv" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("says", "word"),
    [
        ("error: Request failed after 3 retries, caused by: dns error", "the package index cannot be reached"),
        ("Hash mismatch for idna==3.10", "not the one that `constraints.txt` pins"),
        ("error: No space left on device", "the installer gave up"),
    ],
)
def test_a_failed_installation_shows_the_installers_last_lines_and_what_to_do(checkout, says, word):
    """The installer knows what went wrong; what to do about it takes a sentence more."""
    done = checkout.run(UV_DOES=f"echo '{says}' >&2; exit 2")

    assert done.returncode == 1
    assert word in done.stderr
    assert says in done.stderr
    assert "\nhint: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_an_unreachable_index_is_named_when_pip_meets_it(without_uv, closed_port):
    """Real pip, and an index that refuses the connection."""
    pin = "idna==3.10 --hash=sha256:" + "0" * 64
    without_uv.write("constraints.txt", f"{pin}\n")
    index = {"PIP_INDEX_URL": f"http://127.0.0.1:{closed_port}/simple", "PIP_NO_INDEX": "0", "PIP_RETRIES": "0"}
    done = without_uv.run(**index)

    assert done.returncode == 1
    assert "the package index cannot be reached" in done.stderr
    assert "No matching distribution found for idna==3.10" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_pip_sets_everything_up_where_there_is_no_uv(without_uv):
    """Python is all that a new machine has; the second start is then as quiet as with uv."""
    first, second = without_uv.run("types"), without_uv.run("types")

    assert report(first)["arguments"] == report(second)["arguments"] == ["types"]
    assert "installing Jackfield itself" in first.stderr
    assert second.stderr == ""
    assert without_uv.installed() == []
