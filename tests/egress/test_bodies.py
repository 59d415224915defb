"""The bytes of a body and of a query."""

from __future__ import annotations

import pytest

from jackfield.egress.bodies import encode_body, pairs
from jackfield.errors import WrongUse


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"json": {"a": [1, None, True]}}, (b'{"a":[1,null,true]}', "application/json")),
        ({"json": None}, (b"null", "application/json")),
        ({"json": {"id": 2**70}}, (b'{"id":1180591620717411303424}', "application/json")),
        ({"json": "\u00e4"}, ('"\u00e4"'.encode(), "application/json")),
        (
            {"form": {"a": "b c", "d": ["e&", "\u00fc"]}},
            (b"a=b+c&d=e%26&d=%C3%BC", "application/x-www-form-urlencoded"),
        ),
        ({"form": {}}, (b"", "application/x-www-form-urlencoded")),
        ({"content": b"\0\xff"}, (b"\0\xff", "")),
        ({"content": "\u00e4"}, ("\u00e4".encode(), "text/plain; charset=utf-8")),
    ],
)
def test_bodies_are_encoded(given, expected):
    """Services compare signatures over these bytes."""
    assert encode_body(given.get("json", ...), given.get("form"), given.get("content")) == expected


@pytest.mark.parametrize("value", [object(), {"a": {1, 2}}, float, {"a": b"bytes"}, 2**70 * 1j])
def test_what_json_cannot_say_is_an_error(value):
    """Not a repr that the service would store."""
    with pytest.raises(WrongUse):
        encode_body(value, None, None)


@pytest.mark.parametrize("given", [(..., {"a": "\ud800"}, None), (..., None, "\ud800")])
def test_half_a_character_is_an_error(given):
    """It has no encoding."""
    with pytest.raises(WrongUse):
        encode_body(*given)


def test_a_request_has_one_body():
    """Which one was meant cannot be guessed."""
    with pytest.raises(WrongUse):
        encode_body({}, {}, None)


def test_queries_take_what_people_write():
    """Numbers, switches, lists, and options that are left out."""
    query = {"a": 1, "b": True, "c": None, "d": ["x", 2, None, False], "e": 1.5, "f": ""}

    assert pairs(query) == [("a", "1"), ("b", "true"), ("d", "x"), ("d", "2"), ("d", "false"), ("e", "1.5"), ("f", "")]
    assert pairs([("a", 1), ("a", 2)]) == [("a", "1"), ("a", "2")]
