"""Bodies of connectors are read, whatever their execution model and whoever wrote them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.errors import InvalidDefinition, InvalidSchema
from jackfield.definition.floh import from_json, to_json
from jackfield.errors import JackfieldError
from jackfield.registry.bodies import read_changes, read_entry
from jackfield.registry.definitions import changed_type, read_type
from jackfield.registry.documents import read_bodies
from registry.guides import AUTHIFI, DESCRIBED, DOCUMENT, EXTERNAL, MY_CRM, ONPREM, OPENAPI, SCRIPT, SLACK, SLACK_YAML

MODELS = {"my-crm": "script", "my-external-service": "external", "internal-ldap": "onprem", "my-api": "openapi"}


def definition_of(body: dict[str, Any]):
    brought = read_entry(body).type
    assert brought is not None
    return brought.definition


@pytest.mark.parametrize("body", DESCRIBED, ids=lambda body: body["name"])
def test_the_bodies_of_the_guides_bring_their_types(body):
    """As they stand, also without the execution model, which their keys give away."""
    entry = read_entry(body)
    without = {key: value for key, value in body.items() if key != "executionModel" or "spec" not in body}

    assert entry.type is not None
    assert entry.type.definition.execution_model == MODELS.get(body["name"], "http")
    assert entry.connector.type == entry.type.definition.name == body["name"]
    assert definition_of(without) == entry.type.definition


def test_the_body_of_an_instance_brings_none():
    """Its `configSchema` is the business of its type."""
    entry = read_entry(AUTHIFI)

    assert (entry.type, entry.connector.type, entry.model) == (None, "authifi", "built_in")
    assert entry.said["version"] == "1.0.0"


def test_yaml_and_json_are_one():
    """A file and a body."""
    (body,) = read_bodies(SLACK_YAML.encode(), place="slack.yaml")

    assert definition_of(body) == definition_of(SLACK)
    assert definition_of(SLACK).auth == {"type": "bearer", "secret": "SLACK_BOT_TOKEN"}


def test_the_params_of_a_script_are_json_schema():
    """A name without a schema is optional and of any type."""
    definition = definition_of(MY_CRM)
    commands = definition.commands

    assert commands["listContacts"].params["properties"]["limit"] == {"type": "number", "default": 50}
    assert commands["createContact"].params == {
        "type": "object",
        "properties": {"email": {}, "firstName": {}, "lastName": {}},
    }
    assert [(f.name, f.kind, f.required) for f in definition.fields] == [
        ("baseUrl", "string", True),
        ("apiKey", "secret", True),
    ]
    assert (definition.test_command, definition.source) == ("test", {"scriptSource": SCRIPT})
    deprecated = definition_of(EXTERNAL).commands["listUsers"]
    assert (deprecated.deprecated.message, deprecated.added_in) == ("Use listUsersV2 instead", "1.0.0")


@pytest.mark.parametrize("text", [orjson.dumps(DOCUMENT).decode(), yaml.safe_dump(DOCUMENT)], ids=["JSON", "YAML"])
def test_a_document_may_be_text(text):
    """It is parsed once, and kept as an object: a process that starts does not do it again."""
    assert definition_of(OPENAPI | {"spec": text}).source == {"spec": DOCUMENT}


def test_keys_of_yaml_become_texts():
    """`200:` is a number there, and an unquoted day a date."""
    document = yaml.safe_load("openapi: 3.0.3\npaths: {/a: {get: {responses: {200: {description: 2026-11-21}}}}}")
    definition = definition_of(OPENAPI | {"spec": document})

    assert definition.source["spec"]["paths"]["/a"]["get"]["responses"] == {"200": {"description": "2026-11-21"}}


def test_snake_case_is_read():
    """Of every model."""
    snake = {"name": "my-crm", "execution_model": "script", "script_source": SCRIPT}
    snake["config_schema"] = {
        "connection_config": MY_CRM["configSchema"]["connectionConfig"],
        "commands": {"test": {"params": [], "added_in_version": "1.0.0"}},
    }

    assert definition_of(snake).commands["test"].added_in == "1.0.0"
    assert [f.name for f in definition_of(snake).fields] == ["baseUrl", "apiKey"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (MY_CRM | {"executionModel": "external"}, "`external`, and `scriptSource` makes it `script`"),
        (SLACK | {"executionModel": "built_in"}, "`built_in`, and `operations` makes it `http`"),
        (MY_CRM | {"operations": SLACK["operations"]}, "`operations` and `scriptSource` are both there"),
        (MY_CRM | {"executionModel": "wasm"}, "`executionModel` is `wasm`"),
        ({"name": "x", "executionModel": "script"}, "has the execution model `script` and no `scriptSource`"),
        ({"name": "x", "executionModel": "onprem"}, "has the execution model `onprem` and no `configSchema`"),
        (MY_CRM | {"scriptSource": "  "}, "`scriptSource` is missing"),
        (MY_CRM | {"scriptSource": 5}, "`scriptSource` is `5`"),
        (MY_CRM | {"scriptSource": "x" * 1_100_000}, "`scriptSource`: the script is too large"),
        (MY_CRM | {"protocol": "3"}, "`protocol` is `3`"),
        (MY_CRM | {"script_source": SCRIPT}, "says the same"),
        (MY_CRM | {"headers": {"a": "b"}}, "`headers`: this key is unknown"),
        (EXTERNAL | {"endpointUrl": "ftp://connector.example.com"}, "`endpointUrl`: it is no address of a service"),
        (EXTERNAL | {"endpointUrl": "https://connector.example.com/?key=k3y"}, "it has a query"),
        (OPENAPI | {"spec": "https://api.example.com/openapi.json"}, "`spec`: it is the address of a document"),
        (OPENAPI | {"spec": {"swager": "2.0"}}, "`spec`: the object is no OpenAPI document"),
        (OPENAPI | {"spec": ["openapi"]}, "`spec` is"),
        (MY_CRM | {"configSchema": []}, "`configSchema` is `\\[\\]`, which is no object"),
        (MY_CRM | {"configSchema": {"comands": {}}}, "`configSchema.comands`: this key is unknown"),
        (MY_CRM | {"commands": {}}, "`commands` is there twice"),
        (MY_CRM | {"version": "1"}, "`version` is `1`"),
        (MY_CRM | {"defaultCommand": "nothing"}, "`defaultCommand` is `nothing`"),
        (MY_CRM | {"public": "yes"}, "`public` of a connector is `yes`"),
        (MY_CRM | {"icon": float("nan")}, "`icon` is no finite number"),
        (MY_CRM | {"icon": {1, 2}}, "`icon` is a `set`"),
        (MY_CRM | {"description": "a\0b"}, "`description` has a character U\\+0000"),
        ({"name": "x", "type": "authifi", "baseUrl": "https://a.example"}, "has `baseUrl`, and none of"),
        ({"name": "x", "type": "authifi", "unknown": 1}, "has an unknown key `unknown`"),
        ([], "a connector is `\\[\\]`"),
    ],
)
def test_what_is_wrong_is_told_where_it_is(body, told):
    """With the place in the details, for who marks it in a form."""
    with pytest.raises(InvalidDefinition, match=told):
        read_entry(body)


def test_a_fault_deep_inside_has_its_place():
    """As the author wrote it."""
    schema = {"connectionConfig": {"apiKey": {"type": "secrit"}}, "commands": {"a": {"params": 5}}}
    with pytest.raises(InvalidDefinition) as caught:
        read_entry(MY_CRM | {"configSchema": schema})

    pointers = [error["pointer"] for error in caught.value.details["errors"]]
    assert pointers == ["/configSchema/connectionConfig/apiKey/type", "/configSchema/commands/a/params"]


def test_a_param_that_is_no_json_schema_is_refused():
    """When it is saved, not when it is called."""
    wrong = {"commands": {"a": {"params": {"limit": {"type": "int"}}}}}
    with pytest.raises(InvalidSchema, match="command `a`"):
        read_entry(ONPREM | {"configSchema": wrong})


def test_an_address_with_a_password_is_refused_and_not_shown():
    """It would be in every list and every log."""
    with pytest.raises(InvalidDefinition, match="user name") as caught:
        read_entry(EXTERNAL | {"endpointUrl": "https://me:hidden-word@connector.example.com"})
    assert "hidden-word" not in str(caught.value.to_json())

    with pytest.raises(InvalidDefinition, match="user name") as caught:
        read_entry(SLACK | {"baseUrl": "https://me:hidden-word@slack.example"})
    assert "hidden-word" not in str(caught.value.to_json())


@pytest.mark.parametrize("body", [MY_CRM, SLACK], ids=["script", "operations"])
@pytest.mark.parametrize(
    "field", [{"type": "secret", "default": "hidden-word"}, "hidden-word"], ids=["default", "value"]
)
def test_a_secret_in_a_definition_is_refused_and_not_shown(body, field):
    """Everybody in the tenant sees definitions. Its place is the `config` of the connector."""
    with pytest.raises(InvalidDefinition) as caught:
        read_entry(body | {"configSchema": {"connectionConfig": {"apiKey": field}}})

    assert "configSchema.connectionConfig.apiKey" in caught.value.message
    assert "hidden-word" not in str(caught.value.to_json())


@pytest.mark.parametrize("body", DESCRIBED, ids=lambda body: body["name"])
def test_what_was_read_is_written_and_read_again(body):
    """From the database, and from whoever sends back what was answered."""
    definition = definition_of(body)
    written = orjson.loads(orjson.dumps(to_json(definition)))

    assert from_json(written) == definition
    assert read_type(written) == definition
    assert changed_type(definition, {}) == definition
    assert changed_type(definition, {"configSchema": written["configSchema"]}) == definition


def test_a_change_replaces_what_it_names():
    """The connection stays when the commands are sent, and the other way round."""
    old = definition_of(MY_CRM)
    fewer = changed_type(old, {"configSchema": {"commands": {"listContacts": {"params": ["limit"]}}}})
    script = changed_type(old, {"scriptSource": "function listContacts() {}", "configSchema": None, "spec": None})
    bare = changed_type(old, {"configSchema": {"connectionConfig": {}}, "category": None})

    assert (list(fewer.commands), fewer.fields, fewer.test_command) == (["listContacts"], old.fields, None)
    assert (script.commands, script.source["scriptSource"]) == (old.commands, "function listContacts() {}")
    assert (bare.fields, bare.commands, bare.auth_required, bare.category) == ((), old.commands, False, "")
    with pytest.raises(InvalidDefinition, match="`script`, and `operations` means `http`"):
        changed_type(old, {"operations": SLACK["operations"]})


def test_the_schema_of_operations_can_be_changed():
    """A form edits what it was given: Floh's map. What is sent stays as it was."""
    old = definition_of(SLACK)
    schema = to_json(old)["configSchema"]
    params = {"channel": {"type": "string", "required": True}, "thread": {"type": "string"}}
    schema["commands"]["post_message"] |= {"params": params, "description": "Say something."}
    new = changed_type(old, {"configSchema": schema})

    assert new.commands["post_message"].description == "Say something."
    assert list(new.commands["post_message"].properties) == ["channel", "thread"]
    assert new.source["operations"]["post_message"]["mapping"] == {"channel": "body", "thread": "body", "*": "body"}
    with pytest.raises(InvalidDefinition, match="command `other` has no operation"):
        changed_type(old, {"configSchema": {"commands": schema["commands"] | {"other": {}}}})


