"""The connection of a type: its form, and which fields must be filled in."""

from __future__ import annotations

import datetime
from typing import Any, Literal

import pytest

from jackfield import Connector, InvalidParams, Secret, field
from jackfield.definition.connection import connection_schema, form, is_shown, options
from jackfield.definition.validation import ObjectValidator

from .shapes import Colour


class Formed(Connector, name="def-formed"):
    text: str = field("Text.", label="A text", placeholder="abc", help_url="https://acme.example", help_text="More.")
    key: Secret = field("Key.")
    number: float = 1.5
    whole: int = 2
    on: bool = False
    day: datetime.date = datetime.date(2024, 2, 29)
    choice: Literal["b", "a"] = "a"
    colour: Colour | None = None
    address: str = field(kind="url", default="https://acme.example")
    long: str = field(kind="textarea", default="")
    anything: Any = field(default=None)
    auth: Literal["none", "basic", "digest", "key"] = "none"
    user: str = field("User.", shown_when={"auth": ["basic", "digest"]})
    realm: str = field("Realm.", default="all", shown_when={"auth": "digest"})
    token: Secret = field("Token.", shown_when={"auth": "key", "on": True})


DEFINITION = Formed.definition
FORM = {shown["name"]: shown for shown in form(DEFINITION)}
FIELDS = {f.name: f for f in DEFINITION.fields}
VALIDATOR = ObjectValidator(connection_schema(DEFINITION))
GIVEN = {"text": "x", "key": "k"}


def faults(**config):
    return VALIDATOR.prepare(GIVEN | config)[1]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("text", "string"),
        ("key", "secret"),
        ("number", "number"),
        ("whole", "integer"),
        ("on", "boolean"),
        ("day", "date"),
        ("choice", "select"),
        ("colour", "select"),
        ("address", "url"),
        ("long", "textarea"),
        ("anything", "raw"),
    ],
)
def test_the_form_has_an_input_of_each_kind(name, kind):
    """The UI renders it without knowing the connector."""
    assert FORM[name]["kind"] == kind


def test_the_form_keeps_the_order_of_the_class():
    """Authors put what matters first."""
    assert list(FORM) == list(FIELDS)


def test_help_is_part_of_the_form():
    """Whoever fills it in has no other page open."""
    assert FORM["text"] == {
        "name": "text",
        "kind": "string",
        "label": "A text",
        "description": "Text.",
        "required": True,
        "secret": False,
        "placeholder": "abc",
        "helpUrl": "https://acme.example",
        "helpText": "More.",
    }


def test_a_field_without_label_is_shown_by_its_name():
    """An empty label would be an input that nobody can name."""
    assert FORM["key"]["label"] == "key"


def test_a_default_of_none_is_not_the_same_as_no_default():
    """One may be left empty, the other may not."""
    assert FORM["anything"]["default"] is None
    assert "default" not in FORM["key"]


@pytest.mark.parametrize(("name", "offered"), [("choice", ["b", "a"]), ("colour", ["red", "green", "blue"])])
def test_a_select_offers_its_values_in_order(name, offered):
    """Also where the field may be left empty."""
    assert FORM[name]["options"] == offered
    assert options(FIELDS["text"]) == []


def test_conditions_are_part_of_the_form():
    """So that the input appears when the other is chosen, without asking the server."""
    assert FORM["user"]["displayOptions"] == {"show": {"auth": ["basic", "digest"]}}
    assert "displayOptions" not in FORM["text"]


def test_secrets_are_marked():
    """The input hides what is typed, and the value is never sent back."""
    assert [name for name, shown in FORM.items() if shown["secret"]] == ["key", "token"]


@pytest.mark.parametrize(
    ("config", "missing"),
    [
        ({}, []),
        ({"auth": "none"}, []),
        ({"auth": "basic"}, ["user"]),
        ({"auth": "digest"}, ["user"]),
        ({"auth": "basic", "user": "zoe"}, []),
        ({"auth": "key"}, []),
        ({"auth": "key", "on": True}, ["token"]),
        ({"auth": "key", "on": True, "token": "t"}, []),
    ],
)
def test_a_conditional_field_is_required_while_it_is_shown(config, missing):
    """Nobody can fill in what the form does not show, and nobody may forget what it does."""
    assert [fault.missing for fault in faults(**config)] == missing


def test_missing_fields_are_told_in_the_words_of_the_guide():
    """All at once, as for params."""
    error = InvalidParams(faults=VALIDATOR.prepare({"auth": "basic"})[1], where="", hint="")

    assert error.message == "Missing required field(s): text, key, user"


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("text", 1),
        ("key", 1),
        ("number", "1"),
        ("whole", 1.5),
        ("on", "true"),
        ("day", "soon"),
        ("choice", "c"),
        ("colour", "pink"),
        ("address", "not an address"),
        ("unknown", 1),
    ],
)
def test_each_kind_of_field_is_checked(name, bad):
    """A mistake in a configuration shows when it is made, not at the first call."""
    assert [fault.pointer for fault in faults(**{name: bad})] == [f"/{name}"]


def test_a_hidden_field_with_a_bad_value_is_told():
    """It would be used as soon as it is shown."""
    assert [fault.pointer for fault in faults(user=1)] == ["/user"]


def test_the_value_of_a_secret_field_is_in_no_message():
    """Faults of a connection are logged and shown."""
    assert "hunter2" not in str(faults(key=["hunter2"], choice="hunter2"))


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"auth": "key", "on": True}, True),
        ({"auth": "key", "on": False}, False),
        ({"auth": "key"}, False),
        ({"auth": "none", "on": True}, False),
        ({}, False),
    ],
)
def test_all_conditions_must_hold(values, shown):
    """One of two is not what the author wrote."""
    assert is_shown(FIELDS["token"], values) is shown


def test_a_field_without_condition_is_always_shown():
    """Most have none."""
    assert is_shown(FIELDS["text"], {})
