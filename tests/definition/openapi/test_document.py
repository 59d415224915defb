"""From whatever holds a document to the document."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.errors import OpenApiInvalid
from jackfield.definition.openapi.document import MAX_BYTES, open_document

PLAIN = {"openapi": "3.0.3", "info": {"title": "Acme", "version": "1"}, "paths": {"/a": {"get": {"responses": {}}}}}
YAML = "openapi: 3.0.3\ninfo: {title: Acme, version: 1}\npaths:\n  /a:\n    get: {responses: {}}\n"


@pytest.mark.parametrize(
    "source",
    [
        PLAIN,
        json.dumps(PLAIN),
        json.dumps(PLAIN).encode(),
        json.dumps(PLAIN, indent=2).encode("utf-16"),
        b"\xef\xbb\xbf" + json.dumps(PLAIN).encode(),
        YAML,
        YAML.encode(),
        "{openapi: 3.0.3, info: {title: Acme, version: 1}, paths: {/a: {get: {responses: {}}}}}",
    ],
)
def test_all_forms_give_the_same_document(source):
    """Object, JSON and YAML: with the same digest."""
    document = open_document(source)

    assert document.root == PLAIN
    assert (document.version, document.declared, len(document.notices)) == ("3.0", "3.0.3", 0)
    assert document.digest == open_document(PLAIN).digest


@pytest.mark.parametrize(
    ("said", "declared", "rules", "told"),
    [
        ("openapi: 3.0", "3.0", "3.0", 0),
        ("openapi: 3.1", "3.1", "3.1", 0),
        ("openapi: 3.2.0", "3.2.0", "3.1", 0),
        ("openapi: v3.0.1", "v3.0.1", "3.0", 0),
        ("openapi: 3", "3", "3.0", 0),
        ("openapi: 4.0.0", "4.0.0", "3.1", 1),
        ("openapi: newest", "newest", "3.1", 1),
        ("swagger: 2.0", "2.0", "3.0", 0),
        ("swagger: '2.0'", "2.0", "3.0", 0),
        ("info: {}", "", "3.0", 1),
    ],
)
def test_versions_are_known_quoted_or_not(said, declared, rules, told):
    """An unquoted `3.0` is a number in YAML. A version that is not known yet is read as the newest that is."""
    document = open_document(f"{said}\npaths: {{/a: {{}}}}")

    assert (document.declared, document.version, len(document.notices)) == (declared, rules, told)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"asyncapi": "3.0.0"}, "an AsyncAPI document"),
        ({"info": {"name": "x"}, "item": []}, "a Postman collection"),
        ({"$schema": "x", "properties": {}}, "a JSON Schema"),
        ({"swaggerVersion": "1.2", "apis": []}, "an object with `swaggerVersion`, `apis`"),
        ({"swagger": "1.2", "apis": []}, "Swagger version `1.2`"),
        ({}, "an empty object"),
        ([], "a list"),
        (None, "empty"),
        ("", "empty"),
        ("<!DOCTYPE html><html></html>", "a web page (HTML)"),
        ("<?xml version='1.0'?><a/>", "XML"),
        ("just words", "a text"),
        (b"\xff\x00\xff", "no UTF-8"),
    ],
)
def test_what_is_no_openapi_is_named(source, words):
    """The error says what it is, so that one sees the wrong file or the sign-in page at once."""
    with pytest.raises(OpenApiInvalid) as caught:
        open_document(source)

    assert words in caught.value.message


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [("openapi: 3.0.3\npaths:\n  /a: [\n", 4, 1), ('{"openapi": "3.0.3",\n "paths": {,}}', 2, 12)],
)
def test_broken_text_is_refused_with_line_and_column(source, line, column):
    """Of YAML and of JSON."""
    with pytest.raises(OpenApiInvalid) as caught:
        open_document(source, at="acme.yaml")

    assert (caught.value.details["line"], caught.value.details["column"]) == (line, column)
    assert "`acme.yaml`" in caught.value.message


@pytest.mark.parametrize("source", ['{"a":' * 300 + "1" + "}" * 300, '{"a":' * 100_000, "[" * 100_000])
def test_endless_nesting_is_refused(source):
    """Whoever follows it would fail."""
    with pytest.raises(OpenApiInvalid):
        open_document(source)


def test_an_object_that_contains_itself_is_refused():
    """As a program may build one."""
    root = {"openapi": "3.0.3", "paths": {}}
    root["paths"]["/a"] = root

    with pytest.raises(OpenApiInvalid, match="contains itself"):
        open_document(root)


@pytest.mark.slow
def test_an_object_that_would_fill_the_memory_is_refused():
    """As a loader of YAML makes it of a bomb: small until it is written out."""
    bomb: object = ["x"] * 10
    for _ in range(9):
        bomb = [bomb] * 10

    with pytest.raises(OpenApiInvalid, match="values"):
        open_document({"openapi": "3.0.3", "paths": {}, "x": bomb})


def test_a_text_that_is_too_large_is_refused_before_it_is_parsed():
    """A parser needs ten times the memory of its text."""
    with pytest.raises(OpenApiInvalid, match="64 MB"):
        open_document(b" " * (MAX_BYTES + 1))


def test_doubled_keys_of_json_are_told():
    """With their place, also in lists."""
    text = '{"openapi":"3.0.3","paths":{"/a":{"get":{},"get":{}}},"tags":[{},{"name":"a","name":"b"}]}'

    document = open_document(text)

    assert [notice.pointer for notice in document.notices] == ["/paths/~1a", "/tags/1"]


def test_what_json_does_not_have_becomes_what_is_nearest():
    """YAML loaders give dates, numbers as keys, and worse."""
    root = {"openapi": 3.1, "paths": {"/a": {200: (1, 2)}}, "x": float("nan"), "y": 2**70, "z": "\ud800"}

    document = open_document(root)

    assert json.dumps(document.root, allow_nan=False)
    assert document.root["paths"] == {"/a": {"200": [1, 2]}}


@pytest.mark.parametrize("form", [dict, json.dumps, repr])
def test_whole_numbers_of_more_than_64_bits_become_floating_point_ones(form):
    """As in `maximum: 18446744073709551615`, which is frequent, and which no database keeps."""
    document = open_document(form({**PLAIN, "x": 2**64 - 1, "y": 2**63 - 1}))

    assert (document.root["x"], document.root["y"]) == (float(2**64), 2**63 - 1)
    assert isinstance(document.root["x"], float)


def test_a_broken_file_of_a_bundle_costs_only_itself():
    """The others are used, and it is told."""
    document = open_document(PLAIN, bundle={"a.yaml": "b: 1", "broken.json": "{"})

    assert document.files == {"a.yaml": {"b": 1}}
    assert [notice.pointer for notice in document.notices] == ["broken.json#"]


@given(st.text(max_size=80) | st.binary(max_size=80))
def test_whatever_is_given_is_a_document_or_the_one_error(source):
    """Never a crash."""
    with contextlib.suppress(OpenApiInvalid):
        open_document(source)