TEXTS = st.text(max_size=6)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.dates() | st.binary(max_size=2)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS | st.integers(0, 9), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    *("name", "type", "namespace", "displayName", "description", "tags", "config", "enabled", "egress", "timeout"),
    *("mocks", "version", "executionModel", "configSchema", "connectionConfig", "commands", "operations", "baseUrl"),
    *("headers", "auth", "authRequired", "scriptSource", "endpointUrl", "spec", "source", "defaultCommand", "icon"),
    *("rateLimits", "category", "public", "unknown"),
)
FIELD_KEYS = ("type", "secret", "required", "default", "options", "displayOptions", "schema", "label", "enum")
COMMAND_KEYS = ("params", "paramSchema", "outputs", "deprecated", "addedInVersion", "tags", "readsOnly", "tool")
KINDS = st.sampled_from(["string", "secret", "number", "select", "raw", "date"])
SCHEMAS = st.fixed_dictionaries(
    {},
    optional={
        "connectionConfig": st.dictionaries(
            st.sampled_from(["base", "apiKey", "x1"]),
            st.dictionaries(st.sampled_from(FIELD_KEYS), VALUES | KINDS, max_size=3),
            max_size=2,
        ),
        "commands": st.dictionaries(
            st.sampled_from(["list", "test", "a_b"]),
            st.dictionaries(st.sampled_from(COMMAND_KEYS), VALUES | st.lists(TEXTS, max_size=2), max_size=3),
            max_size=2,
        ),
    },
)
SENSIBLE = st.sampled_from([SCRIPT, DOCUMENT, "https://a.example", "script", "external", "onprem", "http", "1.2.3"])
BODIES = st.dictionaries(st.sampled_from(KEYS), VALUES | SCHEMAS | SENSIBLE, max_size=5).flatmap(
    lambda given: st.sampled_from([*DESCRIBED, AUTHIFI, {"name": "x"}]).map(lambda body: body | given)
)


