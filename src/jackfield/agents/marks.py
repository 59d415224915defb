"""What authors say of a param for language models, in its schema: `aiControlled` and `aiDescription`.

Where any param is marked as a model's, only those are. FluxTurn's definitions have these marks; any schema may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.definition.openapi.subschemas import mapped

CONTROLLED = "aiControlled"
DESCRIPTION = "aiDescription"

_OF_FORMS = frozenset({CONTROLLED, DESCRIPTION, "inputType", "placeholder", "order", "displayOptions", "helpText"})
"""What tells a model nothing."""


def marks_in(properties: Mapping[str, Any]) -> bool:
    """Whether anything is said for models, or for forms alone."""
    return any(isinstance(schema, Mapping) and not _OF_FORMS.isdisjoint(schema) for schema in properties.values())


def controlled(properties: Mapping[str, Any]) -> Sequence[str] | None:
    """The params that are a model's; `None` where none is marked, so that all are."""
    said = {name: schema.get(CONTROLLED) for name, schema in properties.items() if isinstance(schema, Mapping)}
    if any(of is True for of in said.values()):
        return [name for name, of in said.items() if of is True]
    if any(of is False for of in said.values()):
        return [name for name in properties if said.get(name) is not False]
    return None


def for_models(schema: Any, name: str = "") -> Any:
    """`schema` with what is said for models in place of what is said for people."""
    del name
    if not isinstance(schema, Mapping):
        return schema
    made = {key: value for key, value in mapped(schema, for_models).items() if key not in _OF_FORMS}
    said = schema.get(DESCRIPTION)
    return {**made, "description": said} if isinstance(said, str) and said else made
