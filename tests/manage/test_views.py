"""What is shown of a resource goes over a wire and comes back as it was."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from contextlib import suppress
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.manage import (
    audit,
    connector_views,
    execution_views,
    keys,
    secrets,
    tokens,
    type_capabilities,
    type_views,
    users,
)
from jackfield.manage.views import INSTANTS, TIMES, camel, from_json, moment, read_moment, to_json

MODULES = (audit, connector_views, execution_views, keys, secrets, tokens, type_capabilities, type_views, users)
VIEWS = [
    kind
    for module in MODULES
    for kind in vars(module).values()
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind.__module__ == module.__name__
    if kind is not keys.Rotation  # its problems are errors; it is for the terminal alone
]

SECONDS = st.integers(0, 4_000_000_000)
DOCUMENTS = st.dictionaries(st.text(max_size=5), st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5))
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-(2**53), 2**53),
    str: st.text(max_size=9),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
}


def of_hint(hint: Any, name: str = "") -> st.SearchStrategy[Any]:
    """Anything that a field of that type may be."""
    inner = get_args(hint)
    if get_origin(hint) in {Union, UnionType}:
        return st.one_of(*(st.none() if one is NoneType else of_hint(one, name) for one in inner))
    if dataclasses.is_dataclass(hint):
        return of_view(hint)
    if hint is int and name in INSTANTS:
        return st.integers(0, 4_000_000_000_000).map(lambda milliseconds: milliseconds * 1000)
    if hint is int and name in TIMES:
        return SECONDS.map(lambda seconds: seconds * 1_000_000)
    several = {Literal: lambda: st.sampled_from(inner), Sequence: lambda: st.lists(of_hint(inner[0]), max_size=3)}
    return several[get_origin(hint)]() if get_origin(hint) in several else PLAIN.get(hint, DOCUMENTS)


def of_view(kind: Any) -> st.SearchStrategy[Any]:
    """Any view of that kind, with its times as exact as they are shown."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: of_hint(hints[field.name], field.name) for field in dataclasses.fields(kind)})


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: f"{kind.__module__.rpartition('.')[2]}-{kind.__name__}")
@settings(max_examples=20)
@given(data=st.data())
def test_a_view_comes_back_as_it_was_shown(kind, data):
    """A remote program sees what one in the same process sees."""
    view = data.draw(of_view(kind))

    assert from_json(kind, json.loads(json.dumps(to_json(view)))) == view


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: f"{kind.__module__.rpartition('.')[2]}-{kind.__name__}")
@settings(max_examples=20)
@given(document=DOCUMENTS | st.lists(st.none()), data=st.data())
def test_what_is_no_view_is_refused_in_one_way(kind, document, data):
    """Whatever a proxy in between has answered."""
    names = [camel(field.name) for field in dataclasses.fields(kind)]
    if isinstance(document, dict):
        document |= {name: data.draw(DOCUMENTS | st.text() | st.integers() | st.lists(st.integers())) for name in names}
    told = ""
    try:
        from_json(kind, document)
    except ValueError as error:
        told = str(error)

    assert not told or kind.__name__ in told


def test_keys_of_a_newer_server_are_left_alone():
    """An old client goes on working."""
    shown = {"done": 1, "total": 2, "remaining": 1}

    assert from_json(keys.Progress, shown) == keys.Progress(done=1, total=2)


def test_what_a_list_leaves_out_is_none():
    """Items of a list have neither params nor outcome."""
    shown = {"items": [], "total": 3}

    assert from_json(execution_views.ExecutionPage, shown) == execution_views.ExecutionPage(
        items=[], total=3, cursor=None
    )


@given(SECONDS)
def test_a_time_that_is_shown_can_be_read(seconds):
    """What one list answers, another takes as a filter."""
    assert read_moment(moment(seconds * 1_000_000)) == seconds * 1_000_000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-02", 86_400),
        ("1970-01-01T00:01Z", 60),
        ("1970-01-01T00:00:01", 1),
        ("1970-01-01t00:00:01z", 1),
        ("1970-01-01 01:00:00+01:00", 0),
        ("1969-12-31T23:59:59.5Z", -0.5),
        ("0001-01-01T00:00:00Z", -62_135_596_800),
    ],
)
def test_times_are_read_as_people_write_them(text, seconds):
    assert read_moment(text) == seconds * 1_000_000


@pytest.mark.parametrize(
    "text",
    ["", "noon", "2026-13-01", "2026-W47-6", "20261121", "2026-11-21T25:00Z", "2026-11-21T06:45Z\n", "٢٠٢٦-11-21"],
)
def test_other_texts_are_no_times(text):
    with pytest.raises(ValueError, match="is no time such as"):
        read_moment(text)


@given(st.text())
def test_no_text_breaks_the_reader(text):
    with suppress(ValueError):
        assert isinstance(read_moment(text), int)
