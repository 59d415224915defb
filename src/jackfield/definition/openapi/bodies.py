"""The body of an operation: one param with all of it, or a param for each property of an object.

The properties of an object are params where the body is sent as JSON, as a form or as multipart, and the schema is that
of a plain object with named properties (through references and `allOf`). One param `body` holds anything else: lists,
single values, free maps, `oneOf` and `anyOf`, objects that may have more than their named properties, text, bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from jackfield.definition.openapi.body_parts import is_base64, is_binary, read_parts
from jackfield.definition.openapi.filled import filled_part
from jackfield.definition.openapi.media_types import is_lines, is_range, kind_of, preferred, same_json
from jackfield.definition.openapi.notices import Notices
from jackfield.definition.openapi.operations import Found
from jackfield.definition.openapi.param_names import ParamNames
from jackfield.definition.openapi.plan import BodyPlan, PartPlan
from jackfield.definition.openapi.references import References, inside
from jackfield.definition.openapi.schemas import SchemaBuilder, Shape

_STRUCTURED = ("json", "form", "multipart")
_MEDIA_TYPE = "^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+( *;[ -~]*)?$"
"""Source: RFC 6838, section 4.2, with the parameters of RFC 9110, section 8.3.1."""

_FILE = "file"
"""What a file is called that a multipart body is alone: most services expect this name."""


_Parts: TypeAlias = Mapping[str, PartPlan]


@dataclass(frozen=True, kw_only=True)
class Body:
    """The body of an operation, and the params that it is made of.

    Attributes:
        params: Schema by name.
        required: Names of the params that a call must give.
        dependent: For an optional body: the params that must be given once one of the others is.
    """

    plan: BodyPlan
    params: Mapping[str, Any] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    dependent: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Media:
    """What is sent: the media types that share a schema, the first of which is the usual one.

    Attributes:
        encodings: Of forms and multipart, with their places, by media type.
    """

    types: tuple[str, ...]
    schema: Any
    place: str
    encodings: Mapping[str, tuple[Mapping[str, Any], str]]
    said: str
    required: bool

    @property
    def kind(self) -> str:
        return kind_of(self.types[0])

    @property
    def parted(self) -> bool:
        """Whether it may be sent as a form or as multipart."""
        return bool(self.encodings)


def read_body(found: Found, references: References, builder: SchemaBuilder, names: ParamNames) -> Body | None:
    """The body of an operation; `None` where it has none. What is left out or weakened is a notice."""
    media = _chosen(found, references, builder)
    if media is None:
        return None
    if is_lines(media.types[0]) and (lines := _lines(media, builder)) is not None:
        return _whole(media, lines, builder, references, names)
    if media.kind in ("text", "binary"):
        return _whole(media, _opaque(media, builder), builder, references, names, binary=_is_bytes(media, builder))
    shape = _plain_shape(media, builder)
    if shape is not None:
        return _flat(_files_first(media, builder, shape), shape, builder, references, names)
    return _whole(media, builder.convert(media.schema, media.place), builder, references, names)


def _chosen(found: Found, references: References, builder: SchemaBuilder) -> _Media | None:
    if "requestBody" not in found.operation:
        return None
    notices = references.document.notices
    followed = references.follow(found.operation["requestBody"], inside(found.place, "requestBody"))
    body, place = followed.value, followed.place
    if not isinstance(body, Mapping):
        notices.add(place, "the body is no object, so it is left out")
        return None
    content = body.get("content")
    if not isinstance(content, Mapping) or not content:
        notices.add(place, "the body has no `content`: any JSON is taken")
        content = {"application/json": {}}
    return _with_names(_of_content(content, body, place, builder, notices), builder, notices)


def _of_content(
    content: Mapping[str, Any], body: Mapping[str, Any], place: str, builder: SchemaBuilder, notices: Notices
) -> _Media:
    medias = {str(name): media if isinstance(media, Mapping) else {} for name, media in content.items()}
    nameless = {name for name, media in medias.items() if _is_nameless(name, media, inside(place, "content"), builder)}
    first, *others = sorted(_with_schema_first(medias), key=lambda name: name in nameless)
    media, at = medias[first], inside(place, "content", first)
    kept = [first]
    for other in others:
        if other not in nameless and _is_alike(first, media, other, medias[other]):
            kept.append(other)
        else:
            notices.add(inside(place, "content", other), f"a body is sent as `{first}`, so `{other}` is left out")
    described = body.get("description")
    return _Media(
        types=tuple(kept),
        schema=media.get("schema", {}),
        place=inside(at, "schema"),
        encodings={name: _encoding(medias[name], inside(place, "content", name)) for name in kept if _is_parted(name)},
        said=described if isinstance(described, str) else "",
        required=body.get("required") is True,
    )


def _is_nameless(media_type: str, media: Mapping[str, Any], place: str, builder: SchemaBuilder) -> bool:
    """Whether a media type has names and values, and its schema has none and is no file."""
    kind, schema, at = kind_of(media_type), media.get("schema", {}), inside(place, media_type, "schema")
    kinds = builder.kind(schema, at) if kind in ("form", "multipart") else frozenset({"object"})
    if "object" in kinds or (kind == "form" and "string" in kinds):
        return False
    return kind == "form" or not is_base64(builder, schema, at)


def _with_names(media: _Media, builder: SchemaBuilder, notices: Notices) -> _Media:
    """A form or multipart body whose schema is no object: with a name for a file, or with any names."""
    if media.kind not in ("form", "multipart") or "object" in builder.kind(media.schema, media.place):
        return media
    if media.kind == "multipart" and is_base64(builder, media.schema, media.place):
        notices.add(media.place, f"a part has a name, and the document has none: the file is sent as `{_FILE}`")
        return replace(media, schema={"type": "object", "properties": {_FILE: media.schema}, "required": [_FILE]})
    if media.kind == "form" and "string" in builder.kind(media.schema, media.place):
        return media
    notices.add(media.place, f"`{media.types[0]}` has names and values, so an object is taken, with any names")
    return replace(media, schema={"type": "object"})


def _is_alike(first: str, media: Mapping[str, Any], other: str, more: Mapping[str, Any]) -> bool:
    """Whether the params that make a body of one media type make one of the other too."""
    kinds = {kind_of(first), kind_of(other)}
    if kinds <= {"text", "binary"}:
        return True
    if not kinds <= {"json", "form", "multipart"}:
        return False
    schema, another = media.get("schema", {}), more.get("schema", {})
    return schema == another or (not another and len(kinds) == 1)


def _with_schema_first(medias: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The media types as they are preferred; of those that have properties, one that says which comes first."""
    order = preferred(medias)
    return sorted(order, key=lambda name: kind_of(name) in _STRUCTURED and not medias[name].get("schema"))


