"""Tools in outline."""

from __future__ import annotations

from jackfield.agents.arguments import arguments_of
from jackfield.agents.outline import MAX_SENTENCE, first_sentence, outline
from tools.making import STRING, tool

PLACE = {"type": "object", "properties": {"street": STRING}, "description": "Where."}
PARAMS = {
    "type": "object",
    "properties": {
        "color": {"type": "string", "enum": ["red", "blue"], "description": "Which."},
        "at": {"$ref": "#/$defs/Place"},
        "tags": {"type": "array", "items": {"type": "string", "description": "One."}},
        "id": {"anyOf": [{"type": "string", "description": "By name."}, {"type": "integer"}]},
    },
    "required": ["color"],
    "$defs": {"Place": PLACE},
}


def test_names_types_and_choices_stay():
    """By these a model chooses a tool, and writes most calls right."""
    made = outline(tool(params=PARAMS, description="Paint it. With whatever is there."))

    assert made.description == "Paint it."
    assert made.input_schema == {
        "type": "object",
        "properties": {
            "color": {"type": "string", "enum": ["red", "blue"]},
            "at": {"type": "object"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "id": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        },
        "required": ["color"],
    }


def test_it_is_called_as_before():
    """What is settled stays settled."""
    made = outline(tool({"parameters": {"channel": "general"}}))

    assert arguments_of(made, {"channel": "evil", "limit": 1}, {}).params == {"channel": "general", "limit": 1}


def test_a_sentence_without_end_is_cut():
    """Some descriptions are one."""
    assert len(first_sentence("word " * 200)) == MAX_SENTENCE
    assert first_sentence("Version 1.2 of it.\nMore.") == "Version 1.2 of it."
