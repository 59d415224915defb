"""An exported script sends what the model sends, byte for byte, apart from the boundary between parts.

The scripts run in the sandbox that script connectors run in.
"""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.definition.openapi.reader import read_openapi
from jackfield.definition.sources import MAX_SCRIPT_BYTES
from jackfield.execution.openapi.export import export
from jackfield.execution.script.pool import SandboxPool
from openapi_judge.cases import documents

from .scripts import ADDRESS, Scripts, drawn, planned
from .test_every_style import READ
from .test_export import operation, texts, with_paths

SCALE = float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))
CONNECTION = {"baseUrl": ADDRESS}


@pytest.fixture(scope="module")
def scripts():
    with asyncio.Runner() as runner:
        sandbox = SandboxPool(mode="thread")
        yield Scripts(sandbox, runner)
        runner.run(sandbox.close())


@pytest.mark.parametrize("version", READ)
def test_every_style_and_body_is_written_alike(scripts, version):
    """Required params alone, all of them, and values that are written differently in every place."""
    read = READ[version]
    calls = drawn(read, Random(version), read.commands)

    assert len(calls) == 3 * len(read.commands)
    assert scripts.differences(read, calls, CONNECTION) == []


NAMES = ["0", "2", "10", "constructor", "__proto__", "toString", "class", "x-y", "a b", "filter[name]", "é", '"', "\\"]
"""Whole numbers first: in JavaScript an object has them before its other names, whatever the order they came in."""


def parameters(location, **said):
    return [{"name": name, "in": location, "schema": {"type": "string"}, **said} for name in NAMES]


AWKWARD = with_paths(
    {
        "/query": {"get": operation("query", parameters=parameters("query"))},
        "/cookie": {"get": operation("cookie", parameters=parameters("cookie"))},
        "/header": {
            "get": operation("header", parameters=[one for one in parameters("header") if one["name"].isalnum()])
        },
        "/json": {
            "post": operation(
                "json",
                requestBody={
                    "content": {
                        "application/json": {
                            "schema": {"type": "object", "properties": {name: {"type": "string"} for name in NAMES}}
                        }
                    }
                },
            )
        },
        "/form": {
            "put": operation(
                "form",
                requestBody={
                    "content": {
                        "application/x-www-form-urlencoded": {
                            "schema": {
                                "type": "object",
                                "properties": {name: {"type": "string"} for name in NAMES},
                            }
                        }
                    }
                },
            )
        },
        "/fixed?Action=List&v={v}&Name=1": {
            "get": operation(
                "fixed",
                parameters=[
                    {"name": "v", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "Name", "in": "query", "schema": {"type": "string"}},
                ],
            )
        },
        "/head": {"head": operation("head")},
        "/delete": {
            "delete": operation(
                "delete", requestBody={"content": {"text/plain": {"schema": {"type": "string"}}}, "required": True}
            )
        },
    }
)


@pytest.mark.parametrize("given_", [False, True], ids=["nothing given", "everything given"])
def test_names_that_mean_something_to_javascript_mean_nothing(scripts, given_):
    """What every object has is not taken for a param, and is sent where it is one."""
    read = read_openapi(AWKWARD)
    calls = []
    for name, command in read.commands.items():
        required = set(command.params.get("required", ()))
        wanted = [param for param in command.params["properties"] if given_ or param in required]
        calls.append((name, {param: f"v {param}" for param in wanted}))

    assert scripts.differences(read, calls, CONNECTION) == []


def test_a_path_leads_nowhere_else(scripts):
    """Neither up the tree nor to the folder itself; what is refused is not sent."""
    item = {"get": operation("get", parameters=[{"name": n, "in": "path", "required": True} for n in "ab"])}
    read = read_openapi(with_paths({"/x/{a}/y{b}": item, "/.{c}/z": {
        "get": operation("dotted", parameters=[{"name": "c", "in": "path", "required": True}])
    }}))  # fmt: skip
    values = ["", ".", "..", "%2e%2e", "../etc", "a/b", "a?b#c", "é", None, [], ["", ""], {}, 1, 1.5, True, [1, "a"]]
    calls = [("get", {"a": value, "b": "1"}) for value in values] + [
        ("get", {"a": "1", "b": value}) for value in values
    ]
    calls += [("dotted", {"c": value}) for value in values]

    assert scripts.differences(read, calls, CONNECTION) == []
    assert planned(read, "get", {"a": "..", "b": "1"}, CONNECTION) == "path-escape"


SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "basic": {"type": "http", "scheme": "basic"},
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "key[]"},
    "other": {"type": "apiKey", "in": "query", "name": "other"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "oauth": {"type": "oauth2", "flows": {}},
}
WAYS = {
    "bearer": [{"bearer": []}],
    "basic": [{"basic": []}],
    "header": [{"header": []}],
    "query": [{"query": []}],
    "cookie": [{"cookie": []}],
    "together": [{"query": [], "other": [], "cookie": [], "bearer": []}],
    "either": [{"bearer": []}, {"basic": []}, {"cookie": [], "header": []}],
    "maybe": [{}, {"query": []}, {"oauth": []}],
    "nobody": [],
}
FILLED = [
    {},
    {"bearerToken": "b"},
    {"username": "u é"},
    {"username": "u", "password": "p:ü"},
    {"header": "h", "cookie": "c"},
    {"cookie": "c"},
    {"query": "q &=", "accessToken": "t"},
    {"accessToken": "t"},
    {"bearerToken": "b", "query": "q", "other": "o", "cookie": "c"},
]


