"""Parameters and headers of version 2.0 as 3.0 has them: what was beside the name goes into a schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SCHEMA = (
    *("type", "format", "items", "default", "enum", "multipleOf", "pattern", "uniqueItems"),
    *("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"),
    *("maxLength", "minLength", "maxItems", "minItems", "x-nullable"),
)
_STYLES: Mapping[str, tuple[str, bool]] = {
    "csv": ("form", False),
    "ssv": ("spaceDelimited", False),
    "tsv": ("tabDelimited", False),
    "pipes": ("pipeDelimited", False),
    "multi": ("form", True),
}


def convert_parameter(old: Any) -> Any:
    """A parameter that is not of the body. A reference, or what is no object, stays as it is."""
    if not isinstance(old, Mapping) or "$ref" in old:
        return old
    new = {key: value for key, value in old.items() if key not in (*_SCHEMA, "collectionFormat", "allowEmptyValue")}
    new.setdefault("schema", schema_of(old))
    if old.get("allowEmptyValue") is True:
        new["allowEmptyValue"] = True
    if old.get("type") == "array":
        new |= style_of(old, simple=old.get("in") in ("path", "header"))
    return new


def convert_header(old: Any) -> Any:
    """A header of a response."""
    if not isinstance(old, Mapping):
        return old
    new = {key: value for key, value in old.items() if key not in (*_SCHEMA, "collectionFormat")}
    return {**new, "schema": schema_of(old)}


def style_of(old: Mapping[str, Any], *, simple: bool = False) -> dict[str, Any]:
    """`style` and `explode` for the `collectionFormat` of an array; commas where it has none."""
    if simple:
        return {"style": "simple", "explode": False}
    said = old.get("collectionFormat", "csv")
    style, explode = _STYLES.get(said if isinstance(said, str) else "csv", ("form", False))
    return {"style": style, "explode": explode}


def schema_of(old: Mapping[str, Any]) -> dict[str, Any]:
    """What `old` says of its value. A file is bytes."""
    schema = {key: old[key] for key in _SCHEMA if key in old}
    if schema.get("type") == "file":
        schema |= {"type": "string", "format": "binary"}
    if isinstance(items := schema.get("items"), Mapping) and "$ref" not in items:
        schema["items"] = schema_of(items)
    return schema
