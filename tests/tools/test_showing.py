"""What a model reads."""

from __future__ import annotations

import json

from jackfield.agents.choice import ResultRule
from jackfield.agents.showing import show_error, show_outcome
from jackfield.definition.outcome import fail, succeed
from jackfield.registry.errors import UnknownConnector


def test_a_payload_is_read_as_json_without_its_envelope():
    """Facts about the call cost tokens and tell a model nothing."""
    shown = show_outcome(succeed({"id": 1, "name": "Zoë"}), call_id="c1")

    assert shown.text == '{"id":1,"name":"Zoë"}'
    assert shown.structured == {"id": 1, "name": "Zoë"}
    assert not shown.failed


def test_a_text_is_read_as_it_is():
    """Quotes and escapes are noise."""
    shown = show_outcome(succeed('say "hi"\n'), call_id="c1")

    assert shown.text == 'say "hi"\n'
    assert shown.structured == {"result": 'say "hi"\n'}


def test_a_list_that_is_too_long_says_where_it_goes_on():
    """M09."""
    shown = show_outcome(succeed([{"id": n, "text": "x" * 90} for n in range(100)]), call_id="c1", characters=1_000)
    read = json.loads(shown.text)

    assert len(shown.text) <= 1_000
    assert shown.shortened
    assert read["shortened"] == {
        "toolCallId": "c1",
        "by": "retrieve_tool_result",
        "items": f"1-{len(read['result'])} of 100",
        "cursor": str(len(read["result"])),
    }


def test_the_rule_of_the_host_says_which_part_is_shown():
    """Its fields and its number of items, with the way to the rest."""
    shown = show_outcome(
        succeed([{"id": n, "text": "x"} for n in range(9)]), call_id="c1", rule=ResultRule(fields=("id",), limit=2)
    )

    assert json.loads(shown.text)["result"] == [{"id": 0}, {"id": 1}]
    assert json.loads(shown.text)["shortened"]["cursor"] == "2"


def test_a_failure_says_what_to_do():
    """M18: and nothing else: not what a service answered, which may hold anything."""
    shown = show_outcome(
        fail("Acme has no channel `x`", code="no-channel", diagnostics={"hint": "list them", "body": {"token": "t"}}),
        call_id="c1",
    )

    assert shown.text == "Error (no-channel): Acme has no channel `x`\nHint: list them"
    assert (shown.failed, shown.code) == (True, "no-channel")


def test_an_error_is_short():
    """M18: a model reads it with every later step."""
    shown = show_outcome(fail("x" * 9_000), call_id="c1")

    assert len(shown.text) < 1_100


def test_an_error_before_the_call_reads_alike():
    """M18."""
    shown = show_error(UnknownConnector(connector="acme", known=["default/acme-prod"]))

    assert shown.text.startswith("Error (unknown-connector): there is no connector `acme`")
    assert "\nHint: " in shown.text


def test_a_model_is_told_what_it_could_not_set():
    """M04: else it would believe that it did."""
    shown = show_outcome(succeed({"ok": True}), call_id="c1", ignored=["channel"])

    assert shown.text.endswith("not changed: `channel`")
    assert shown.structured == {"ok": True}
