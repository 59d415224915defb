"""`jackfield doctor`, as a person and as a program see it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jackfield.__main__ import _serve
from jackfield.surfaces.cli.doctor import MARKS
from jackfield.surfaces.cli.main import cli
from jackfield.surfaces.cli.tools import Tools
from jackfield.surfaces.diagnosis import Check, Report, Section

GOOD = Check(name="schema", value="0001", note="the newest")
ODD = Check(name="mock", value="on", status="warning", hint="take it away")
BAD = Check(name="keys", value="the key file is open to others", status="error", hint="`chmod 600 key`", code="k")


def no_runtime(paths):
    raise AssertionError("the doctor is not asked to make a runtime")


def jackfield(*arguments: str, checks: list[Check]) -> Result:
    async def diagnose() -> Report:
        return Report(version="1.2.3", platform="Python", sections=[Section(title="Database", checks=checks)])

    return CliRunner().invoke(
        cli, ["doctor", *arguments], obj=Tools(make_runtime=no_runtime, doctor=diagnose, serve=_serve)
    )


@pytest.mark.parametrize(
    ("checks", "status", "verdict"),
    [
        ([GOOD], 0, "Everything is in order."),
        ([GOOD, ODD], 0, "Found 1 warning."),
        ([GOOD, ODD, BAD, BAD], 1, "Found 2 errors and 1 warning."),
    ],
)
def test_the_exit_status_says_whether_something_is_wrong(checks, status, verdict):
    """A health check of a container needs no more."""
    done = jackfield(checks=checks)

    assert done.exit_code == status
    assert done.stdout.splitlines()[-1] == verdict
    assert done.stderr == ""


def test_each_check_has_a_line_and_what_is_wrong_has_a_hint():
    """To be read, and to be searched with `grep`."""
    assert jackfield(checks=[GOOD, BAD]).stdout == (
        "Jackfield 1.2.3 (Python)\n"
        "\n"
        "Database\n"
        "  ok       schema  0001  (the newest)\n"
        "  error    keys    the key file is open to others\n"
        "                   hint: `chmod 600 key`\n"
        "\n"
        "Found 1 error.\n"
    )


def test_programs_get_json():
    """With everything that is known."""
    done = jackfield("--json", checks=[GOOD, BAD])

    assert done.exit_code == 1
    assert json.loads(done.stdout)["status"] == "error"
    assert json.loads(done.stdout)["sections"][0]["checks"][1] == {
        "name": "keys",
        "value": "the key file is open to others",
        "note": "",
        "status": "error",
        "hint": "`chmod 600 key`",
        "code": "k",
    }


def on_a_terminal(folder: Path, **environ: str) -> str:
    """What somebody sees who runs it in a terminal."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JACKFIELD_")}
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "jackfield", "doctor"]
    extra = {"JACKFIELD_DATA_DIR": str(folder / "data"), "TERM": "xterm", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, cwd=folder, env=clean | extra | environ) as process:
        os.close(theirs)
        seen = b""
        try:
            while part := os.read(ours, 65_536):
                seen += part
        except OSError:  # Linux says so when the other end is closed
            pass
        process.wait(timeout=60)
    os.close(ours)
    return seen.decode()


@pytest.mark.slow
def test_on_a_terminal_it_has_colours_and_marks(tmp_path):
    """What is wrong is seen at a glance."""
    seen = on_a_terminal(tmp_path, JACKFIELD_MOCK="1")

    assert MARKS["ok"] in seen
    assert MARKS["warning"] in seen
    assert "\x1b[" in seen
    assert "Found 1 warning." in seen


@pytest.mark.slow
def test_without_colours_and_unicode_it_says_the_same(tmp_path):
    """On an old terminal, or for somebody who has switched them off."""
    seen = on_a_terminal(tmp_path, NO_COLOR="1", PYTHONIOENCODING="ascii", JACKFIELD_MOCK="1")

    assert "warning" in seen
    assert MARKS["ok"] not in seen
    assert "\x1b[3" not in seen
