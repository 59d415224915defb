"""From a document to the request, all the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.openapi.reader import read_openapi
from jackfield.execution.openapi.documents import Documents

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": "https://pets.example/v1"}],
    "security": [{"key": []}],
    "paths": {
        "/pets/{id}": {
            "get": {
                "operationId": "getPet",
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {
                    "200": {
                        "description": "it",
                        "content": {"application/json": {"schema": {"type": "object"}, "example": {"name": "Rex"}}},
                    }
                },
            }
        }
    },
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
}


@pytest.fixture(params=["as it was read", "as it was stored"])
def definition(request):
    """Commands that know their document, and plain ones, which come out of a store."""
    found = read_openapi(DOCUMENT).definition()
    return found if request.param == "as it was read" else replace(found, commands=dict(found.commands))


def test_a_command_of_a_document_has_a_plan(definition):
    (command,) = definition.commands.values()
    documents = Documents()

    planned = documents.get(definition, command)

    assert (planned.plan.method, planned.plan.path) == ("GET", "/pets/{id}")
    assert planned.plan.security == (("key",),)
    assert planned.schemes["key"].name == "X-Key"
    assert documents.get(definition, command).plan is planned.plan
    assert documents.mock(definition, command, command.scenarios[0]) == {"name": "Rex"}


def test_a_document_is_forgotten_with_its_definition():
    found = read_openapi(DOCUMENT).definition()
    documents, stored = Documents(), replace(found, commands=dict(found.commands))
    documents.check(stored)
    assert documents._kept

    del stored

    assert not documents._kept


def test_what_is_no_document_is_refused():
    found = read_openapi(DOCUMENT).definition()

    with pytest.raises(InvalidDefinition):
        Documents().check(replace(found, commands=dict(found.commands), source={"spec": "nothing"}))
