"""`jackfield keys`, as a person sees it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from cli.stored import Terminal
from jackfield.vault.key_file import load_or_create_key_file

OLD, NEW = (f"{name}:{base64.b64encode(bytes(range(at, at + 32))).decode()}" for name, at in (("old", 0), ("new", 50)))


@pytest.fixture
def jackfield(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "data")


def set_secrets(jackfield: Terminal, count: int = 3) -> None:
    for number in range(count):
        jackfield("secrets", "set", f"KEY_{number}", stdin=f"long-enough-value-{number}")


def test_status_names_the_keys_and_what_they_wrap(jackfield, tmp_path):
    """And where they are."""
    set_secrets(jackfield)
    (row,) = jackfield("keys", "status").stdout.splitlines()
    found = json.loads(jackfield("keys", "status", "--json").stdout)

    assert row.split("\t")[1:] == ["encrypts", "4"]  # the installation has one of its own
    assert found["file"] == str(tmp_path / "data" / "key")
    assert [(key["primary"], key["here"], key["values"]) for key in found["keys"]] == [(True, True, 4)]


def test_a_new_key_is_made_and_everything_moved_to_it(jackfield, tmp_path):
    """Then the old one can be taken out."""
    set_secrets(jackfield)
    path = tmp_path / "data" / "key"
    (old,) = load_or_create_key_file(path).ids
    done = jackfield("keys", "rotate", "--new")
    ring = load_or_create_key_file(path)
    path.write_text(path.read_text().splitlines()[0] + "\n")
    after = jackfield("secrets", "set", "KEY_0", "--keep", "--description", "read with the new key alone")

    assert done.exit_code == 0
    assert done.stdout == ""
    assert f"The new key `{ring.primary}` is first in the key file" in done.stderr
    assert f"4 values were moved to the key `{ring.primary}`" in done.stderr
    assert f"`{old}` can be taken out" in done.stderr
    assert (after.exit_code, after.stderr) == (0, "Changed the shared secret `KEY_0`.\n")


def test_a_second_time_there_is_nothing_to_move(jackfield):
    """It can be run at any time."""
    set_secrets(jackfield)
    done = json.loads(jackfield("keys", "rotate", "--json").stdout)

    assert (done["rewrapped"], done["complete"], done["problems"]) == (0, True, [])


def test_keys_that_were_given_are_rotated_after_a_new_one_was_put_first(jackfield, tmp_path):
    """`--new` cannot do that, and says how it is done."""
    given = Terminal(tmp_path / "data", settings={"key": OLD})
    set_secrets(given)
    refused = given("keys", "rotate", "--new")
    given.settings["key"] = f"{NEW},{OLD}"
    done = given("keys", "rotate")
    given.settings["key"] = NEW
    left = given("keys", "status")

    assert refused.exit_code == 2
    assert "JACKFIELD_KEY=new:$(openssl rand -base64 32)" in refused.stderr
    assert "`old` can be taken out" in done.stderr
    assert left.stdout == "new\tencrypts\t4\n"


def test_a_key_that_was_taken_out_too_early_keeps_jackfield_from_starting(jackfield, tmp_path):
    """It is named; nothing is lost."""
    given = Terminal(tmp_path / "data", settings={"key": OLD})
    set_secrets(given)
    given.settings["key"] = NEW
    done = given("keys", "status", "--json")

    assert json.loads(done.stdout)["code"] == "missing-key"
    assert "`old`" in done.stderr
