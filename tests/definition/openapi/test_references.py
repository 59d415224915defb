"""References: wherever they lead inside a document, and nowhere else."""

import pytest

from jackfield.definition.openapi.document import open_document
from jackfield.definition.openapi.references import References, inside

ROOT = {
    "openapi": "3.1.0",
    "paths": {"/users/{id}": {"get": {"parameters": [{"name": "a b"}, {"name": "second"}]}}},
    "components": {
        "schemas": {
            "User": {"type": "object", "properties": {"first name": {"type": "string"}, "a~b": {"type": "integer"}}},
            "Chain": {"$ref": "#/components/schemas/Link"},
            "Link": {"$ref": "#/components/schemas/User"},
            "Round": {"$ref": "#/components/schemas/Trip"},
            "Trip": {"$ref": "#/components/schemas/Round"},
            "Self": {"$ref": "#/components/schemas/Self"},
            "100%": {"type": "null"},
            "Anchored": {"$defs": {"inner": {"$anchor": "here", "type": "boolean"}}},
            "Tree": {
                "$id": "https://example.com/tree",
                "$defs": {"leaf": {"$anchor": "leaf", "type": "number"}},
                "properties": {"leaf": {"$ref": "#leaf"}, "defs": {"$ref": "#/$defs/leaf"}, "own": {"$ref": "#"}},
            },
            "Listed": {"allOf": [{"title": "first"}, {"title": "second"}]},
        }
    },
}


def references(root=None, **options):
    return References(open_document(root or ROOT, **options))


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("#/components/schemas/User", ROOT["components"]["schemas"]["User"]),
        ("#/components/schemas/Chain", ROOT["components"]["schemas"]["User"]),
        ("#/paths/~1users~1%7Bid%7D/get/parameters/1", {"name": "second"}),
        ("#/paths/~1users~1{id}/get/parameters/0", {"name": "a b"}),
        ("#/components/schemas/User/properties/first%20name", {"type": "string"}),
        ("#/components/schemas/User/properties/a~0b", {"type": "integer"}),
        ("#/components/schemas/100%", {"type": "null"}),
        ("#/components/schemas/100%25", {"type": "null"}),
        ("#/components/schemas/Listed/allOf/1", {"title": "second"}),
        ("#here", {"$anchor": "here", "type": "boolean"}),
        ("https://example.com/tree#leaf", {"$anchor": "leaf", "type": "number"}),
        ("https://example.com/tree#/$defs/leaf", {"$anchor": "leaf", "type": "number"}),
        ("User", ROOT["components"]["schemas"]["User"]),
    ],
)
def test_references_lead_anywhere_inside(reference, value):
    """Into paths, the middle of schemas and lists; escaped and percent-encoded; by anchors and identifiers."""
    found = references().follow({"$ref": reference}, "#/x")

    assert found.resolved
    assert found.value == value


@pytest.mark.parametrize(
    "reference",
    [
        "#/components/schemas/Missing",
        "#/components/schemas/Round",
        "#/components/schemas/Self",
        "#/components/schemas/Listed/allOf/7",
        "#/components/schemas/Listed/allOf/x",
        "#nowhere",
        "other.yaml#/a",
        "../../etc/passwd",
        "file:///etc/passwd",
        "https://example.com/a.json#/b",
        "//example.com/a",
        "#/openapi/x",
        "",
    ],
)
def test_a_reference_that_leads_nowhere_is_told_and_allows_anything(reference):
    """No file and no network is ever read for one."""
    found_in = references({**ROOT, "info": "a text"})

    found = found_in.follow({"$ref": reference}, "#/x") if reference else found_in.follow("text", "#/x")

    assert (found.value, found.resolved) == ({}, False)
    assert len(found_in.document.notices) == 1


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("leaf", "#/components/schemas/Tree/$defs/leaf"),
        ("defs", "#/components/schemas/Tree/$defs/leaf"),
        ("own", "#/components/schemas/Tree"),
    ],
)
def test_an_identifier_changes_what_references_inside_it_mean(name, place):
    """As JSON Schema has it, in 3.1 alone."""
    at = inside("#/components/schemas/Tree/properties", name)
    value = ROOT["components"]["schemas"]["Tree"]["properties"][name]

    assert references().schema_target(value["$ref"], at) == place


def test_words_beside_a_reference_are_used_in_3_1_and_ignored_in_3_0():
    """A Reference Object of 3.1 may have a description of its own."""
    parameter = {"$ref": "#/components/parameters/a", "description": "mine"}
    root = {"paths": {}, "components": {"parameters": {"a": {"name": "a", "description": "theirs"}}}}

    newer = references({"openapi": "3.1.0", **root}).follow(parameter, "#/x")
    older = references({"openapi": "3.0.3", **root}).follow(parameter, "#/x")

    assert newer.value == {"name": "a", "description": "mine"}
    assert older.value == {"name": "a", "description": "theirs"}


def test_files_of_a_bundle_refer_to_each_other():
    """Relative to the file that a reference stands in, also back into the document, and never out of the bundle."""
    root = {"openapi": "3.0.3", "paths": {}, "components": {"schemas": {"Id": {"type": "integer"}}}}
    bundle = {
        "api/models/user.yaml": "User: {properties: {id: {$ref: '../openapi.yaml#/components/schemas/Id'}}}",
        "shared.json": '{"Error": {"$ref": "api/models/user.yaml#/User"}}',
    }
    found_in = references(root, bundle=bundle, at="api/openapi.yaml")

    user = found_in.follow({"$ref": "models/user.yaml#/User"}, "#/x")
    error = found_in.follow({"$ref": "../shared.json#/Error"}, "#/x")
    inner = found_in.follow(user.value["properties"]["id"], inside(user.place, "properties", "id"))

    assert user.place == error.place == "api/models/user.yaml#/User"
    assert (inner.value, inner.place) == ({"type": "integer"}, "#/components/schemas/Id")
    assert not found_in.follow({"$ref": "../../outside.yaml"}, "#/x").resolved


def test_a_whole_file_may_be_meant():
    """Without a fragment."""
    found = references(ROOT, bundle={"user.json": {"type": "object"}}).follow({"$ref": "./user.json"}, "#/x")

    assert (found.value, found.place) == ({"type": "object"}, "user.json#")
