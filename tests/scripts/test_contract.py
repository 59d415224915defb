"""What a function of a script meant by what it returned or threw."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.errors import SLOTS, BadOutcome
from jackfield.definition.outcome import Outcome
from jackfield.errors import CallTimeout
from jackfield.execution.errors import LegacyProtocol
from jackfield.execution.script.contract import Protocol, read_returned, read_thrown, usage_json
from jackfield.execution.script.sandbox import Thrown, Usage


def returned(value: Any, protocol: Protocol = "2.0") -> Outcome[Any]:
    return read_returned(json.dumps(value).encode(), protocol=protocol)


def test_an_outcome_is_kept_as_it_is():
    """C07: payload, variables and diagnostics land where the script put them."""
    success = returned({"success": True, "payload": {"n": 1}, "variables": {"count": 1}})
    failure = returned(
        {"success": False, "error": "no", "code": "gone", "diagnostics": {"status": 404}, "variables": {"tried": 1}}
    )

    assert success == Outcome(success=True, payload={"n": 1}, variables={"count": 1})
    assert failure == Outcome(
        success=False, error="no", code="gone", diagnostics={"status": 404}, variables={"tried": 1}
    )


def test_a_failure_without_a_code_has_the_usual_one():
    """Programs branch on it."""
    assert returned({"success": False, "error": "API returned 500"}).code == "command-failed"
    assert returned({"error": "API returned 500"}).success is False


@pytest.mark.parametrize("value", [{"contactId": 7}, {}, [], [1, 2], {"a": {"success": True}}, {"code": 7}])
def test_an_object_or_list_that_is_no_outcome_is_the_payload(value: Any):
    """Whoever returns a result means a success with that result."""
    assert returned(value) == Outcome(success=True, payload=value)


@pytest.mark.parametrize("value", [None, 1, "text", True])
def test_anything_else_is_a_success_without_payload(value: Any):
    """B07: a command that is called for its effect, as in the guide and in Python."""
    assert returned(value) == Outcome(success=True)
    assert read_returned(None, protocol="2.0") == Outcome(success=True)


@pytest.mark.parametrize("keys", [["data"], ["outputVariables"], ["data", "outputVariables"]])
def test_the_keys_of_1_x_are_refused_with_the_names_of_2_0(keys: list[str]):
    """C08: dropping them would lose the result, guessing put it in the wrong place."""
    with pytest.raises(LegacyProtocol) as caught:
        returned({"success": True, **{key: {} for key in keys}})

    assert all(f"`{key}`" in caught.value.message for key in [*keys, "payload", "diagnostics", "variables"])
    assert "docs/errors/legacy-protocol.md" in caught.value.hint


def test_a_connector_of_1_x_is_read_by_its_own_keys():
    """C09: `data` of a failure is what led to it."""
    success = returned({"success": True, "data": [1], "outputVariables": {"n": 1}}, "1.x")
    failure = returned({"success": False, "error": "no", "data": {"status": 500}}, "1.x")
    text = returned({"success": False, "error": "no", "data": "down"}, "1.x")

    assert success == Outcome(success=True, payload=[1], variables={"n": 1})
    assert (failure.diagnostics, text.diagnostics) == ({"status": 500}, {"data": "down"})
    assert returned({"success": True, "payload": 1}, "1.x") == Outcome(success=True, payload=1)


@pytest.mark.parametrize("doubled", [{"data": 1, "payload": 2}, {"outputVariables": {}, "variables": {}}])
def test_what_is_said_by_both_names_is_refused(doubled: dict[str, Any]):
    """Nobody can tell which one was meant."""
    with pytest.raises(BadOutcome, match=f"`{next(iter(doubled))}`"):
        returned({"success": True, **doubled}, "1.x")


def test_parts_of_an_outcome_beside_other_keys_are_refused():
    """The others would be lost without a word."""
    with pytest.raises(BadOutcome, match="`contacts`"):
        returned({"success": True, "contacts": []})


def test_an_exception_keeps_its_place_in_the_script():
    """C15: whoever wrote the script finds the line."""
    thrown = Thrown(name="TypeError", message="x is null", usage=Usage(), line=3, column=7, stack="    at f:3:7")
    outcome = read_thrown(thrown, cause=None)

    assert (outcome.success, outcome.error, outcome.code) == (False, "x is null", "command-failed")
    assert outcome.diagnostics == {"exception": "TypeError", "line": 3, "column": 7, "stack": "    at f:3:7"}


def test_an_exception_that_is_an_error_of_ours_tells_what_that_tells():
    """Its hint is for the same person."""
    cause = CallTimeout(timeout_s=2)
    thrown = Thrown(name="Error", message=cause.message, code=cause.code, usage=Usage(), line=2)
    outcome = read_thrown(thrown, cause=cause)

    assert outcome.code == "timeout"
    assert outcome.diagnostics == {**cause.details, "hint": cause.hint, "exception": "Error", "line": 2}


def test_lines_that_were_left_out_are_told():
    """Otherwise somebody looks for what was never written."""
    assert "logsLeftOut" not in usage_json(Usage())
    assert usage_json(Usage(logs_left_out=3, cpu_s=0.0015, memory_bytes=9, host_calls=2)) == {
        "cpuMs": 1.5,
        "wallMs": 0.0,
        "memoryBytes": 9,
        "hostCalls": 2,
        "logsLeftOut": 3,
    }


@pytest.mark.parametrize("content", [b'"\\ud800"', b"[1e400]", b"[123456789012345678901234567890]"])
def test_json_that_only_javascript_says_is_read(content: bytes):
    """Half a character, and numbers beyond 64 bits."""
    assert read_returned(content, protocol="2.0").success


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*SLOTS, "data", "x"]), inner),
)


@given(JSON, st.sampled_from(["2.0", "1.x"]))
def test_whatever_is_returned_is_an_outcome_or_a_typed_error(value: Any, protocol: Protocol):
    """A script is written by anybody."""
    try:
        outcome = read_returned(orjson.dumps(value), protocol=protocol)
    except (BadOutcome, LegacyProtocol):
        return

    assert isinstance(outcome.success, bool)
    assert outcome.success or outcome.code
