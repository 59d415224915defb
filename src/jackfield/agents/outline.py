"""Tools in outline: for long lists, where a model first chooses and then reads one schema whole.

A schema keeps the names, types and choices of its params. What is said about them, and what is inside objects, is left
to `describe_tool`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jackfield.agents.lists import resolved
from jackfield.agents.tool import Tool

MAX_SENTENCE = 150
"""Characters of a description."""

_KEPT = ("type", "enum", "const", "format")
_CHOICES = ("anyOf", "oneOf")
_SENTENCE = re.compile(r".+?[.!?](?=\s|$)", re.DOTALL)


def outline(tool: Tool) -> Tool:
    """`tool` with the first sentence of its description and the outline of its schema. It is called as before."""
    schema = tool.input_schema
    made = {name: _outlined(schema, of) for name, of in schema.get("properties", {}).items()}
    required = {"required": schema["required"]} if schema.get("required") else {}
    return replace(
        tool,
        description=first_sentence(tool.description),
        input_schema={"type": "object", "properties": made, **required},
    )


def first_sentence(text: str) -> str:
    """The first sentence of `text`, in at most `MAX_SENTENCE` characters."""
    found = _SENTENCE.match(text)
    sentence = " ".join((found[0] if found else text).split())
    return sentence if len(sentence) <= MAX_SENTENCE else f"{sentence[: MAX_SENTENCE - 1]}…"


def _outlined(root: Mapping[str, Any], schema: Any) -> Any:
    """The schema of one value, without what is inside objects."""
    of = resolved(root, schema)
    made = {key: of[key] for key in _KEPT if key in of}
    if "items" in of:
        items = resolved(root, of["items"])
        made["items"] = {key: items[key] for key in _KEPT if key in items}
    for key in _CHOICES:
        if key in of:
            parts = [resolved(root, part) for part in of[key]]
            made[key] = [{kept: part[kept] for kept in _KEPT if kept in part} for part in parts]
    return made
