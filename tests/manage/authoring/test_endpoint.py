"""Endpoints that are listed."""

from __future__ import annotations

import pytest

from jackfield.definition.errors import InvalidDefinition
from jackfield.manage.authoring.endpoint import read_endpoints, read_params


def test_params_are_names_or_schemas():
    """`*` and `required: true` say the same."""
    names, schemas = (
        read_params(["a*", "b", "limit"]),
        read_params({"a": {"type": "string", "required": True}, "b": {}}),
    )

    assert [(one.name, one.required) for one in names] == [("a", True), ("b", False), ("limit", False)]
    assert names[2].schema == {"type": "integer"}
    assert [(one.name, one.required, one.schema) for one in schemas] == [
        ("a", True, {"type": "string"}),
        ("b", False, {}),
    ]


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"path": "customers"}, "/endpoints/0/path"),
        ({"path": "/a b"}, "/endpoints/0/path"),
        ({"path": "/a/{x y}"}, "/endpoints/0/path"),
        ({"query": ['x"; evil()']}, "/endpoints/0/query"),
        ({"body": {"": {}}}, "/endpoints/0/body"),
    ],
)
def test_what_is_no_endpoint_is_refused_with_its_place(more, place):
    """A name ends up in a script: nothing that is none gets there."""
    with pytest.raises(InvalidDefinition) as caught:
        read_endpoints([{"method": "GET", "path": "/a", **more}])

    assert caught.value.details["errors"][0]["pointer"] == place
