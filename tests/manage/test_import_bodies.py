"""What is asked for when a document is imported."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.definition.errors import InvalidDefinition
from jackfield.manage.import_bodies import read_wanted

DOCUMENT: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": {}}


def test_every_guide_is_understood():
    """camelCase or snake_case; `operations` of one guide is `select` here."""
    assert read_wanted({"spec": DOCUMENT}).select is None
    assert read_wanted({"spec_url": "https://pets.example/a", "operations": ["a"]}).select == ("a",)
    assert read_wanted({"specUrl": "https://pets.example/a", "select": []}).url == "https://pets.example/a"
    assert read_wanted({"spec": DOCUMENT, "auto_bump": True, "apply": False}, into=True).auto_bump
    assert read_wanted({"spec": DOCUMENT, "specUrl": None, "name": ""}).name is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ([], "is no object"),
        ({}, "neither `spec` nor `specUrl`"),
        ({"spec": DOCUMENT, "specUrl": "https://pets.example/a"}, "are both there"),
        ({"spec": "https://pets.example/a"}, "`spec` is the address"),
        ({"spec": ["openapi"]}, "`spec` is not an OpenAPI document"),
        ({"spec": DOCUMENT, "sellect": []}, "the key `sellect` is unknown"),
        ({"spec": DOCUMENT, "select": "a"}, "`select` is not a list"),
        ({"spec": DOCUMENT, "select": [1]}, "`select` is no list of texts"),
        ({"spec": DOCUMENT, "select": ["a"], "operations": ["b"]}, "`select` is there twice"),
        ({"spec": DOCUMENT, "apply": True}, "the key `apply` is unknown"),
    ],
)
def test_a_slip_of_the_pen_is_told(body, told):
    """Nothing that was meant is passed over."""
    with pytest.raises(InvalidDefinition, match=told):
        read_wanted(body)
