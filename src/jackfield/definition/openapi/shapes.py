"""What a schema is, seen from outside: the properties of a plain object, and the types that a value may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from jackfield.definition.openapi.keywords import TYPES, read_types
from jackfield.definition.openapi.references import References, inside

if TYPE_CHECKING:
    from jackfield.definition.openapi.sides import Hidden

_NOT_PLAIN = frozenset(
    {
        *("oneOf", "anyOf", "not", "if", "then", "else", "const", "enum", "patternProperties", "discriminator"),
        *("dependentSchemas", "dependentRequired", "propertyNames", "maxProperties", "unevaluatedProperties"),
    }
)
_ALL = frozenset(TYPES)
_DEEPEST = 30
_MADE_OF = 500
"""Schemas that are looked at for one: parts may have parts, and each may be named many times."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A plain object.

    Attributes:
        properties: Converted schemas, by name on the wire. Without those that are read-only.
        required: Of these properties.
        closed: It may have no other properties.
        extra: The schema of other properties, where there is one.
        raw: The schemas as the document has them, with their places; of a property that several parts have, the last.
        description: Of the object itself.
    """

    properties: Mapping[str, dict[str, Any]]
    required: frozenset[str]
    closed: bool = False
    extra: dict[str, Any] | None = None
    raw: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    description: str = ""


class _Converts(Protocol):
    def convert(self, schema: Any, place: str) -> dict[str, Any]: ...


@dataclass(kw_only=True)
class _Parts:
    """The properties of the schemas that an object is made of, as they are found."""

    found: dict[str, list[tuple[Any, str]]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    closed: int = 0
    open: int = 0
    left: int = _MADE_OF
    fewest: int = 0
    extra: list[tuple[Any, str]] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)


def shape_of(builder: _Converts, hidden: Hidden, references: References, schema: Any, place: str) -> Shape | None:
    """The shape of `schema`, or `None` where it is no plain object whose properties could be taken one by one."""
    parts = _Parts()
    if not _gather(parts, references, schema, place, frozenset()):
        return None
    gone = {name for name, ones in parts.found.items() if any(hidden.is_hidden(*one) for one in ones)}
    names = [name for name in parts.found if name not in gone]
    required = frozenset(parts.required) - gone
    if not names or parts.fewest > len(required) or required - set(names):
        return None
    return Shape(
        properties={name: _together(builder.convert, parts.found[name]) for name in names},
        required=required,
        closed=parts.closed > 0 and parts.open == 0,
        extra=builder.convert(*parts.extra[0]) if parts.extra else None,
        raw={name: parts.found[name][-1] for name in names},
        description=parts.descriptions[0] if parts.descriptions else "",
    )


def _together(convert: Callable[[Any, str], dict[str, Any]], ones: list[tuple[Any, str]]) -> dict[str, Any]:
    converted = [convert(*one) for one in ones]
    different = [one for index, one in enumerate(converted) if one not in converted[:index]]
    return different[0] if len(different) == 1 else {"allOf": different}


def _gather(parts: _Parts, references: References, schema: Any, place: str, seen: frozenset[str]) -> bool:
    parts.left -= 1
    if parts.left < 0:
        return False
    if isinstance(schema, Mapping) and isinstance(schema.get("description"), str):
        parts.descriptions.append(schema["description"])
    beside = isinstance(schema, Mapping) and "$ref" in schema and references.document.version != "3.0"
    if beside and not _gather_beside(parts, references, schema, place, seen):
        return False
    value, place, _ = references.schema(schema, place)
    if not isinstance(value, Mapping) or place in seen or len(seen) > _DEEPEST or not _is_plain(value):
        return False
    if isinstance(value.get("description"), str):
        parts.descriptions.append(value["description"])
    _gather_own(parts, value, place)
    listed = value.get("allOf", [])
    return isinstance(listed, list) and all(
        _gather(parts, references, one, inside(place, "allOf", index), seen | {place})
        for index, one in enumerate(listed)
    )


def _gather_beside(
    parts: _Parts, references: References, schema: Mapping[str, Any], place: str, seen: frozenset[str]
) -> bool:
    others = {key: value for key, value in schema.items() if key != "$ref"}
    return not others or _gather(parts, references, others, place, seen)


def _gather_own(parts: _Parts, value: Mapping[str, Any], place: str) -> None:
    properties = value.get("properties")
    at = inside(place, "properties")
    for name, one in properties.items() if isinstance(properties, Mapping) else ():
        parts.found.setdefault(name, []).append((one, inside(at, name)))
    required = value.get("required")
    parts.required |= {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
    extra = value.get("additionalProperties")
    if extra is False:
        parts.closed += 1
    elif properties:
        parts.open += 1
    if isinstance(extra, Mapping) and extra:
        parts.extra.append((extra, inside(place, "additionalProperties")))
    fewest = value.get("minProperties")
    parts.fewest = max(parts.fewest, fewest if isinstance(fewest, int) else 0)


def _is_plain(value: Mapping[str, Any]) -> bool:
    if value.get("nullable") is True or value.get("x-nullable") is True or value.keys() & _NOT_PLAIN:
        return False
    return "type" not in value or read_types(value["type"])[0] == ["object"]


def kinds_of(references: References, schema: Any, place: str) -> frozenset[str]:
    """The JSON types that a value may have under `schema`; all of them where it does not tell."""
    return _Kinds(references).of(schema, place)


class _Kinds:
    def __init__(self, references: References) -> None:
        self._references = references
        self._known: dict[str, frozenset[str]] = {}

    def of(self, schema: Any, place: str, depth: int = 0) -> frozenset[str]:
        value, place, _ = self._references.schema(schema, place)
        if not isinstance(value, Mapping) or depth > _DEEPEST or len(self._known) > _MADE_OF:
            return _ALL
        if place not in self._known:
            self._known[place] = _ALL  # what it leads back to tells nothing more
            self._known[place] = self._of_object(value, place, depth)
        return self._known[place]

    def _of_object(self, value: Mapping[str, Any], place: str, depth: int) -> frozenset[str]:
        kinds = frozenset(read_types(value["type"])[0]) if "type" in value else frozenset()
        kinds = kinds or _guessed(value)
        for key in ("oneOf", "anyOf", "allOf"):
            if isinstance(listed := value.get(key), list) and listed:
                each = [self.of(one, inside(place, key, index), depth + 1) for index, one in enumerate(listed)]
                joined = frozenset.intersection(*each) if key == "allOf" else frozenset.union(*each)
                kinds = (kinds & joined) or kinds
        nullable = value.get("nullable") is True or value.get("x-nullable") is True
        return kinds | {"null"} if nullable else kinds


def _guessed(value: Mapping[str, Any]) -> frozenset[str]:
    """Of a schema without a type: what its keywords are about. Strictly, they would allow any other type."""
    if "properties" in value or "additionalProperties" in value:
        return frozenset({"object"})
    if "items" in value:
        return frozenset({"array"})
    if isinstance(enum := value.get("enum"), list) and enum and all(isinstance(one, str) for one in enum):
        return frozenset({"string"})
    return _ALL
