"""Example answers of a document: what it gives, or else values made from its schemas. Mocks answer with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from jackfield.definition.openapi.keywords import LEFT_OUT, as_type, read_types
from jackfield.definition.openapi.references import References, inside

MAX_DEPTH = 8
"""Of a made value: schemas may be recursive, and a reader of a mock looks no deeper."""
MAX_VALUES = 2_000
MAX_EXAMPLE_BYTES = 200_000

_FORMATS: Mapping[str, str] = {
    "date-time": "2026-01-31T12:00:00Z",
    "date": "2026-01-31",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uri-reference": "/example",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "byte": "ZXhhbXBsZQ==",
    "binary": "",
    "password": "example",
}
_CHOSEN = ("oneOf", "anyOf")


class Examples:
    """Finds and makes examples in one document."""

    def __init__(self, references: References) -> None:
        """Of the document whose references these are."""
        self._references = references

    def of_media(self, media: Any, place: str) -> dict[str, Any]:
        """The examples of a Media Type Object by name; `default` is the name of one without.

        From its `examples`, else its `example`, else a value made from its schema. Empty where there is nothing to go
        by. What is larger than 200 kB, or stands outside the document, is left out with a notice.
        """
        if not isinstance(media, Mapping):
            return {}
        found = self._named(media.get("examples"), inside(place, "examples"))
        if not found and "example" in media:
            found = {"default": media["example"]}
        found = {name: value for name, value in found.items() if self._is_small(value, name, place)}
        if found or "schema" not in media:
            return found
        made = self.of_schema(media["schema"], inside(place, "schema"))
        return {} if made is None else {"default": made}

    def of_schema(self, schema: Any, place: str) -> Any:
        """A value that an answer may have under `schema`; `None` where it tells nothing."""
        made = _Making(self._references).value(schema, place, ())
        return None if made is LEFT_OUT else made

    def _named(self, examples: Any, place: str) -> dict[str, Any]:
        if isinstance(examples, list) and examples:  # as in schemas: a frequent mistake
            return {"default": examples[0]}
        found: dict[str, Any] = {}
        for name, example in examples.items() if isinstance(examples, Mapping) else ():
            followed = self._references.follow(example, inside(place, name))
            if "value" in followed.value:
                found[name] = followed.value["value"]
            elif "externalValue" in followed.value:
                self._references.document.notices.add(followed.place, "the example stands elsewhere; it is left out")
        return found

    def _is_small(self, value: Any, name: str, place: str) -> bool:
        if len(orjson.dumps(value)) <= MAX_EXAMPLE_BYTES:
            return True
        self._references.document.notices.add(place, f"the example `{name[:60]}` is larger than 200 kB; it is left out")
        return False


class _Making:
    """Makes one value, and counts what it is made of."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._left = MAX_VALUES

    def value(self, schema: Any, place: str, around: tuple[str, ...]) -> Any:
        """A value, or `LEFT_OUT` where there can be none any more: too deep, too much, or a recursion."""
        self._left -= 1
        followed = self._references.schema(schema, place)
        schema, place = followed.value, followed.place
        if self._left < 0 or len(around) > MAX_DEPTH or place in around or not isinstance(schema, Mapping):
            return LEFT_OUT
        given = _given(schema)
        if given is not LEFT_OUT:
            return given
        around = (*around, place)
        for key in _CHOSEN:
            if isinstance(listed := schema.get(key), list) and listed:
                return self._chosen(schema, key, place, around)
        if isinstance(schema.get("allOf"), list):
            return self._merged(schema, place, around)
        return self._of_type(schema, place, around)

    def _chosen(self, schema: Mapping[str, Any], key: str, place: str, around: tuple[str, ...]) -> Any:
        """The first choice that gives a value other than null, with what stands beside the choices."""
        beside = self._beside(schema, place, around)
        for index, one in enumerate(schema[key]):
            made = self.value(one, inside(place, key, index), around)
            if made is not LEFT_OUT and made is not None:
                both = isinstance(made, dict) and isinstance(beside, dict)
                return {**beside, **made} if both else made
        return beside

    def _beside(self, schema: Mapping[str, Any], place: str, around: tuple[str, ...]) -> Any:
        if isinstance(schema.get("allOf"), list):
            return self._merged(schema, place, around)
        return self._of_type(schema, place, around) if "properties" in schema else LEFT_OUT

    def _merged(self, schema: Mapping[str, Any], place: str, around: tuple[str, ...]) -> Any:
        parts = [self.value(one, inside(place, "allOf", index), around) for index, one in enumerate(schema["allOf"])]
        if "properties" in schema:
            parts.append(self._object(schema, place, around))
        objects = [part for part in parts if isinstance(part, dict)]
        if objects:
            return {name: value for part in objects for name, value in part.items()}
        return next((part for part in parts if part is not LEFT_OUT), LEFT_OUT)

    def _of_type(self, schema: Mapping[str, Any], place: str, around: tuple[str, ...]) -> Any:
        types = read_types(schema["type"])[0] if "type" in schema else []
        kind = next((one for one in types if one != "null"), "null" if types else "")
        if kind == "object" or (not kind and ("properties" in schema or "additionalProperties" in schema)):
            return self._object(schema, place, around)
        if kind == "array" or (not kind and "items" in schema):
            return self._array(schema, place, around)
        return _scalar(schema, kind)

    def _object(self, schema: Mapping[str, Any], place: str, around: tuple[str, ...]) -> Any:
        properties = schema.get("properties")
        made = {}
        for name, one in properties.items() if isinstance(properties, Mapping) else ():
            at = inside(place, "properties", name)
            shown = self._references.schema(one, at).value
            if isinstance(shown, Mapping) and shown.get("writeOnly") is True:
                continue
            made[name] = self.value(one, at, around)
        extra = schema.get("additionalProperties")
        if not made and isinstance(extra, Mapping) and extra:
            made["name"] = self.value(extra, inside(place, "additionalProperties"), around)
        return {name: value for name, value in made.items() if value is not LEFT_OUT}

    def _array(self, schema: Mapping[str, Any], place: str, around: tuple[str, ...]) -> Any:
        if not isinstance(schema.get("items"), Mapping):
            return []
        made = self.value(schema["items"], inside(place, "items"), around)
        if made is LEFT_OUT:
            return []
        fewest = schema.get("minItems")
        return [made] * (min(max(fewest, 1), 10) if isinstance(fewest, int) else 1)


