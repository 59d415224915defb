"""What a model writes, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jackfield.agents.arguments import arguments_of
from jackfield.definition.errors import InvalidParams
from jackfield.definition.names import folded
from jackfield.errors import JackfieldError
from jackfield.execution.errors import TemplateVariableMissing
from tools.making import STRING, tool

LOCKED = {"parameters": {"channel": "general", "api-key": "k-1"}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
KNOWN = ["channel", "Channel", "chan_nel", "api-key", "apiKey", "API_KEY", "limit", "useMock", "use_mock"]
FORMS = ["path", "query", "body", "headers", "options", "params", "data", "timeout"]
NAMES = st.sampled_from([*KNOWN, *FORMS]) | st.text(max_size=12)


@given(st.dictionaries(NAMES, JSON, max_size=6), st.sampled_from([LOCKED, {**LOCKED, "mock": True, "fields": []}]))
@example({"body": {"channel": "evil"}}, LOCKED)
@example({"query": {"channel": "evil"}, "headers": {"Authorization": "x"}}, LOCKED)
@example({"channel": "evil", "Channel": "evil", "api_key": "evil"}, LOCKED)
def test_what_is_locked_is_what_the_host_said(given_: dict[str, Any], rule: dict[str, Any]):
    """Z09: impossible, by whatever name and in whatever form. Also where commands take undeclared params."""
    for params in ({}, {"additionalProperties": True}):
        properties = {"channel": STRING, "limit": {"type": "integer"}, "api-key": STRING}
        of = tool(rule, params={"type": "object", "properties": properties, **params})
        try:
            made = arguments_of(of, given_, {}).params
        except JackfieldError:
            continue
        assert {name: value for name, value in made.items() if folded(name) != "limit"} == {
            "channel": "general",
            "api-key": "k-1",
        }


def test_an_attempt_to_set_what_is_locked_is_told():
    """M04: it wins, and somebody hears of it."""
    read = arguments_of(tool(LOCKED), {"Channel": "evil", "limit": 3}, {})

    assert read.params == {"channel": "general", "api-key": "k-1", "limit": 3}
    assert read.ignored == ("Channel",)


def test_a_hidden_param_cannot_be_set():
    """M07: what is not shown is not the model's, though nothing is settled about it."""
    read = arguments_of(tool({"fields": ["channel"]}), {"channel": "a", "limit": 3}, {})

    assert (read.params, read.ignored) == ({"channel": "a"}, ("limit",))


def test_a_default_gives_way_to_the_model():
    """M05: in any case style."""
    of = tool({"parameters": {"api-key": {"value": "k-1", "locked": False}}})

    assert arguments_of(of, {"channel": "a"}, {}).params == {"api-key": "k-1", "channel": "a"}
    assert arguments_of(of, {"channel": "a", "apiKey": "mine"}, {}).params == {"api-key": "mine", "channel": "a"}


def test_a_template_keeps_the_type_of_what_it_yields():
    """M06."""
    of = tool({"parameters": {"limit": "{{ size }}", "channel": "team-{{ team.name }}"}})

    made = arguments_of(of, {}, {"size": 5, "team": {"name": "blue"}}).params

    assert made == {"limit": 5, "channel": "team-blue"}


def test_a_template_without_its_variable_is_an_error():
    """M06: never literal braces."""
    with pytest.raises(TemplateVariableMissing):
        arguments_of(tool({"parameters": {"channel": "{{ team }}"}}), {}, {})


def test_a_model_cannot_write_templates():
    """What it says is a value, and nothing is looked up for it."""
    read = arguments_of(tool(), {"channel": "{{ secret }}"}, {"secret": "s3cret"})

    assert read.params == {"channel": "{{ secret }}"}


@pytest.mark.parametrize("name", ["path", "query", "headers", "body", "chanel"])
def test_what_is_no_param_is_refused(name: str):
    """The structured form has headers, which win over the credential: it is no model's."""
    with pytest.raises(InvalidParams) as caught:
        arguments_of(tool(), {"channel": "a", name: {"Authorization": "Bearer x"}}, {})

    assert caught.value.details["errors"] == [{"pointer": f"/{name}", "message": "is no param of this tool"}]


def test_a_param_called_body_is_one():
    """Where the command says so."""
    of = tool(params={"type": "object", "properties": {"body": {}}})

    assert arguments_of(of, {"body": {"a": 1}}, {}).params == {"body": {"a": 1}}


def test_names_that_were_made_for_models_lead_back():
    """M02: `filter[name]` is `filter_name` for them."""
    of = tool(params={"type": "object", "properties": {"filter[name]": STRING}})

    assert list(of.input_schema["properties"]) == ["filter_name"]
    assert arguments_of(of, {"filter_name": "x"}, {}).params == {"filter[name]": "x"}


def test_the_switch_for_mocks_is_no_param():
    """M12: and nothing but true or false."""
    of = tool({"mock": True})

    assert arguments_of(of, {"channel": "a", "useMock": True}, {}).use_mock is True
    assert arguments_of(of, {"channel": "a", "useMock": True}, {}).params == {"channel": "a"}
    with pytest.raises(InvalidParams):
        arguments_of(of, {"channel": "a", "useMock": "yes"}, {})
    with pytest.raises(InvalidParams):
        arguments_of(tool(), {"channel": "a", "useMock": True}, {})