@given(BODIES | VALUES)
def test_no_body_breaks_more_than_itself(body):
    """Whatever it holds: it is refused with words, or what it says is kept as it was understood."""
    try:
        entry = read_entry(body)
    except JackfieldError as error:
        orjson.dumps(error.to_json())
        return
    if entry.type is None:
        return
    definition = entry.type.definition
    written = orjson.loads(orjson.dumps(to_json(definition)))

    assert from_json(written) == definition
    assert read_type(written) == definition


@given(BODIES)
def test_no_change_breaks_more_than_itself(body):
    """Of a type that there is."""
    for raw in DESCRIBED:
        try:
            changed = changed_type(definition_of(raw), body)
        except JackfieldError:
            continue
        assert from_json(orjson.loads(orjson.dumps(to_json(changed)))) == changed
    try:
        read_changes(body, name="x")
    except JackfieldError:
        return


def test_a_document_beyond_all_measure_is_refused(monkeypatch):
    """It would be kept in the database, once for each version."""
    monkeypatch.setattr("jackfield.definition.sources.MAX_DOCUMENT_BYTES", 100)
    with pytest.raises(InvalidDefinition, match="`spec`: the document has 116 bytes"):
        read_entry(OPENAPI | {"spec": "openapi: 3.0.3 #" + "x" * 100})
