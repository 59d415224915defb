"""Values of whoever wrote them become plain JSON, or are refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.plain import plain

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8", min_codepoint=1)), inner),
    max_leaves=20,
)


@given(JSON)
def test_plain_json_stays_what_it_is(value: Any):
    """Nothing is lost on the way."""
    assert plain(value) == value


def test_what_yaml_makes_of_texts_becomes_text_again():
    """Keys that look like numbers or switches, and days."""
    given_ = {200: {"at": date(2026, 11, 21)}, True: [(1, 2)], None: 1.5}

    assert plain(given_) == {"200": {"at": "2026-11-21"}, "true": [[1, 2]], "null": 1.5}
    assert json.loads(json.dumps(plain(given_))) == plain(given_)


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"a": {"b": object()}}, "`a.b` is a `object`"),
        ({"a": [1, b"x"]}, r"`a\[1\]` is a `bytes`"),
        ({"a": float("inf")}, "`a` is no finite number"),
        ({"a": 2**63}, "`a` is a whole number of more than 64 bits"),
        ({"a": "x\0"}, "`a` has a character U"),
        ({"a": "\ud800"}, "`a` has half of a character"),
        ({"\ud800": 1}, "has half of a character"),
        ({("a",): 1}, "has a key that is a `tuple`"),
        ({1: 1, "1": 2}, "`1` is there twice"),
        (deep(300), "is nested too deeply"),
        (deep(100_000), "is nested too deeply"),
    ],
)
def test_what_json_does_not_have_is_refused(value: Any, told: str):
    """With its place, and without the value: it may be a secret."""
    with pytest.raises(InvalidDefinition, match=told) as caught:
        plain(value)

    json.dumps(caught.value.to_json()).encode()
