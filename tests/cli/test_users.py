"""`jackfield users`, as a person sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.stored import Terminal
from jackfield.access.principal import LOCAL


@pytest.fixture
def jackfield(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "data")


def test_the_token_of_a_new_user_is_alone_on_stdout(jackfield):
    """So that it can be piped to where it is needed; the words about it go elsewhere."""
    done = jackfield("users", "add", "ann", "--scope", "read", "--scope", "execute", "--expires", "90d")

    assert done.exit_code == 0
    assert done.stdout.startswith("jf_")
    assert done.stdout.count("\n") == 1
    assert "allows execute, read until 20" in done.stderr
    assert "cannot be shown again" in done.stderr
    assert done.stdout.strip() not in done.stderr


def test_a_program_gets_it_all_as_json(jackfield):
    """With what was made."""
    done = json.loads(jackfield("users", "add", "ann", "--admin", "--display-name", "Ann A.", "--json").stdout)

    assert done["user"]["name"] == "ann"
    assert done["user"]["roles"] == ["admin"]
    assert done["token"]["scopes"] == ["execute", "manage", "read"]
    assert done["token"]["expires"] is None
    assert done["text"].startswith("jf_")


def test_users_are_listed(jackfield):
    """With what they may."""
    jackfield("users", "add", "ann", "--admin", "--display-name", "Ann A.")
    jackfield("users", "disable", "ann")
    rows = [line.split("\t") for line in jackfield("users", "list").stdout.splitlines()]
    names = [user["name"] for user in json.loads(jackfield("users", "list", "--json").stdout)]

    assert [(row[0], row[1], row[2], row[4]) for row in rows] == [
        ("ann", "Ann A.", "admin", "disabled"),
        ("local", "", "admin", ""),
    ]
    assert names == ["ann", "local"]


def test_a_user_is_disabled_enabled_and_deleted(jackfield):
    """Each says what it has done."""
    jackfield("users", "add", "ann")
    said = [jackfield("users", verb, "ann").stderr for verb in ("disable", "enable", "delete")]

    assert said == ["`ann` is disabled.\n", "`ann` is enabled.\n", "Deleted `ann`.\n"]
    assert jackfield("users", "disable", "ann").exit_code == 2


def test_more_tokens_are_made_listed_and_revoked(jackfield):
    """By their ids."""
    jackfield("users", "add", "ann")
    text = jackfield("users", "token", "ann", "--name", "laptop", "--scope", "read").stdout.strip()
    listed = json.loads(jackfield("users", "tokens", "ann", "--json").stdout)
    revoked = jackfield("users", "revoke", listed[1]["id"])
    rows = [line.split("\t") for line in jackfield("users", "tokens", "ann").stdout.splitlines()]

    assert [token["name"] for token in listed] == ["first", "laptop"]
    assert revoked.stderr == "The token `laptop` of `ann` is revoked.\n"
    assert [row[1:] for row in rows] == [
        ["first", "execute, manage, read", "never", "never", ""],
        ["laptop", "read", "never", "never", "revoked"],
    ]
    assert text not in str(listed)


def test_a_token_is_not_an_id(jackfield):
    """Whoever pastes one is not answered with it in full."""
    done = jackfield("users", "revoke", "019a")

    assert done.exit_code == 2
    assert "users tokens NAME" in done.stderr


@pytest.mark.parametrize("time", ["90", "d", "0d", "-1d", "1y", "9999999d", "1.5h"])
def test_a_time_has_a_unit(jackfield, time):
    """Otherwise nobody knows what 90 are."""
    done = jackfield("users", "add", "ann", "--expires", time)

    assert done.exit_code == 2
    assert "90d" in done.stderr
    assert "ann" not in jackfield("users", "list").stdout


def test_who_is_no_administrator_is_refused(jackfield):
    """With the code for programs."""
    ann = jackfield.as_user(jackfield("users", "add", "ann").stdout.strip())
    done = ann("users", "add", "bob", "--json")

    assert (done.exit_code, json.loads(done.stdout)["code"]) == (2, "admin-required")


def test_the_own_account_stays(jackfield):
    """Nobody else could undo it."""
    assert "it is the account that asks" in jackfield("users", "delete", LOCAL.user).stderr


def test_a_user_acts_with_the_own_token_until_it_is_taken_back(jackfield):
    """`JACKFIELD_TOKEN`; whoever keeps a private secret keeps it for themselves."""
    ann = jackfield.as_user(jackfield("users", "add", "ann").stdout.strip())
    ann("secrets", "set", "KEY", "--private", stdin="a-long-enough-value")
    own, others = ann("secrets", "list").stdout, jackfield("secrets", "list").stdout
    jackfield("users", "disable", "ann")
    refused = ann("secrets", "list", "--json")

    assert own.split("\t")[:3] == ["KEY", "private", "ann"]
    assert others == ""
    assert json.loads(refused.stdout)["code"] == "user-disabled"


def test_a_token_that_nobody_knows_is_refused_and_not_shown(jackfield):
    """It may be another installation's."""
    done = jackfield.as_user("jf_of-another-installation")("users", "list", "--json")

    assert json.loads(done.stdout)["code"] == "token-unknown"
    assert "another-installation" not in done.output


def test_a_user_is_linked_to_a_subject_of_the_issuer(tmp_path):
    """And no longer."""
    issuer = {"oidc_issuer": "https://login.example/", "oidc_audience": "jackfield"}
    jackfield = Terminal(tmp_path / "data", settings=issuer)
    jackfield("users", "add", "ann")
    linked = jackfield("users", "link", "ann", "--subject", "2482")
    listed = [line.split("\t") for line in jackfield("users", "list").stdout.splitlines()]
    gone = jackfield("users", "unlink", "ann")
    (ann, _) = json.loads(jackfield("users", "list", "--json").stdout)

    assert linked.stderr == "Tokens of the subject `2482` are those of `ann`.\n"
    assert [(row[0], row[5]) for row in listed] == [("ann", "2482"), ("local", "")]
    assert gone.stderr == "No token of the issuer is one of `ann`.\n"
    assert (ann["name"], ann["subject"]) == ("ann", None)
