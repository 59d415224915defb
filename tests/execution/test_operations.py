"""Reading declarative connectors: what the guides write is understood, and what is wrong is all told at once."""

from __future__ import annotations

import json

import pytest
import yaml

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.floh import from_json, to_json
from jackfield.definition.operations import read_operations

TASKS = """
name: todo
namespace: team-a
display_name: To-dos
description: Things to do.
version: 2.1.0
category: productivity
tags: [work]
icon: check
base_url: https://todo.example.com/v1
auth: { type: api_key, secret: TASK_KEY, header: X-Key }
headers: { X-Client: jackfield, X-Version: 2 }
default_command: list_todos
connectionConfig:
  workspace: { type: string, required: true }
operations:
  - name: get_todo
    description: One thing to do.
    method: get
    path: todos/{id}/{{ part }}
    parameters:
      properties:
        id: { type: integer }
        verbose: { type: boolean, in: query }
        X-Trace: { type: string, in: header }
    response_mapping: $.data
    errors: { 404: empty, 5xx: "down: {{ status }}" }
    outputs: [id, title]
    mock: { default: { id: 1 }, empty: null }
  - { name: list_todos, method: GET, path: "/{{ workspace }}/todos", deprecated: "use search" }
  - { name: add_todo, method: POST, path: /todos, request_body_mapping: json, tags: [write] }
  - { name: drop_todo, method: DELETE, path: "/todos/{id}", idempotent: false }
"""


@pytest.fixture
def todo():
    return yaml.safe_load(TASKS)


def faults_of(body) -> dict[str, str]:
    with pytest.raises(InvalidDefinition) as caught:
        read_operations(body)
    return {fault["pointer"]: fault["message"] for fault in caught.value.details["errors"]}


def test_a_document_becomes_a_definition(todo):
    """Everything that the document says is found in it, and nothing is made up."""
    definition = read_operations(todo)
    get, lists = definition.commands["get_todo"], definition.commands["list_todos"]

    assert definition.execution_model == "http"
    assert (definition.name, definition.version, definition.category) == ("todo", "2.1.0", "productivity")
    assert (definition.display_name, definition.tags, definition.icon) == ("To-dos", ("work",), "check")
    assert definition.auth == {"type": "api_key", "secret": "TASK_KEY", "header": "X-Key"}
    assert definition.auth_required
    assert definition.default_command == "list_todos"
    assert [f.name for f in definition.fields] == ["baseUrl", "workspace"]
    assert get.outputs == ("id", "title")
    assert get.scenarios == ("default", "empty")
    assert lists.deprecated is not None
    assert lists.deprecated.message == "use search"
    assert definition.commands["add_todo"].tags == ("write",)


def test_callers_see_the_params_and_not_where_they_go(todo):
    """`in` is no JSON Schema; names in the path are params whether or not they are declared."""
    params = read_operations(todo).commands["get_todo"].params

    assert params == {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "verbose": {"type": "boolean"},
            "X-Trace": {"type": "string"},
            "part": {"type": ["string", "number"]},
        },
        "required": ["id", "part"],
    }


def test_a_name_in_the_path_may_be_a_connection_field(todo):
    """The workspace is filled in once, not with every call."""
    assert read_operations(todo).commands["list_todos"].properties == {}


def test_the_source_is_plain_json_in_one_spelling(todo):
    """It is stored, compared with the next version, and executed."""
    source = read_operations(todo).source

    assert json.loads(json.dumps(source)) == source
    assert source["baseUrl"] == "https://todo.example.com/v1"
    assert source["headers"] == {"X-Client": "jackfield", "X-Version": "2"}
    assert source["operations"]["get_todo"] == {
        "method": "GET",
        "path": "/todos/{id}/{{ part }}",
        "mapping": {"id": "path", "part": "path", "verbose": "query", "X-Trace": "header", "*": "query"},
        "headers": {},
        "response": {"type": "json", "path": "$.data"},
        "errors": {"404": "empty", "5xx": "down: {{ status }}"},
        "mock": {"default": {"id": 1}, "empty": None},
    }


def test_what_was_read_reads_the_same_again(todo):
    """An export is an import: from the normalised operations, and from the form that is stored."""
    first = read_operations(todo)
    again = todo | {"operations": {}}
    for name, operation in first.source["operations"].items():
        again["operations"][name] = operation | {"parameters": first.commands[name].params}

    assert read_operations(again).source == first.source
    assert from_json(json.loads(json.dumps(to_json(first)))) == first


