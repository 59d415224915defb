"""OpenAPI documents, drawn by Hypothesis: parameters of every style, bodies of every kind, names of every sort."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

STYLES: Mapping[str, tuple[str, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
VERSIONS = ("3.0.0", "3.0.4", "3.1.0", "3.1.1", "3.2.0")
WORDS = (
    *(
        "id",
        "a b",
        "filter[name]",
        "filter[]",
        "user.name",
        "x-y",
        "naïve",
        "日本",
        "class",
        "self",
        "None",
        "1st",
        "$top",
    ),
    *(
        "@type",
        "a" * 200,
        "a/b",
        "a?b",
        "a&b=c",
        "q+r",
        "50%",
        "a:b",
        "a,b",
        "a;b",
        "body",
        "content_type",
        "_",
        "-",
        "ß",
    ),
)
TOKENS = ("id", "X-Trace-Id", "x_y", "a" * 100, "1st", "$top", "user.name", "class")
"""Names of headers and cookies, which may hold less."""

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
JSONS = ("application/json", "application/vnd.acme+json", "application/json; charset=utf-8", "text/json", "*/*")
_SCALARS: tuple[dict[str, Any], ...] = (
    {"type": "string", "minLength": 1},
    {"type": "integer"},
    {"type": "number"},
    {"type": "boolean"},
    {"type": "string", "enum": ["a", "b c", "d&e", "é"]},
)


@st.composite
def schemas(draw: st.DrawFn, *, version: str, nested: bool = False, plain: bool = False) -> dict[str, Any]:
    """A scalar, a list of scalars or an object of them; with `nested` objects and lists inside."""
    scalar = st.sampled_from([one for one in _SCALARS if not (plain and "enum" in one)])
    inner = scalar
    if nested:
        inner = st.recursive(scalar, lambda one: objects(one) | lists(one), max_leaves=3)
    schema = draw(scalar | lists(inner) | objects(inner, plain=plain))
    if draw(st.booleans()):
        return schema
    if version.startswith("3.0"):
        return {**schema, "nullable": True}
    return {**schema, "type": [schema["type"], "null"]} if "enum" not in schema else schema


def lists(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Of one to three items."""
    return inner.map(lambda one: {"type": "array", "items": one, "minItems": 1, "maxItems": 3})


def objects(inner: st.SearchStrategy[dict[str, Any]], *, plain: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """With one to three members, of which one has to be there; `plain` ones have no delimiters in their names."""
    names = st.sampled_from(["k", "q_r", "class"] if plain else ["k", "l m", "n[o]", "pé", "q.r", "class"])
    return st.dictionaries(names, inner, min_size=1, max_size=3).map(
        lambda members: {
            "type": "object",
            "properties": members,
            "required": [next(iter(members))],
            "additionalProperties": False,
        }
    )


@st.composite
def parameters(draw: st.DrawFn, *, version: str) -> dict[str, Any]:
    """A parameter of any location and style that OpenAPI defines for its type."""
    location = draw(st.sampled_from(list(STYLES)))
    plain = location in ("header", "cookie")
    name = draw(st.sampled_from(TOKENS if plain else WORDS))
    if location == "path":
        name = name.replace("/", "_")
    parameter: dict[str, Any] = {"name": name, "in": location, "required": location == "path" or draw(st.booleans())}
    if draw(st.integers(0, 9)) == 0:
        schema = draw(schemas(version=version, nested=True, plain=plain))
        return parameter | {"content": {"application/json": {"schema": schema}}}
    style = draw(st.sampled_from(STYLES[location]))
    schema = draw(
        schemas(version=version, nested=style == "deepObject", plain=plain or "Delimited" in style or style == "label")
    )
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    if style == "deepObject":
        schema = schema if kind == "object" else draw(objects(st.sampled_from(_SCALARS)))
    elif style in ("spaceDelimited", "pipeDelimited") and kind not in ("array", "object"):
        schema = draw(lists(st.sampled_from(_SCALARS[1:4])))
    if style != STYLES[location][0] or draw(st.booleans()):
        parameter["style"] = style
    if style in ("spaceDelimited", "pipeDelimited", "deepObject"):  # the others are not defined
        parameter["explode"] = style == "deepObject"
    elif draw(st.booleans()):
        parameter["explode"] = draw(st.booleans())
    if location == "query" and draw(st.integers(0, 4)) == 0:
        parameter["allowReserved"] = True
    return parameter | {"schema": schema}


@st.composite
def bodies(draw: st.DrawFn, *, version: str) -> dict[str, Any]:
    """A body of any kind: JSON of any type, forms and multipart with encodings, text, bytes."""
    kind = draw(st.sampled_from(["json", "json", "form", "multipart", "text", "binary"]))
    required = {"required": draw(st.booleans())}
    if kind == "json":
        media_type = draw(st.sampled_from(JSONS))
        return required | {"content": {media_type: {"schema": draw(schemas(version=version, nested=True))}}}
    if kind == "text":
        return required | {"content": {"text/plain": {"schema": {"type": "string", "minLength": 1}}}}
    if kind == "binary":
        return required | {"content": {"application/octet-stream": {"schema": binary(version)}}}
    members = st.sampled_from(_SCALARS) | lists(st.sampled_from(_SCALARS)) | objects(st.sampled_from(_SCALARS))
    if kind == "multipart":
        members |= st.just(binary(version)) | lists(st.just(binary(version)))
    properties = draw(st.dictionaries(st.sampled_from(WORDS), members, min_size=1, max_size=4))
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    schema["required"] = draw(st.lists(st.sampled_from(list(properties)), unique=True))
    encoding = {name: draw(encodings(one)) for name, one in properties.items() if kind == "form"}
    media = {"schema": schema, "encoding": {name: one for name, one in encoding.items() if one}}
    return required | {"content": {FORM if kind == "form" else MULTIPART: media}}


def binary(version: str) -> dict[str, Any]:
    """A schema of bytes."""
    return {"type": "string", "format": "binary"} if version.startswith("3.0") else {"contentMediaType": "image/png"}


@st.composite
def encodings(draw: st.DrawFn, schema: Mapping[str, Any]) -> dict[str, Any]:
    """How a property of a form is written, now and then."""
    kind = schema["type"]
    if kind == "array" and draw(st.booleans()):
        return {"style": "form", "explode": draw(st.booleans())}
    if kind == "object" and draw(st.booleans()):
        return {"style": "deepObject", "explode": True}
    return {}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A document of a few operations, each with one parameter, and most with a body."""
    version = draw(st.sampled_from(VERSIONS))
    paths: dict[str, Any] = {}
    for at in range(draw(st.integers(1, 3))):
        parameter = draw(parameters(version=version))
        end = f"/{{{parameter['name']}}}/end" if parameter["in"] == "path" else ""
        operation: dict[str, Any] = {"operationId": f"op{at}", "parameters": [parameter], "responses": {}}
        if draw(st.booleans()):
            operation["requestBody"] = draw(bodies(version=version))
        paths[f"/op{at}{end}"] = {"post": operation}
    return {"openapi": version, "info": {"title": "Drawn", "version": "1"}, "paths": paths}
