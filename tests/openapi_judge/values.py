"""Values that fit a JSON Schema, drawn with a given random generator: bounded, and only as clever as params need."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from random import Random
from typing import Any, Literal, TypeAlias

from openapi_judge.matching import matching

Case: TypeAlias = Literal["required", "everything", "awkward"]
CASES: tuple[Case, ...] = ("required", "everything", "awkward")

AWKWARD = "a b&c=d%e+f;g?h#i\"j'k,l|m/né日"
"""What is written differently in every place of a request."""

_DEEPEST = 5
_FORMATS = {
    "date": "2024-02-29",
    "date-time": "2024-02-29T12:30:00Z",
    "time": "12:30:00Z",
    "duration": "P1D",
    "uuid": "3b241101-e2bb-4255-8caf-4136c566a962",
    "email": "someone@example.com",
    "uri": "https://example.com/a?b=c",
    "url": "https://example.com/a?b=c",
    "uri-reference": "/a?b=c",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "json-pointer": "/a/b",
    "regex": "a+",
}


class Values:
    """Draws values of the schemas in one document of schemas."""

    def __init__(self, root: Mapping[str, Any], random: Random, case: Case, *, sparse: bool = False) -> None:
        """References are looked up in `root`. `sparse` leaves out some of what is optional, as rules between
        properties may ask for."""
        self._root, self._random, self._case, self._sparse = root, random, case, sparse

    def params(self) -> Any:
        """A value of the root."""
        return self._value(self._root, 0)

    def _value(self, schema: Any, depth: int) -> Any:
        schema = self._flat(schema) if isinstance(schema, Mapping) else {}
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return self._random.choice([one for one in schema["enum"] if one is not None] or [None])
        return self._of_kind(self._kind(schema), schema, depth)

    def _of_kind(self, kind: str, schema: Mapping[str, Any], depth: int) -> Any:
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, depth)
        if kind in ("integer", "number"):
            return self._number(schema, whole=kind == "integer")
        if kind == "string":
            return self._text(schema)
        return self._random.random() < 0.5 if kind == "boolean" else None

    def _flat(self, schema: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
        """References and all of `allOf` joined, and one of each choice taken."""
        found = {key: value for key, value in schema.items() if key not in ("$ref", "allOf", "anyOf", "oneOf")}
        if depth > 20:
            return found
        parts = [self._named(schema["$ref"])] if "$ref" in schema else []
        parts += [*schema.get("allOf", ())]
        for key in ("anyOf", "oneOf"):
            choices = [one for one in schema.get(key, ()) if one != {"type": "null"}]
            if choices:
                parts.append(self._random.choice(choices))
        for part in parts:
            if isinstance(part, Mapping):
                found = _joined(found, self._flat(part, depth + 1))
        return found

    def _named(self, reference: str) -> Any:
        found: Any = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            found = found[step.replace("~1", "/").replace("~0", "~")]
        return found

    def _kind(self, schema: Mapping[str, Any]) -> str:
        kinds = schema.get("type", ())
        named = [kinds] if isinstance(kinds, str) else [*kinds]
        wanted = [kind for kind in named if kind != "null"] or named
        if wanted:
            return str(self._random.choice(wanted))
        if "properties" in schema or "additionalProperties" in schema:
            return "object"
        if "items" in schema:
            return "array"
        return "number" if "minimum" in schema or "maximum" in schema else "string"

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties", {})
        needed = [*schema.get("required", ())]
        names = list(needed)
        if self._case != "required" and depth < _DEEPEST:
            names += [name for name in properties if name not in names and self._keeps()]
            names = names[: max(len(needed), schema.get("maxProperties", 40))]
        least = schema.get("minProperties", 0)
        names += [name for name in properties if name not in names][: max(0, least - len(names))]
        for name in list(names):
            names += [other for other in schema.get("dependentRequired", {}).get(name, ()) if other not in names]
        more = schema.get("additionalProperties", True)
        made = {name: self._value(properties.get(name, more), depth + 1) for name in dict.fromkeys(names)}
        if more is not False and (len(made) < least or (not properties and made == {} and self._wants(depth))):
            made |= {f"key{index}": self._value(more, depth + 1) for index in range(max(1, least - len(made)))}
        return made

    def _keeps(self) -> bool:
        return not self._sparse or self._random.random() < 0.4

    def _wants(self, depth: int) -> bool:
        return depth > 0 and self._case != "required" and depth < _DEEPEST

    def _array(self, schema: Mapping[str, Any], depth: int) -> list[Any]:
        least, most = schema.get("minItems", 0), schema.get("maxItems", math.inf)
        count = max(least, min(most, 0 if depth > _DEEPEST else 1 if self._case == "required" else 2))
        prefix = schema.get("prefixItems", ())
        made: list[Any] = []
        for index in range(int(count) * (4 if schema.get("uniqueItems") else 1)):
            value = self._value(prefix[index] if index < len(prefix) else schema.get("items", {}), depth + 1)
            if len(made) < count and not (schema.get("uniqueItems") and value in made):
                made.append(value)
        return made

    def _number(self, schema: Mapping[str, Any], *, whole: bool) -> Any:
        low = max(schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf))
        high = min(schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf))
        low = low if low > -math.inf else min(1, high - 10)
        high = high if high < math.inf else max(low + 100, 100)
        step = schema.get("multipleOf")
        if step:
            return max(math.ceil(low / step), 1 if high >= step else 0) * step
        if whole:
            edge = schema.get("exclusiveMinimum", -math.inf) >= low
            return self._random.randint(math.ceil(low) + edge, min(math.floor(high), math.ceil(low) + 1000))
        middle = low + (high - low) / 2
        return int(middle) if low < int(middle) < high and self._case == "required" else middle

    def _text(self, schema: Mapping[str, Any]) -> str:
        least, most = schema.get("minLength", 0), int(min(schema.get("maxLength", 60), 4000))
        if "pattern" in schema:
            found = matching(schema["pattern"], self._random, least=least, most=most)
            return "a" if found is None else found
        if schema.get("contentEncoding") == "base64":
            return base64.b64encode(bytes(range(250, 256)) + b"text").decode()
        named = _FORMATS.get(schema.get("format", ""))
        if named:
            return named
        text = AWKWARD if self._case == "awkward" else f"text{self._random.randint(1, 99)}"
        return text.ljust(max(least, 1), "x")[: max(most, 0)].strip().ljust(least, "x")


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    found = {**other, **one}
    for key in ("properties", "dependentRequired"):
        if key in one and key in other:
            found[key] = {**other[key], **one[key]}
    if "required" in one and "required" in other:
        found["required"] = [*dict.fromkeys([*one["required"], *other["required"]])]
    return found
