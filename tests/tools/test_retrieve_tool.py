"""What models say to get the rest of a result."""

from __future__ import annotations

import pytest

from jackfield.agents.retrieve_tool import RETRIEVE_TOOL, Retrieval, read_retrieval
from jackfield.definition.errors import InvalidParams


def test_it_is_read_as_the_schema_says():
    said = {"toolCallId": "call_1", "fields": ["id", "user.name"], "limit": 5, "cursor": "20"}

    assert set(said) == set(RETRIEVE_TOOL.input_schema["properties"])
    assert read_retrieval(said) == Retrieval(call_id="call_1", fields=("id", "user.name"), limit=5, start=20)
    assert read_retrieval({"toolCallId": "call_1"}) == Retrieval(call_id="call_1")


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({}, "/toolCallId"),
        ({"toolCallId": 7}, "/toolCallId"),
        ({"toolCallId": "a", "fields": "id"}, "/fields"),
        ({"toolCallId": "a", "fields": [1]}, "/fields"),
        ({"toolCallId": "a", "limit": 0}, "/limit"),
        ({"toolCallId": "a", "limit": True}, "/limit"),
        ({"toolCallId": "a", "cursor": "-1"}, "/cursor"),
        ({"toolCallId": "a", "cursor": "9" * 30}, "/cursor"),
        ({"toolCallId": "a", "cursor": "²"}, "/cursor"),
        ({"toolCallId": "a", "user": "other"}, "/user"),
    ],
)
def test_what_does_not_fit_is_told_by_its_place(said, place):
    """A model corrects what it is shown."""
    with pytest.raises(InvalidParams) as refused:
        read_retrieval(said)

    assert [error["pointer"] for error in refused.value.details["errors"]] == [place]
