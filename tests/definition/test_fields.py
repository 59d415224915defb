"""`field(...)`: what it adds to a type, as JSON Schema has it."""

from __future__ import annotations

import pytest

from jackfield import field


def test_limits_become_the_keywords_of_json_schema():
    """Forms, validation and tools read the schema only."""
    spec = field(minimum=1, maximum=9, min_length=2, max_length=8, pattern="^a", format="email")

    assert spec.constraints == {
        "minimum": 1,
        "maximum": 9,
        "minLength": 2,
        "maxLength": 8,
        "pattern": "^a",
        "format": "email",
    }


def test_zero_and_empty_are_limits_too():
    """`minimum=0` is the most common limit there is."""
    assert field(minimum=0, max_length=0, pattern="").constraints == {"minimum": 0, "maxLength": 0, "pattern": ""}


def test_what_is_not_said_limits_nothing():
    """An absent keyword and `None` are different things in JSON Schema."""
    assert field("API address.").constraints == {}


def test_no_default_and_none_as_default_are_told_apart():
    """One is required, the other may be left out."""
    assert field().default is ...
    assert field(default=None).default is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"auth": "basic"}, {"auth": ("basic",)}),
        ({"auth": ["basic", "digest"]}, {"auth": ("basic", "digest")}),
        ({"tls": True, "port": (1, 2)}, {"tls": (True,), "port": (1, 2)}),
        (None, {}),
    ],
)
def test_conditions_may_be_one_value_or_several(written, read):
    """The usual one has one value, and a list around it is noise."""
    assert field(shown_when=written).shown_when == read


def test_a_misspelt_argument_is_refused_at_once():
    """Otherwise `min=1` would limit nothing, silently."""
    with pytest.raises(TypeError, match="min"):
        field(min=1)
