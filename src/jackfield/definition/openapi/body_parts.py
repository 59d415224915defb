"""How each property of a form or of a multipart body is written: what `encoding` says, and which ones are bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from jackfield.definition.openapi.plan import PartPlan, Style
from jackfield.definition.openapi.references import References, inside
from jackfield.definition.openapi.schemas import SchemaBuilder

_STYLES = ("form", "spaceDelimited", "pipeDelimited", "deepObject")


def read_parts(
    properties: Mapping[str, tuple[Any, str]],
    encoding: Mapping[str, Any],
    place: str,
    builder: SchemaBuilder,
    references: References,
) -> dict[str, PartPlan]:
    """The properties of which something is to be said, by name on the wire.

    Args:
        properties: Schema and its place by name on the wire.
        encoding: Of the media type.
        place: Of `encoding`.
        builder, references: Of the command, and of the document.
    """
    parts: dict[str, PartPlan] = {}
    notices = references.document.notices
    for name in dict.fromkeys([*properties, *map(str, encoding)]):
        said = encoding.get(name, {})
        if not isinstance(said, Mapping):
            notices.add(inside(place, name), "it is no object, so it is left out")
            said = {}
        if properties and name not in properties:
            notices.add(inside(place, name), f"there is no property `{name}`, so this is left out")
            continue
        part = _part(said, inside(place, name), properties.get(name), builder, references)
        if part != PartPlan():
            parts[name] = part
    return parts


def is_binary(builder: SchemaBuilder, schema: Any, place: str) -> bool:
    """Whether a schema means bytes: `format: binary`, or a media type without an encoding (3.1)."""
    raw = builder.raw(schema, place).value
    if not isinstance(raw, Mapping):
        return False
    if raw.get("format") == "binary" or raw.get("type") == "file":
        return True
    return "contentMediaType" in raw and "contentEncoding" not in raw and not _is_text(raw["contentMediaType"])


def is_base64(builder: SchemaBuilder, schema: Any, place: str) -> bool:
    """Whether a call gives a value, or each value of a list, as base64 of what is sent."""
    if is_binary(builder, schema, place):
        return True
    followed = builder.raw(schema, place)
    items = followed.value.get("items") if isinstance(followed.value, Mapping) else None
    return isinstance(items, Mapping) and is_binary(builder, items, inside(followed.place, "items"))


def _part(
    said: Mapping[str, Any],
    place: str,
    schema: tuple[Any, str] | None,
    builder: SchemaBuilder,
    references: References,
) -> PartPlan:
    notices = references.document.notices
    media_types, style = said.get("contentType"), said.get("style")
    if style is not None and style not in _STYLES:
        notices.add(inside(place, "style"), f"there is no style `{str(style)[:40]}` for a form, so it is left out")
        style = None
    styled = style is not None or "explode" in said or "allowReserved" in said
    style = style or ("form" if styled else None)
    explode = said.get("explode")
    binary = schema is not None and is_base64(builder, *schema)
    return PartPlan(
        media_types=tuple(name.strip() for name in media_types.split(",")) if isinstance(media_types, str) else (),
        style=cast("Style | None", style),
        explode=explode if isinstance(explode, bool) else style in (None, "form", "deepObject"),
        allow_reserved=said.get("allowReserved") is True,
        headers=_headers(said, place, builder, references),
        binary=binary,
        base64=binary,
    )


def _headers(said: Mapping[str, Any], place: str, builder: SchemaBuilder, references: References) -> dict[str, str]:
    """Headers with one value that the document knows; the others cannot be given in a call."""
    headers = said.get("headers")
    if not isinstance(headers, Mapping):
        return {}
    fixed: dict[str, str] = {}
    for name, header in headers.items():
        if str(name).lower() == "content-type":  # to be ignored: OpenAPI 3.1.1, section 4.8.15
            continue
        followed = references.follow(header, inside(place, "headers", str(name)))
        body = followed.value if isinstance(followed.value, Mapping) else {}
        value = _only_value(body.get("schema"), inside(followed.place, "schema"), builder)
        if value is None:
            notices = references.document.notices
            notices.add(followed.place, f"the header `{name}` of a part has no one value, so it is left out")
        else:
            fixed[str(name)] = value
    return fixed


def _only_value(schema: Any, place: str, builder: SchemaBuilder) -> str | None:
    raw = builder.raw(schema, place).value if schema is not None else {}
    if not isinstance(raw, Mapping):
        return None
    enum = raw.get("enum")
    values = enum if isinstance(enum, list) and len(enum) == 1 else [raw.get("const", raw.get("default"))]
    value = values[0]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


def _is_text(media_type: Any) -> bool:
    return isinstance(media_type, str) and (
        media_type.startswith("text/") or media_type.endswith(("json", "xml")) or "json" in media_type
    )