def test_operations_may_be_a_map_and_keys_in_either_case_style(todo):
    """One guide writes a list, another a map; one writes camelCase, another snake_case."""
    as_map = {
        operation["name"]: {k: v for k, v in operation.items() if k != "name"} for operation in todo["operations"]
    }
    camel = todo | {"operations": as_map, "baseUrl": todo["base_url"], "defaultOperation": "list_todos"}
    del camel["base_url"], camel["default_command"]
    as_map["get_todo"]["responseMapping"] = as_map["get_todo"].pop("response_mapping")

    assert read_operations(camel) == read_operations(todo)


@pytest.mark.parametrize(
    ("method", "flags"),
    [
        ("GET", (True, False, True)),
        ("HEAD", (True, False, True)),
        ("PUT", (False, False, True)),
        ("POST", (False, False, False)),
        ("PATCH", (False, False, False)),
        ("DELETE", (False, True, True)),
    ],
)
def test_the_method_says_what_a_command_does_unless_its_author_does(method, flags, one):
    """Models and retries go by these flags."""
    command = read_operations(one(method=method)).commands["op"]
    told = read_operations(one(method=method, readsOnly=True, destructive=True, idempotent=False)).commands["op"]

    assert (command.reads_only, command.destructive, command.idempotent) == flags
    assert (told.reads_only, told.destructive, told.idempotent) == (True, True, False)


@pytest.mark.parametrize(
    ("auth", "required"), [({}, False), ({"type": "none"}, False), ({"type": "sinas_token"}, True), (None, False)]
)
def test_a_credential_is_needed_where_a_scheme_is_declared(auth, required, one):
    """A type without one may be called with nothing configured."""
    assert read_operations(one({"auth": auth})).auth_required is required


def test_the_base_url_is_a_connection_field_with_the_declared_one_as_its_default(one):
    """Two connectors of one type may call two services."""
    declared, open_ = (read_operations(one(c)).fields[0] for c in ({"baseUrl": "https://a.example"}, {}))

    assert (declared.name, declared.kind, declared.default, declared.required) == (
        "baseUrl",
        "url",
        "https://a.example",
        False,
    )
    assert (open_.default, open_.required) == (..., True)


@pytest.mark.parametrize(
    ("method", "mapping", "properties", "found"),
    [
        ("GET", None, {"a": {}}, {"a": "query", "*": "query"}),
        ("DELETE", None, {"a": {}}, {"a": "query", "*": "query"}),
        ("POST", None, {"a": {}}, {"a": "body", "*": "body"}),
        ("POST", "json", {"a": {}}, {"a": "body", "*": "body"}),
        ("POST", "query", {"a": {}}, {"a": "query", "*": "query"}),
        ("POST", "path_and_query", {"a": {}}, {"a": "query", "*": "query"}),
        ("DELETE", "path_and_json", {"a": {}}, {"a": "body", "*": "body"}),
        ("GET", "json", {"a": {}}, {"a": "query", "*": "query"}),
        ("POST", {"a": "query"}, {"a": {}, "b": {}}, {"a": "query", "b": "body", "*": "body"}),
        ("POST", {"a": "json", "*": "query"}, {"a": {}, "b": {}}, {"a": "body", "b": "query", "*": "query"}),
        ("POST", {"a": "query"}, {"a": {"in": "cookie"}}, {"a": "cookie", "*": "body"}),
        ("POST", "query", {"a": {"in": "content"}}, {"a": "content", "*": "query"}),
    ],
)
def test_the_nearest_word_on_a_param_decides_where_it_goes(method, mapping, properties, found, one):
    """Its own `in`, then its entry in the mapping, then the mapping as a whole, then the method."""
    body = one(method=method, parameters={"properties": properties}, **({"mapping": mapping} if mapping else {}))

    assert read_operations(body).source["operations"]["op"]["mapping"] == found


