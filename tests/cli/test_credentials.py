"""`jackfield credentials`, as a person sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.stored import Terminal
from servers import Answer, serve

VALUE = "a-long-enough-value"


@pytest.fixture
def service():
    def answer(asked):
        return Answer(status=200 if asked.headers.get("authorization") == f"Bearer {VALUE}" else 401, body=[])

    with serve(answer) as running:
        yield running


@pytest.fixture
def jackfield(tmp_path: Path, service) -> Terminal:
    """With the connector `acme`."""
    terminal = Terminal(tmp_path / "data", settings={"egress_allow": service.address})
    body = {
        "name": "acme",
        "baseUrl": service.url,
        "auth": {"type": "bearer", "secret": "KEY"},
        "operations": {"go": {"method": "GET", "path": "/", "readsOnly": True}},
        "testCommand": "go",
    }
    (tmp_path / "acme.json").write_text(json.dumps(body))
    assert terminal("connectors", "add", str(tmp_path / "acme.json")).exit_code == 0
    return terminal


def put(jackfield: Terminal, *options: str, value: str = VALUE):
    return jackfield("credentials", "add", "acme", *options, stdin=json.dumps({"token": value}))


def test_a_credential_is_put_from_stdin_and_its_secret_never_shown(jackfield, tmp_path):
    """`add`, `list`, `show`."""
    made = put(jackfield, "--name", "production", "--end-user", "customer 42")
    listed = jackfield("credentials", "list")
    shown = jackfield("credentials", "show", "production")
    whole = json.loads(jackfield("credentials", "show", "production", "--json").stdout)

    assert (made.exit_code, made.stdout) == (0, "")
    assert made.stderr.startswith("Put the shared credential `production` of `default/acme`")
    assert listed.stdout.split("\t")[1:7] == ["default/acme", "production", "shared", "yes", "connected", "customer 42"]
    assert 'values\t{"token": "********"}' in shown.stdout
    assert whole["values"] == {"token": "********"}
    said = [each.output for each in (made, listed, shown)]
    assert not [text for text in said if VALUE in text]
    assert not any(VALUE.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_call_uses_the_one_that_is_named(jackfield, service):
    """Else the default, which can be another."""
    put(jackfield, "--name", "good")
    put(jackfield, "--name", "bad", "--default", value="something-else-1")
    refused = jackfield("call", "acme.go")
    named = jackfield("call", "acme.go", "--credential", "good")
    chosen = jackfield("credentials", "default", "good")
    after = jackfield("call", "acme.go")
    unknown = jackfield("call", "acme.go", "--credential", "god")

    assert (refused.exit_code, named.exit_code, after.exit_code) == (1, 0, 0)
    assert chosen.stderr == "Calls of `default/acme` that name none use `good` (shared).\n"
    assert unknown.exit_code == 2
    assert "there is no credential `god`" in unknown.stderr
    assert len(service.asked) == 3


def test_a_test_says_whether_it_works(jackfield):
    """By its exit status, too."""
    put(jackfield, "--name", "good")
    put(jackfield, "--name", "bad", "--private", value="something-else-1")
    good, bad = jackfield("credentials", "test", "good"), jackfield("credentials", "test", "bad")
    listed = jackfield("credentials", "list", "--connector", "acme").stdout

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "works with `default/acme`" in good.stderr
    assert [line.split("\t")[5].partition(":")[0] for line in listed.splitlines()] == ["error", "connected"]


def test_it_is_deleted_and_what_has_no_token_is_not_renewed(jackfield):
    """With the errors of everywhere."""
    put(jackfield, "--name", "good")
    renewed = jackfield("credentials", "refresh", "good")
    deleted = jackfield("credentials", "delete", "good", "--yes")

    assert renewed.exit_code == 2
    assert "has no token that can be renewed" in renewed.stderr
    assert (deleted.exit_code, deleted.stderr) == (0, "Deleted the credential `good`.\n")
    assert jackfield("credentials", "list").stdout == ""


@pytest.mark.parametrize("given", ["", "[]", "{", '"a"', '{"tokn": "x"}'])
def test_values_that_are_none_are_refused(jackfield, given):
    """Nothing is put; an empty object is, since a sign-in can fill it."""
    done = jackfield("credentials", "add", "acme", stdin=given)

    assert done.exit_code == (0 if given == "" else 2)
    assert "Traceback" not in done.output


def test_where_nothing_is_kept_it_says_so(tmp_path):
    """A Jackfield in memory."""
    terminal = Terminal(tmp_path, settings={"database_url": "memory"})

    assert "credentials need a database" in terminal("credentials", "list").stderr
