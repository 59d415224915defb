"""`inputSchema` and `outputSchema`: maps from names to what forms show, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.errors import InvalidSchema
from jackfield.definition.fluxturn.conditions import read_shown
from jackfield.definition.fluxturn.known import Known
from jackfield.definition.fluxturn.notes import Notes
from jackfield.definition.hints import SECRET_SCHEMA
from jackfield.definition.operations_reader import Place
from jackfield.definition.validation import faults_of

_STRING, _NUMBER, _INTEGER, _BOOLEAN, _OBJECT, _ARRAY = (
    {"type": kind} for kind in ("string", "number", "integer", "boolean", "object", "array")
)
_ANY: Mapping[str, Any] = {}
_KINDS: Mapping[str, Mapping[str, Any]] = {
    **dict.fromkeys(("string", "text", "textarea", "email", "phone", "url", "uri", "code", "html", "color"), _STRING),
    **dict.fromkeys(("date", "datetime", "time", "markdown", "file", "binary", "base64", "uuid", "id"), _STRING),
    **dict.fromkeys(("password", "secret"), SECRET_SCHEMA),
    **dict.fromkeys(("number", "float", "double", "decimal"), _NUMBER),
    **dict.fromkeys(("integer", "int"), _INTEGER),
    **dict.fromkeys(("boolean", "bool", "checkbox", "toggle", "switch"), _BOOLEAN),
    **dict.fromkeys(("object", "keyvalue", "map"), _OBJECT),
    **dict.fromkeys(("array", "list", "multiselect"), _ARRAY),
    **dict.fromkeys(("select", "dropdown", "options", "enum", "radio", "json", "any", "raw", "null"), _ANY),
}
_JSON_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
_BOUNDS = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems")}
_KEYWORDS: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), (int, float)),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), int),
    **dict.fromkeys(("pattern", "format"), str),
    **dict.fromkeys(("anyOf", "oneOf", "allOf", "enum"), list),
    **dict.fromkeys(("uniqueItems", "deprecated"), bool),
    "additionalProperties": (bool, dict),
}
_SAID_OTHERWISE = frozenset(
    {
        "type",
        "required",
        "label",
        "description",
        "default",
        "options",
        "min",
        "max",
        "properties",
        "items",
        "itemSchema",
    }
)
_OF_JSON_SCHEMA = frozenset(
    {
        *("not", "if", "then", "else", "const", "contains", "minContains", "maxContains", "prefixItems", "definitions"),
        *("dependentRequired", "dependentSchemas", "dependencies", "patternProperties", "propertyNames", "title", "in"),
        *("unevaluatedItems", "unevaluatedProperties", "minProperties", "maxProperties", "readOnly", "writeOnly"),
        *("contentEncoding", "contentMediaType", "contentSchema", "examples"),
    }
)
"""Words that would mean something else in the schema than the form's author says with them."""


_OWN = ("name", "key", "id")


def object_schema(raw: Any, at: Place, notes: Notes) -> dict[str, Any]:
    """JSON Schema of an object whose properties `raw` describes: by name, in a list, or as JSON Schema.

    Args:
        raw: As it was written; nothing is an object without properties.
        at: Where it is.
        notes: Is added to: of what cannot be read, any value is taken.
    """
    said_of, required, at = described(raw, at, notes)
    properties = {name: schema_of(said, (*at, name), notes) for name, said in said_of.items()}
    rules: list[dict[str, Any]] = []
    names = Known(said_of)
    for name, said in said_of.items():
        if not isinstance(said, Mapping):
            continue
        shown = read_shown(said.get("displayOptions"), (*at, name, "displayOptions"), notes, names=names)
        if said.get("required") is not True or shown.unclear:
            continue
        if shown.show or shown.hide:
            rules.append(_rule(name, shown.show, shown.hide))
        else:
            required.append(name)
    found: dict[str, Any] = {"type": "object", "properties": properties}
    if needed := [name for name in dict.fromkeys(required) if name in properties]:
        found["required"] = needed
    return found | ({"allOf": rules} if rules else {})


def schema_of(raw: Any, at: Place, notes: Notes) -> dict[str, Any]:
    """JSON Schema of one value. What a form shows of it stays in it, under the author's own keys."""
    if isinstance(raw, str):
        return dict(_KINDS.get(raw.lower(), {}))
    if not isinstance(raw, Mapping):
        notes.add(at, "it is no object that describes a value: any is taken")
        return {}
    schema = _typed(raw, at, notes)
    schema |= {key: raw[key] for key, kind in _KEYWORDS.items() if isinstance(raw.get(key), kind) and raw[key] != []}
    schema |= _bounds(schema, raw)
    texts = {"title": raw.get("label"), "description": raw.get("description") or raw.get("aiDescription")}
    schema |= {key: text for key, text in texts.items() if isinstance(text, str) and text}
    apart = {*_SAID_OTHERWISE, *_OF_JSON_SCHEMA, *_KEYWORDS}
    schema |= {key: value for key, value in raw.items() if key not in apart and not key.startswith("$")}
    return _usable(schema, raw.get("default"), at, notes)