BAD_OPERATIONS = [
    ({"method": "FETCH"}, "/method", "`operations[0].method` is `FETCH`"),
    ({"method": 3}, "/method", "is `3`"),
    ({"metod": "GET"}, "/metod", "did you mean `method`?"),
    ({"request_mapping": "json"}, "/request_mapping", "did you mean `mapping`?"),
    ({"readsOnly": "yes"}, "/readsOnly", "true or false"),
    ({"reads_only": True, "readsOnly": True}, "/readsOnly", "`reads_only` says the same"),
    ({"path": "https://evil.example/x"}, "/path", "`baseUrl`"),
    ({"path": "//evil.example/x"}, "/path", "`baseUrl`"),
    ({"path": "/a/../b"}, "/path", "up the tree"),
    ({"path": "/a/%2e%2E/b"}, "/path", "up the tree"),
    ({"path": "/a/./b"}, "/path", "up the tree"),
    ({"path": "/a b"}, "/path", "' '"),
    ({"path": "/a#b"}, "/path", "'#'"),
    ({"path": "/a\\b"}, "/path", "no path"),
    ({"path": "/a/{id"}, "/path", "brace"),
    ({"path": "/a/{}"}, "/path", "names nothing"),
    ({"names": {"a": []}}, "/names/a", "a list of texts"),
    ({"names": {"a": ["x", ""]}}, "/names/a", "a list of texts"),
    (
        {"method": "GET", "parameters": {"properties": {"a": {}}}, "names": {"a": ["x", "y"]}},
        "/names/a",
        "goes to the query",
    ),
    (
        {"method": "POST", "parameters": {"properties": {"a": {}, "b": {}}}, "names": {"a": "x", "b": ["x", "y"]}},
        "/names/b",
        "a member of what `a` is",
    ),
    (
        {
            "method": "POST",
            "parameters": {"properties": {"a": {}, "b": {}}},
            "names": {"a": ["x", "y"], "b": ["x", "y"]},
        },
        "/names/b",
        "both `x.y`",
    ),
    ({"path": "/a?{name}=1"}, "/path", "may not be holes"),
    ({"path": "/a?{name}"}, "/path", "may not be holes"),
    ({"parameters": []}, "/parameters", "an object"),
    ({"parameters": {"type": "array"}}, "/parameters/type", "`object`"),
    ({"parameters": {"properties": {"a": 3}}}, "/parameters/properties/a", "a JSON Schema"),
    ({"parameters": {"properties": []}}, "/parameters/properties", "an object"),
    ({"parameters": {"required": "a"}}, "/parameters/required", "a list"),
    ({"parameters": {"properties": {"name": {}}, "required": ["nam"]}}, "/parameters/required", "mean `name`?"),
    ({"parameters": {"properties": {"a_b": {}, "aB": {}}}}, "/parameters", "`a_b` and `aB`"),
    ({"parameters": {"properties": {"a": {"in": "boddy"}}}}, "/parameters/properties/a/in", "is `boddy`"),
    ({"mapping": "jason"}, "/mapping", "is `jason`"),
    ({"mapping": {"a": "query"}}, "/mapping/a", "is no param"),
    ({"mapping": {"*": "header"}}, "/mapping/*", "`query`, `body`"),
    ({"path": "/{a}", "mapping": {"a": "query"}}, "/mapping", "part of the path"),
    ({"parameters": {"properties": {"a": {"in": "path"}}}}, "/mapping", "`{a}`"),
    ({"parameters": {"properties": {"a": {"in": "body"}}}}, "/mapping", "GET sends none"),
    ({"parameters": {"properties": {"a b": {"in": "header"}}}}, "/mapping", "no name for one"),
    (
        {"method": "POST", "parameters": {"properties": {"a": {"in": "content"}, "b": {}}}},
        "/mapping",
        "the whole body",
    ),
    ({"response": "jsn"}, "/response", "is `jsn`"),
    ({"response": "$.a["}, "/response", "no path into an answer"),
    ({"response": {"type": "text", "path": "a"}}, "/response/path", "no parts"),
    ({"response": {"typ": "text"}}, "/response/typ", "did you mean `type`?"),
    ({"errors": "skip"}, "/errors", "`ignore`"),
    ({"errors": {200: "ok"}}, "/errors/200", "no error status"),
    ({"errors": {"404": 1}}, "/errors/404", "`empty`, `ok` or a message"),
    ({"headers": {"a b": "c"}}, "/headers/a b", "no header name"),
    ({"headers": {"X-On": True}}, "/headers/X-On", "quote it"),
    ({"outputs": [1]}, "/outputs/0", "a text"),
    ({"mock": [1]}, "/mock", "an object"),
    ({"deprecated": 1}, "/deprecated", "true, false"),
]


@pytest.mark.parametrize(("keys", "pointer", "words"), BAD_OPERATIONS, ids=lambda value: str(value)[:40])
def test_a_bad_operation_is_refused_with_the_place_and_what_to_write(keys, pointer, words, one):
    """An error on deployment costs a minute; the same error in production costs a day."""
    found = faults_of(one(**keys))

    assert f"/operations/0{pointer}" in found
    assert words in found[f"/operations/0{pointer}"]


