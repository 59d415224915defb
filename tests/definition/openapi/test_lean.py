"""Schemas of params: as small as they can be with the same values valid."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.definition.openapi.lean import lean

NAMES = ("a", "b", "c")
DEFS = ("one", "two", "three")

VALUES = (None, True, 0, 1, -2, 3, "", "x", "xy", "xyz")
TYPES = ("string", "integer", "object", "array", "null", "boolean", ["string", "null"])
LISTS = ("allOf", "anyOf", "oneOf")


class Draws:
    """Schemas as `SchemaBuilder.finish` gives them, and values that are near to what they allow."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def whole(self) -> dict[str, Any]:
        """Definitions lead to later ones only, and so to no end."""
        defs = {name: self.part(3, DEFS[at + 1 :]) for at, name in enumerate(DEFS)}
        properties = {name: self.part(3, DEFS) for name in NAMES}
        return {"type": "object", "properties": properties, "additionalProperties": False, "$defs": defs}

    def part(self, depth: int, defs: Sequence[str]) -> dict[str, Any]:
        made = self._notes()
        if defs and self._random.random() < 0.3:
            made["$ref"] = f"#/$defs/{self._random.choice(defs)}"
            return made | (self._scalar() if self._random.random() < 0.2 else {})
        if depth and self._random.random() < 0.7:
            made |= self._holder(depth - 1, defs)
        return made | (self._scalar() if self._random.random() < 0.6 else {})

    def _holder(self, depth: int, defs: Sequence[str]) -> dict[str, Any]:
        draw = self._random
        key = draw.choice((*LISTS, *LISTS, "properties", "properties", "items", "not", "additionalProperties"))
        if key in LISTS:
            parts = [self.part(depth, defs) for _ in range(draw.randint(1, 3))]
            return {key: [draw.choice((one, one, {}, {"type": "null"}, {"description": "As is."})) for one in parts]}
        if key != "properties":
            return {key: self.part(depth, defs)}
        inner = {name: self.part(depth, defs) for name in draw.sample(NAMES, draw.randint(0, 2))}
        more = draw.choice(({}, {"additionalProperties": False}, {"additionalProperties": {}}))
        return {"type": "object", "properties": inner, **more}

    def _scalar(self) -> dict[str, Any]:
        draw = self._random
        every = {
            "type": draw.choice(TYPES),
            "enum": draw.sample(VALUES, draw.randint(1, 3)),
            "minLength": draw.randint(0, 3),
            "maxLength": draw.randint(0, 3),
            "minItems": draw.randint(0, 2),
            "minProperties": draw.randint(0, 1),
            "minimum": draw.randint(-2, 2),
            "format": draw.choice(("int64", "date", "metadata", "string")),
            "required": draw.sample(NAMES, draw.randint(0, 2)),
        }
        return {key: every[key] for key in draw.sample(sorted(every), draw.randint(1, 3))}

    def _notes(self) -> dict[str, Any]:
        draw = self._random
        every = {
            "title": draw.choice(("A", "some_code_name", "Read by people")),
            "description": draw.choice(("The a.", "Must be one of `x`, `xy`.", "<p>Twice.</p> Twice.")),
            "default": draw.choice(VALUES),
            "examples": [draw.choice(VALUES)],
        }
        return {key: every[key] for key in draw.sample(sorted(every), draw.choice((0, 0, 1, 2)))}

    def value(self, depth: int = 3) -> Any:
        draw = self._random
        kind = draw.random()
        if depth and kind < 0.35:
            return {name: self.value(depth - 1) for name in draw.sample(NAMES, draw.randint(0, 3))}
        if depth and kind < 0.45:
            return [self.value(depth - 1) for _ in range(draw.randint(0, 2))]
        return draw.choice(VALUES)


@given(st.integers(0, 2**32))
@settings(max_examples=500)
def test_the_same_values_are_valid(seed):
    """A schema that is smaller and says something else would be no saving."""
    draws = Draws(seed)
    schema = draws.whole()
    before, after = jsonschema_rs.Draft202012Validator(schema), jsonschema_rs.Draft202012Validator(lean(schema))

    for _ in range(10):
        value = {name: draws.value() for name in NAMES if draws.value() is not None}
        assert before.is_valid(value) == after.is_valid(value), (value, schema, lean(schema))


