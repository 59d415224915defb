"""A document becomes commands: lenient item by item, late where it can be, and nothing lost in silence."""

from __future__ import annotations

import pytest

from definition.openapi.documents import VERSIONS, document, one, read, words
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.openapi.reader import draft, read_openapi, type_name

OK = {"operationId": "fine"}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_document_is_a_connector_type(version):
    """With what people see of it."""
    info = {"title": "Acme API", "description": "Things.", "version": "v7"}
    found = read_openapi(document({"/a": {"get": OK}}, version=version) | {"info": info})
    definition = found.definition()

    assert (definition.name, definition.display_name, definition.description) == ("acme-api", "Acme API", "Things.")
    assert (definition.execution_model, definition.version, found.version) == ("openapi", "1.0.0", "v7")
    assert [*definition.commands] == ["fine"]


@pytest.mark.parametrize(
    ("method", "flags"),
    [
        ("get", (True, False, True)),
        ("head", (True, False, True)),
        ("options", (True, False, True)),
        ("query", (True, False, True)),
        ("put", (False, False, True)),
        ("delete", (False, True, True)),
        ("post", (False, False, False)),
        ("patch", (False, False, False)),
    ],
)
def test_the_method_says_what_a_command_does(method, flags):
    """Source: RFC 9110, section 9.2."""
    command = one({}, method=method).commands["it"]

    assert (command.reads_only, command.destructive, command.idempotent) == flags


def test_what_people_read_is_kept():
    """Summary as the first line, tags, hints, and that a command is deprecated."""
    said = {"summary": "List it", "description": "All of it.", "tags": ["a", 7], "deprecated": True, "x-hint": {"b": 1}}
    found = one(said)

    command = found.commands["it"]
    assert (command.display_name, command.description, command.tags) == ("List it", "List it\n\nAll of it.", ("a",))
    assert command.deprecated is not None
    assert found.commands.facts("it").hints == {"x-hint": {"b": 1}}


def test_answers_are_described_and_have_examples():
    """For docs and mocks."""
    schema = {"type": "object", "properties": {"id": {"type": "integer"}}}
    content = {"application/json": {"schema": schema, "example": {"id": 7}}, "text/csv": {}}
    found = one({"responses": {"default": {}, "201": {"description": "Made.", "content": content}}})

    command = found.commands["it"]
    assert command.outputs == ("id",)
    assert command.output_schema["properties"]["id"]["type"] == "integer"
    assert found.commands.scenarios("it") == {"default": {"id": 7}}
    assert command.scenarios == ("default",)
    assert found.plan("it").accept == ("application/json", "text/csv")


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ({"/a": {"get": 7}}, "the operation is no object"),
        ({"/a": 7}, "an object is expected"),
        ({"/a": {"fetch": {}}}, "it is no HTTP method"),
        ({"a": {"get": {"operationId": "other"}}, "/a": {"get": {}}}, "the same but for its slash"),
    ],
    ids=str,
)
def test_a_broken_operation_costs_only_itself(paths, said):
    """And a warning says why it is not there."""
    found = read({**paths, "/fine": {"get": OK}})

    assert "fine" in found.commands
    assert said in words(found)


@pytest.mark.parametrize("paths", [None, 7, [], {}])
def test_without_paths_there_are_no_commands(paths):
    """A document of webhooks only is one too."""
    assert len(read(paths).commands) == 0


def test_a_path_may_be_a_reference():
    """Into the components of 3.1."""
    items = {"thing": {"get": OK}}
    found = read({"/a": {"$ref": "#/components/pathItems/thing"}}, components={"pathItems": items})

    assert found.plan("fine").path == "/a"


def test_only_the_chosen_are_imported():
    """By name or `operationId`, in whatever case style."""
    paths = {f"/{name}": {"get": {"operationId": name}} for name in ("listUsers", "getUser", "other")}
    found = read(paths, select=["getUser", "list-users"])

    assert [*found.commands] == ["list_users", "get_user"]
    assert draft(found)["select"] == ["list_users", "get_user"]


def test_a_choice_that_there_is_not_is_refused():
    """With what was meant, perhaps."""
    with pytest.raises(InvalidDefinition) as raised:
        read({"/a": {"get": {"operationId": "listUsers"}}}, select=["listUser"])

    assert raised.value.hint == "did you mean `list_users`?"


def test_commands_are_made_when_they_are_asked_for(monkeypatch):
    """A type of a thousand operations is there at once."""
    found = read({f"/a{n}": {"get": {"operationId": f"op{n}"}} for n in range(3)})
    made = []
    original = type(found.commands)._make
    monkeypatch.setattr(
        type(found.commands), "_make", lambda self, name, one: made.append(name) or original(self, name, one)
    )
    definition = found.definition()

    assert [*definition.commands] == ["op0", "op1", "op2"]
    assert made == []
    assert definition.find_command("OP1") is definition.commands["op1"]
    assert made == ["op1"]


def test_a_draft_is_what_is_posted():
    """The document is the source of truth."""
    source = document({"/a": {"get": OK}})

    assert draft(read_openapi(source)) == {
        "name": "acme",
        "displayName": "Acme",
        "description": "",
        "executionModel": "openapi",
        "spec": source,
    }


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("GitHub v3 REST API", "github-v3-rest-api"),
        ("", "openapi"),
        ("3D", "api-3d"),
        ("Test", "test-api"),
        ("日本", "openapi"),
    ],
)
def test_the_title_makes_a_name(title, name):
    """One that a type can have."""
    assert type_name(title) == name
