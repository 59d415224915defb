"""Types that are a document: what is posted, stored and read again."""

from __future__ import annotations

from definition.openapi.documents import document
from jackfield.definition.floh import from_json, stored_json, to_json
from jackfield.definition.openapi.commands import Commands
from jackfield.definition.reading import read_definition

KEY = {"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "k"}}}
PATHS = {"/a": {"get": {"operationId": "listAll"}}, "/b": {"get": {"operationId": "other"}}}
SPEC = document(PATHS, components=KEY, security=[{"key": []}], servers=[{"url": "https://a.example"}])


def posted(**more):
    return read_definition({"name": "acme", "spec": SPEC, **more}, model="openapi")


def test_a_document_alone_is_a_type():
    """With its commands, its connection, and whether a credential is needed."""
    definition = posted()

    assert [*definition.commands] == ["list_all", "other"]
    assert [f.name for f in definition.fields] == ["baseUrl", "key"]
    assert definition.auth_required


def test_what_the_type_says_itself_counts():
    """Fields beside those of the document, another default, other commands as default and test."""
    own = {"baseUrl": {"type": "url", "default": "https://b.example"}, "team": {"type": "string"}}
    definition = posted(connectionConfig=own, defaultCommand="other", testCommand="listAll", authRequired=False)

    assert [(f.name, f.default) for f in definition.fields if not f.secret] == [
        ("baseUrl", "https://b.example"),
        ("team", ...),
    ]
    assert (definition.default_command, definition.test_command) == ("other", "list_all")
    assert not definition.auth_required


def test_only_the_chosen_commands_are_there():
    """Named beside the document."""
    assert [*posted(select=["listAll"]).commands] == ["list_all"]


def test_what_is_stored_repeats_no_schema_and_reads_back_equal():
    """The document has them."""
    definition = posted(select=["listAll"], testCommand="listAll")
    stored = stored_json(definition)
    again = from_json(stored)

    assert stored["configSchema"]["commands"] == {}
    assert isinstance(again.commands, Commands)
    assert again == definition
    assert from_json(to_json(definition)) == definition


def test_posting_what_is_shown_changes_nothing():
    """What people see of a type can be given back."""
    shown = to_json(posted())

    assert [*read_definition(shown, model="openapi").commands] == ["list_all", "other"]
