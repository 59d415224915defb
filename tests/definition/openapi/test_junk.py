"""Documents with junk in them: whatever is broken costs itself, and never a crash."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definition.openapi.documents import VERSIONS, document
from jackfield.definition.openapi.document import open_document
from jackfield.definition.openapi.reader import read_openapi
from jackfield.errors import JackfieldError

JUNK = [
    None,
    7,
    "x",
    "",
    [],
    {},
    [1],
    [[]],
    [{}],
    True,
    {"$ref": "#/nope"},
    {"$ref": 7},
    {"type": ["string", 7]},
    "{x}",
]

THING = {"type": "object", "properties": {"id": {"type": "integer"}, "up": {"$ref": "#/components/schemas/Thing"}}}
OPERATION = {
    "operationId": "change",
    "tags": ["a"],
    "parameters": [{"name": "ids", "in": "query", "style": "pipeDelimited", "schema": {"type": "array"}}],
    "requestBody": {
        "content": {
            "multipart/form-data": {
                "schema": {"allOf": [{"$ref": "#/components/schemas/Thing"}]},
                "encoding": {"id": {"contentType": "text/plain", "headers": {"X": {"schema": {"const": "a"}}}}},
            },
            "application/xml": {},
        }
    },
    "responses": {"200": {"content": {"application/json": {"schema": THING, "example": {"id": 1}}}}},
    "servers": [{"url": "https://{a}.example", "variables": {"a": {"default": "b", "enum": ["b"]}}}],
    "security": [{"key": [], "oauth": ["read"]}, {}],
}
WHOLE = document(
    {"/things/{id}": {"parameters": [{"name": "id", "in": "path", "required": True}], "put": OPERATION}},
    components={
        "schemas": {"Thing": THING},
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://t.example"}}},
        },
    },
    servers=[{"url": "/v1"}],
    security=[{"key": []}],
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in `value` with each of its keys."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        for key, inner in list(one.items() if isinstance(one, dict) else enumerate(one)):
            found.append((one, key))
            if isinstance(inner, dict | list):
                waiting.append(inner)
    return found


@pytest.mark.parametrize("version", VERSIONS)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(JUNK)), min_size=1, max_size=5))
def test_junk_anywhere_is_read_or_refused(version, changes):
    """What can be read is read to the end: commands, plans, schemas and the type."""
    broken = {**copy.deepcopy(WHOLE), "openapi": version}
    for number, junk in changes:
        found = places(broken)
        container, key = found[number % len(found)]
        container[key] = copy.deepcopy(junk)
    try:
        open_document(broken)
    except JackfieldError:
        return

    read = read_openapi(broken).make_all()
    assert [*read.definition().commands] == [*read.commands]
    assert all(read.plan(name).path for name in read.commands)
