"""Outcomes: what a handler may return, what is made of it, and how a caller reads it."""

from __future__ import annotations

import copy
import json
import pickle
from collections import OrderedDict
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield import CallTimeout, CommandFailed, Outcome, UpstreamStatus, fail, succeed
from jackfield.definition.errors import BadOutcome
from jackfield.definition.outcome import normalise
from jackfield.dispatch.execute import failed

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.text(max_size=5), json_values, max_size=3)


@pytest.mark.parametrize(
    ("built", "literal"),
    [
        (succeed(), {}),
        (succeed({"id": 1}), {"payload": {"id": 1}}),
        (succeed({"id": 1}), {"success": True, "payload": {"id": 1}}),
        (succeed(None, variables={"n": 1}), {"variables": {"n": 1}}),
        (succeed([1], variables={"n": 1}), {"success": True, "payload": [1], "variables": {"n": 1}}),
        (fail("no channel"), {"error": "no channel"}),
        (fail("no channel"), {"success": False, "error": "no channel"}),
        (fail("no channel", code="gone"), {"success": False, "error": "no channel", "code": "gone"}),
        (
            fail("no channel", diagnostics={"status": 404}, variables={"missed": True}),
            {"error": "no channel", "diagnostics": {"status": 404}, "variables": {"missed": True}},
        ),
    ],
)
def test_builders_and_plain_literals_give_equal_results(built, literal):
    """Scripts and remote services can only write literals, and must not be second class."""
    assert normalise(literal) == normalise(built)
    assert normalise(literal).to_json() == built.to_json()


@pytest.mark.parametrize("kind", [dict, OrderedDict, MappingProxyType])
def test_any_mapping_is_a_literal(kind):
    """What a library hands back is seldom exactly a `dict`."""
    assert normalise(kind({"payload": 1})) == succeed(1)


def test_a_failure_without_words_is_kept_as_it_is():
    """Uncommon but legal: `return { success: resp.status < 400 }`."""
    outcome = normalise({"success": False})

    assert (outcome.success, outcome.error, outcome.code) == (False, None, "command-failed")
    assert outcome.to_json()["error"] is None


def test_a_whole_outcome_is_passed_through():
    """A handler that calls another command may answer what it got, facts about the call included."""
    whole = Outcome(
        success=False,
        error="Acme is closed",
        code="acme-closed",
        diagnostics={"status": 503},
        variables={"tries": 3},
        metadata={"status": 503},
    )

    assert normalise(whole) == whole


@pytest.mark.parametrize("returned", [None, 0, 42, 1.5, True, False, "done", b"x", [1], (1, 2), {1}, object()])
def test_what_is_no_object_is_a_success_without_payload(returned):
    """A command that is called for its effect returns nothing, or whatever its last line gave."""
    assert normalise(returned) == succeed()


def test_variables_are_allowed_on_failure():
    """A flow may have to know that a step failed before it stops."""
    assert normalise(fail("no", variables={"failed_at": "list"})).variables == {"failed_at": "list"}
    assert normalise({"success": False, "variables": {"a": 1}}).variables == {"a": 1}


def test_what_belongs_to_failures_is_dropped_on_success():
    """Readers branch on `success`; an error text beside a payload would make them branch on both."""
    outcome = normalise({"success": True, "payload": 1, "error": "e", "code": "c", "diagnostics": {"status": 200}})

    assert outcome == succeed(1)


@pytest.mark.parametrize(
    ("literal", "keys", "told"),
    [
        ({"data": {"id": 1}}, ["data"], "payload"),
        ({"success": False, "data": {"status": 1}}, ["data"], "diagnostics"),
        ({"outputVariables": {"n": 1}}, ["outputVariables"], "variables"),
        ({"success": True, "payload": 1, "data": 1, "outputVariables": {}}, ["data", "outputVariables"], "payload"),
    ],
)
def test_keys_of_the_old_protocol_are_refused_with_the_new_ones(literal, keys, told):
    """Silently dropping `data` would turn every answer of an old script into an empty one."""
    with pytest.raises(BadOutcome) as refused:
        normalise(literal)

    assert refused.value.details["keys"] == keys
    assert told in refused.value.hint


