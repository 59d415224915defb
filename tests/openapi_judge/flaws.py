"""What real documents get wrong, and what is right and rare: each a change of a small document."""

from __future__ import annotations

import codecs
import copy
import json
from collections.abc import Callable
from typing import Any

import yaml

Document = dict[str, Any]

BASE: Document = {
    "openapi": "3.0.3",
    "info": {"title": "Flawed", "version": "1"},
    "servers": [
        {
            "url": "https://{region}.h.example/{base}",
            "variables": {"region": {"default": "eu"}, "base": {"default": "v1"}},
        }
    ],
    "security": [{"key": []}],
    "paths": {
        "/things/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {
                "operationId": "getThing",
                "parameters": [
                    {"name": "q", "in": "query", "schema": {"type": "string", "default": "a", "example": "b"}},
                    {"name": "X-Trace", "in": "header", "required": True, "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {
                        "description": "ok",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                    }
                },
            },
            "post": {
                "operationId": "makeThing",
                "requestBody": {"$ref": "#/components/requestBodies/Thing"},
                "responses": {"201": {"$ref": "#/components/responses/Made"}},
            },
        },
        "/upload": {
            "put": {
                "operationId": "upload",
                "requestBody": {
                    "content": {
                        "multipart/form-data": {
                            "schema": {
                                "type": "object",
                                "properties": {
                                    "file": {"type": "string", "format": "binary"},
                                    "tags": {"type": "array", "items": {"type": "string"}},
                                },
                            },
                            "encoding": {"file": {"contentType": "image/png"}},
                        }
                    }
                },
                "responses": {"default": {"description": "ok"}},
            }
        },
    },
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        "parameters": {
            "Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
        },
        "requestBodies": {
            "Thing": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
            }
        },
        "responses": {
            "Made": {
                "description": "made",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
            }
        },
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 20},
                    "parent": {"$ref": "#/components/schemas/Thing"},
                    "kind": {"type": "string", "enum": ["a", "b"]},
                    "size": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
                    "when": {"type": "string", "format": "date-time", "nullable": True},
                },
            }
        },
    },
}


def _at(document: Document, path: str) -> Any:
    found: Any = document
    for step in path.split(" "):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


GET, POST, PUT = "paths /things/{id} get", "paths /things/{id} post", "paths /upload put"
THING, NAME = "components schemas Thing", "components schemas Thing properties name"
PARAMETER, FORM = f"{GET} parameters 0", f"{PUT} requestBody content multipart/form-data"


def put(path: str, key: Any, value: Any) -> Callable[[Document], None]:
    """Say `value` under `key` of what is at `path`."""

    def change(document: Document) -> None:
        holder = _at(document, path) if path else document
        if isinstance(holder, list):
            holder.insert(0, copy.deepcopy(value))
        else:
            holder[key] = copy.deepcopy(value)

    return change


def drop(path: str, key: str) -> Callable[[Document], None]:
    """Leave out `key` of what is at `path`."""

    def change(document: Document) -> None:
        (_at(document, path) if path else document).pop(key, None)

    return change


DEEP: Any = {"type": "string"}
for _ in range(60):
    DEEP = {"type": "object", "properties": {"inner": DEEP}}

JUNK: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    "",
    "text",
    [],
    [None],
    {},
    {"": None},
    [[]],
    {"$ref": "#/nowhere"},
    {"$ref": 7},
)

