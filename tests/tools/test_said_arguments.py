"""Arguments as models write them."""

from __future__ import annotations

import pytest

from jackfield.agents.errors import ToolArgumentsUnreadable
from jackfield.agents.said_arguments import read_arguments


@pytest.mark.parametrize("said", [None, "", "  ", b"", "{}", {}])
def test_nothing_is_an_object_without_members(said):
    """Interfaces differ in how they say that there are none."""
    assert read_arguments(said) == {}


def test_an_object_is_read_from_its_json():
    assert read_arguments('{"a": [1, "ä"]}') == {"a": [1, "ä"]}


@pytest.mark.parametrize(
    "said", ["{", "nul", "[]", "1", '"{}"', "null", [], 1, {1: 2}, '{"a": NaN}', "[" * 5000, b"\xff", '{"a": "\ud800"}']
)
def test_everything_else_is_refused_and_not_repeated(said):
    """M15: the model is told what is wrong, and nothing of what it wrote stands in the error."""
    with pytest.raises(ToolArgumentsUnreadable) as refused:
        read_arguments(said)

    assert len(refused.value.message) < 120
