"""The frozen definition: what it refuses, and what it answers about itself."""

from __future__ import annotations

import dataclasses

import pytest

from jackfield.definition.errors import InvalidDefinition, InvalidName, NamesFallTogether
from jackfield.definition.model import CommandDefinition, ConnectionField, ConnectorDefinition


def command(name="list_messages", **parts):
    return CommandDefinition(name=name, **parts)


def text(name, **parts):
    return ConnectionField(name=name, kind="string", schema={"type": "string"}, **parts)


def connector(*commands, **parts):
    return ConnectorDefinition(name="acme", commands={c.name: c for c in commands}, **parts)


def test_commands_that_fall_together_are_refused():
    """A call to `list-messages` could mean either."""
    with pytest.raises(NamesFallTogether) as refused:
        connector(command("list_messages"), command("listMessages"))

    assert "connector type `acme`" in refused.value.message


def test_params_that_fall_together_are_refused():
    """A caller who writes `user-id` could mean either."""
    params = {"type": "object", "properties": {"user_id": {}, "userId": {}}}

    with pytest.raises(NamesFallTogether) as refused:
        command(params=params)

    assert "command `list_messages`" in refused.value.message


def test_connection_fields_that_fall_together_are_refused():
    """A file that sets `base-url` could mean either."""
    with pytest.raises(NamesFallTogether):
        connector(fields=(text("base_url"), text("baseUrl")))


def test_a_param_may_be_called_like_a_command_or_a_field():
    """They are looked up in different places."""
    made = connector(command("user", params={"properties": {"user": {}}}), fields=(text("user"),))

    assert made.find_command("user").properties == {"user": {}}


@pytest.mark.parametrize("name", ["", "1st", "a b", "a" * 101])
def test_bad_names_are_refused_when_a_definition_is_made(name):
    """Whether it comes from Python, YAML or the API."""
    with pytest.raises(InvalidName):
        command(name)
    with pytest.raises(InvalidName):
        ConnectorDefinition(name=name)


@pytest.mark.parametrize("version", ["1", "1.0", "v1.0.0", "1.0.0-beta", "1.02.0", "abc", "", "1.0.0\n"])
def test_versions_that_cannot_be_compared_are_refused_when_a_definition_is_made(version):
    """The version rules read three numbers, and must not fail on a definition that was accepted."""
    with pytest.raises(InvalidDefinition) as refused:
        ConnectorDefinition(name="acme", version=version)

    assert "1.2.3" in refused.value.message


@pytest.mark.parametrize("which", ["default_command", "test_command"])
def test_commands_that_are_named_must_exist(which):
    """A call without a command would fail for a reason that its caller cannot see."""
    with pytest.raises(InvalidDefinition) as refused:
        connector(command(), **{which: "send"})

    assert "`send`" in refused.value.message
    assert "`list_messages`" in refused.value.hint


@pytest.mark.parametrize("wanted", ["list_messages", "listMessages", "list-messages", "LIST_MESSAGES"])
def test_a_command_is_found_in_any_case_style(wanted):
    """Callers write in the style of their language."""
    assert connector(command()).find_command(wanted).name == "list_messages"


def test_a_command_that_is_not_there_is_not_found():
    """Look-up does not guess; the caller suggests."""
    assert connector(command()).find_command("list") is None


def test_the_slug_of_a_command_survives_a_new_display_name():
    """Addresses and workflows keep working when a title is improved."""
    before = command(display_name="List messages")
    after = dataclasses.replace(before, display_name="Read the channel")

    assert after.slug == before.slug == "list-messages"
    assert connector(after).find_command(before.slug) is after


@pytest.mark.parametrize(
    ("parts", "callable_alone"),
    [
        ({}, True),
        ({"auth_required": True}, False),
        ({"fields": (text("base_url", required=True),)}, False),
        ({"fields": (text("base_url", required=True, default="https://acme.example"),)}, True),
        ({"fields": (text("base_url"),)}, True),
        ({"fields": (text("auth"), text("user", required=True, shown_when={"auth": ("basic",)}))}, True),
    ],
)
def test_a_type_runs_without_a_connector_when_nothing_must_be_filled_in(parts, callable_alone):
    """`http` and `delay` work right after installation."""
    assert connector(**parts).callable_without_connector is callable_alone


def test_a_condition_on_a_field_that_is_not_there_is_refused():
    """The field would never be shown, and nobody would know why."""
    with pytest.raises(InvalidDefinition) as refused:
        connector(fields=(text("auth"), text("user", shown_when={"atuh": ("basic",)})))

    assert "`atuh`" in refused.value.message
    assert "`auth`" in refused.value.hint


def test_definitions_cannot_be_changed():
    """Every layer holds the same object."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        connector().version = "2.0.0"