FLAWS: dict[str, Callable[[Document], None]] = {
    "description is an object": put(GET, "description", {"text": "x"}),
    "summary is a list": put(GET, "summary", ["x"]),
    "no responses": drop(GET, "responses"),
    "responses is a list": put(GET, "responses", [{"200": {}}]),
    "a response is a text": put(GET, "responses", {"200": "ok"}),
    "a response without description": put(GET, "responses", {200: {}}),
    "a boolean schema in 3.0": put(THING, "additionalProperties", True),
    "true as a property": put(f"{THING} properties", "any", True),
    "false as a property": put(f"{THING} properties", "none", False),
    "false as the schema of a parameter": put(PARAMETER, "schema", False),
    "an example of another type": put(NAME, "example", {"a": [1]}),
    "a default of another type": put(NAME, "default", 7),
    "examples is an object": put(NAME, "examples", {"one": {"value": "x"}}),
    "a server variable without default": put("servers 0 variables", "region", {"enum": ["eu", "us"]}),
    "a server variable that is not described": put("servers 0", "variables", {}),
    "server variables is a list": put("servers 0", "variables", ["region"]),
    "servers is an object": put("", "servers", {"url": "https://h.example"}),
    "a server without url": put("servers", 0, {"description": "x"}),
    "a server of which the url is a number": put("servers", 0, {"url": 7}),
    "parameters as an object": put(GET, "parameters", {"q": {"in": "query", "schema": {"type": "string"}}}),
    "required is a text": put(PARAMETER, "required", "true"),
    "required is a text of a body": put("components requestBodies Thing", "required", "true"),
    "required in a property": put(NAME, "required", True),
    "required is a text in a schema": put(THING, "required", "name"),
    "required names what there is not": put(THING, "required", ["name", "nobody", None, 7]),
    "type file": put(f"{FORM} schema properties", "file", {"type": "file"}),
    "a parameter of type file": put(PARAMETER, "schema", {"type": "file"}),
    "in formData": put(f"{POST}", "parameters", [{"name": "f", "in": "formData", "type": "string"}]),
    "in body": put(f"{POST}", "parameters", [{"name": "b", "in": "body", "schema": {"type": "object"}}]),
    "null as a parameter": put(f"{GET} parameters", 0, None),
    "null as an operation": put("paths /upload", "delete", None),
    "null as a path": put("paths", "/null", None),
    "null as a schema": put(f"{THING} properties", "null", None),
    "null as the description": put(GET, "description", None),
    "null in tags": put(GET, "tags", [None, 7, {"name": "x"}]),
    "version is a number": put("", "openapi", 3.0),
    "version is an integer": put("", "openapi", 3),
    "version of the API is a number": put("info", "version", 1.0),
    "info is a text": put("", "info", "Flawed"),
    "no info": drop("", "info"),
    "no components": drop("", "components"),
    "components is a list": put("", "components", []),
    "a path without slash": put("paths", "bare", {"get": {"operationId": "bare", "responses": {}}}),
    "a path with a query": put("paths", "/q?x=1&y={y}", {"get": {"operationId": "withQuery", "responses": {}}}),
    "a path with a fragment": put("paths", "/f#one", {"get": {"operationId": "withFragment", "responses": {}}}),
    "a path with a space behind it": put("paths", "/space ", {"get": {"operationId": "withSpace", "responses": {}}}),
    "a path with spaces inside": put("paths", "/a b/{c d}", {"get": {"operationId": "spaces", "responses": {}}}),
    "a path that is a whole address": put(
        "paths", "https://h.example/x", {"get": {"operationId": "whole", "responses": {}}}
    ),
    "a path with braces inside braces": put("paths", "/x/{{y}}", {"get": {"operationId": "braces", "responses": {}}}),
    "a path with a brace alone": put("paths", "/x/{y", {"get": {"operationId": "brace", "responses": {}}}),
    "a path with an empty hole": put("paths", "/x/{}/y", {"get": {"operationId": "hole", "responses": {}}}),
    "a path that is empty": put("paths", "", {"get": {"operationId": "empty", "responses": {}}}),
    "a path that is a number": put("paths", 7, {"get": {"operationId": "number", "responses": {}}}),
    "a hole that is there twice": put("paths", "/t/{a}/{a}", {"get": {"operationId": "twice", "responses": {}}}),
    "holes that touch": put("paths", "/t/{a}{b}", {"get": {"operationId": "touch", "responses": {}}}),
    "an extension among the paths": put("paths", "x-more", {"get": {}}),
    "operationId twice": put(PUT, "operationId", "getThing"),
    "operationId is a number": put(PUT, "operationId", 7),
    "operationId is empty": put(PUT, "operationId", ""),
    "operationId is one word of Python": put(PUT, "operationId", "class"),
    "operationId is long": put(PUT, "operationId", "a" * 500),
    "operationId is not ASCII": put(PUT, "operationId", "日本語"),
    "operationId with brackets": put(PUT, "operationId", "get[thing](all) /v1"),
    "a reference with words beside it": put(
        f"{THING} properties", "parent", {"$ref": "#/components/schemas/Thing", "description": "p", "nullable": True}
    ),
    "a parameter that is a reference to a reference": put(
        "components parameters", "Id", {"$ref": "#/components/parameters/Other"}
    ),
    "a reference to itself": put("components parameters", "Id", {"$ref": "#/components/parameters/Id"}),
    "a reference with percent signs": put(
        f"{THING} properties", "parent", {"$ref": "#/components/schemas/Thing%20One"}
    ),
    "a reference into a path": put(
        f"{THING} properties",
        "parent",
        {"$ref": "#/paths/~1upload/put/requestBody/content/multipart~1form-data/schema"},
    ),
    "a reference into a path, encoded": put(
        f"{THING} properties", "parent", {"$ref": "#/paths/~1things~1%7Bid%7D/get/parameters/0/schema"}
    ),
    "a reference to a file": put(f"{THING} properties", "parent", {"$ref": "other.yaml#/Thing"}),
    "a reference to an address": put(f"{THING} properties", "parent", {"$ref": "https://h.example/x.json#/Thing"}),
    "a reference to this machine": put(f"{THING} properties", "parent", {"$ref": "file:///etc/passwd"}),
    "a bare reference": put(f"{THING} properties", "parent", {"$ref": "Thing"}),
    "a reference to nothing": put(f"{POST}", "requestBody", {"$ref": "#/components/requestBodies/Nothing"}),
    "an empty reference": put(f"{THING} properties", "parent", {"$ref": ""}),
    "a reference to all": put(f"{THING} properties", "parent", {"$ref": "#"}),
    "a schema that is only itself": put("components schemas", "Thing", {"$ref": "#/components/schemas/Thing"}),
    "schemas that are each other": put(
        "components schemas", "Thing", {"allOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "object"}]}
    ),
    "a choice of itself": put(THING, "oneOf", [{"$ref": "#/components/schemas/Thing"}, {"type": "object"}]),
    "not itself": put(THING, "not", {"$ref": "#/components/schemas/Thing"}),
    "items of itself": put(
        "components schemas", "Thing", {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
    ),
    "allOf is an object": put(THING, "allOf", {"type": "object"}),
    "anyOf is empty": put(THING, "anyOf", []),
    "items is missing": put(NAME, "type", "array"),
    "items is a list": put(f"{THING} properties", "list", {"type": "array", "items": [{"type": "string"}]}),
    "properties is a list": put(THING, "properties", [{"name": "x"}]),
    "an enum of other types": put(f"{THING} properties kind", "enum", ["a", 1, None, {}, True]),
    "an enum that is huge": put(f"{THING} properties kind", "enum", [f"value {index}" for index in range(20_000)]),
    "an enum with doubles": put(f"{THING} properties kind", "enum", ["a", "a", "b"]),
    "an enum that is empty": put(f"{THING} properties kind", "enum", []),
    "an enum that is a text": put(f"{THING} properties kind", "enum", "a,b"),
    "a type that there is not": put(NAME, "type", "str"),
    "a type in capitals": put(NAME, "type", "String"),
    "several types in 3.0": put(NAME, "type", ["string", "null"]),
    "a type that is null": put(NAME, "type", None),
    "a bound that is a text": put(f"{THING} properties size", "minimum", "0"),
    "a length below zero": put(NAME, "maxLength", -1),
    "bounds that exclude each other": put(NAME, "minLength", 100),
    "a pattern that is none": put(NAME, "pattern", "([a-z"),
    "a pattern of another language": put(NAME, "pattern", r"^(?<n>a)\k<n>(?!x)[\p{L}&&[^a]]$"),
    "a pattern with slashes": put(NAME, "pattern", "/^[a-z]+$/i"),
    "a pattern that takes for ever": put(NAME, "pattern", "^(a+)+$"),
    "multipleOf zero": put(f"{THING} properties size", "multipleOf", 0),
    "a number too large": put(f"{THING} properties size", "maximum", 10**400),
    "a schema of many levels": put(f"{THING} properties", "deep", DEEP),
    "a discriminator that is a text": put(THING, "discriminator", "kind"),
    "a discriminator to nowhere": put(
        THING, "discriminator", {"propertyName": "kind", "mapping": {"a": "#/x", "b": 7}}
    ),
    "content is a list": put("components requestBodies Thing", "content", []),
    "content is empty": put("components requestBodies Thing", "content", {}),
    "a media type that is null": put("components requestBodies Thing", "content", {"application/json": None}),
    "a media type that is none": put(
        "components requestBodies Thing", "content", {"json": {"schema": {"type": "object"}}}
    ),
    "a media type with line ends": put("components requestBodies Thing", "content", {"text/plain\r\nX-Evil: 1": {}}),
    "a media type that is empty": put("components requestBodies Thing", "content", {"": {}}),
    "a body of a GET": put(GET, "requestBody", {"content": {"application/json": {"schema": {"type": "object"}}}}),
    "a body that is a list": put(POST, "requestBody", []),
    "encoding is a list": put(FORM, "encoding", []),
    "an encoding of a style that there is not": put(f"{FORM} encoding", "tags", {"style": "odd", "explode": "yes"}),
    "headers of a part": put(f"{FORM} encoding", "file", {"headers": {"X-A": {"schema": {"enum": ["1"]}}, "X-B": 7}}),
    "schema and content": put(PARAMETER, "content", {"application/json": {}}),
    "content of a parameter is empty": put(f"{GET} parameters", 0, {"name": "c", "in": "query", "content": {}}),
    "a style that there is not": put(PARAMETER, "style", "odd"),
    "a style of another place": put(PARAMETER, "style", "matrix"),
    "explode is a text": put(PARAMETER, "explode", "true"),
    "deepObject of a text": put(PARAMETER, "style", "deepObject"),
    "a parameter without name": drop(PARAMETER, "name"),
    "a parameter without place": drop(PARAMETER, "in"),
    "a parameter without schema": drop(PARAMETER, "schema"),
    "a parameter that is there twice": put(
        f"{GET} parameters", 0, {"name": "q", "in": "query", "schema": {"type": "integer"}}
    ),
    "one name in each place": put(
        GET,
        "parameters",
        [{"name": "id", "in": place, "schema": {"type": "string"}} for place in ("query", "header", "cookie")],
    ),
    "a header with spaces": put(
        f"{GET} parameters", 0, {"name": "bad header", "in": "header", "schema": {"type": "string"}}
    ),
    "a header with line ends": put(
        f"{GET} parameters", 0, {"name": "a\r\nb", "in": "header", "schema": {"type": "string"}}
    ),
    "a header that frames": put(
        f"{GET} parameters", 0, {"name": "Transfer-Encoding", "in": "header", "schema": {"type": "string"}}
    ),
    "the header Host": put(f"{GET} parameters", 0, {"name": "Host", "in": "header", "schema": {"type": "string"}}),
    "the header Cookie": put(f"{GET} parameters", 0, {"name": "Cookie", "in": "header", "schema": {"type": "string"}}),
    "a cookie with a semicolon": put(
        f"{GET} parameters", 0, {"name": "a;b=c", "in": "cookie", "schema": {"type": "string"}}
    ),
    "security is an object": put("", "security", {"key": []}),
    "security names what there is not": put("", "security", [{"nobody": []}]),
    "security is null": put("", "security", None),
    "a scheme that is null": put("components securitySchemes", "key", None),
    "a scheme in a place that there is not": put("components securitySchemes key", "in", "body"),
    "a scheme whose name ends a line": put("components securitySchemes key", "name", "X\r\nY"),
    "oauth2 without flows": put("components securitySchemes", "key", {"type": "oauth2"}),
    "webhooks": put("", "webhooks", {"new": {"post": {"operationId": "hook", "responses": {}}}}),
    "callbacks": put(POST, "callbacks", {"done": {"{$request.body#/url}": {"post": {"responses": {}}}}}),
    "links": put(f"{GET} responses 200", "links", {"next": {"operationId": "nobody"}}),
    "an item that is a reference": put("paths", "/alias", {"$ref": "#/paths/~1upload"}),
    "an item that is a reference to nothing": put("paths", "/alias", {"$ref": "#/paths/~1nothing"}),
    "a method in capitals": put("paths /upload", "GET", {"operationId": "capital", "responses": {}}),
    "a method that there is not": put("paths /upload", "fetch", {"operationId": "fetch", "responses": {}}),
    "an operation that is a list": put("paths /upload", "patch", []),
    "an extension of an operation": put(GET, "x-odd", {"a": [None]}),
    "keys that are no texts": put(f"{THING} properties", 7, {"type": "string"}),
    "a property called $ref": put(f"{THING} properties", "$ref", {"type": "string"}),
    "a property with an empty name": put(f"{THING} properties", "", {"type": "string"}),
    "a property that is long": put(f"{THING} properties", "a" * 200, {"type": "string"}),
    "properties that fall together": put(THING, "properties", {"a_b": {}, "aB": {}, "a-b": {}, "A_B": {}, "a.b": {}}),
    "a property called body": put(f"{THING} properties", "body", {"type": "string"}),
    "a required property that is read-only": put(NAME, "readOnly", True),
    "all properties are read-only": put(THING, "properties", {"id": {"type": "string", "readOnly": True}}),
    "a tag that is a text": put("", "tags", "things"),
    "deprecated is a text": put(GET, "deprecated", "yes"),
    "half a character": put(GET, "description", "half \ud800 of one"),
    "a character that is nothing": put(GET, "description", "nul \0 and \x1b"),
    "half a character in a name": put(f"{THING} properties", "half \udfff", {"type": "string"}),
}

RARE_31: dict[str, Callable[[Document], None]] = {
    "$id": put(THING, "$id", "https://h.example/schemas/thing"),
    "$id that is relative": put(THING, "$id", "thing.json"),
    "$anchor": put(THING, "$anchor", "thing"),
    "a reference to an anchor": put(f"{THING} properties", "parent", {"$ref": "#thing"}),
    "$dynamicAnchor": put(THING, "$dynamicAnchor", "node"),
    "$dynamicRef": put(f"{THING} properties", "parent", {"$dynamicRef": "#node"}),
    "$defs": put(THING, "$defs", {"Inner": {"type": "string"}}),
    "a reference into $defs": put(f"{THING} properties", "inner", {"$ref": "#/components/schemas/Thing/$defs/Inner"}),
    "$schema": put(THING, "$schema", "http://json-schema.org/draft-07/schema#"),
    "unevaluatedProperties": put(THING, "unevaluatedProperties", False),
    "unevaluatedItems": put(
        f"{THING} properties", "list", {"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": False}
    ),
    "prefixItems": put(
        f"{THING} properties", "list", {"type": "array", "prefixItems": [{"type": "string"}, True], "items": False}
    ),
    "if then else": put(THING, "if", {"properties": {"kind": {"const": "a"}}}),
    "then": put(THING, "then", {"required": ["size"]}),
    "dependentSchemas": put(THING, "dependentSchemas", {"kind": {"required": ["size"]}}),
    "dependentRequired": put(THING, "dependentRequired", {"kind": ["size"]}),
    "propertyNames": put(THING, "propertyNames", {"pattern": "^[a-z]+$"}),
    "patternProperties": put(THING, "patternProperties", {"^x-": {"type": "string"}}),
    "contains": put(f"{THING} properties", "list", {"type": "array", "contains": {"const": 1}, "minContains": 1}),
    "const null": put(f"{THING} properties", "nothing", {"const": None}),
    "several types": put(NAME, "type", ["string", "integer", "null"]),
    "exclusiveMinimum as a number": put(f"{THING} properties", "size", {"type": "integer", "exclusiveMinimum": 0}),
    "contentMediaType": put(f"{FORM} schema properties", "file", {"contentMediaType": "image/png"}),
    "contentEncoding": put(f"{FORM} schema properties", "file", {"type": "string", "contentEncoding": "base64"}),
    "a schema true": put("components schemas", "Thing", True),
    "a schema false": put("components schemas", "Thing", False),
    "webhooks alone": drop("", "paths"),
    "pathItems": put("components", "pathItems", {"P": {"get": {"operationId": "fromItem", "responses": {}}}}),
    "jsonSchemaDialect": put("", "jsonSchemaDialect", "https://h.example/dialect"),
    "a reference with a summary": put(
        POST, "requestBody", {"$ref": "#/components/requestBodies/Thing", "description": "own"}
    ),
    "nullable in 3.1": put(NAME, "nullable", True),
    "exclusiveMinimum as in 3.0": put(f"{THING} properties size", "exclusiveMinimum", True),
    "querystring": put(
        GET,
        "parameters",
        [
            {
                "name": "all",
                "in": "querystring",
                "content": {
                    "application/x-www-form-urlencoded": {
                        "schema": {"type": "object", "properties": {"a": {"type": "string"}}}
                    }
                },
            }
        ],
    ),
    "additionalOperations": put(
        "paths /upload", "additionalOperations", {"LINK": {"operationId": "link", "responses": {}}}
    ),
    "additionalOperations that are none": put(
        "paths /upload",
        "additionalOperations",
        {"LINK": None, "get": {}, "BAD METHOD": {}, "M-SEARCH": {}, "a.b!": {}, "!": {}, "9": {}, "x" * 300: {}},
    ),
    "the method query": put("paths /upload", "query", {"operationId": "ask", "responses": {}}),
    "itemSchema": put(f"{GET} responses 200", "content", {"application/jsonl": {"itemSchema": {"type": "string"}}}),
    "$self": put("", "$self", "https://h.example/openapi.yaml"),
    "a style cookie": put(
        f"{GET} parameters", 0, {"name": "c", "in": "cookie", "style": "cookie", "schema": {"type": "string"}}
    ),
}


def as_json(document: Document) -> bytes:
    return json.dumps(document).encode()


def as_yaml(document: Document) -> bytes:
    return yaml.safe_dump(json.loads(json.dumps(document)), allow_unicode=True, sort_keys=False).encode(
        "utf-8", "surrogatepass"
    )


WRITTEN: dict[str, Callable[[Document], bytes]] = {
    "JSON": as_json,
    "JSON with a BOM": lambda document: codecs.BOM_UTF8 + as_json(document),
    "JSON in UTF-16": lambda document: json.dumps(document).encode("utf-16"),
    "JSON in UTF-32": lambda document: json.dumps(document).encode("utf-32"),
    "JSON with spaces": lambda document: b"\r\n\t " + json.dumps(document, indent="\t").replace("\n", "\r\n").encode(),
    "YAML": as_yaml,
    "YAML with a BOM": lambda document: codecs.BOM_UTF8 + as_yaml(document),
    "YAML with CRLF": lambda document: as_yaml(document).replace(b"\n", b"\r\n"),
    "YAML in UTF-16": lambda document: as_yaml(document).decode("utf-8", "replace").encode("utf-16"),
    "YAML with a head": lambda document: b"%YAML 1.2\n---\n" + as_yaml(document),
    "YAML with an end": lambda document: as_yaml(document) + b"\n...\n",
    "YAML in one line": lambda document: yaml.safe_dump(
        json.loads(json.dumps(document)), default_flow_style=True, width=10**6
    ).encode("utf-8", "surrogatepass"),
}
"""How a document may be written down."""
