"""Lists: filters, order and pages mean what a plain program would make of them."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.manage.errors import InvalidQuery
from jackfield.manage.listing import OPERATORS, Query, listed
from jackfield.manage.views import moment, to_json

KINDS = ("text", "number", "flag", "created", "optional")


@dataclass(frozen=True, kw_only=True)
class View:
    """One of each kind of fields."""

    text: str = ""
    number: int = 0
    flag: bool = False
    kind_of_it: Literal["one", "two"] = "one"
    created: int = 0
    optional: int | None = None
    tags: Sequence[str] = ()
    result: Mapping[str, Any] | None = None
    config: Mapping[str, Any] | None = None


LETTERS = st.text("aAbß,:%ẞé", max_size=3)
VIEWS = st.lists(
    st.builds(
        View,
        text=LETTERS,
        number=st.integers(-3, 3),
        flag=st.booleans(),
        created=st.integers(0, 3_000_000),
        optional=st.none() | st.integers(0, 2),
        tags=st.lists(LETTERS, max_size=2),
        result=st.none() | st.fixed_dictionaries({"ok": st.booleans() | st.integers(0, 2) | LETTERS}),
    ),
    max_size=8,
)
COMPARED = {"eq": operator.eq, "lt": operator.lt, "lte": operator.le, "gt": operator.gt, "gte": operator.ge}


def ask(views: Sequence[View], *where: str, **more: Any) -> Sequence[View]:
    return listed(views, Query(where=where, **more), kind=View).items


def refused(**query: Any) -> InvalidQuery:
    with pytest.raises(InvalidQuery) as raised:
        listed([View()], Query(**query), kind=View)
    return raised.value


@given(VIEWS, LETTERS, st.sampled_from([*COMPARED, "ne", "in", "contains"]))
def test_texts_are_compared_as_a_program_does(views, text, op):
    members = text.split(",")
    expected = {
        "ne": lambda one: one != text,
        "in": lambda one: one in members,
        "contains": lambda one: text.casefold() in one.casefold(),
        **{name: lambda one, compare=compare: compare(one, text) for name, compare in COMPARED.items()},
    }

    assert ask(views, f"text:{op}:{text}") == [view for view in views if expected[op](view.text)]


@given(VIEWS, st.integers(-3, 3), st.sampled_from(list(COMPARED)))
def test_numbers_are_compared_as_numbers(views, number, op):
    assert ask(views, f"number:{op}:{number}") == [view for view in views if COMPARED[op](view.number, number)]


@given(VIEWS, st.integers(0, 3), st.sampled_from(list(COMPARED)))
def test_times_are_compared_as_they_are_shown(views, second, op):
    """Who copies a time out of an answer finds what it belongs to."""
    time = moment(second * 1_000_000)
    expected = [view for view in views if COMPARED[op](to_json(view)["created"], time)]

    assert ask(views, f"created:{op}:{time}") == expected


@given(VIEWS, st.booleans())
def test_all_conditions_have_to_be_met(views, flag):
    said = "true" if flag else "false"

    assert ask(views, f"flag:eq:{said}", "number:in:1,2", "optional:ne:null") == [
        view for view in views if view.flag is flag and view.number in {1, 2} and view.optional is not None
    ]


@given(VIEWS, LETTERS)
def test_members_of_lists_are_found(views, text):
    assert ask(views, f"tags:contains:{text}") == [view for view in views if text in view.tags]


@given(VIEWS, st.sampled_from(["true", "1", "a"]), st.sampled_from(OPERATORS))
def test_fields_inside_are_compared_by_what_they_hold(views, text, op):
    """`true` is a boolean where there is one, and a text where there is a text."""
    found = ask(views, f"result.ok:{op}:{text}")

    if op == "eq":
        meant = {"true": True, "1": 1, "a": "a"}[text]
        having = [view for view in views if view.result]
        assert found == [view for view in having if str(view.result["ok"]) in {text, str(meant)}]


@given(VIEWS, st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), max_size=3))
def test_order_is_that_of_the_fields_and_then_as_it_was(views, fields):
    """With nothing last, in both directions."""
    expected = list(views)
    for name, descending in reversed(fields):
        unit = 1_000_000 if name == "created" else 1
        value = {one: getattr(view, name) for one, view in enumerate(expected)}
        order = sorted(
            (one for one in value if value[one] is not None),
            key=lambda one, value=value, unit=unit: value[one] // unit if unit > 1 else value[one],
            reverse=descending,
        )
        expected = [expected[one] for one in (*order, *(one for one in value if value[one] is None))]
    sort = ",".join(f"-{name}" if descending else name for name, descending in fields)

    assert ask(views, sort=sort) == expected


@given(VIEWS, st.integers(1, 5), st.integers(1, 4))
def test_pages_together_are_the_list(views, page, size):
    whole = [view for start in range(0, 9, size) for view in ask(views, offset=start, limit=size)]
    answer = listed(views, Query(page=page, page_size=size), kind=View)

    assert whole == views
    assert answer.items == views[(page - 1) * size : page * size]
    assert (answer.total, answer.window.page) == (len(views), page)


@given(st.lists(st.text(max_size=20) | LETTERS.map("text:eq:{}".format), max_size=3), st.text(max_size=9))
def test_no_query_breaks_a_list(where, sort):
    with suppress(InvalidQuery):
        ask([View()], *where, sort=sort)


@pytest.mark.parametrize("name", ["kind_of_it", "kindOfIt"])
def test_both_ways_of_writing_a_name_are_understood(name):
    assert ask([View(kind_of_it="two"), View()], f"{name}:eq:two") == [View(kind_of_it="two")]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"where": ["nmaeless"]}, "`nmaeless` is not `field:op:value`"),
        ({"where": ["txet:eq:1"]}, "there is no field `txet`; did you mean `text`?"),
        ({"where": ["text:like:1"]}, "`like` is no operator"),
        ({"where": ["number:eq:one"]}, "`number` cannot be compared with `one`, which is no number"),
        ({"where": ["number:in:1,,2"]}, "which is no number"),
        ({"where": ["number:contains:1"]}, "`number` does not take `contains`"),
        ({"where": ["flag:eq:yes"]}, "neither `true` nor `false`"),
        ({"where": ["flag:gt:true"]}, "`flag` does not take `gt`"),
        ({"where": ["created:gt:noon"]}, "which is no time such as"),
        ({"where": ["text:eq:a\0"]}, "characters that no text may have"),
        ({"where": ["text:eq:\ud800"]}, "characters that no text may have"),
        ({"where": ["text:eq:null", "number:eq:null"]}, "`/where/1`"),
        ({"where": ["tags:eq:a"]}, "`tags` does not take `eq`; it takes `contains`"),
        ({"where": ["text.inner:eq:a"]}, "`text` has no fields of its own"),
        ({"where": ["result:eq:a"]}, "`result` is an object; name a field inside it"),
        ({"where": ["config.key:contains:a"]}, "there is no field `config`"),
        ({"where": ["text:eq:a"] * 21}, "is there 21 times; 20 are allowed"),
        ({"where": ["number:in:" + "1," * 200 + "1"]}, "`in` has 201 members"),
        ({"sort": "-txet"}, "did you mean `text`?"),
        ({"sort": "tags"}, "nothing can be sorted by `tags`"),
        ({"sort": "config"}, "there is no field `config`"),
        ({"sort": "text," * 21}, "has more than 20 fields"),
        ({"page": 0}, "`/page`: is `0`"),
        ({"page_size": 201}, "`/pageSize`: is `201`; it can be 1 to 200"),
        ({"limit": 0}, "`/limit`"),
        ({"offset": -1}, "`/offset`"),
        ({"page": 1, "limit": 5}, "use either these two"),
        ({"offset": 0, "page_size": 5}, "`/offset`: stands beside"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(query, told):
    """A filter that is left out without a word shows too much."""
    error = refused(**query)

    assert told in error.message
    assert "\n" not in error.message


def test_all_that_is_wrong_is_told_at_once():
    error = refused(where=["a:eq:1", "text:eq:1", "number:eq:x"], sort="b", page=0)

    assert [fault["pointer"] for fault in error.details["errors"]] == ["/page", "/where/0", "/where/2", "/sort"]