@pytest.mark.parametrize(
    "literal", [{"items": []}, {"success": True, "result": 1}, {"payload": 1, "Payload": 2}, {1: 2}]
)
def test_keys_that_are_no_slots_are_refused_rather_than_lost(literal):
    """Most of all the plain result that an author forgot to wrap."""
    with pytest.raises(BadOutcome) as refused:
        normalise(literal)

    assert "payload" in refused.value.hint
    assert all(f"`{key}`" in refused.value.message for key in refused.value.details["keys"])


@pytest.mark.parametrize(
    ("literal", "slot"),
    [
        ({"success": "false"}, "success"),
        ({"success": 0}, "success"),
        ({"success": None}, "success"),
        ({"error": {"message": "no"}}, "error"),
        ({"error": ValueError("no")}, "error"),
        ({"error": "no", "code": 404}, "code"),
        ({"variables": [1]}, "variables"),
        ({"error": "no", "diagnostics": "text"}, "diagnostics"),
        ({"metadata": 1}, "metadata"),
        (fail(ValueError("no")), "error"),
        (Outcome(success=True, variables=None), "variables"),
    ],
)
def test_slots_of_the_wrong_kind_are_refused(literal, slot):
    """`"false"` is true in Python; an error that is no text breaks whoever shows it."""
    with pytest.raises(BadOutcome) as refused:
        normalise(literal)

    assert refused.value.details["keys"] == [slot]
    assert f"`{slot}`" in refused.value.message
    assert f"`{slot}` must be" in refused.value.hint


@given(payload=json_values, variables=objects)
def test_a_success_reads_back_from_its_envelope(payload, variables):
    """Workers, agents and remote clients hand outcomes on as JSON."""
    outcome = succeed(payload, variables=variables)

    assert normalise(json.loads(json.dumps(outcome.to_json()))) == outcome


@given(error=st.text(), diagnostics=objects, variables=objects)
def test_a_failure_reads_back_from_its_envelope(error, diagnostics, variables):
    """As successes do."""
    outcome = fail(error, diagnostics=diagnostics, variables=variables)

    assert normalise(json.loads(json.dumps(outcome.to_json()))) == outcome


@given(
    st.dictionaries(st.sampled_from(["success", "payload", "variables", "diagnostics", "error", "code"]), json_values)
)
def test_what_is_normalised_stays_as_it_is(literal):
    """Each layer may normalise without asking whether another did."""
    try:
        once = normalise(literal)
    except BadOutcome:
        return

    assert normalise(once) == once
    assert normalise(once.to_json()) == once


def test_an_envelope_has_the_slots_that_apply():
    """Shape of all surfaces."""
    assert set(succeed().to_json()) == {"success", "payload", "variables", "metadata"}
    assert set(fail("no").to_json()) == {"success", "error", "code", "diagnostics", "variables", "metadata"}


def test_payload_data_items_and_attributes_agree():
    """Both guides are right: `result.data["id"]` and `result.id`."""
    outcome = succeed({"id": 7, "profile": {"name": "Zoe"}})

    assert outcome.data["id"] == outcome["id"] == outcome.id == outcome.payload["id"] == 7
    assert outcome.profile is outcome["profile"]


OWN = [
    "success",
    "payload",
    "data",
    "variables",
    "diagnostics",
    "error",
    "code",
    "metadata",
    "to_json",
    "raise_on_error",
]


@pytest.mark.parametrize("name", OWN)
def test_own_attributes_win_over_keys_of_the_payload(name):
    """Whether a call failed must not depend on what a service calls its fields; the item still reaches them."""
    plain, crowded = succeed({"other": 1}), succeed(dict.fromkeys(OWN, "mine"))

    assert getattr(crowded, name) != "mine"
    assert type(getattr(crowded, name)) is type(getattr(plain, name))
    assert crowded[name] == "mine"


def test_the_payload_has_what_the_outcome_has_not():
    """`result.status` is the payload's; the call's own is in the metadata."""
    outcome = Outcome(success=True, payload={"status": "open"}, metadata={"status": 200})

    assert outcome.status == "open"


