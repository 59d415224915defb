"""A document read again: what came, changed and went, and the bump that is honest."""

from __future__ import annotations

import pytest

from definition.openapi.documents import read
from jackfield.definition.openapi.diff import Diff
from jackfield.definition.openapi.diff import diff as diff_of

TEXT = {"type": "string"}


def diff(old, new) -> Diff:
    return diff_of(old.commands, new.commands)


def a_document(parameters=(), *, answer=None, name="it", **more):
    responses = {"200": {"description": "", "content": {"application/json": {"schema": answer}}}} if answer else {}
    operation = {"operationId": name, "parameters": list(parameters), "responses": responses, **more}
    return read({"/things": {"post": operation}}, servers=[{"url": "https://a.example"}])


def a_parameter(name, schema=TEXT, *, required=False):
    return {"name": name, "in": "query", "schema": schema, "required": required}


def told(old, new):
    found = diff(old, new)
    return found.bump, found.breaking, [reason for one in found.differences for reason in one.reasons]


def test_the_same_document_has_no_differences():
    """Nothing is to be raised."""
    found = diff(a_document([a_parameter("a")]), a_document([a_parameter("a")]))

    assert (found.differences, found.bump, found.breaking) == ((), None, False)


def test_commands_come_and_go():
    """A new one is minor, one that went is major."""
    found = diff(a_document(name="old"), a_document(name="new"))

    assert (found.named("added"), found.named("removed"), found.bump) == (["new"], ["old"], "major")
    assert diff(read({}), read({"/a": {"get": {"operationId": "new"}}})).bump == "minor"


def test_case_style_alone_is_no_difference_of_names():
    """Look-up ignores it."""
    assert diff(a_document(name="list_all"), a_document(name="listAll")).differences == ()


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ([a_parameter("a")], [], "param `a` was removed"),
        ([], [a_parameter("a", required=True)], "param `a` is required now"),
        ([a_parameter("a")], [a_parameter("a", required=True)], "param `a` is required now"),
        ([a_parameter("a")], [a_parameter("a", {"type": "integer"})], "param `a` takes other values"),
        ([a_parameter("a")], [a_parameter("a", {**TEXT, "enum": ["x"]})], "param `a` takes other values"),
        ([a_parameter("a")], [a_parameter("a", {**TEXT, "maxLength": 3})], "param `a` takes other values"),
        ([a_parameter("a")], [a_parameter("a", {**TEXT, "pattern": "^x"})], "param `a` takes other values"),
    ],
)
def test_what_breaks_callers_is_major(before, after, reason):
    """With its reason."""
    bump, breaking, reasons = told(a_document(before), a_document(after))

    assert (bump, breaking) == ("major", True)
    assert reason in reasons


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], [a_parameter("a")]),
        ([a_parameter("a", {**TEXT, "enum": ["x"]})], [a_parameter("a", {**TEXT, "enum": ["x", "y"]})]),
        ([a_parameter("a", {"type": "integer"})], [a_parameter("a", {"type": "number"})]),
        ([a_parameter("a", required=True)], [a_parameter("a")]),
        ([a_parameter("a", {**TEXT, "maxLength": 3})], [a_parameter("a", {**TEXT, "maxLength": 9})]),
    ],
)
def test_what_callers_may_do_beyond_before_breaks_nothing(before, after):
    """A param more, or values more."""
    bump, breaking, _ = told(a_document(before), a_document(after))

    assert bump in ("patch", "minor")
    assert not breaking


def test_an_answer_that_lacks_what_it_had_is_major():
    """One that has more is minor."""
    less = {"type": "object", "properties": {"id": TEXT}}
    more = {"type": "object", "properties": {"id": TEXT, "name": TEXT}}

    assert told(a_document(answer=more), a_document(answer=less))[:2] == ("major", True)
    assert told(a_document(answer=less), a_document(answer=more))[:2] == ("minor", False)


def test_texts_are_a_patch():
    """And so is a request that is written otherwise."""
    assert told(a_document(summary="Old."), a_document(summary="New.")) == ("patch", False, ["its texts are others"])


def test_connection_fields_count_too():
    """One that must be filled in breaks every connection."""
    needed = {"components": {"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "k"}}}}
    paths = {"/a": {"get": {"operationId": "it"}}}
    found = diff(read(paths), read(paths, **needed, security=[{"key": []}]))

    assert found.bump == "major"
    assert [(one.what, one.kind, one.name) for one in found.differences if one.kind == "field"] == [
        ("added", "field", "key")
    ]


def signed_in(scopes=("read",), **changes):
    flow = {"authorizationUrl": "https://a.example/in", "tokenUrl": "https://a.example/t", "scopes": {}, **changes}
    scheme = {"type": "oauth2", "flows": {"authorizationCode": flow}}
    paths = {"/a": {"get": {"operationId": "it", "security": [{"in": list(scopes)}]}}}
    return read(paths, components={"securitySchemes": {"in": scheme}})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (signed_in(["read", "write"]), "more is asked for: `write`"),
        (signed_in(tokenUrl="https://a.example/other"), "accounts may have to be connected again"),
        (signed_in([]), "it is said otherwise"),
    ],
)
def test_where_people_sign_in_and_what_for_counts_too(changed, words):
    """Who maintains the type hears why people have to agree once more."""
    found = diff(signed_in(), changed)

    assert next(reason for one in found.differences if one.kind == "auth" for reason in one.reasons).endswith(words)
    assert not found.breaking
    assert found.bump == "patch"


def test_signing_in_comes_and_goes():
    paths = {"/a": {"get": {"operationId": "it"}}}

    assert "added" in {one.what for one in diff(read(paths), signed_in()).differences if one.kind == "auth"}
    assert "removed" in {one.what for one in diff(signed_in(), read(paths)).differences if one.kind == "auth"}


def test_it_is_told_as_json():
    """For the API and the command line."""
    told = diff(a_document(), a_document([a_parameter("a")])).to_json()

    assert {key: told[key] for key in ("added", "changed", "removed", "breaking", "bump")} == {
        "added": [],
        "changed": ["it"],
        "removed": [],
        "breaking": False,
        "bump": "minor",
    }
