"""Plain keywords of a schema, those without schemas inside: what they become in JSON Schema 2020-12, or why nothing.

Source: JSON Schema 2020-12 (validation), OpenAPI 3.0.4 section 4.7.24, OpenAPI 3.1.1 section 4.8.24.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from jackfield.definition.openapi.patterns import usable_pattern

TYPES = ("null", "boolean", "object", "array", "number", "string", "integer")
LEFT_OUT: Any = object()
"""What a keyword becomes that cannot be used."""

_MEANT: Mapping[str, tuple[str, dict[str, Any]]] = {
    "file": ("string", {"format": "binary"}),
    "binary": ("string", {"format": "binary"}),
    **dict.fromkeys(("str", "text", "char", "password", "uri", "url", "email"), ("string", {})),
    **dict.fromkeys(("uuid", "guid", "date", "datetime", "date-time", "timestamp"), ("string", {})),
    **dict.fromkeys(("int", "int32", "int64", "long", "short"), ("integer", {})),
    **dict.fromkeys(("float", "double", "decimal", "numeric"), ("number", {})),
    **dict.fromkeys(("bool",), ("boolean", {})),
    **dict.fromkeys(("list", "set"), ("array", {})),
    **dict.fromkeys(("dict", "map", "hash", "json"), ("object", {})),
    **dict.fromkeys(("none", "nil"), ("null", {})),
}
_ANY = frozenset({"any", "mixed", "*", ""})
_LARGEST = 2**63
_EXAMPLE_BYTES = 500
_EXAMPLES = 3
_PYTHON: Mapping[str, type | tuple[type, ...]] = {
    "null": type(None),
    "boolean": bool,
    "object": dict,
    "array": list,
    "number": (int, float),
    "string": str,
    "integer": int,
}
_BOOLEANS = {"true": True, "false": False}


def read_types(said: Any) -> tuple[list[str], dict[str, Any], str]:
    """The types that `said` means, keywords that they bring along, and what is wrong with it.

    No types mean any.
    """
    wanted = said if isinstance(said, list) else [said]
    found: dict[str, None] = {}
    extra: dict[str, Any] = {}
    wrong = ""
    for one in wanted:
        kind, more = _type(one)
        if one not in (kind, "file"):
            wrong = f"the type `{str(one)[:60]}` is read as " + (f"`{kind}`" if kind else "any type")
        if not kind:
            return [], {}, wrong
        found[kind] = None
        extra |= more
    return list(found), extra, wrong


def _type(one: Any) -> tuple[str, dict[str, Any]]:
    if one in TYPES:
        return one, {}
    if one is None:
        return "null", {}
    lower = one.strip().lower() if isinstance(one, str) else ""
    if lower in _ANY:
        return "", {}
    return (lower, {}) if lower in TYPES else _MEANT.get(lower, ("", {}))


def is_of_type(value: Any, types: list[str]) -> bool:
    """Whether a JSON value is of one of these types; of none means any."""
    if not types:
        return True
    if isinstance(value, bool):
        return "boolean" in types
    if isinstance(value, float) and "number" not in types:
        return "integer" in types and value.is_integer()
    return any(isinstance(value, _PYTHON[kind]) for kind in types)


def as_type(value: Any, types: list[str]) -> Any:
    """`value`, as one of these types where its text says the same; `LEFT_OUT` where it cannot be.

    YAML makes a number of `1.0`, and writers of JSON quote what is a number: so frequent that it is put right.
    """
    if is_of_type(value, types):
        return value
    if "string" in types and isinstance(value, bool | int | float):
        return orjson.dumps(value).decode()
    if not isinstance(value, str):
        return LEFT_OUT
    if "boolean" in types and value.strip().lower() in _BOOLEANS:
        return _BOOLEANS[value.strip().lower()]
    if "integer" in types or "number" in types:
        number = _number(value)
        return number if number is not LEFT_OUT and is_of_type(number, types) else LEFT_OUT
    return LEFT_OUT


def _number(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = int(value) if len(value) < _EXAMPLE_BYTES else LEFT_OUT
        except ValueError:
            try:
                value = float(value)
            except ValueError:
                return LEFT_OUT
    if isinstance(value, bool) or not isinstance(value, int | float):
        return LEFT_OUT
    try:
        if not math.isfinite(value):
            return LEFT_OUT
        return float(value) if isinstance(value, int) and not -_LARGEST <= value < _LARGEST else value
    except OverflowError:  # a whole number with more than 300 digits
        return LEFT_OUT


def _factor(value: Any) -> Any:
    number = _number(value)
    return number if number is not LEFT_OUT and number > 0 else LEFT_OUT


def _count(value: Any) -> Any:
    number = _number(value)
    if number is LEFT_OUT or number < 0 or number != int(number) or number >= _LARGEST:
        return LEFT_OUT
    return int(number)


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else LEFT_OUT


def _flag(value: Any) -> Any:
    return value if isinstance(value, bool) else LEFT_OUT


def _pattern(value: Any) -> Any:
    usable = usable_pattern(value) if isinstance(value, str) else None
    return LEFT_OUT if usable is None else usable


def _names(value: Any) -> Any:
    if not isinstance(value, list):
        return LEFT_OUT
    return list(dict.fromkeys(name for name in value if isinstance(name, str)))


def _dependent(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return LEFT_OUT
    return {name: _names(names) for name, names in value.items() if isinstance(names, list)}


READ: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("title", "description", "format", "contentEncoding", "contentMediaType"), _text),
    **dict.fromkeys(("minimum", "maximum"), _number),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _count),
    **dict.fromkeys(("minProperties", "maxProperties", "minContains", "maxContains"), _count),
    **dict.fromkeys(("uniqueItems", "deprecated", "writeOnly", "readOnly"), _flag),
    "multipleOf": _factor,
    "pattern": _pattern,
    "required": _names,
    "dependentRequired": _dependent,
}
"""Keywords whose values need only be looked at, with what makes each usable."""


def read_bounds(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The bounds of numbers: in 3.0 the exclusive ones are flags of the others."""
    found: dict[str, Any] = {}
    for plain, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        bound = _number(schema.get(plain)) if plain in schema else LEFT_OUT
        flag = schema.get(exclusive)
        if flag is True and bound is not LEFT_OUT:
            found[exclusive] = bound
            continue
        if bound is not LEFT_OUT:
            found[plain] = bound
        if not isinstance(flag, bool) and (number := _number(flag)) is not LEFT_OUT:
            found[exclusive] = number
    return found


def read_enum(said: Any, types: list[str]) -> Any:
    """The values of an `enum` that the types allow; `LEFT_OUT` where there is none."""
    if not isinstance(said, list):
        return LEFT_OUT
    fitting = [value for one in said if (value := as_type(one, types)) is not LEFT_OUT]
    found = {orjson.dumps(value): value for value in fitting}
    return list(found.values()) if found else LEFT_OUT


def read_examples(schema: Mapping[str, Any]) -> list[Any]:
    """A few short examples: they help whoever fills in a value, and long ones cost more than they help."""
    several = schema.get("examples")
    found = [schema["example"]] if "example" in schema else []
    found += several if isinstance(several, list) else []
    return [one for one in found if len(orjson.dumps(one)) <= _EXAMPLE_BYTES][:_EXAMPLES]


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether `value` is valid under `schema`, which refers to nothing."""
    import jsonschema_rs

    try:
        validator = jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True)
        return bool(validator.is_valid(value))
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
        return False
