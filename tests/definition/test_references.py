"""Secret fields that name a secret, and values by their places."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.faults import pointer
from jackfield.definition.places import leaves, look, parts, put
from jackfield.definition.references import (
    hide_but_references,
    is_reference,
    references_in,
    with_values,
    without_references,
)
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.sensitive import secret_places

SECRET = {"type": "string", "format": "password", "writeOnly": True}
LOGIN = {"type": "object", "properties": {"user": {"type": "string"}, "password": {"$ref": "#/$defs/hidden"}}}
SCHEMA = {
    "type": "object",
    "properties": {
        "url": {"type": "string"},
        "key": SECRET,
        "login": {"anyOf": [LOGIN, {"type": "null"}]},
        "hosts": {"type": "array", "items": LOGIN},
    },
    "$defs": {"hidden": SECRET},
}
CONFIG = {
    "url": "https://acme.example",
    "key": {"secret": "ACME_KEY"},
    "login": {"user": "ann", "password": {"secret": "ANN"}},
    "hosts": [{"user": "bob", "password": "hunter2"}, {"user": "eve", "password": {"secret": "EVE"}}],
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"secret": "A"}, True), ({"secret": 1}, False), ({"secret": "A", "b": 1}, False), ({}, False), ("A", False)],
)
def test_a_reference_has_one_form(value: Any, expected: bool):
    """Anything else is a value, and would be sealed."""
    assert is_reference(value) is expected


def test_references_are_found_however_deep():
    """In objects, lists, behind `$ref` and `anyOf`."""
    found = references_in(CONFIG, SCHEMA)

    assert found == {"/key": "ACME_KEY", "/login/password": "ANN", "/hosts/1/password": "EVE"}


def test_what_looks_like_a_reference_elsewhere_is_a_value():
    """Only secret fields take references."""
    assert references_in({"url": {"secret": "ACME_KEY"}}, SCHEMA) == {}


def test_values_take_the_place_of_references():
    """Nothing else changes, and the stored connection stays as it was."""
    filled = with_values(CONFIG, {"/key": Secret("k"), "/hosts/1/password": Secret("e")})

    assert (filled["key"], filled["hosts"][1]["password"]) == (Secret("k"), Secret("e"))
    assert filled["hosts"][0] == CONFIG["hosts"][0]
    assert CONFIG["key"] == {"secret": "ACME_KEY"}


def test_a_connection_is_checked_with_stand_ins():
    """A schema that wants a text would refuse a reference."""
    checked = without_references(CONFIG, references_in(CONFIG, SCHEMA), stand_in="x")

    assert (checked["key"], checked["login"]["password"]) == ("x", "x")


def test_references_are_shown_and_secrets_are_not():
    """A name is no secret."""
    shown = hide_but_references(CONFIG, SCHEMA)

    assert shown["hosts"] == [{"user": "bob", "password": MASK}, {"user": "eve", "password": {"secret": "EVE"}}]
    assert "hunter2" not in str(shown)


@pytest.mark.parametrize(
    ("schema", "value", "places"),
    [
        ({"patternProperties": {"^x-": SECRET}}, {"x-key": "a", "y": "b"}, {("x-key",): "a"}),
        ({"prefixItems": [SECRET], "items": {"type": "string"}}, ["a", "b"], {(0,): "a"}),
        ({"properties": {"pin": {"type": "integer", "writeOnly": True}}}, {"pin": 7}, {("pin",): 7}),
    ],
)
def test_secrets_have_places_in_every_kind_of_schema(schema: dict[str, Any], value: Any, places: dict[Any, Any]):
    """One that was passed over would be stored in the clear."""
    assert secret_places(value, schema) == places


@given(JSON)
def test_every_leaf_is_where_its_place_says(document: Any):
    """Whatever the names are: slashes, tildes, digits, none at all."""
    for place, value in leaves(document):
        assert look(document, place) == value
        assert parts(pointer(place)) == tuple(str(part) for part in place)


@given(JSON)
def test_putting_all_leaves_back_changes_nothing(document: Any):
    """Sealing takes leaves out, opening puts them back."""
    found = {pointer(place): value for place, value in leaves(document)}

    assert put(put(document, dict.fromkeys(found, MASK)), found) == document


def test_a_name_that_is_missing_is_added_where_its_object_is():
    """A secret that was left out comes back; where its object is gone, it stays gone."""
    assert put({"a": {"b": 1}}, {"/a/c": 2, "/x/y": 3}) == {"a": {"b": 1, "c": 2}}
    assert put({"a": [1]}, {"/a/5": 2}) == {"a": [1]}