def _files_first(media: _Media, builder: SchemaBuilder, shape: Shape) -> _Media:
    """With multipart first where there are files to send, which JSON and forms could only hold as text."""
    multipart = [name for name in media.types if kind_of(name) == "multipart"]
    if not multipart or not any(is_base64(builder, *raw) for raw in shape.raw.values()):
        return media
    return replace(media, types=(*multipart, *(name for name in media.types if name not in multipart)))


def _plain_shape(media: _Media, builder: SchemaBuilder) -> Shape | None:
    """The properties of an object, where they can be params with nothing lost of what its schema says."""
    raw = builder.raw(media.schema, media.place).value
    if _is_empty(raw):
        return Shape(properties={}, required=frozenset(), closed=True)
    shape = builder.shape(media.schema, media.place)
    if shape is None or shape.extra is not None or raw.get("additionalProperties") in (True, {}):
        return None
    return shape


def _is_empty(raw: Mapping[str, Any]) -> bool:
    """Whether the one value that a schema allows is `{}`."""
    if raw.get("additionalProperties") is not False or raw.get("type", "object") != "object":
        return False
    return not any(raw.get(key) for key in ("properties", "patternProperties", "allOf", "anyOf", "oneOf", "required"))


def _flat(media: _Media, shape: Shape, builder: SchemaBuilder, references: References, names: ParamNames) -> Body:
    called = {wire: names.take(wire, "body") for wire in sorted(shape.properties)}
    params = {called[wire]: shape.properties[wire] for wire in shape.properties}
    for wire in shape.properties if media.kind != "json" else ():
        if is_base64(builder, *shape.raw[wire]):
            params[called[wire]] = _as_base64(params[called[wire]])
    needed = tuple(called[wire] for wire in shape.properties if wire in shape.required)
    parts, own = _parts(media, shape.raw, builder, references)
    for wire in shape.required if all(map(_is_parted, media.types)) else ():
        kinds = builder.kind(*shape.raw[wire])
        params[called[wire]] = filled_part(params[called[wire]], kinds, parts.get(wire, PartPlan()))
    choice, choices = _choice(media, names)
    plan = BodyPlan(
        media_types=media.types,
        properties={called[wire]: wire for wire in shape.properties},
        parts=parts,
        own_parts=own,
        required=media.required,
        choice=choice,
    )
    return Body(
        plan=plan,
        params=params | choices,
        required=needed if media.required else (),
        dependent=() if media.required else needed,
    )


