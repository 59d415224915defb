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
