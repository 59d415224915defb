"""Servers: the base URL and its variables are filled in once, and paths and operations may have their own."""

from __future__ import annotations

import pytest

from definition.openapi.documents import VERSIONS, document, one, read, words
from jackfield.definition.openapi.plan import ServerPlan
from jackfield.definition.openapi.reader import read_openapi


def fields(found):
    return {f.name: f for f in found.fields}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_first_server_is_the_default(version):
    """And can be changed for each connection."""
    found = read({}, servers=[{"url": "https://a.example/v1"}, {"url": "https://b.example"}], version=version)

    assert found.base_url == "https://a.example/v1"
    assert (fields(found)["baseUrl"].default, fields(found)["baseUrl"].required) == ("https://a.example/v1", False)
    assert "of 2 servers" in words(found)


def test_variables_are_connection_fields():
    """Those with values to choose from as a select."""
    variables = {"region": {"default": "eu", "enum": ["eu", "us"], "description": "Where."}, "port": {"default": 80}}
    found = read({}, servers=[{"url": "https://{region}.a.example:{port}", "variables": variables}])

    region, port = fields(found)["region"], fields(found)["port"]
    assert (region.kind, region.default, region.schema["enum"], region.description) == (
        "select",
        "eu",
        ["eu", "us"],
        "Where.",
    )
    assert (port.kind, port.default) == ("string", "80")
    assert found.definition().callable_without_connector


def test_a_variable_without_default_has_to_be_filled_in():
    """Or is its first value."""
    found = read({}, servers=[{"url": "https://{org}.a.example/{v}", "variables": {"v": {"enum": ["v2", "v3"]}}}])

    assert fields(found)["org"].required
    assert fields(found)["v"].default == "v2"
    assert "has no default" in words(found)


@pytest.mark.parametrize("servers", [[], None, [{"url": "/"}], [{"url": "/api/v1"}], [{}], 7, ["x"]])
def test_without_an_address_the_connection_needs_one(servers):
    """The document cannot know where it runs."""
    found = read({}, servers=servers)

    assert fields(found)["baseUrl"].required
    assert fields(found)["baseUrl"].default is ...


@pytest.mark.parametrize(
    ("url", "absolute"),
    [
        ("/api", "https://h.example/api"),
        ("v2", "https://h.example/docs/v2"),
        ("//o.example/x", "https://o.example/x"),
        ("https://p.example", "https://p.example"),
        ("{scheme}://x.example", "{scheme}://x.example"),
    ],
)
def test_relative_servers_are_relative_to_the_document(url, absolute):
    """Where that is known. Source: OpenAPI 3.1.1, section 4.6."""
    source = document({}, servers=[{"url": url}])

    assert read_openapi(source, location="https://h.example/docs/openapi.json").base_url == absolute


def test_paths_and_operations_have_their_own():
    """The operation's before the path's, and `None` where they are the base URL."""
    item = {
        "servers": [{"url": "https://files.example"}],
        "get": {"operationId": "path"},
        "put": {
            "operationId": "own",
            "servers": [{"url": "https://{z}.up.example", "variables": {"z": {"default": "a"}}}],
        },
        "post": {"operationId": "base", "servers": [{"url": "https://a.example"}]},
    }
    found = read({"/f": item}, servers=[{"url": "https://a.example"}])

    assert found.plan("path").server == ServerPlan(url="https://files.example")
    assert found.plan("own").server == ServerPlan(url="https://{z}.up.example", variables={"z": "z"})
    assert found.plan("base").server is None
    assert fields(found)["z"].default == "a"


def test_a_variable_does_not_take_the_field_of_a_credential():
    """The template then has the name of its own field."""
    schemes = {"basic": {"type": "http", "scheme": "basic"}}
    servers = [{"url": "https://{username}.a.example", "variables": {"username": {"default": "demo"}}}]
    found = one({}, servers=servers, components={"securitySchemes": schemes}, security=[{"basic": []}])

    assert found.base_url == "https://{username_server}.a.example"
    assert fields(found)["username_server"].default == "demo"
