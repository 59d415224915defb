"""What the interfaces of models have in common that take less than JSON Schema and any text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.agents.tool import Tool

MAX_DESCRIPTION = 1_024
"""Characters. Source: the errors of OpenAI's API, "string too long. Expected a string with maximum length 1024"."""

_NAMED = frozenset({"properties", "patternProperties", "$defs"})
_INNER = frozenset({"items", "additionalProperties", "anyOf", "oneOf", "allOf", "prefixItems"})


def short_description(tool: Tool) -> str:
    """The description of `tool`, or the beginning of one that OpenAI would refuse."""
    if len(tool.description) <= MAX_DESCRIPTION:
        return tool.description
    return f"{tool.description[: MAX_DESCRIPTION - 1].rsplit(maxsplit=1)[0]}…"


def parameters_of(tool: Tool) -> dict[str, Any]:
    """The schema of the tool's params, in which each list says of what it is, if only of anything.

    Source: the errors of OpenAI's API, "array schema missing items".
    """
    made = _with_items(tool.input_schema)
    return dict(made)


def _with_items(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_with_items(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    made: dict[str, Any] = {}
    for key, inner in schema.items():
        if key in _NAMED and isinstance(inner, Mapping):
            made[key] = {name: _with_items(one) for name, one in inner.items()}
        else:
            made[key] = _with_items(inner) if key in _INNER else inner
    kinds = made.get("type")
    if (kinds == "array" or (isinstance(kinds, list) and "array" in kinds)) and "prefixItems" not in made:
        made.setdefault("items", {})
    return made