@given(st.integers(0, 2**32))
def test_it_comes_out_the_same_and_changes_nothing_else(seed):
    """Parts are shared by commands, and an import that is repeated has to give the same names."""
    schema, kept = Draws(seed).whole(), Draws(seed).whole()

    assert lean(schema) == lean(kept)
    assert schema == kept


def of(param: dict[str, Any], **defs: Any) -> dict[str, Any]:
    """What becomes of one param."""
    made = lean({"type": "object", "properties": {"it": param}, **({"$defs": defs} if defs else {})})
    return made["properties"]["it"] | ({"$defs": made["$defs"]} if "$defs" in made else {})


LONG = {"type": "object", "properties": {name: {"type": "string", "maxLength": 99} for name in NAMES}}


@pytest.mark.parametrize(
    ("param", "left"),
    [
        ({"allOf": [{"type": "string"}, {}]}, {"type": "string"}),
        ({"allOf": [{"type": "string"}, {"description": "Hue."}]}, {"type": "string", "description": "Hue."}),
        ({"oneOf": [{"type": "string"}], "title": "A hue"}, {"type": "string", "title": "A hue"}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": ["string", "null"]}),
        ({"anyOf": [{"enum": ["x"]}, {"type": "null"}]}, {"anyOf": [{"enum": ["x"]}, {"type": "null"}]}),
        ({"type": "object", "properties": {}, "additionalProperties": {}, "minProperties": 0}, {"type": "object"}),
        ({"type": "string", "enum": ["x", "yy"], "maxLength": 2}, {"type": "string", "enum": ["x", "yy"]}),
        (
            {"type": "string", "enum": ["x", "yy"], "maxLength": 1},
            {"type": "string", "enum": ["x", "yy"], "maxLength": 1},
        ),
        ({"type": "array", "items": {}}, {"type": "array", "items": {}}),
    ],
)
def test_what_says_nothing_is_left_out(param, left):
    """Lists of one, empty ones, bounds that are met anyway; the items of an array stay, which some models ask for."""
    assert of(param) == left


def test_a_definition_that_is_used_once_stands_in_its_place():
    """Nobody has to look it up."""
    assert of({"$ref": "#/$defs/Hue", "description": "As seen."}, Hue=LONG) == {**LONG, "description": "As seen."}


def test_a_definition_that_leads_back_to_itself_stays():
    """It has no end that could be written out."""
    tree = {"type": "object", "properties": {"left": {"$ref": "#/$defs/Tree"}}}

    assert of({"$ref": "#/$defs/Tree"}, Tree=tree) == {"$ref": "#/$defs/Tree", "$defs": {"Tree": tree}}


def test_equal_parts_are_one_definition_called_like_their_property():
    """Names that people can read, and the same ones at each import."""
    holder = {"type": "object", "properties": {"billing": LONG, "shipping": LONG}}

    made = of({**holder})

    assert made["properties"] == {"billing": {"$ref": "#/$defs/billing"}, "shipping": {"$ref": "#/$defs/billing"}}
    assert made["$defs"] == {"billing": LONG}


def test_params_stay_where_they_are():
    """Forms and command lines read those directly."""
    made = lean({"type": "object", "properties": {"billing": LONG, "shipping": LONG}})

    assert made["properties"] == {"billing": LONG, "shipping": LONG}


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ({"title": "It"}, {}),
        ({"title": "it_create_param"}, {}),
        ({"title": "Colour", "description": "As seen."}, {"description": "As seen."}),
        ({"description": "The it."}, {}),
        ({"description": " "}, {}),
        ({"format": "int64"}, {}),
        ({"format": "int32"}, {"format": "int32"}),
        ({"type": "integer", "examples": [3]}, {"type": "integer"}),
        ({"type": "string", "examples": ["x1"]}, {"type": "string", "examples": ["x1"]}),
        ({"type": "string", "format": "uuid", "examples": ["x1"]}, {"type": "string", "format": "uuid"}),
        ({"type": "string", "enum": ["x"], "description": "Always `x`."}, {"type": "string", "enum": ["x"]}),
    ],
)
def test_notes_that_only_repeat_something_are_left_out(note, left):
    """The name of a param, its type, its only value."""
    assert of(note) == left