def _given(schema: Mapping[str, Any]) -> Any:
    """What the schema itself has as an example."""
    types = read_types(schema["type"])[0] if "type" in schema else []
    several = schema.get("examples")
    listed = several if isinstance(several, list) else []
    enum = schema.get("enum")
    choices = [value for value in enum if value is not None] if isinstance(enum, list) else []
    given = [schema[key] for key in ("const", "example") if key in schema] + listed[:1]
    given += [schema["default"]] if schema.get("default") is not None else []
    for value in (*given, *choices[:1]):
        fitting = as_type(value, types)
        if fitting is not LEFT_OUT and len(orjson.dumps(fitting)) <= MAX_EXAMPLE_BYTES:
            return fitting
    return LEFT_OUT


def _scalar(schema: Mapping[str, Any], kind: str) -> Any:
    if kind == "string":
        return _text(schema)
    if kind in ("integer", "number"):
        return _number(schema, kind)
    return {"boolean": True, "null": None}.get(kind, LEFT_OUT)


def _text(schema: Mapping[str, Any]) -> str:
    said = schema.get("format")
    text = _FORMATS.get(said, "text") if isinstance(said, str) else "text"
    fewest, most = schema.get("minLength"), schema.get("maxLength")
    if isinstance(fewest, int) and len(text) < fewest:
        text += "x" * (min(fewest, 1_000) - len(text))
    return text[:most] if isinstance(most, int) and most >= 0 and said not in _FORMATS else text


def _number(schema: Mapping[str, Any], kind: str) -> Any:
    for key, step in (("minimum", 0), ("exclusiveMinimum", 1), ("maximum", 0), ("exclusiveMaximum", -1)):
        bound = schema.get(key)
        if isinstance(bound, int | float) and not isinstance(bound, bool):
            return int(bound) + step if kind == "integer" else bound + step
    return 1 if kind == "integer" else 1.5
