"""Example answers: what a document gives, else what its schemas allow."""

import jsonschema_rs
import orjson
import pytest

from jackfield.definition.openapi.document import open_document
from jackfield.definition.openapi.examples import Examples
from jackfield.definition.openapi.references import References

ROOT = {
    "openapi": "3.0.3",
    "paths": {},
    "components": {
        "examples": {"shared": {"value": {"id": 7}}},
        "schemas": {
            "User": {
                "type": "object",
                "properties": {
                    "id": {"type": "integer", "example": 5},
                    "mail": {"type": "string", "format": "email"},
                    "password": {"type": "string", "writeOnly": True},
                    "friends": {"type": "array", "items": {"$ref": "#/components/schemas/User"}},
                },
            },
            "Wide": {
                "type": "object",
                "properties": {f"p{i}": {"$ref": "#/components/schemas/Wider"} for i in range(99)},
            },
            "Wider": {
                "type": "object",
                "properties": {f"q{i}": {"$ref": "#/components/schemas/Widest"} for i in range(99)},
            },
            "Widest": {"type": "object", "properties": {f"r{i}": {"type": "string"} for i in range(99)}},
        },
    },
}


def made(schema):
    return Examples(References(open_document(ROOT))).of_schema(schema, "#/x")


def of_media(media):
    references = References(open_document(ROOT))
    return Examples(references).of_media(media, "#/x"), list(references.document.notices)


@pytest.mark.parametrize(
    ("media", "examples"),
    [
        ({"examples": {"a": {"value": 1}, "b": {"$ref": "#/components/examples/shared"}}}, {"a": 1, "b": {"id": 7}}),
        ({"example": {"id": 1}, "schema": {"type": "string"}}, {"default": {"id": 1}}),
        ({"example": None}, {"default": None}),
        ({"examples": {}, "schema": {"type": "boolean"}}, {"default": True}),
        ({"examples": [{"id": 1}]}, {"default": {"id": 1}}),
        ({"schema": {}}, {}),
        ({}, {}),
        ("text", {}),
    ],
)
def test_named_examples_come_before_one_and_one_before_a_made_one(media, examples):
    """Each name is a scenario of the mock."""
    assert of_media(media) == (examples, [])


@pytest.mark.parametrize("example", [{"externalValue": "https://example.com/x"}, {"value": "x" * 300_000}])
def test_an_example_that_cannot_be_used_is_told(example):
    """Nothing is fetched for one."""
    found, notices = of_media({"examples": {"a": example}})

    assert (found, len(notices)) == ({}, 1)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "minLength": 6}, "textxx"),
        ({"type": "string", "maxLength": 2}, "te"),
        ({"type": "string", "format": "date"}, "2026-01-31"),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "integer", "example": "12"}, 12),
        ({"type": "integer", "example": "twelve"}, 1),
        ({"type": "number", "exclusiveMinimum": 5}, 6),
        ({"enum": [None, "b"]}, "b"),
        ({"const": 3}, 3),
        ({"type": ["null", "boolean"]}, True),
        ({"type": "null"}, None),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, [1, 1]),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"name": 1}),
        ({"allOf": [{"properties": {"a": {"const": 1}}}], "properties": {"b": {"const": 2}}}, {"a": 1, "b": 2}),
        ({"oneOf": [{"type": "null"}, {"type": "integer"}]}, 1),
        ({"$ref": "#/nowhere"}, None),
        (True, None),
        ("text", None),
    ],
)
def test_a_value_is_made_of_what_the_schema_says(schema, value):
    """Its own example where that fits, else something of its type."""
    assert made(schema) == value


def test_a_recursive_schema_gives_a_finite_value_without_passwords():
    """A turn ends where it would begin again."""
    user = made({"$ref": "#/components/schemas/User"})

    assert user == {"id": 5, "mail": "someone@example.com", "friends": []}


def test_a_value_is_bounded():
    """A million values help nobody."""
    value = made({"$ref": "#/components/schemas/Wide"})

    assert len(orjson.dumps(value)) < 100_000
    assert jsonschema_rs.Draft202012Validator({"type": "object"}).is_valid(value)
