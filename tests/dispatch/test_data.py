"""Flat and structured params."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.errors import InvalidParams
from jackfield.definition.model import CommandDefinition
from jackfield.dispatch.data import flatten

PLAIN = CommandDefinition(name="go", params={"type": "object", "properties": {"id": {}, "page": {}, "trace": {}}})
OWN = CommandDefinition(name="request", params={"type": "object", "properties": {"body": {}, "headers": {}}})

names = st.sampled_from(["id", "page", "a", "b"])
places = st.dictionaries(names, st.integers(), max_size=3)


@given(st.dictionaries(names, st.integers()))
def test_flat_params_are_left_as_they_are(params: dict[str, int]):
    """Whatever they are called."""
    assert flatten(params, PLAIN).params == params


@given(path=places, query=places, body=places)
def test_structured_params_give_each_name_once_or_are_refused(path: Any, query: Any, body: Any):
    """No value is lost, none replaced."""
    given = {"path": path, "query": query, "body": body}
    everything = [*path.items(), *query.items(), *body.items()]
    try:
        params = flatten(given, PLAIN).params
    except InvalidParams:
        assert len(dict(everything)) < len(set(everything))
    else:
        assert set(params.items()) == set(everything)


@pytest.mark.parametrize("given", [{"body": 1}, {"headers": {"a": "b"}}, {"body": {}, "query": {"q": 1}}])
def test_a_commands_own_params_are_not_mistaken_for_places(given: dict[str, Any]):
    """The connector `http` has params called `body`, `query` and `headers`."""
    assert flatten(given, OWN).params == given


def test_undeclared_headers_go_along_with_the_request():
    """Declared ones are params like others."""
    data = flatten({"headers": {"X-Team": "blue", "Trace": "t"}}, PLAIN)

    assert (data.params, data.headers) == ({"Trace": "t"}, {"X-Team": "blue"})


@pytest.mark.parametrize("given", [{"path": 3}, {"body": [1]}, {"query": "a=b", "path": {}}])
def test_a_place_that_holds_no_object_is_refused(given: dict[str, Any]):
    """There would be no names to put the values under."""
    with pytest.raises(InvalidParams, match="must be an object"):
        flatten(given, PLAIN)


def test_the_same_name_in_two_places_is_two_params_where_the_command_has_both():
    """An `id` in the path and another in the body, as imported operations have them."""
    two = CommandDefinition(
        name="go", params={"type": "object", "properties": {"id": {}, "id_body": {}, "id_query": {}}}
    )
    found = flatten({"path": {"id": 1}, "query": {"id": 2}, "body": {"id": 3}}, two)

    assert found.params == {"id": 1, "id_query": 2, "id_body": 3}


def test_a_body_that_is_one_param_goes_beside_other_places():
    """A list, for example, which has no names."""
    whole = CommandDefinition(name="go", params={"type": "object", "properties": {"id": {}, "body": {}}})

    assert flatten({"path": {"id": 1}, "body": [2]}, whole).params == {"id": 1, "body": [2]}
    assert flatten({"body": {"id": 1}}, whole).params == {"body": {"id": 1}}