def choices(raw: Any) -> tuple[list[Any], list[str]]:
    """The values that `options` offers, and what they are called; `[{label, value}]`, values, or a map to labels."""
    if isinstance(raw, Mapping):
        return list(raw), [str(label) for label in raw.values()]
    if not isinstance(raw, list | tuple):
        return [], []
    pairs = [
        (option.get("value", option.get("id")), option.get("label", option.get("name")))
        if isinstance(option, Mapping)
        else (option, None)
        for option in raw
    ]
    distinct = {str(value): (value, label) for value, label in pairs if not isinstance(value, Mapping | list | tuple)}
    labels = [str(value if label is None else label) for value, label in distinct.values()]
    return [value for value, _ in distinct.values()], labels


def described(raw: Any, at: Place, notes: Notes) -> tuple[dict[str, Any], list[str], Place]:
    """What is said of each property, the names of those that are required, and where they are."""
    if raw is None:
        return {}, [], at
    if isinstance(raw, list | tuple):
        said = {str(name): item for item in raw if isinstance(item, Mapping) and (name := _own_name(item))}
        if len(said) < len(raw):
            notes.add(at, "what has no `name`, or that of another, is left out")
        return {name: {k: v for k, v in item.items() if k not in _OWN} for name, item in said.items()}, [], at
    if not isinstance(raw, Mapping):
        notes.add(at, "it is neither an object nor a list, and left out")
        return {}, [], at
    properties = raw.get("properties")
    if isinstance(properties, Mapping) and _is_schema(raw, properties):
        listed = raw.get("required")
        names = [str(name) for name in listed] if isinstance(listed, list) else []
        return {str(name): each for name, each in properties.items()}, names, (*at, "properties")
    return {str(name): each for name, each in raw.items()}, [], at


def _is_schema(raw: Mapping[str, Any], properties: Mapping[str, Any]) -> bool:
    """Whether `raw` is JSON Schema, and not a map with a property that is called `properties`."""
    return raw.get("type", "object") == "object" and all(isinstance(each, Mapping) for each in properties.values())


def _own_name(item: Mapping[str, Any]) -> str:
    return next((name for key in _OWN if isinstance(name := item.get(key), str) and name), "")


def _typed(raw: Mapping[str, Any], at: Place, notes: Notes) -> dict[str, Any]:
    said = raw.get("type", "any" if "options" in raw else "string" if "inputType" in raw else "any")
    if isinstance(said, list) and said and all(kind in _JSON_TYPES for kind in said):
        return {"type": list(said)}
    word = str(said).lower().replace("-", "").replace("_", "")
    if word not in _KINDS:
        notes.add((*at, "type"), f"`{str(said)[:80]}` is no type that is known: any value is taken")
    schema = dict(_KINDS.get(word, {}))
    values, labels = choices(raw.get("options"))
    if values:
        offered = {"enum": values} | ({"enumNames": labels} if labels != [str(value) for value in values] else {})
        schema |= {"items": offered} if schema.get("type") == "array" else offered
    elif schema.get("type") == "array":
        schema |= _items(raw, at, notes)
    elif schema.get("type") == "object" and isinstance(raw.get("properties"), Mapping):
        schema |= object_schema({"type": "object", **raw}, at, notes)
    if word in _KINDS and word not in _JSON_TYPES and "inputType" not in raw:
        schema["inputType"] = str(said)
    return schema


def _items(raw: Mapping[str, Any], at: Place, notes: Notes) -> dict[str, Any]:
    key = "itemSchema" if "itemSchema" in raw else "items"
    said = raw.get(key)
    if isinstance(said, Mapping) and said and all(isinstance(inner, Mapping) for inner in said.values()):
        return {"items": object_schema(said, (*at, key), notes)}
    return {} if said is None else {"items": schema_of(said, (*at, key), notes)}


def _bounds(schema: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    kind = schema.get("type")
    if kind not in (*_BOUNDS, "number", "integer"):
        return {}
    given = zip(_BOUNDS.get(kind, ("minimum", "maximum")), (raw.get("min"), raw.get("max")), strict=True)
    return {name: bound for name, bound in given if isinstance(bound, int | float) and not isinstance(bound, bool)}


def _usable(schema: dict[str, Any], default: Any, at: Place, notes: Notes) -> dict[str, Any]:
    """The schema with its default, if it is one and the default fits it; an empty text in a form is no default."""
    has_default = default not in (None, "")
    if not has_default and not schema.keys() & _KEYWORDS.keys():
        return schema  # of words that cannot be wrong
    try:
        fits = not faults_of(default, schema)
    except InvalidSchema as error:
        notes.add(at, f"any value is taken, since it makes no JSON Schema: {error.details['reason']}")
        return {key: schema[key] for key in ("title", "description") if key in schema}
    if not has_default:
        return schema
    if not fits or schema.get("writeOnly"):
        notes.add((*at, "default"), "it is left out, since it is no value that may be given")
        return schema
    return schema | {"default": default}


def _rule(name: str, show: Mapping[str, Any], hide: Mapping[str, Any]) -> dict[str, Any]:
    needed = {"required": [name]}
    rule = {"if": _has(hide), "else": needed} if hide else {}
    if not show:
        return rule
    return {"if": _has(show), "then": {"allOf": [rule]} if rule else needed}


def _has(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"properties": {name: {"enum": list(wanted)} for name, wanted in values.items()}, "required": list(values)}
