"""YAML as JSON has it: texts stay texts, bombs do not go off."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.definition.yaml_values import MAX_DEPTH, YamlUnreadable, read_yaml

TEXTS = st.text(st.characters(max_codepoint=0xD7FF), max_size=8)  # YAML has no pairs of escapes for one character
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30:00", "12:30:00"),
        ("2026-11-21", "2026-11-21"),
        ("0123", "0123"),
        ("12", 12),
        ("-1.5e3", -1500.0),
        ("1e999", "1e999"),
        ("0x1F", 31),
        (".inf", ".inf"),
        ("~", None),
        ("True", True),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("!Ref thing", "thing"),
        ("", None),
        ("200: yes", {"200": "yes"}),
        ("null: 1", {"null": 1}),
        ("|\n  a\n  b\n", "a\nb\n"),
        ("&a x: [*a]", {"x": ["x"]}),
        ("a: &k b\n*k : 1", {"a": "b", "b": 1}),
    ],
)
def test_words_are_read_as_yaml_1_2_has_them(text, value):
    """`no` is a country, `12:30` no number of minutes, and a status is a text."""
    assert read_yaml(text) == value


def test_values_at_given_places_stay_as_they_are_written():
    """A version `1.10` is not 1.1."""
    text = "openapi: 3.0\ninfo:\n  version: 1.10\n  other: 1.10\n"

    assert read_yaml(text, texts=frozenset({("openapi",), ("info", "version")})) == {
        "openapi": "3.0",
        "info": {"version": "1.10", "other": 1.1},
    }


def test_merged_objects_give_way_to_what_stands_beside_them():
    """Also in a list of them, where the first one wins."""
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 9}"

    assert read_yaml(text)["c"] == {"x": 9, "y": 1, "z": 2}


def test_doubled_keys_are_told_and_the_last_one_holds():
    """Else one of two operations would be lost in silence."""
    told = []

    value = read_yaml("paths:\n  /a: 1\n  /a: 2\n", twice=lambda at, key: told.append((at, key)))

    assert value == {"paths": {"/a": 2}}
    assert told == [("/paths", "/a")]


BOMB = "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "\n".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        (BOMB, "its aliases", 7),
        ("[" * 100_000, f"more than {MAX_DEPTH} levels", 1),
        ("- " * 100_000, f"more than {MAX_DEPTH} levels", 1),
        ("a: &a [*a]", "refers to itself", 1),
        ("a: *b", "unde", 1),
        ("a: [1\nb: 2", "expected", 2),
        ("{[1]: 2}", "where a key is expected", 1),
        ("<<: 1", "merges something that is no object", 1),
        ("a: \x07", "", 0),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text, reason, line):
    """Bombs, endless nesting and broken text, none of which may take the process with it."""
    with pytest.raises(YamlUnreadable) as caught:
        read_yaml(text)

    assert reason in caught.value.reason or "names nothing" in caught.value.reason
    assert caught.value.line == line


def test_aliases_do_not_hide_depth():
    """Each step doubles the depth of the one before."""
    steps = [f"a{i}: &a{i} [[[[[[[[[[*a{i - 1}]]]]]]]]]]" for i in range(1, 30)]

    with pytest.raises(YamlUnreadable, match="levels"):
        read_yaml("a0: &a0 [1]\n" + "\n".join(steps))


@settings(max_examples=50)
@given(JSON)
def test_json_is_read_as_json(value):
    """JSON is YAML too."""
    assert read_yaml(json.dumps(value)) == value


@given(st.text(max_size=60))
def test_no_text_makes_it_fail_otherwise(text):
    """Whatever is given: a value, or the one error."""
    with contextlib.suppress(YamlUnreadable):
        read_yaml(text)