def _whole(
    media: _Media,
    schema: dict[str, Any],
    builder: SchemaBuilder,
    references: References,
    names: ParamNames,
    *,
    binary: bool = False,
) -> Body:
    param = names.take("body", "request")
    choice, choices = _choice(media, names)
    shape = builder.shape(media.schema, media.place) if media.parted else None
    described = {"description": media.said} if media.said and "description" not in schema else {}
    if media.kind in ("form", "multipart") and not schema:
        schema = {"type": "object"}
    parts, own = _parts(media, shape.raw if shape else {}, builder, references)
    plan = BodyPlan(
        media_types=media.types,
        param=param,
        parts=parts,
        own_parts=own,
        required=media.required,
        choice=choice,
        binary=binary,
    )
    required = (param,) if media.required else ()
    return Body(plan=plan, params={param: {**schema, **described}} | choices, required=required)


def _parts(
    media: _Media, properties: Mapping[str, tuple[Any, str]], builder: SchemaBuilder, references: References
) -> tuple[_Parts, dict[str, _Parts]]:
    """How the properties are written, and how in the media types that say otherwise than the first."""
    found = {name: read_parts(properties, *encoding, builder, references) for name, encoding in media.encodings.items()}
    first = next(iter(found.values()), {})
    return first, {name: parts for name, parts in found.items() if parts != first}


def _encoding(media: Mapping[str, Any], place: str) -> tuple[Mapping[str, Any], str]:
    encoding = media.get("encoding")
    return encoding if isinstance(encoding, Mapping) else {}, inside(place, "encoding")


def _is_parted(media_type: str) -> bool:
    """Whether it has names and values, each of which is written for itself."""
    return kind_of(media_type) in ("form", "multipart")


def _choice(media: _Media, names: ParamNames) -> tuple[str, dict[str, Any]]:
    """The param that chooses the media type, and its schema; nothing where one media type is as good as another."""
    if len(media.types) == 1 or all(same_json(name) for name in media.types):
        return "", {}
    concrete = [name for name in media.types if not is_range(name)]
    schema: dict[str, Any] = {
        "type": "string",
        "description": f"Media type of the body; `{media.types[0]}` by default.",
    }
    if len(concrete) == len(media.types):
        schema["enum"] = concrete
    else:  # of a range any may be meant, and a range itself cannot be sent
        schema |= {"pattern": _MEDIA_TYPE, "examples": list(media.types)}
    return (name := names.take("content_type", "body")), {name: schema}


def _opaque(media: _Media, builder: SchemaBuilder) -> dict[str, Any]:
    """The schema of a body that is text or bytes, as a call gives it."""
    if _is_bytes(media, builder):
        return {"type": "string", "contentEncoding": "base64", "description": media.said or "Bytes, in base64."}
    if builder.kind(media.schema, media.place) == {"string"}:
        return builder.convert(media.schema, media.place)
    return {"type": "string", "description": media.said or f"Text: `{media.types[0]}`."}


def _is_bytes(media: _Media, builder: SchemaBuilder) -> bool:
    if any(kind_of(name) == "binary" for name in media.types):
        return True
    return is_binary(builder, media.schema, media.place)


def _lines(media: _Media, builder: SchemaBuilder) -> dict[str, Any] | None:
    """The schema of a body with a JSON value a line, as a list; `None` where its schema does not say what is in it."""
    kinds = builder.kind(media.schema, media.place)
    if kinds == {"array"}:
        return builder.convert(media.schema, media.place)
    return {"type": "array", "items": builder.convert(media.schema, media.place)} if kinds == {"object"} else None


def _as_base64(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a part that is bytes, or a list of such."""
    kept = {key: value for key, value in schema.items() if key in ("description", "title", "deprecated")}
    if "items" in schema or schema.get("type") == "array":
        return {**schema, "items": {"type": "string", "contentEncoding": "base64"}}
    return {"type": "string", "contentEncoding": "base64", **kept}