BAD_CONNECTORS = [
    ({"name": "1a"}, "/name", "beginning with a letter"),
    ({"name": ""}, "/name", "beginning with a letter"),
    ({"name": None}, "/name", "missing"),
    ({"namespace": "test"}, "/namespace", "namespace"),
    ({"version": "1.0"}, "/version", "`1.0.0`"),
    ({"version": 1.0}, "/version", "quote it"),
    ({"executionModel": "script"}, "/executionModel", "`http`"),
    ({"url": "https://a.example"}, "/url", "did you mean `baseUrl`?"),
    ({"baseUrl": "ftp://a.example"}, "/baseUrl", "`https://`"),
    ({"baseUrl": "a.example"}, "/baseUrl", "`https://`"),
    ({"baseUrl": "https://user:pw@a.example"}, "/baseUrl", "`auth`"),
    ({"baseUrl": "https://a.example/?v=1"}, "/baseUrl", "query"),
    ({"baseUrl": "https://a.example/../b"}, "/baseUrl", "up the tree"),
    ({"baseUrl": "https://a.example:port"}, "/baseUrl", "ort"),
    ({"baseUrl": "https://{site}.example"}, "/baseUrl", "`connectionConfig`"),
    ({"baseUrl": "https://{site.example"}, "/baseUrl", "brace"),
    ({"auth": {"type": "oauth"}}, "/auth/type", "no such authentication scheme"),
    ({"auth": {"type": "apikey"}}, "/auth/type", "did you mean `api_key`?"),
    ({"auth": {"secret": "A"}}, "/auth/type", "missing"),
    ({"connectionConfig": {"a": {"type": "colour"}}}, "/connectionConfig/a/type", "connectionConfig.a.type"),
    ({"defaultCommand": "nope"}, "/defaultCommand", "`op`"),
    ({"rateLimits": {"requests_per_minute": "60"}}, "/rateLimits/requests_per_minute", "whole number"),
    ({"operations": []}, "/operations", "at least one"),
    ({"operations": 3}, "/operations", "a list of operations"),
    ({"operations": [3]}, "/operations/0", "an object"),
    ({"operations": {"1a": {"method": "GET", "path": "/"}}}, "/operations/1a", "beginning with a letter"),
    ({"operations": {"a": {"name": "b", "method": "GET", "path": "/"}}}, "/operations/a/name", "its key"),
    (
        {"operations": [{"name": n, "method": "GET", "path": "/"} for n in ("list_all", "listAll")]},
        "/operations/1/name",
        "`operations[0]`",
    ),
]


@pytest.mark.parametrize(("keys", "pointer", "words"), BAD_CONNECTORS, ids=lambda value: str(value)[:40])
def test_a_bad_connector_is_refused_with_the_place_and_what_to_write(keys, pointer, words, one):
    """The same for what stands around the operations."""
    found = faults_of(one(keys))

    assert words in found[pointer]


def test_all_faults_of_a_document_are_told_at_once(one):
    """Whoever corrects one fault a run gives up at the third."""
    operations = [
        {"name": f"op{i}", "method": "GET", "path": "/", **keys} for i, (keys, _, _) in enumerate(BAD_OPERATIONS)
    ]
    body = one({"baseUrl": "nowhere", "auth": {"type": "x"}, "operations": operations, "version": "1"})
    with pytest.raises(InvalidDefinition) as caught:
        read_operations(body)
    pointers = {fault["pointer"] for fault in caught.value.details["errors"]}

    assert {"/baseUrl", "/auth/type", "/version", "/operations/0/method"} <= pointers
    assert {pointer.split("/")[2] for pointer in pointers if "/operations" in pointer} == {
        str(index) for index in range(len(operations))
    }
    assert "more)" in caught.value.message
    assert caught.value.hint


def test_what_stands_in_auth_is_not_repeated(one):
    """Some authors write the key itself there."""
    found = faults_of(one({"auth": {"type": "sk-live-123", "secret": "sk-live-456"}}))

    assert "sk-live" not in json.dumps(found)


@pytest.mark.parametrize(
    ("keys", "pointer", "words"),
    [
        ({"names": {"x": ""}}, "/operations/0/names/x", "must be a text"),
        ({"names": {"X_": "y"}}, "/operations/0/names/X_", "did you mean `x`"),
        ({"names": {"id": "y"}, "path": "/{id}"}, "/operations/0/names/id", "part of the path"),
        ({"names": {"x": "y"}}, "/operations/0/names/x", "both `y`"),
        ({"names": {"x": "a b"}, "mapping": {"x": "header"}}, "/operations/0/mapping", "`a b` goes to the headers"),
        ({"joined": {"x": ";"}, "mapping": "query"}, "/operations/0/joined/x", "must be one of"),
        ({"joined": {"x": ","}}, "/operations/0/joined/x", "no param that goes to the query"),
        ({"joined": {"*": ","}, "mapping": "query"}, "/operations/0/joined/*", "no param that goes to the query"),
        ({"bodyRequired": "no"}, "/operations/0/bodyRequired", "true or false"),
        ({"baseUrl": "ftp://a"}, "/operations/0/baseUrl", "https://"),
        ({"baseUrl": "https://{site}.example"}, "/operations/0/baseUrl", "declare `site`"),
    ],
    ids=str,
)
def test_names_and_addresses_of_operations_are_judged(keys, pointer, words, one):
    """No param is lost because another one goes by its name."""
    found = faults_of(one(method="POST", parameters={"properties": {"x": {}, "y": {}}}, **keys))

    assert words in found[pointer]
