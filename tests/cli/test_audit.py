"""`jackfield audit`, as a person sees it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from cli.stored import Terminal


@pytest.fixture
def jackfield(tmp_path: Path) -> Terminal:
    """A terminal, after somebody made two secrets and somebody else tried to delete one."""
    terminal = Terminal(tmp_path / "data")
    mallory = terminal.as_user(terminal("users", "add", "mallory").stdout.strip())
    terminal("secrets", "set", "FIRST", stdin="a-long-enough-value")
    terminal("secrets", "set", "SECOND", stdin="a-long-enough-value")
    mallory("secrets", "delete", "FIRST")
    return terminal


def statement(folder: Path, text: str) -> None:
    connection = sqlite3.connect(folder / "data" / "jackfield.db")
    connection.execute(text)
    connection.commit()
    connection.close()


def test_what_was_done_and_refused_is_listed_newest_first(jackfield):
    """Who, what and which."""
    rows = [line.split("\t") for line in jackfield("audit", "list").stdout.splitlines()]

    assert [(row[0], row[2], row[3], row[4], row[5]) for row in rows[:3]] == [
        ("5", "mallory", "secret.delete", "FIRST", "denied"),
        ("4", "local", "secret.create", "SECOND", ""),
        ("3", "local", "secret.create", "FIRST", ""),
    ]
    assert [row[3] for row in rows[3:]] == ["token.create", "user.create"]


def test_the_list_is_filtered_and_continued(jackfield):
    """In pages."""
    denied = jackfield("audit", "list", "--verdict", "denied", "--json")
    first = jackfield("audit", "list", "--resource", "secret", "--actor", "local", "--limit", "1", "--json")
    cursor = json.loads(first.stdout)["nextCursor"]
    rest = jackfield(
        "audit", "list", "--resource", "secret", "--actor", "local", "--limit", "1", "--cursor", cursor, "--json"
    )
    none = jackfield("audit", "list", "--since", "2199-01-01", "--json")

    assert [entry["actorName"] for entry in json.loads(denied.stdout)["items"]] == ["mallory"]
    assert [entry["resourceId"] for entry in json.loads(first.stdout)["items"]] == ["SECOND"]
    assert json.loads(rest.stdout) | {"items": 0} == {"items": 0}
    assert [entry["resourceId"] for entry in json.loads(rest.stdout)["items"]] == ["FIRST"]
    assert json.loads(none.stdout) == {"items": []}
    assert "--cursor " in jackfield("audit", "list", "--limit", "1").stderr


def test_a_log_in_order_prints_an_anchor(jackfield):
    """Alone on stdout, to be kept elsewhere."""
    done = jackfield("audit", "verify")
    again = jackfield("audit", "verify", "--anchor", done.stdout.strip())

    assert (done.exit_code, done.stderr) == (0, "5 entries, all in order.\n")
    assert done.stdout.startswith("5:")
    assert again.exit_code == 0


def test_a_log_that_was_touched_is_an_error_that_names_the_entry(jackfield, tmp_path):
    """With an exit status for whoever runs it each night."""
    statement(tmp_path, "UPDATE audit SET actor = 'somebody else' WHERE sequence = 2")
    done = jackfield("audit", "verify")
    for_programs = json.loads(jackfield("audit", "verify", "--json").stdout)

    assert done.exit_code == 1
    assert done.stdout == ""
    assert "entry `2` of the audit log is not as it was written: it was changed" in done.stderr
    assert (for_programs["intact"], for_programs["broken"], for_programs["entries"]) == (False, 2, 1)


def test_newest_entries_that_are_gone_show_against_an_anchor(jackfield, tmp_path):
    """And not without one."""
    anchor = jackfield("audit", "verify").stdout.strip()
    statement(tmp_path, "DELETE FROM audit WHERE sequence = 5")

    assert jackfield("audit", "verify").exit_code == 0
    assert "is gone" in jackfield("audit", "verify", "--anchor", anchor).stderr


def test_a_wrong_time_is_refused(jackfield):
    """Otherwise the list would be that of another time."""
    assert jackfield("audit", "list", "--since", "yesterday").exit_code == 2
