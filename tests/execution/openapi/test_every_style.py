"""A document with every style of parameter and every kind of body, in 3.0 and in 3.1, read and sent."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest

from jackfield.definition.openapi.reader import read_openapi
from jackfield.execution.openapi import build

LIST, OBJECT = ["a b", "c,d"], {"k": "v w", "n": 1}
SCHEMAS = {
    "scalar": {"type": "string"},
    "list": {"type": "array", "items": {"type": "string"}},
    "object": {"type": "object", "properties": {"k": {"type": "string"}, "n": {"type": "integer"}}},
}
VALUES = {"scalar": "x y", "list": LIST, "object": OBJECT}

# By location, style and explode: what scalar, list and object become.
EXPECTED = {
    ("path", "simple", False): ("x%20y", "a%20b,c%2Cd", "k,v%20w,n,1"),
    ("path", "simple", True): ("x%20y", "a%20b,c%2Cd", "k=v%20w,n=1"),
    ("path", "label", False): (".x%20y", ".a%20b,c%2Cd", ".k,v%20w,n,1"),
    ("path", "label", True): (".x%20y", ".a%20b.c%2Cd", ".k=v%20w.n=1"),
    ("path", "matrix", False): (";p=x%20y", ";p=a%20b,c%2Cd", ";p=k,v%20w,n,1"),
    ("path", "matrix", True): (";p=x%20y", ";p=a%20b;p=c%2Cd", ";k=v%20w;n=1"),
    ("query", "form", False): ("p=x%20y", "p=a%20b,c%2Cd", "p=k,v%20w,n,1"),
    ("query", "form", True): ("p=x%20y", "p=a%20b&p=c%2Cd", "k=v%20w&n=1"),
    ("query", "spaceDelimited", False): (None, "p=a%20b%20c%2Cd", "p=k%20v%20w%20n%201"),
    ("query", "pipeDelimited", False): (None, "p=a%20b%7Cc%2Cd", "p=k%7Cv%20w%7Cn%7C1"),
    ("query", "deepObject", True): (None, None, "p%5Bk%5D=v%20w&p%5Bn%5D=1"),
    ("header", "simple", False): ("x y", "a b,c,d", "k,v w,n,1"),
    ("header", "simple", True): ("x y", "a b,c,d", "k=v w,n=1"),
    ("cookie", "form", False): ("p=x%20y", "p=a%20b,c%2Cd", "p=k,v%20w,n,1"),
    ("cookie", "form", True): ("p=x%20y", "p=a%20b; p=c%2Cd", "k=v%20w; n=1"),
}
CASES = {
    f"{location}_{style.lower()}_{'exploded' if explode else 'plain'}_{kind}": (location, style, explode, kind, text)
    for (location, style, explode), texts in EXPECTED.items()
    for kind, text in zip(SCHEMAS, texts, strict=True)
    if text is not None
}
FILE = b64encode(b"\0\xff\n").decode()


def binary(version):
    return {"type": "string", "format": "binary"} if version == "3.0.4" else {"contentMediaType": "image/png"}


def bodies(version):
    """Media type, schema, encoding, params, and what goes out (`None`: looked at in the test)."""
    flat = {"type": "object", "properties": {**SCHEMAS, "flag": {"type": "boolean"}}}
    given = {**VALUES, "flag": True}
    files = {"type": "object", "properties": {"file": binary(version), "scalar": SCHEMAS["scalar"]}}
    return {
        "json": ("application/json", flat, {}, given, json.dumps(given, separators=(",", ":")).encode()),
        "json_list": ("application/json", SCHEMAS["list"], {}, {"body": LIST}, b'["a b","c,d"]'),
        "json_text": ("application/json", SCHEMAS["scalar"], {}, {"body": "x"}, b'"x"'),
        "other_json": ("application/vnd.a+json", flat, {}, {"flag": False}, b'{"flag":false}'),
        "form": (
            "application/x-www-form-urlencoded", flat, {}, given,
            b"scalar=x%20y&list=a%20b&list=c%2Cd&object=%7B%22k%22%3A%22v%20w%22%2C%22n%22%3A1%7D&flag=true",
        ),
        "form_encoded": (
            "application/x-www-form-urlencoded", flat,
            {"list": {"style": "pipeDelimited", "explode": False}, "object": {"style": "deepObject", "explode": True}},
            given, b"scalar=x%20y&list=a%20b%7Cc%2Cd&object%5Bk%5D=v%20w&object%5Bn%5D=1&flag=true",
        ),
        "multipart": ("multipart/form-data", files, {"file": {"contentType": "image/png"}},
                      {"file": FILE, "scalar": "x"}, None),
        "octets": ("application/octet-stream", binary(version), {}, {"body": FILE}, b"\0\xff\n"),
        "image": ("image/png", binary(version), {}, {"body": FILE}, b"\0\xff\n"),
        "text": ("text/plain", SCHEMAS["scalar"], {}, {"body": "x y"}, b"x y"),
        "xml": ("application/xml", {"type": "object"}, {}, {"body": "<a/>"}, b"<a/>"),
    }  # fmt: skip


def document(version):
    paths = {}
    for name, (location, style, explode, kind, _) in CASES.items():
        parameter = {"name": "p", "in": location, "required": True, "style": style, "explode": explode}
        path = f"/{name}/{{p}}/end" if location == "path" else f"/{name}"
        paths[path] = {"get": {"operationId": name, "parameters": [parameter | {"schema": SCHEMAS[kind]}]}}
    for name, (media_type, schema, encoding, _, _) in bodies(version).items():
        content = {media_type: {"schema": schema, "encoding": encoding}}
        paths[f"/{name}"] = {"post": {"operationId": name, "requestBody": {"required": True, "content": content}}}
    for item in paths.values():
        for operation in item.values():
            operation["responses"] = {"200": {"description": "ok"}}
    return {
        "openapi": version,
        "info": {"title": "Styles", "version": "1"},
        "servers": [{"url": "https://h.example"}],
        "paths": paths,
    }


READ = {version: read_openapi(document(version)) for version in ("3.0.4", "3.1.1")}


def sent(version, name, params):
    read = READ[version]
    return build(read.plan(name), params, config={}, base_url=read.base_url)


@pytest.mark.parametrize("version", READ)
@pytest.mark.parametrize("name", CASES)
def test_a_parameter_is_written_as_the_document_says(version, name):
    location, _, _, kind, expected = CASES[name]
    (param,) = READ[version].commands[name].properties

    built = sent(version, name, {param: VALUES[kind]})

    found = {
        "path": built.url.removeprefix(f"https://h.example/{name}/").removesuffix("/end"),
        "query": built.url.partition("?")[2],
        "header": built.headers.get("p"),
        "cookie": built.headers.get("Cookie"),
    }
    assert found[location] == expected


@pytest.mark.parametrize("version", READ)
@pytest.mark.parametrize("name", bodies("3.1.1"))
def test_a_body_is_written_as_the_document_says(version, name):
    media_type, _, _, params, expected = bodies(version)[name]

    built = sent(version, name, params)

    assert built.headers["Content-Type"].startswith(media_type)
    if expected is not None:
        assert built.content == expected
    else:
        assert b'name="file"; filename="file.png"\r\nContent-Type: image/png\r\n\r\n\0\xff\n\r\n' in built.content
        assert b'name="scalar"\r\n\r\nx\r\n' in built.content


@pytest.mark.parametrize("version", READ)
def test_nothing_of_it_is_left_out(version):
    assert [str(notice.message) for notice in READ[version].make_all().warnings] == []
