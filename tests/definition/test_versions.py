"""Which bump a change needs: the ten rules of the guide, one test each, and the arithmetic of versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.model import CommandDefinition, ConnectionField, ConnectorDefinition
from jackfield.definition.versions import bump_between, compare, next_version, parse, suffices


def a_command(name="list", *, params=None, outputs=()):
    return CommandDefinition(name=name, params={"type": "object", "properties": params or {}}, outputs=tuple(outputs))


def a_field(name, *, required=False, default=...):
    return ConnectionField(name=name, kind="string", schema={"type": "string"}, required=required, default=default)


def a_type(*commands, fields=()):
    return ConnectorDefinition(name="acme", commands={c.name: c for c in commands}, fields=tuple(fields))


def told(old, new):
    """The floor, and the reasons as one text."""
    found = compare(old, new)
    return found.floor, "; ".join(change.reason for change in found.changes)


def test_major_command_removed():
    """Callers of it would get an error."""
    assert told(a_type(a_command("list"), a_command("send")), a_type(a_command("list"))) == (
        "major",
        "command `send` was removed",
    )


def test_major_param_removed():
    """Calls that give it would be refused."""
    old, new = a_command(params={"limit": {}, "page": {}}), a_command(params={"limit": {}})

    assert told(a_type(old), a_type(new)) == ("major", "param `page` of `list` was removed")


def test_major_new_param_without_default():
    """Callers may send what they sent before, which lacks it."""
    old, new = a_command(), a_command(params={"limit": {"type": "number"}})

    assert told(a_type(old), a_type(new)) == ("major", "param `limit` of `list` is new and has no default")


def test_major_output_removed():
    """Workflows read outputs by name."""
    old, new = a_command(outputs=["items", "total"]), a_command(outputs=["items"])

    assert told(a_type(old), a_type(new)) == ("major", "output `total` of `list` was removed")


def test_major_connection_field_removed():
    """Configured connectors hold a value for it."""
    old, new = a_type(fields=[a_field("region")]), a_type()

    assert told(old, new) == ("major", "connection field `region` was removed")


def test_major_new_required_connection_field():
    """Configured connectors lack it."""
    old, new = a_type(), a_type(fields=[a_field("region", required=True)])

    assert told(old, new) == ("major", "connection field `region` is new and required")


def test_minor_new_command():
    """Nobody calls it yet."""
    assert told(a_type(), a_type(a_command("send"))) == ("minor", "command `send` is new")


def test_minor_new_param_with_default():
    """Calls without it go on working."""
    old, new = a_command(), a_command(params={"limit": {"default": None}})

    assert told(a_type(old), a_type(new)) == ("minor", "param `limit` of `list` is new, with a default")


def test_minor_new_output():
    """Nobody reads it yet."""
    old, new = a_command(outputs=["items"]), a_command(outputs=["items", "total"])

    assert told(a_type(old), a_type(new)) == ("minor", "output `total` of `list` is new")


def test_minor_new_optional_connection_field():
    """Configured connectors go on working."""
    old, new = a_type(), a_type(fields=[a_field("region", default="eu")])

    assert told(old, new) == ("minor", "connection field `region` is new and optional")


def test_nothing_that_counts_is_a_patch():
    """Help texts and flags change no call."""
    old = a_type(a_command())
    new = ConnectorDefinition(name="acme", description="Better words.", commands=old.commands)

    assert told(old, new) == ("patch", "")


def test_all_reasons_are_told_and_breaking_ones_lead():
    """An author mends them all at once."""
    old = a_type(a_command("send"), a_command(outputs=["items"]))
    new = a_type(a_command(params={"limit": {"default": 1}}), fields=[a_field("region")])
    found = compare(old, new)

    assert [change.bump for change in found.changes] == ["major", "major", "minor", "minor"]


def test_another_case_style_is_the_same_command_param_and_field():
    """Look-up ignores it, so no caller notices."""
    old = a_type(a_command("list_users", params={"page_size": {}}), fields=[a_field("base_url", required=True)])
    new = a_type(a_command("listUsers", params={"pageSize": {}}), fields=[a_field("baseUrl", required=True)])

    assert told(old, new) == ("patch", "")


def test_another_case_style_is_another_output():
    """Payload keys are read to the letter."""
    floor, reasons = told(a_type(a_command(outputs=["user_id"])), a_type(a_command(outputs=["userId"])))

    assert floor == "major"
    assert "`user_id`" in reasons
    assert "`userId`" in reasons


@pytest.mark.parametrize(("bump", "raised"), [("patch", "1.2.4"), ("minor", "1.3.0"), ("major", "2.0.0")])
def test_lower_numbers_start_again_at_zero(bump, raised):
    """Semantic Versioning 2.0.0, items 7 and 8."""
    assert next_version("1.2.3", bump) == raised


def test_numbers_are_compared_as_numbers():
    """As text, `1.10.0` would be below `1.9.0`."""
    assert bump_between("1.9.0", "1.10.0") == "minor"
    assert bump_between("9.0.0", "10.0.0") == "major"


@pytest.mark.parametrize("new", ["1.2.3", "1.2.2", "1.1.9", "0.9.9"])
def test_a_version_that_is_not_above_is_no_bump(new):
    """Publishing it again, or going back, is refused by whoever asks."""
    assert bump_between("1.2.3", new) is None
    assert not suffices(bump_between("1.2.3", new), "patch")


numbers = st.integers(0, 10**6)
versions = st.builds("{}.{}.{}".format, numbers, numbers, numbers)
bumps = st.sampled_from(["patch", "minor", "major"])


@given(versions, bumps)
def test_a_raised_version_is_recognised_as_that_bump(version, bump):
    """Computing a version and checking one agree, or `autoBump` would be refused."""
    raised = next_version(version, bump)

    assert parse(raised) > parse(version)
    assert bump_between(version, raised) == bump


@given(bumps, bumps)
def test_a_bump_clears_every_floor_that_is_not_above_it(given_bump, floor):
    """A major release may also add and mend."""
    order = ["patch", "minor", "major"]

    assert suffices(given_bump, floor) is (order.index(given_bump) >= order.index(floor))
