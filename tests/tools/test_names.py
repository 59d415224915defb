"""Names of tools."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jackfield.agents.errors import ToolNameTaken
from jackfield.agents.making import check_names
from jackfield.agents.names import LONGEST, NAME, tool_name
from tools.making import tool

WORDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,99}", fullmatch=True)
CONNECTORS = st.tuples(st.sampled_from(["", "default", "hr"]) | WORDS, WORDS).map(lambda of: "/".join(filter(None, of)))


@pytest.mark.parametrize(
    ("connector", "command", "name"),
    [
        ("default/acme-prod", "list_messages", "acme-prod__list_messages"),
        ("crm/acme", "listMessages", "crm__acme__listMessages"),
        ("delay", "wait", "delay__wait"),
    ],
)
def test_a_name_says_connector_and_command(connector: str, command: str, name: str):
    """M02: a model chooses by it, and a person recognises it in a log."""
    assert tool_name(connector, command) == name


@given(CONNECTORS, WORDS)
@example("default/a", "b" * 100)
@example("hr/" + "x" * 100, "y" * 100)
def test_every_name_is_one_that_models_take(connector: str, command: str):
    """M02: 64 characters of letters, digits, `_` and `-`, whatever connectors are called."""
    assert NAME.fullmatch(tool_name(connector, command))


@given(CONNECTORS, WORDS, CONNECTORS, WORDS)
@example("a/b", "c", "default/a", "b__c")
@example("a__b", "c", "a", "b__c")
@example("a_", "b", "a", "_b")
@example("default/" + "a" * 60, "list", "default/" + "a" * 61, "list")
def test_two_commands_never_have_one_name(first: str, command: str, second: str, other: str):
    """M02: a call of one must not be a call of another. A type and a connector in `default` of one name are one."""

    def meant(connector: str, command: str) -> tuple[str, str]:
        return connector.removeprefix("default/"), command

    if meant(first, command) != meant(second, other):
        assert tool_name(first, command) != tool_name(second, other)


def test_a_long_name_begins_with_what_it_is():
    """What is cut off is the end, so that a model still sees what it chooses."""
    name = tool_name("default/acme", "list_all_of_the_messages_that_anybody_has_ever_written_in_a_channel")

    assert name.startswith("acme__list_all_of_the_")
    assert len(name) <= LONGEST


def test_two_tools_of_one_name_are_refused():
    """The names that a host gives are its own business, but not that."""
    with pytest.raises(ToolNameTaken) as caught:
        check_names([tool({"name": "post"}), tool({"name": "post"}, name="other")])

    assert caught.value.message == "`default/acme.list_messages` and `default/acme.other` would both be the tool `post`"
