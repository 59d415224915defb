"""One schema of a document as JSON Schema 2020-12, as it holds for requests or for responses.

What cannot be used is left out with a notice, keyword by keyword: a schema always comes out, and it is always valid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from jackfield.definition.openapi.keywords import (
    LEFT_OUT,
    READ,
    as_type,
    fits,
    read_bounds,
    read_enum,
    read_examples,
    read_types,
)
from jackfield.definition.openapi.patterns import usable_pattern
from jackfield.definition.openapi.references import References, inside
from jackfield.definition.openapi.sides import Hidden, Side


class Part(NamedTuple):
    """A part of a document that a schema refers to.

    Attributes:
        place: Where it stands.
        bare: Without its own choices: as those see it that are among them.
    """

    place: str
    bare: bool = False


@dataclass(kw_only=True)
class Conversion:
    """Of one part: where it begins, and what it was found to refer to.

    Attributes:
        parts: All of them, in order.
        same: Those that describe the very same value (through `allOf` and such), not one inside it.
        depth, count: Of schemas that are written inside each other.
    """

    part: Part
    parts: dict[Part, None] = field(default_factory=dict)
    same: dict[Part, None] = field(default_factory=dict)
    depth: int = 0
    count: int = 0


MAX_DEPTH = 64
MAX_SCHEMAS = 50_000
"""Written inside each other, without references. The largest of a public API has some thousands."""

_TOO_MUCH = (
    f"there are more than {MAX_DEPTH} levels or {MAX_SCHEMAS} schemas inside each other; "
    "the rest of them allows anything"
)
_CHOICES = ("oneOf", "anyOf")
_LISTS = ("allOf", "anyOf", "oneOf")
_SAME_VALUE = ("not", "if", "then", "else")
_INNER = (
    "additionalProperties",
    "propertyNames",
    "contains",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contentSchema",
)
_MAPS = ("properties", "patternProperties", "dependentSchemas")
_NULLABLE = ("nullable", "x-nullable")
_DONE = frozenset(
    {
        *(*_LISTS, *_SAME_VALUE, *_INNER, *_MAPS, *_NULLABLE, *READ, "$ref", "$dynamicRef", "items", "prefixItems"),
        *("type", "enum", "const", "default", "example", "examples", "exclusiveMinimum", "exclusiveMaximum"),
    }
)
_WITHOUT_A_WORD = frozenset(
    {
        *(
            "xml",
            "externalDocs",
            "discriminator",
            "definitions",
            "$defs",
            "$schema",
            "$id",
            "id",
            "$anchor",
            "$comment",
        ),
        *("$dynamicAnchor", "$vocabulary", "additionalItems", "collectionFormat"),
    }
)
_BESIDE_A_REFERENCE = ("description",)


class Converter:
    """Turns schemas of one document into those of one side."""

    def __init__(self, references: References, side: Side, name: Callable[[Part], str]) -> None:
        """For `side`, with `name` for each part that is referred to."""
        self._references, self._name = references, name
        self.hidden = Hidden(references, side)
        self._notices = references.document.notices
        self._old = references.document.version == "3.0"

    def part(self, part: Part) -> tuple[dict[str, Any], Conversion]:
        """The schema at a place, and what it refers to."""
        run = Conversion(part=part)
        return self.schema(self._references.at(part.place).value, part.place, run, same=True, bare=part.bare), run

    def schema(
        self, value: Any, place: str, run: Conversion, *, same: bool = False, bare: bool = False
    ) -> dict[str, Any]:
        """`value`, converted.

        Args:
            value: A schema, or whatever stands in place of one.
            place: Of the value.
            run: Learns what it refers to.
            same: It describes the value that the part of `run` describes.
            bare: Leave its choices out.
        """
        if isinstance(value, bool):
            return {} if value else {"not": {}}
        if not isinstance(value, Mapping):
            self._notices.add(place, "a schema is expected, and this is none; anything is allowed there")
            return {}
        if run.depth >= MAX_DEPTH or run.count >= MAX_SCHEMAS:
            self._notices.add(run.part.place, _TOO_MUCH)
            return {}
        run.depth, run.count = run.depth + 1, run.count + 1
        try:
            return self._any(value, place, run, same=same, bare=bare)
        finally:
            run.depth -= 1

    def _any(self, value: Mapping[str, Any], place: str, run: Conversion, *, same: bool, bare: bool) -> dict[str, Any]:
        reference = value.get("$ref", value.get("$dynamicRef"))
        if reference is None:
            return self._object(value, place, run, same=same, bare=bare)
        if not isinstance(reference, str):
            self._notices.add(place, "a `$ref` is no text; it is left out")
            return self._object(value, place, run, same=same, bare=bare)
        return self._reference(value, reference, place, run, same=same)

    def _reference(
        self, value: Mapping[str, Any], reference: str, place: str, run: Conversion, *, same: bool
    ) -> dict[str, Any]:
        if self._old:
            beside = {key: value[key] for key in _BESIDE_A_REFERENCE if isinstance(value.get(key), str)}
        else:
            others = {key: inner for key, inner in value.items() if key not in ("$ref", "$dynamicRef")}
            beside = self._object(others, place, run, same=same) if others else {}
        target = self._references.schema_target(reference, place)
        if target is None:
            return beside
        part = Part(target)
        if same and self._goes_round(part, run.part):
            part = Part(target, bare=True)
        run.parts.setdefault(part)
        if same:
            run.same.setdefault(part)
        return {"$ref": f"#/$defs/{self._name(part)}", **beside}

    def _goes_round(self, part: Part, start: Part) -> bool:
        """Whether `part` has the one that is being converted among its choices: then it is meant as what they share."""
        return start.place in self._references.choices(part.place)

    def _object(
        self, value: Mapping[str, Any], place: str, run: Conversion, *, same: bool, bare: bool = False
    ) -> dict[str, Any]:
        known = len(run.parts)
        types, new = self._types(value, place)
        self._plain(value, place, new)
        new |= read_bounds(value)
        self._values(value, place, types, new)
        self._inner(value, place, run, new, same=same)
        self._enum_of_items(value, place, new)
        if not bare:
            self._lists(value, place, run, new, same=same)
        elif "allOf" in value:
            self._lists({"allOf": value["allOf"]}, place, run, new, same=same)
        self._default(value, place, types, new, refers=len(run.parts) > known)
        if examples := read_examples(value):
            new["examples"] = examples
        self._tell_unknown(value, place)
        if self.hidden.flag in new:
            del new[self.hidden.flag]
        return _or_null(new) if _nullable(value) else new

    def _types(self, value: Mapping[str, Any], place: str) -> tuple[list[str], dict[str, Any]]:
        if "type" not in value:
            return [], {}
        types, new, wrong = read_types(value["type"])
        if wrong:
            self._notices.add(inside(place, "type"), wrong)
        if types:
            new = {"type": types[0] if len(types) == 1 else types, **new}
        return types, new

    def _plain(self, value: Mapping[str, Any], place: str, new: dict[str, Any]) -> None:
        for key, read in READ.items():
            if key not in value or key in ("minimum", "maximum"):
                continue
            found = read(value[key])
            if found is LEFT_OUT:
                self._left_out(place, key)
            elif found is not False and found != []:
                new[key] = found
        if new.get("format") == "byte":
            # The word of 3.0 for it. Source: OpenAPI 3.1.1, section 4.4.2.
            del new["format"]
            new.setdefault("contentEncoding", "base64")
        if "required" in new:
            hidden = self.hidden.hidden_in(value, place)
            new["required"] = [name for name in new["required"] if name not in hidden]
            if not new["required"]:
                del new["required"]

    def _values(self, value: Mapping[str, Any], place: str, types: list[str], new: dict[str, Any]) -> None:
        if "const" in value:
            new["const"] = value["const"]
        if "enum" not in value or (types == ["array"] and self._is_of_items(value["enum"])):
            return
        allowed = [*types, "null"] if types and _nullable(value) else types
        found = read_enum(value["enum"], allowed)
        if found is LEFT_OUT:
            self._left_out(place, "enum")
            return
        if _nullable(value) and None not in found and types:
            found = [*found, None]
        new["enum"] = found

    def _is_of_items(self, enum: Any) -> bool:
        """Whether an `enum` beside `type: array` lists what may be in the array: a frequent mistake."""
        return isinstance(enum, list) and bool(enum) and not any(isinstance(one, list) for one in enum)

    def _enum_of_items(self, value: Mapping[str, Any], place: str, new: dict[str, Any]) -> None:
        items = new.get("items", {})
        if new.get("type") != "array" or not self._is_of_items(value.get("enum")) or not isinstance(items, dict):
            return
        self._notices.add(inside(place, "enum"), "`enum` of an array is read as that of its items")
        if "enum" not in items:
            new["items"] = {**items, "enum": list({orjson.dumps(one): one for one in value["enum"]}.values())}

    def _default(
        self, value: Mapping[str, Any], place: str, types: list[str], new: dict[str, Any], *, refers: bool
    ) -> None:
        """Only one that is valid: a default is filled in, and a wrong one would make each call fail."""
        if "default" not in value:
            return
        default = as_type(value["default"], types)
        if default is None and _nullable(value):
            new["default"] = None
            return
        if default is LEFT_OUT or (refers and isinstance(default, list | dict)) or not (refers or fits(default, new)):
            if value["default"] is not None:
                self._left_out(place, "default")
            return
        new["default"] = default

    def _inner(self, value: Mapping[str, Any], place: str, run: Conversion, new: dict[str, Any], *, same: bool) -> None:
        for key in _MAPS:
            if key in value:
                of_same = same and key == "dependentSchemas"
                self._map(key, value[key], inside(place, key), run, new, same=of_same)
        for key in _INNER:
            if key in value:
                self._one(key, value[key], inside(place, key), run, new)
        for key in _SAME_VALUE:
            if key in value:
                new[key] = self.schema(value[key], inside(place, key), run, same=same)
        self._items(value, place, run, new)

    def _one(self, key: str, inner: Any, place: str, run: Conversion, new: dict[str, Any]) -> None:
        if not isinstance(inner, bool):
            new[key] = self.schema(inner, place, run)
        elif not inner:
            new[key] = False

    def _map(self, key: str, inner: Any, place: str, run: Conversion, new: dict[str, Any], *, same: bool) -> None:
        if not isinstance(inner, Mapping):
            self._left_out(place.rpartition("/")[0], key)
            return
        found: dict[str, Any] = {}
        for name, schema in inner.items():
            at = inside(place, name)
            if key == "properties" and self.hidden.is_hidden(schema, at):
                continue
            if key == "patternProperties" and (name := usable_pattern(name) or "") == "":
                self._notices.add(at, "its name is no regular expression that can be used; it is left out")
                continue
            found[name] = self.schema(schema, at, run, same=same)
        new[key] = found

    def _items(self, value: Mapping[str, Any], place: str, run: Conversion, new: dict[str, Any]) -> None:
        items, first, rest = value.get("items"), value.get("prefixItems"), value.get("items")
        at = inside(place, "items")
        if isinstance(items, list):  # as in versions of JSON Schema before 2020-12
            first, rest, at = items, value.get("additionalItems"), inside(place, "additionalItems")
        if isinstance(first, list) and first:
            where = inside(place, "items" if isinstance(items, list) else "prefixItems")
            new["prefixItems"] = [self.schema(one, inside(where, index), run) for index, one in enumerate(first)]
        elif first is not None and first != []:
            self._left_out(place, "prefixItems")
        if rest is not None and rest is not True:
            new["items"] = False if rest is False else self.schema(rest, at, run)

    def _lists(self, value: Mapping[str, Any], place: str, run: Conversion, new: dict[str, Any], *, same: bool) -> None:
        for key in _LISTS:
            if key not in value:
                continue
            listed = value[key]
            if not isinstance(listed, list) or not listed:
                self._left_out(place, key)
                continue
            at = inside(place, key)
            new[key] = [self.schema(one, inside(at, index), run, same=same) for index, one in enumerate(listed)]
            if key in _CHOICES:
                self._hint(value, listed, at, new[key])
        self._require_less(value, place, new)

    def _hint(self, value: Mapping[str, Any], listed: list[Any], place: str, choices: list[dict[str, Any]]) -> None:
        """Say in each choice which value of the discriminator means it, so that not two of them fit."""
        discriminator = value.get("discriminator")
        if not isinstance(discriminator, Mapping) or not isinstance(discriminator.get("mapping"), Mapping):
            return
        name, mapping = discriminator.get("propertyName"), discriminator["mapping"]
        if not isinstance(name, str):
            return
        for index, one in enumerate(listed):
            if not isinstance(one, Mapping) or not isinstance(one.get("$ref"), str):
                continue
            target = self._references.schema_target(one["$ref"], inside(place, index))
            values = [said for said, meant in mapping.items() if target and self._means(meant, target, place)]
            if values and target and self._is_free(name, target):
                choices[index] = {**choices[index], "properties": {name: {"enum": values}}, "required": [name]}

    def _means(self, meant: Any, target: str, place: str) -> bool:
        if not isinstance(meant, str):
            return False
        return inside("#/components/schemas", meant) == target or (
            "#" in meant and self._references.quietly(meant, place) == target
        )

    def _is_free(self, name: str, place: str) -> bool:
        """Whether the property is a text that nothing else restricts: a document's own words win over its mapping."""
        schema = self._references.at(place).value
        properties = schema.get("properties") if isinstance(schema, Mapping) else None
        own = properties.get(name) if isinstance(properties, Mapping) else None
        return (
            isinstance(own, Mapping)
            and own.get("type") == "string"
            and not own.keys() & {"enum", "const", self.hidden.flag}
        )

    def _require_less(self, value: Mapping[str, Any], place: str, new: dict[str, Any]) -> None:
        """Take what one branch hides out of what the other ones require."""
        if "allOf" not in new:
            return
        hidden = self.hidden.hidden_in(value, place)
        for branch in new["allOf"] if hidden else ():
            if "required" in branch and not (left := [name for name in branch["required"] if name not in hidden]):
                del branch["required"]
            elif "required" in branch:
                branch["required"] = left

    def _tell_unknown(self, value: Mapping[str, Any], place: str) -> None:
        for key in value:
            if key not in _DONE and key not in _WITHOUT_A_WORD and not key.startswith("x-"):
                self._notices.add(place, f"`{key[:60]}` is no keyword of a schema; it is left out")

    def _left_out(self, place: str, key: str) -> None:
        self._notices.add(inside(place, key), f"`{key}` has a value that cannot be used; it is left out")


def _nullable(value: Mapping[str, Any]) -> bool:
    return any(value.get(key) is True for key in _NULLABLE)


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema` or null. One that is made of others is wrapped: null would have to be allowed in each of them."""
    if any(key in schema for key in (*_LISTS, *_SAME_VALUE, "const")):
        outside = ("title", "description", "default", "examples", "deprecated", "writeOnly")
        kept = {key: schema[key] for key in outside if key in schema}
        inner = {key: value for key, value in schema.items() if key not in kept}
        return {**kept, "anyOf": [inner, {"type": "null"}]}
    types = schema.get("type")
    if types is None or types == "null":
        return schema
    types = types if isinstance(types, list) else [types]
    return {**schema, "type": [*types, *(() if "null" in types else ("null",))]}
