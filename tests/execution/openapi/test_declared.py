"""Operations of documents as declarative ones: the same requests, or left out with the cause."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

from definition.openapi.documents import read
from execution.openapi.declaring import both, converted
from jackfield.definition.openapi.reader import read_openapi
from openapi_judge.cases import documents

SCALE = float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))
SPECS = os.environ.get("JACKFIELD_SPECS", "")
MOST = max(1, round(10 * SCALE))
ROUNDS = max(1, round(20 * SCALE))

TEXT = {"type": "string"}
LIST = {"type": "array", "items": {"type": "string"}, "minItems": 1}
OBJECT = {"type": "object", "properties": {"a": TEXT}}
FILE = {"type": "string", "format": "binary"}


def param(name: str, where: str, schema: Any = TEXT, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "schema": schema, "required": where == "path", **more}


def body(schema: Any, media_type: str = "application/json", *, required: bool = False, **more: Any) -> dict[str, Any]:
    return {"requestBody": {"required": required, "content": {media_type: {"schema": schema, **more}}}}


def members(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


ANSWER = {"responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}}}
FORM = "application/x-www-form-urlencoded"
FIELDS = members(**{"a b": TEXT, "n": {"type": "number"}, "tags": LIST, "ok": {"type": "boolean"}})

SAME: dict[str, tuple[str, str, dict[str, Any]]] = {
    "path": (
        "/a/{x-y}/b.{ext}",
        "get",
        {"parameters": [param("x-y", "path"), param("ext", "path", {"type": "number"})]},
    ),
    "query": (
        "/q",
        "get",
        {"parameters": [param("per page", "query", {"type": "number"}), param("tags[]", "query", LIST)]},
    ),
    "fixed query": ("/?Action=List&v=1", "get", {"parameters": [param("q", "query")]}),
    "fragment": ("/things#of-one", "get", {}),
    "joined": (
        "/joined",
        "get",
        {
            "parameters": [
                param("a", "query", LIST, explode=False),
                param("b", "query", LIST, style="spaceDelimited"),
                param("c", "query", LIST, style="pipeDelimited"),
                param("d", "query"),
            ]
        },
    ),
    "headers": ("/h", "get", {"parameters": [param("X-One", "header"), param("n", "header", {"type": "integer"})]}),
    "cookies": ("/c", "get", {"parameters": [param("session", "cookie"), param("more", "cookie", LIST)]}),
    "json": ("/j", "post", body(members(name=TEXT, deep=OBJECT, list=LIST), required=True) | ANSWER),
    "json, optional": ("/jo", "patch", body(members(name=TEXT))),
    "json, as it is called": (
        "/jv",
        "put",
        body(members(a=TEXT), "application/vnd.acme+json; version=2", required=True),
    ),
    "json, whole": ("/jw", "post", body({"type": "array", "items": OBJECT}, required=True)),
    "json, delete": ("/jd", "delete", body(members(a=TEXT), required=True)),
    "form": ("/f", "post", body(FIELDS, FORM, required=True)),
    "form, optional": ("/fo", "post", body(FIELDS, FORM)),
    "multipart": ("/m", "post", body(members(file=FILE, note=TEXT, tags=LIST), "multipart/form-data", required=True)),
    "all": (
        "/all/{id}",
        "post",
        {
            "parameters": [param("id", "path"), param("q", "query"), param("X-A", "header"), param("c", "cookie")],
            **body(members(id=TEXT, q=TEXT), required=True),
        },
    ),
    "server": ("/s", "get", {"servers": [{"url": "https://files.example/v2/"}]}),
}

OTHER: dict[str, tuple[dict[str, Any], str]] = {
    "deepObject": ({"parameters": [param("f", "query", OBJECT, style="deepObject")]}, "may be an object"),
    "anything": ({"parameters": [param("f", "query", {})]}, "may be an object"),
    "reserved": ({"parameters": [param("f", "query", allowReserved=True)]}, "reserved characters"),
    "content": (
        {"parameters": [{"name": "f", "in": "query", "content": {"application/json": {"schema": OBJECT}}}]},
        "application/json",
    ),
    "header list": ({"parameters": [param("f", "header", LIST)]}, "list in the header"),
    "cookie list": ({"parameters": [param("f", "cookie", LIST, explode=False)]}, "a list that is written"),
    "xml": (body(TEXT, "application/xml"), "`application/xml`"),
    "bytes": (body(FILE, "application/octet-stream"), "`application/octet-stream`"),
    "any json": (body({}), "texts and null"),
    "object field": (body(members(a=OBJECT), "multipart/form-data"), "may be an object"),
    "own server": (
        {"servers": [{"url": "https://{region}.example", "variables": {"region": {"default": "eu"}}}]},
        "server of its own",
    ),
}


def document(path: str, method: str, operation: dict[str, Any]) -> Any:
    return read({path: {method: {"operationId": "it", **operation}}}, servers=[{"url": "https://a.example"}])


@pytest.mark.parametrize("what", SAME)
async def test_what_can_be_declared_is_sent_alike(what: str):
    """Byte for byte, whatever the order in which a caller gives the params."""
    found = document(*SAME[what])
    definition, causes = converted(found)
    count = 0
    for _ in range(ROUNDS):
        for one in await both(found, ["it"], definition, Random(what)):
            count += 1
            assert one.imported in (one.declared, "param-unplaceable"), one.params

    assert causes == {}
    assert count


@pytest.mark.parametrize("what", OTHER)
def test_what_cannot_be_declared_is_left_out_with_its_cause(what: str):
    """Nothing is sent in another way than the document says."""
    operation, cause = OTHER[what]
    _, causes = converted(document("/x", "post", operation))

    assert cause in causes["it"]


def test_a_path_that_would_be_a_template_is_no_address():
    """`{{ }}` is an expression of declarative operations, and text in documents."""
    _, causes = converted(document("/a/{{ config.key }}", "get", {"parameters": []}))

    assert causes == {"it": "its path has braces that are no place for a param"}


def test_what_is_said_of_a_command_is_said_of_the_declared_one():
    """Names, texts, flags, schemas and examples."""
    found = document(
        "/x",
        "delete",
        {
            "summary": "Delete it.",
            "tags": ["things"],
            "deprecated": True,
            "parameters": [param("a", "query")],
            **ANSWER,
        },
    )
    definition, _ = converted(found)
    one, other = definition.commands["it"], found.commands["it"]

    for name in ("display_name", "description", "tags", "reads_only", "destructive", "idempotent", "deprecated"):
        assert getattr(one, name) == getattr(other, name)
    assert (one.params, one.outputs, one.output_schema) == (other.params, other.outputs, other.output_schema)
    assert one.scenarios == other.scenarios


@pytest.mark.slow
@pytest.mark.skipif(not SPECS, reason="JACKFIELD_SPECS names no folder of documents")
async def test_real_documents_are_sent_alike():
    """A sample of the operations of each; what is left out has a cause."""
    compared = 0
    for name, content in documents(Path(SPECS)):
        found = read_openapi(content)
        definition, causes = converted(found)
        random = Random(name)
        chosen = random.sample(list(definition.commands), min(MOST, len(definition.commands)))
        for one in await both(found, chosen, definition, random):
            compared += 1
            assert one.imported in (one.declared, "param-unplaceable"), (name, one.command, one.params)
        assert all(causes.values())
        assert len(causes) + len(definition.commands) == len(found.commands)

    assert compared