def test_a_name_that_is_not_there_lists_those_that_are():
    """The usual cause is a slip."""
    with pytest.raises(AttributeError, match="`id`, `name`"):
        _ = succeed({"id": 1, "name": "x"}).nam
    with pytest.raises(AttributeError, match="list"):
        _ = succeed([1]).first


def test_reading_a_failed_outcome_tells_why_it_failed():
    """Code that forgot to check sees the cause, not `NoneType`."""
    outcome = fail("no channel `x`", code="no-channel")

    with pytest.raises(AttributeError, match=r"no-channel.*no channel `x`"):
        _ = outcome.messages
    with pytest.raises(KeyError, match="no channel `x`"):
        outcome["messages"]


def test_defaults_work_as_with_any_object():
    """`getattr` and `hasattr` are how code asks politely."""
    assert getattr(succeed({"id": 1}), "name", None) is None
    assert not hasattr(fail("no"), "name")
    assert not hasattr(succeed({"__html__": "x"}), "__html__")


def test_a_payload_that_is_a_list_is_read_like_one():
    """Many services answer a bare array."""
    outcome = succeed(["a", "b"])

    assert list(outcome) == ["a", "b"]
    assert outcome[0] == "a"
    assert outcome[-1:] == ["b"]
    assert "b" in outcome


def test_without_payload_there_is_nothing_in_it():
    """Loops over a command that found nothing run no times."""
    assert list(succeed()) == []
    assert "id" not in fail("no")


TWINS = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{
        f"pickle {protocol}": lambda outcome, protocol=protocol: pickle.loads(pickle.dumps(outcome, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}


@pytest.mark.parametrize("twin", TWINS.values(), ids=TWINS)
@pytest.mark.parametrize("outcome", [succeed({"id": 1}, variables={"n": [1]}), succeed([1]), fail("no"), succeed()])
def test_outcomes_can_be_copied_and_sent(outcome, twin):
    """Caches and process pools do; the payload's attributes must not get in the way."""
    assert twin(outcome) == outcome


def test_a_deep_copy_shares_nothing():
    """Whoever takes one means to change it."""
    outcome = succeed({"tags": ["a"]})

    copy.deepcopy(outcome).tags.append("b")

    assert outcome.tags == ["a"]


def test_a_success_is_handed_on():
    """So that one line calls and insists."""
    outcome = succeed({"id": 1})

    assert outcome.raise_on_error() is outcome
    assert outcome.raise_on_error().id == 1


def test_a_failure_with_the_connectors_own_code_raises_what_it_says():
    """The code is the author's, so there is no class for it."""
    outcome = fail("no channel `x`", code="no-channel", diagnostics={"status": 404})

    with pytest.raises(CommandFailed, match="no channel `x`") as raised:
        outcome.raise_on_error()

    assert raised.value.details["outcome"] == outcome.to_json()


@pytest.mark.parametrize(
    "error",
    [
        CallTimeout(timeout_s=3),
        UpstreamStatus(status=429, url="https://acme.example/x", body={"error": "slow down"}),
        BadOutcome(keys=["data"], hint="use payload"),
    ],
    ids=lambda error: error.code,
)
def test_a_failure_with_a_known_code_raises_its_error(error):
    """`except CallTimeout` works, whether the command ran here or elsewhere."""
    with pytest.raises(type(error)) as raised:
        failed(error).raise_on_error()

    assert raised.value.message == error.message
    assert raised.value.hint == error.hint
    assert error.details.items() <= raised.value.details.items()


def test_the_status_of_the_service_can_be_read_from_what_is_raised():
    """It is the first thing that a caller branches on."""
    error = UpstreamStatus(status=429, url="https://acme.example/x")

    with pytest.raises(UpstreamStatus) as raised:
        failed(error).raise_on_error()

    assert raised.value.upstream_status == 429


def test_a_failure_is_no_refusal_although_it_has_the_code_of_one():
    """A connector may call its failure `unknown-command`; the call itself was started and must not look otherwise."""
    with pytest.raises(CommandFailed):
        fail("no such thing", code="unknown-command").raise_on_error()


def test_a_failure_without_words_raises_all_the_same():
    """`success: false` alone is legal."""
    with pytest.raises(CommandFailed, match="failed"):
        normalise({"success": False}).raise_on_error()
