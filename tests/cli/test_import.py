"""`jackfield import`: definitions of other systems become connector types and connectors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from registry.fluxturn import ACME, KEY, acme, action
from servers import Answer, Service, serve

from .stored import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "data")


@pytest.fixture
def service() -> Iterator[Service]:
    with serve(lambda asked: Answer(body={"id": "m1"})) as running:
        yield running


def test_a_definition_becomes_a_type_that_connectors_are_made_of(terminal: Terminal, tmp_path: Path):
    """As in the system it comes from: the definition is one thing, an instance with its key another."""
    (tmp_path / "acme.json").write_text(json.dumps(ACME))
    made = terminal("import", "definition", str(tmp_path / "acme.json"))
    added = terminal("connectors", "add", "-", stdin=json.dumps({"name": "acme-prod", "type": "acme"}))

    assert (made.exit_code, made.stdout) == (0, "")
    first, warning = made.stderr.splitlines()
    assert first == "Made the connector type `acme`, version 1.0.0."
    assert warning.startswith("warning: `auth_type`: nothing says how the key is sent")
    assert "still to fill in: apiKey" in added.stderr


def test_a_definition_with_a_config_is_a_connector_that_is_called(tmp_path: Path, service: Service):
    """W02, from a file to the service; the key is in no output."""
    terminal = Terminal(tmp_path / "data", settings={"egress_allow": service.address})
    body = ACME | {"config": {"apiKey": KEY, "baseUrl": service.url}}
    made = terminal("import", "definition", "-", "--api-key-header", "X-Acme", stdin=yaml.safe_dump(body))
    called = terminal("call", "acme.send_message", "channel=C1", "text=hi")

    assert "The connector `default/acme` is there." in made.stderr
    assert (called.exit_code, json.loads(called.stdout)) == (0, {"id": "m1"})
    (asked,) = service.asked
    assert (asked.headers["x-acme"], asked.json()) == (KEY, {"channel": "C1", "text": "hi"})
    assert KEY not in made.output + called.output


def test_a_definition_that_is_imported_again_is_a_new_version(terminal: Terminal):
    """What breaks nobody raises the version by itself, what does when that is asked for."""
    more = acme(*ACME["supported_actions"], action(id="more"))
    for body in (ACME, more):
        terminal("import", "definition", "-", stdin=json.dumps(body))
    refused = terminal("import", "definition", "-", stdin=json.dumps(ACME))
    bumped = terminal("import", "definition", "-", "--auto-bump", "--json", stdin=json.dumps(ACME))
    (told,) = json.loads(bumped.stdout)

    assert (refused.exit_code, "command `more` was removed" in refused.stderr) == (2, True), refused.stderr
    assert (told["new"], told["type"]["version"], told["type"]["commands"]) == (False, "2.0.0", ["send_message"])


def test_what_is_wrong_with_one_of_a_list_keeps_no_other_from_being_imported(terminal: Terminal):
    """And the error names the definition, and the place in it."""
    bodies = [acme(name="one"), acme(name="two", auth_fields=[{"label": "x"}]), acme(name="three")]
    done = terminal("import", "definition", "-", "--json", stdin=json.dumps(bodies))
    one, two, three = json.loads(done.stdout)

    assert done.exit_code == 1
    assert ("type" in one, "type" in two, "type" in three) == (True, False, True)
    assert two["error"]["details"]["errors"][0]["pointer"] == "/auth_fields/0/key"
    assert "error: `two`: " in done.stderr


@pytest.mark.parametrize(
    ("stdin", "told"),
    [
        ("[]", "has no definitions"),
        ("[7]", "must be an object"),
        (json.dumps(acme(supported_actions=7)), "`supported_actions`"),
        (json.dumps({"name": "x"}), "connector type `x` has none of"),
    ],
    ids=["empty", "a number", "no actions", "not described"],
)
def test_a_file_without_a_definition_is_refused_in_words(terminal: Terminal, stdin: str, told: str):
    """Nothing is made."""
    done = terminal("import", "definition", "-", stdin=stdin)

    assert done.exit_code == 2
    assert told in done.stderr
