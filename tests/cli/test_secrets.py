"""`jackfield secrets`, as a person sees it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from cli.stored import Terminal

VALUE = "a-long-enough-value"


@pytest.fixture
def jackfield(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "data")


def in_files(folder: Path, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_value_is_read_from_stdin_and_nothing_of_it_is_shown(jackfield, tmp_path):
    """`pass acme/key | jackfield secrets set ACME_KEY`."""
    made = jackfield("secrets", "set", "ACME_KEY", "--description", "Acme, for tests", stdin=f"{VALUE}\n")
    changed = jackfield("secrets", "set", "ACME_KEY", stdin="another-long-value")
    listed = jackfield("secrets", "list")

    assert (made.exit_code, made.stdout, made.stderr) == (0, "", "Made the shared secret `ACME_KEY`.\n")
    assert changed.stderr == "Changed the shared secret `ACME_KEY`.\n"
    assert listed.stdout.split("\t")[:3] == ["ACME_KEY", "shared", "local"]
    assert listed.stdout.endswith("\tAcme, for tests\n")
    assert not in_files(tmp_path, VALUE)


@pytest.mark.parametrize("arguments", [("ACME_KEY", VALUE), (f"ACME_KEY={VALUE}",), ("ACME_KEY", "--private", VALUE)])
def test_a_value_on_the_command_line_is_refused_with_the_reason(jackfield, arguments):
    """It stands in `ps`; and it is not repeated."""
    done = jackfield("secrets", "set", *arguments, stdin="x")

    assert done.exit_code == 2
    assert "`ps`" in done.stderr
    assert "history" in done.stderr
    assert VALUE not in done.output
    assert jackfield("secrets", "list").stdout == ""


def test_a_value_is_read_from_a_file(jackfield, tmp_path):
    """To the letter, but for one line break at its end."""
    (tmp_path / "key.pem").write_bytes(b"-----BEGIN-----\nabc\n\n")
    done = jackfield("secrets", "set", "PEM", "--from-file", str(tmp_path / "key.pem"), "--json")

    assert json.loads(done.stdout)["created"] is True
    assert "abc" not in done.output


@pytest.mark.parametrize(
    ("value", "said"),
    [(b"", "is empty"), (b"\n", "is empty"), (b"\xff", "UTF-8"), (b"x" * 65_537, "65536"), (b"********", "mask")],
)
def test_what_is_no_value_is_refused(jackfield, value, said):
    """In the words of whoever keeps it."""
    done = jackfield("secrets", "set", "KEY", stdin=value)

    assert done.exit_code == 2
    assert said in done.stderr


def test_a_description_changes_alone(jackfield):
    """`--keep` asks for no value."""
    jackfield("secrets", "set", "KEY", stdin=VALUE)
    done = jackfield("secrets", "set", "KEY", "--keep", "--description", "new words", "--json")

    assert json.loads(done.stdout)["secret"]["description"] == "new words"


def test_metadata_is_shown_and_says_whose_it_is(jackfield):
    """Of the private one where there are two."""
    jackfield("secrets", "set", "KEY", stdin=VALUE)
    jackfield("secrets", "set", "KEY", "--private", stdin=VALUE)
    own, shared = jackfield("secrets", "show", "KEY", "--json"), jackfield("secrets", "show", "KEY", "--shared")

    assert json.loads(own.stdout)["visibility"] == "private"
    assert "visibility\tshared" in shared.stdout
    assert [json.loads(jackfield("secrets", "list", "--json").stdout)[i]["visibility"] for i in (0, 1)] == [
        "private",
        "shared",
    ]
    assert VALUE not in own.output + shared.output


def test_of_two_it_has_to_be_said_which_is_deleted(jackfield):
    """Then the other is left."""
    jackfield("secrets", "set", "KEY", stdin=VALUE)
    jackfield("secrets", "set", "KEY", "--private", stdin=VALUE)
    unclear = jackfield("secrets", "delete", "KEY", "--json")
    done = jackfield("secrets", "delete", "KEY", "--private")
    left = jackfield("secrets", "list").stdout

    assert (unclear.exit_code, json.loads(unclear.stdout)["code"]) == (2, "visibility-missing")
    assert (done.exit_code, done.stderr) == (0, "Deleted the secret `KEY`.\n")
    assert left.split("\t")[1] == "shared"


def test_a_mistyped_name_gets_a_hint(jackfield):
    """And the exit status of a wrong call."""
    jackfield("secrets", "set", "ACME_KEY", stdin=VALUE)
    done = jackfield("secrets", "show", "ACME_KEI")

    assert (done.exit_code, done.stderr) == (
        2,
        "error: there is no secret `ACME_KEI`\n\nhint: did you mean `ACME_KEY`?\n",
    )


def test_without_a_database_it_says_so(tmp_path):
    """Rather than to take a secret that is gone a moment later."""
    from jackfield.__main__ import _runtime

    terminal = Terminal(tmp_path)
    terminal.runtime = _runtime
    done = terminal("secrets", "list")

    assert done.exit_code == 2
    assert "keeps nothing" in done.stderr


@pytest.mark.slow
def test_at_a_terminal_the_value_is_asked_for_and_not_shown(tmp_path):
    """Whoever looks over a shoulder, or at the recording of a session, sees the question."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "JACKFIELD_DATA_DIR": str(tmp_path), "JACKFIELD_DATABASE_URL": ""}
    command = [sys.executable, "-m", "jackfield", "secrets", "set", "KEY"]
    done = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=tmp_path)
    os.close(theirs)
    seen = b""
    while b"Value of KEY: " not in seen:
        seen += os.read(ours, 1000)
    os.write(ours, f"{VALUE}\n".encode())
    try:
        while more := os.read(ours, 1000):
            seen += more
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)

    assert done.wait() == 0
    assert VALUE.encode() not in seen
    assert b"Made the shared secret `KEY`." in seen
