"""What a search knows of a tool."""

from __future__ import annotations

import pytest

from jackfield.agents.search.document import MAX_PARAMS, described


def test_params_are_described_with_their_choices():
    """People ask for a comedy, not for a genre."""
    schema = {
        "properties": {
            "genre": {"type": "string", "description": "Kind of film.", "enum": ["Comedy", "Drama"]},
            "days": {"type": "array", "items": {"enum": ["monday", "friday"]}},
            "limit": {"type": "integer", "enum": [1, 2]},
        }
    }

    assert described(schema) == {"genre": "Kind of film. Comedy Drama", "days": "monday friday", "limit": ""}


def test_members_are_named_after_what_they_are_in():
    """`filter.owner` is found by `owner` and by `filter`."""
    owner = {"properties": {"owner": {"description": "Login."}}}

    assert described({"properties": {"filter": owner, "rows": {"items": owner}}}) == {
        "filter": "",
        "filter.owner": "Login.",
        "rows": "",
        "rows.owner": "Login.",
    }


def test_a_schema_that_turns_in_circles_ends():
    """A document may be made so on purpose."""
    loop: dict = {"description": "again"}
    loop["properties"] = {"next": loop, "other": loop}

    assert 0 < len(described(loop)) <= MAX_PARAMS


@pytest.mark.parametrize(
    "schema", [{}, {"properties": None}, {"properties": {"a": True, "b": {"enum": "x", "description": 3, "items": []}}}]
)
def test_odd_schemas_have_what_they_have(schema):
    """Schemas come from documents of others."""
    assert set(described(schema)) <= {"b"}
