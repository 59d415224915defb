"""The limits of openapi-core, each shown by the smallest document and request that have it: the text is on our side.

What it says to each is checked where openapi-core is installed; see `test_judged`.
"""

from __future__ import annotations

from typing import Any

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"


def _case(
    path: str = "/x",
    *,
    url: str = "/x",
    parameter: dict[str, Any] | None = None,
    body: tuple[str, str, dict[str, Any]] | None = None,
    params: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A document of one operation, and a request of it. `body` is the type sent, the text, and the media types."""
    operation: dict[str, Any] = {"responses": {"200": {"description": "ok"}}}
    if parameter:
        operation["parameters"] = [parameter]
    if body:
        operation["requestBody"] = {"required": True, "content": body[2]}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {path: {"post": operation}},
        **more,
    }
    headers = {"Content-Type": body[0]} if body else {}
    request = {
        "method": "POST",
        "url": f"https://judge.example{url}",
        "headers": headers,
        "body": body[1] if body else None,
    }
    return {"document": document, "path": path, "method": "post", "case": "limit", "params": params or {}} | {
        "request": request
    }


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


_PETS = {
    "schemas": {
        "Pet": {
            "oneOf": [{"$ref": "#/components/schemas/Cat"}],
            "discriminator": {"propertyName": "kind"},
        },
        "Cat": _object(kind={"type": "string", "enum": ["cat"]}),
    }
}

LIMITS: dict[str, tuple[str, dict[str, Any]]] = {
    "judge: numbers, JSON, lists and text in multipart are not read": (
        "4.8.15.1.1, contentType: of a number it is text/plain by default",
        _case(
            body=(
                MULTIPART,
                '--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n1\r\n--b--\r\n',
                {"multipart/form-data": {"schema": _object(n={"type": "integer"})}},
            )
        ),
    ),
    "judge: objects, lists and numbers in forms are not read": (
        "4.8.15.1.1, contentType: of an object it is application/json by default",
        _case(body=(FORM, "o=%7B%22a%22%3A1%7D", {FORM: {"schema": _object(o=_object(a={"type": "integer"}))}})),
    ),
    "judge: other JSON than application/json is not read": (
        "RFC 6839, section 3.1, and what a media type with JSON in its name says: text/json is not registered",
        _case(body=("text/json", '{"a":1}', {"text/json": {"schema": _object(a={"type": "integer"})}})),
    ),
    "judge: JSON under */* is not read": (
        "4.8.14: a media type range is matched by application/json, whose values are JSON",
        _case(body=("application/json", "[1]", {"*/*": {"schema": {"type": "array", "items": {"type": "integer"}}}})),
    ),
    "judge: a discriminator is taken for a rule (3.1.1, 4.8.25: it changes no validation)": (
        "4.8.25: the discriminator MUST NOT change the validation outcome of the schema",
        _case(
            body=(
                "application/json",
                '{"kind":"cat"}',
                {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
            ),
            components=_PETS,
        ),
    ),
    "judge: formats are asserted (2020-12: an annotation); the value has the pattern of its schema": (
        "JSON Schema Validation 2020-12, section 7.2.1: an annotation by default; and no value has both",
        _case(
            url="/x?id=%7B1%7D",
            parameter={
                "name": "id",
                "in": "query",
                "schema": {"type": "string", "format": "uuid", "pattern": r"^\{\d\}$"},
            },
        ),
    ),
    "judge: objects, and the styles label and matrix, are not read": (
        "4.8.12.4, style examples: label of an array, exploded, is `.blue.black.brown`",
        _case(
            "/x/{p}",
            url="/x/.1.2",
            parameter={
                "name": "p",
                "in": "path",
                "required": True,
                "style": "label",
                "explode": True,
                "schema": {"type": "array", "items": {"type": "integer"}},
            },
            params={"p": [1, 2]},
        ),
    ),
    "judge: a path that has to be encoded is not found": (
        "RFC 3986, section 2: a quotation mark cannot stand in a path, so it is sent as %22",
        _case('/x"', url="/x%22"),
    ),
    "judge: it stumbles over deepObject of what may be no object, even if nothing is sent": (
        "4.8.12.2: the parameter is optional, and not there",
        _case(
            parameter={
                "name": "f",
                "in": "query",
                "style": "deepObject",
                "explode": True,
                "schema": {"type": "array", "items": {"type": "string"}},
            }
        ),
    ),
}
"""Section of OpenAPI 3.1.1, or of what it refers to, and case; by the cause that they show."""

SPOILED = {
    "multipart/form-data": '--b\r\nContent-Disposition: form-data; name="n"\r\n\r\nx\r\n--b--\r\n',
    FORM: "o=x",
}
"""Bodies that are wrong in each of these documents; of JSON, anything that is none."""
