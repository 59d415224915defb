"""Choices as JSON."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jackfield.agents.choice import Choice, ChosenConnector, ParamRule, ResultRule, ToolRule
from jackfield.agents.choice_reading import choice_json, read_choice, read_rule, rule_json
from jackfield.agents.errors import InvalidChoice

SINAS = """
- connector: default/slack-api
  operations: [post_message, get_channel_info]
  parameters:
    post_message:
      channel: "{{ default_channel }}"
"""

TEXTS = st.text(max_size=10).filter(lambda text: "{" not in text)
RULES = st.builds(
    ToolRule,
    name=st.just("") | st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
    description=TEXTS,
    params=st.dictionaries(TEXTS, st.builds(ParamRule, value=st.integers() | TEXTS, locked=st.booleans()), max_size=3),
    fields=st.none() | st.lists(TEXTS.filter(bool), max_size=3).map(tuple),
    mock=st.booleans(),
    status=TEXTS,
    result=st.builds(
        ResultRule, fields=st.lists(TEXTS.filter(bool), max_size=3).map(tuple), limit=st.none() | st.integers(1, 99)
    ),
)


def test_the_yaml_of_the_guide_is_read():
    """Sinas's `enabledConnectors`: a value settles the param."""
    assert read_choice(yaml.safe_load(SINAS)) == Choice(
        connectors=(
            ChosenConnector(
                connector="default/slack-api",
                commands=("post_message", "get_channel_info"),
                rules={"post_message": ToolRule(params={"channel": ParamRule(value="{{ default_channel }}")})},
            ),
        )
    )


def test_a_value_that_says_whether_it_is_locked():
    """M05: and an object that only looks a little like it is a value."""
    read = read_rule({"parameters": {"a": {"value": 1, "locked": False}, "b": {"value": 1}, "c": {"locked": True}}})

    assert read.params["a"] == ParamRule(value=1, locked=False)
    assert read.params["b"] == ParamRule(value={"value": 1})
    assert read.params["c"] == ParamRule(value={"locked": True})


@given(
    st.lists(
        st.builds(
            ChosenConnector,
            connector=TEXTS.filter(bool),
            rules=st.dictionaries(TEXTS, RULES, max_size=2),
            environment=TEXTS,
            credential=TEXTS,
        )
    )
)
def test_what_was_written_is_read_back_equal(connectors: list[ChosenConnector]):
    """A gateway is kept in this form: a lock that is lost on the way is open."""
    choice = Choice(connectors=tuple(connectors), reads_only=True)

    assert read_choice(choice_json(choice)) == choice


@given(RULES)
def test_a_rule_is_read_back_equal(rule: ToolRule):
    """Likewise."""
    assert read_rule(rule_json(rule)) == rule


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ("slack", "tools"),
        ([{"operations": []}], "connectors[0]"),
        ([{"connector": "a", "operation": ["b"]}], "connectors[0].operation"),
        ([{"connector": "a", "operations": "b"}], "connectors[0].operations"),
        ([{"connector": "a", "parameters": {"b": {"c": "{{ ] }}"}}}], "connectors[0].parameters.b.c"),
        ([{"connector": "a", "tools": {"b": {"name": "no name"}}}], "connectors[0].tools.b.name"),
        ([{"connector": "a", "tools": {"b": {"result": {"limit": 0}}}}], "connectors[0].tools.b.result.limit"),
        (
            [{"connector": "a", "parameters": {"b": {"c": {"value": 1, "locked": "no"}}}}],
            "connectors[0].parameters.b.c.locked",
        ),
        ({"connectors": [], "readsOnly": "yes"}, "readsOnly"),
        ({"connectors": None}, "connectors"),
        ([{"connector": "a", "operations": None}], "connectors[0].operations"),
    ],
)
def test_what_cannot_be_read_says_where(document: Any, where: str):
    """A file of choices is long."""
    with pytest.raises(InvalidChoice) as caught:
        read_choice(document)

    assert caught.value.details["where"] == where


def test_nothing_said_is_everything():
    """And an empty list is nothing: a mistake must not open all."""
    assert read_choice(None).connectors is None
    assert read_choice({"readsOnly": True}).connectors is None
    assert read_choice([]).connectors == ()
