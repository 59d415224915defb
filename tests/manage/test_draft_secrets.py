"""The secrets inside of drafts go in, and never come out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.errors import InvalidParams
from jackfield.manage.draft_secrets import MARKER, filled, from_bytes, separated, to_bytes, value_at

BODY: dict[str, Any] = {
    "config": {"token": "t-1", "url": "u"},
    "list": [{"key": "k-1"}, {"key": "k-2"}],
    "a/b": {"~": 3},
}
PLACES = ["/config/token", "/list/1/key", "/a~1b/~0", "/not/there"]


def test_what_is_secret_is_kept_apart_and_comes_back_in_its_place():
    content = separated(BODY, PLACES, kept={})

    assert content.secrets == {"/config/token": "t-1", "/list/1/key": "k-2", "/a~1b/~0": 3}
    assert content.body["config"] == {"token": MARKER, "url": "u"}
    assert content.body["list"] == [{"key": "k-1"}, {"key": MARKER}]
    assert filled(content.body, content.secrets) == BODY
    assert from_bytes(to_bytes(content)) == content


def test_a_marker_keeps_a_value_and_a_value_replaces_it():
    first = separated(BODY, PLACES, kept={})
    new = {**first.body, "config": {"token": "t-2"}}
    second = separated(new, PLACES, kept=first.secrets)

    assert second.secrets == {**first.secrets, "/config/token": "t-2"}


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"config": {"token": MARKER}}, ["/config/token"]),
        ({"config": {"token": MARKER}}, []),
        ({"elsewhere": MARKER}, ["/config/token"]),
        ({}, ["config"]),
        ({}, [""]),
        ({}, ["/"]),
        ({}, [3]),
        ({}, "/config"),
        ({}, ["/config", "/config/token"]),
        ({}, ["/a~2"]),
        ({}, [f"/{number}" for number in range(101)]),
    ],
)
def test_a_marker_for_nothing_and_places_that_are_none_are_refused(body, places):
    with pytest.raises(InvalidParams):
        separated(body, places, kept={})


def test_a_place_that_is_no_longer_secret_gives_nothing_away():
    """Else whoever may change a draft could read its secrets."""
    first = separated(BODY, PLACES, kept={})

    with pytest.raises(InvalidParams):
        separated(first.body, [], kept=first.secrets)
    with pytest.raises(InvalidParams):
        filled({"sent": MARKER}, first.secrets)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab/~0", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~0", max_size=2), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text("ab/~0", min_size=1, max_size=2), JSON, max_size=3), st.data())
def test_no_secret_is_in_what_is_shown_and_none_is_lost(body: dict[str, Any], data):
    """Wherever it stands."""
    tops = [f"/{name.replace('~', '~0').replace('/', '~1')}" for name in body]
    chosen = data.draw(st.lists(st.sampled_from(tops), unique=True)) if tops else []
    content = separated(body, chosen, kept={})

    assert all(value_at(content.body, place) == MARKER for place in chosen)
    assert filled(content.body, content.secrets) == body
    assert json.loads(to_bytes(content))["places"] == chosen
