"""What only the other side has: requests are without what is read-only, answers without what is write-only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from jackfield.definition.openapi.references import References, inside

Side: TypeAlias = Literal["request", "response"]

_FLAGS: Mapping[Side, str] = {"request": "readOnly", "response": "writeOnly"}
_MADE_OF = 200
"""Schemas that are looked at for one."""


class Hidden:
    """Tells which properties one side does not have."""

    def __init__(self, references: References, side: Side) -> None:
        """For `side`."""
        self._references = references
        self.flag = _FLAGS[side]

    def hidden_in(self, value: Mapping[str, Any], place: str) -> set[str]:
        """Names of properties that this side does not have, in `value` and in what it is made of."""
        found, seen, waiting = set[str](), {place}, [(value, place)]
        while waiting and len(seen) < _MADE_OF:
            one, at = waiting.pop()
            if isinstance(properties := one.get("properties"), Mapping):
                inner = inside(at, "properties")
                found |= {name for name, each in properties.items() if self.is_hidden(each, inside(inner, name))}
            for index, part in enumerate(listed if isinstance(listed := one.get("allOf"), list) else ()):
                followed = self._references.schema(part, inside(at, "allOf", index))
                if isinstance(followed.value, Mapping) and followed.place not in seen:
                    seen.add(followed.place)
                    waiting.append((followed.value, followed.place))
        return found

    def is_hidden(self, schema: Any, place: str) -> bool:
        """Whether this side has no such property: read-only in requests, write-only in responses."""
        if not isinstance(schema, Mapping):
            return False
        if schema.get(self.flag) is True:
            return True
        listed = schema.get("allOf")
        if "$ref" not in schema and not isinstance(listed, list):
            return False
        if isinstance(listed, list) and any(isinstance(one, Mapping) and one.get(self.flag) is True for one in listed):
            return True
        if "$ref" not in schema:
            return False
        followed = self._references.schema(schema, place).value
        return isinstance(followed, Mapping) and followed.get(self.flag) is True