@pytest.mark.parametrize("filled", FILLED, ids=lambda filled: "+".join(filled) or "nothing")
def test_who_asks_is_said_alike(scripts, filled):
    """The first way that the connection has everything for; without any, nothing is sent."""
    cookies = [{"name": "own", "in": "cookie", "schema": {"type": "string"}}]
    paths = {f"/{way}": {"get": operation(way, security=said, parameters=cookies)} for way, said in WAYS.items()}
    read = read_openapi(with_paths(paths, components={"securitySchemes": SCHEMES}))
    calls = [(name, {"own": "1"}) for name in read.commands] + [(name, {}) for name in read.commands]

    assert scripts.differences(read, calls, {**CONNECTION, **filled}) == []


@pytest.mark.parametrize("region", ["eu", "eu.evil.example", "eu/", "e@", "", "a b", ".."])
def test_servers_are_the_same_and_no_field_makes_another_host(scripts, region):
    """Of the document, of an operation, relative ones, and with variables in the host and behind it."""
    variables = {"region": {"default": "eu"}, "tier": {"default": "v1"}}
    own = {
        "absolute": [{"url": "https://up.example/u/"}],
        "variable": [{"url": "https://{region}.up.example/{tier}", "variables": variables}],
        "relative": [{"url": "/other"}],
        "beside": [{"url": "beside/{tier}", "variables": variables}],
    }
    paths = {f"/{name}": {"get": operation(name, servers=said)} for name, said in own.items()}
    paths["/plain"] = {"get": operation("plain")}
    servers = [{"url": "https://{region}.h.example:8443/{tier}/", "variables": variables}]
    read = read_openapi(with_paths(paths, servers=servers))
    config = {"baseUrl": read.base_url, "region": region, "tier": "v1/x"}
    config |= {field.name: region for field in read.fields if field.name.startswith("region")}

    found = scripts.differences(read, [(name, {}) for name in read.commands], config)

    # A script does not look at the base URL where an operation has an address of its own.
    assert [each for each in found if each[:3] != ("absolute", {}, "base-url-unusable")] == []


@pytest.mark.parametrize(
    ("body", "payload"),
    [
        ({"a": [1]}, {"a": [1]}),
        ("text é", "text é"),
        (None, None),
        (b"\0\xff" * 50_000, {"base64": b64encode(b"\0\xff" * 50_000).decode(), "contentType": "image/png"}),
    ],
    ids=["JSON", "text", "nothing", "bytes"],
)
def test_an_answer_becomes_an_outcome(scripts, body, payload):
    """Bytes as JSON can say them; an error status is a failure with what the service said."""
    script = export(read_openapi(with_paths({"/a": {"get": operation("a")}}))).script
    headers = {"content-type": "image/png"}
    done = scripts.outcome(script, "a", CONNECTION, status=200, headers=headers, body=body)
    failed = scripts.outcome(script, "a", CONNECTION, status=404, headers=headers, body=body)

    assert done == {"success": True, "payload": payload}
    assert (failed["success"], failed["code"]) == (False, "upstream-status")
    assert failed["diagnostics"] == {"status": 404, "body": payload}


@settings(max_examples=max(5, round(100 * SCALE)), deadline=None)
@given(st.lists(texts, min_size=6, max_size=6))
def test_whatever_a_document_says_its_script_can_be_parsed(scripts, said):
    """And has the functions of its commands, which send what the model sends."""
    title, summary, wire, path, media_type, value = (text.encode("utf-8", "ignore").decode() for text in said)
    schema = {"type": "object", "properties": {wire: {"description": summary}, "b": {"type": "string"}}}
    hostile = with_paths(
        {
            f"/x/{path}": {
                "post": operation(
                    "op",
                    summary=summary,
                    description=title,
                    parameters=[{"name": wire or "w", "in": "query", "schema": {"description": title}}],
                    requestBody={"content": {f"application/{media_type}+json": {"schema": schema}}},
                )
            }
        }
    )
    hostile["info"]["title"] = title
    read = read_openapi(hostile)
    every = dict.fromkeys(read.commands["op"].params["properties"], value)
    binary = {"body": "aGk="} if read.plan("op").body.binary else {}
    calls = [("op", every | binary), ("op", {})]
    found = scripts.differences(read, calls, CONNECTION)

    assert scripts.functions(export(read).script)[-1] == "op"
    assert [each for each in found if not (isinstance(each[2], str) and isinstance(each[3], str))] == []


@pytest.mark.slow
@pytest.mark.skipif("JACKFIELD_SPECS" not in os.environ, reason="JACKFIELD_SPECS names no folder of documents")
def test_scripts_of_real_documents_send_the_same(scripts):
    """Every script is parsed, and a sample of its functions called."""
    wrong, count = [], 0
    for name, document in documents(Path(os.environ["JACKFIELD_SPECS"])):
        read, random = read_openapi(document), Random(name)
        names = random.sample(list(read.commands), min(len(read.commands), max(1, round(40 * SCALE))))
        if len(export(read).script.encode()) > MAX_SCRIPT_BYTES:
            read = read_openapi(document, select=names)  # as whoever is told that the script is too long would
        config = {field.name: "x" if field.default is ... else field.default for field in read.fields}
        config = {field: "x" if value == "" else value for field, value in config.items()} | CONNECTION
        calls = drawn(read, random, names)
        count += len(calls)
        wrong += [(name, *each) for each in scripts.differences(read, calls, config)]

    assert count > 0
    assert wrong == []
