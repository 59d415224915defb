"""Parts of results."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.agents.errors import UnknownField
from jackfield.agents.lists import list_place
from jackfield.agents.projection import project

ITEMS = [{"id": n, "name": f"n{n}", "owner": {"login": "a", "url": "u"}} for n in range(5)]
SCHEMA = {
    "type": "object",
    "properties": {
        "errors": {"type": "array", "items": {"type": "string"}},
        "items": {"$ref": "#/$defs/Items"},
        "total": {"type": "integer"},
    },
    "$defs": {
        "Items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
        "Item": {"type": "object", "properties": {"id": {}, "name": {}, "owner": {}, "size": {}}},
    },
}


@pytest.mark.parametrize(
    ("payload", "schema", "place"),
    [
        (ITEMS, None, ()),
        ({"items": ITEMS, "tags": ["a"] * 9}, None, ("items",)),
        ({"a": [1], "b": [1, 2]}, None, ("b",)),
        ({"rows": ITEMS, "more": ITEMS * 2}, {"properties": {"rows": {"type": "array"}}}, ("rows",)),
        ({"items": ITEMS, "errors": []}, SCHEMA, ("items",)),
        ({"id": 1}, None, None),
        ("text", None, None),
    ],
)
def test_the_list_of_a_result_is_found(payload: Any, schema: Any, place: Any):
    """By its schema where that says so, for a longer list beside it may be of something else."""
    assert list_place(payload, schema) == place


def test_fields_are_those_of_the_items():
    """A model that wants names shall not pay for addresses."""
    part = project({"items": ITEMS, "total": 5}, SCHEMA, fields=["id", "owner.login"], start=1, limit=2)

    assert part.payload == {
        "items": [{"id": 1, "owner": {"login": "a"}}, {"id": 2, "owner": {"login": "a"}}],
        "total": 5,
    }
    assert (part.start, part.total) == (1, 5)


def test_fields_of_what_has_no_list_are_its_own():
    """One issue instead of many."""
    assert project(
        {"id": 1, "body": "long", "user": {"login": "a", "id": 2}}, None, fields=["id", "user.login"]
    ).payload == {
        "id": 1,
        "user": {"login": "a"},
    }


def test_a_field_that_there_is_not_is_refused():
    """Its absence would be taken for an answer."""
    with pytest.raises(UnknownField) as caught:
        project({"items": ITEMS}, SCHEMA, fields=["nmae"])

    assert caught.value.hint == "did you mean `name`?"


def test_a_field_that_only_the_schema_has_is_none_of_the_items_but_no_mistake():
    """Services leave out what is empty."""
    assert project({"items": ITEMS}, SCHEMA, fields=["size"]).payload == {"items": [{}] * 5}


def test_a_name_with_a_dot_is_found_whole():
    """Some services have such names."""
    assert project([{"a.b": 1, "a": {"b": 2}}], None, fields=["a.b"]).payload == [{"a.b": 1}]


def test_nothing_in_an_empty_list_is_a_mistake():
    """There is nothing to tell by."""
    assert project([], None, fields=["anything"]).payload == []
