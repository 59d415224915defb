"""Results that fit."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.agents.json_text import json_text
from jackfield.agents.projection import project
from jackfield.agents.shortening import fit

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=30,
)


@settings(max_examples=300)
@given(JSON, st.integers(200, 2_000))
def test_no_result_is_longer_than_asked_for(payload: Any, characters: int):
    """M09: whatever a service answers."""
    fitted = fit(project(payload, None), characters)

    assert len(json_text(fitted.payload)) <= characters


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.text(max_size=60)), max_size=60), st.integers(200, 1_500))
def test_page_by_page_every_item_is_seen_once_and_whole(items: list[Any], characters: int):
    """M09: half an item is worse than none, for it looks like one."""
    seen: list[Any] = []
    start: int | None = 0
    while start is not None:
        fitted = fit(project({"items": items}, None, start=start), characters)
        seen += fitted.payload["items"]
        start = fitted.next

    assert seen == items


def test_one_item_that_does_not_fit_is_cut_inside():
    """What a model sees then says that it is cut, and where the next one is."""
    fitted = fit(project([{"id": 1, "body": "x" * 5_000}, {"id": 2}], None), 600)

    assert fitted.payload[0]["id"] == 1
    assert fitted.payload[0]["body"].endswith("more characters)")
    assert (fitted.next, fitted.texts) == (1, True)


def test_what_fits_is_left_alone():
    """Nothing is cut without need."""
    fitted = fit(project({"items": [1, 2]}, None), 500)

    assert (fitted.payload, fitted.next, fitted.texts) == ({"items": [1, 2]}, None, False)
