"""Names of params: as in the document where that is possible."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.names import folded
from jackfield.definition.openapi.param_names import ParamNames, param_name


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        ("userId", "userId"),
        ("pet-id", "pet-id"),
        ("filter[name]", "filter_name"),
        ("$top", "top"),
        ("user.name", "user_name"),
        ("_links", "_links"),
        ("2nd", "param_2nd"),
    ],
)
def test_a_name_stays_where_it_can(wire, name):
    """What callers read in the service's own docs works here."""
    assert param_name(wire) == name


def test_the_second_of_one_name_says_where_it_goes():
    """An id in the path and another in the query are two params."""
    names = ParamNames()

    assert [names.take("id", "path"), names.take("id", "query"), names.take("ID", "body")] == [
        "id",
        "id_query",
        "ID_body",
    ]


@given(st.lists(st.tuples(st.text(min_size=1, max_size=80), st.sampled_from(["query", "body"])), max_size=20))
def test_names_are_legal_and_distinct(wanted):
    """Language models take letters, digits, `_` and `-` only, and look-up ignores case style."""
    names = ParamNames()
    given_names = [names.take(*one) for one in wanted]

    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]{0,63}", name) for name in given_names)
    assert len({folded(name) for name in given_names}) == len(given_names)
