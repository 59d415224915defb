"""Definitions as JSON: the guide's samples as they stand, every feature there and back, and a path for each mistake."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.definition.connection import connection_schema
from jackfield.definition.errors import InvalidDefinition, InvalidName, NamesFallTogether
from jackfield.definition.floh import from_json, read_commands, read_connection, to_json
from jackfield.definition.model import CommandDefinition, ConnectionField, ConnectorDefinition, Deprecation
from jackfield.definition.names import folded
from jackfield.definition.validation import ObjectValidator

from .test_command import Commands
from .test_connection import Formed
from .test_connector import Everything

# Both from "Creating Script Connectors" of the Floh guide, word for word.
SCRIPT_SAMPLE = json.loads("""
{
  "name": "my-crm",
  "type": "my-crm",
  "description": "Integration with My CRM",
  "version": "1.0.0",
  "executionModel": "script",
  "category": "crm",
  "tags": ["sales", "contacts"],
  "configSchema": {
    "connectionConfig": {
      "baseUrl": { "type": "string", "required": true, "description": "CRM API base URL" },
      "apiKey": { "type": "string", "required": true, "secret": true, "description": "API key" }
    },
    "commands": {
      "listContacts": {
        "params": ["limit", "offset"],
        "description": "List contacts from the CRM",
        "outputs": ["contacts", "total"],
        "paramSchema": {
          "limit": { "type": "number", "default": 50 },
          "offset": { "type": "number", "default": 0 }
        }
      },
      "createContact": {
        "params": ["email", "firstName", "lastName"],
        "description": "Create a new contact",
        "outputs": ["contactId"]
      },
      "test": {
        "params": [],
        "description": "Test connectivity",
        "outputs": []
      }
    }
  }
}
""")
DEPRECATION_SAMPLE = json.loads("""
{
  "configSchema": {
    "commands": {
      "listUsers": {
        "params": ["limit"],
        "description": "List users (deprecated)",
        "deprecated": true,
        "deprecatedMessage": "Use listUsersV2 instead",
        "addedInVersion": "1.0.0"
      },
      "listUsersV2": {
        "params": ["limit", "cursor"],
        "description": "List users with cursor pagination",
        "addedInVersion": "2.0.0"
      }
    }
  }
}
""")


def there_and_back(definition):
    return from_json(json.loads(json.dumps(to_json(definition))))


def faults_of(command, params):
    return ObjectValidator(command.params).prepare(params)[1]


def test_the_script_sample_of_the_guide_reads_as_it_stands():
    """People paste it."""
    read = from_json(SCRIPT_SAMPLE)

    assert (read.name, read.version, read.execution_model) == ("my-crm", "1.0.0", "script")
    assert (read.category, read.tags, read.description) == ("crm", ("sales", "contacts"), "Integration with My CRM")
    assert [(f.name, f.kind, f.required) for f in read.fields] == [
        ("baseUrl", "string", True),
        ("apiKey", "secret", True),
    ]
    assert list(read.commands) == ["listContacts", "createContact", "test"]
    assert read.commands["listContacts"].outputs == ("contacts", "total")
    assert read.test_command == "test"
    assert read.auth_required


def test_params_of_the_sample_have_their_defaults():
    """A call without `limit` gets 50, as the sample's script also falls back to."""
    list_contacts = from_json(SCRIPT_SAMPLE).commands["listContacts"]

    assert ObjectValidator(list_contacts.params).prepare({})[0] == {"limit": 50, "offset": 0}
    assert [fault.pointer for fault in faults_of(list_contacts, {"limit": "many"})] == ["/limit"]


@pytest.mark.parametrize("params", [{}, {"email": "a@b.example"}, {"email": 1, "firstName": None, "lastName": ["x"]}])
def test_a_param_without_schema_is_optional_and_of_any_type(params):
    """The guide lists names only, and its scripts check for themselves."""
    assert faults_of(from_json(SCRIPT_SAMPLE).commands["createContact"], params) == []


def test_the_deprecation_sample_of_the_guide_reads_as_it_stands():
    """Capabilities show all three."""
    commands = read_commands(DEPRECATION_SAMPLE["configSchema"]["commands"])

    assert commands["listUsers"].deprecated == Deprecation(message="Use listUsersV2 instead")
    assert commands["listUsers"].added_in == "1.0.0"
    assert commands["listUsersV2"].deprecated is None
    assert commands["listUsersV2"].added_in == "2.0.0"


@pytest.mark.parametrize(
    "sample", [SCRIPT_SAMPLE, DEPRECATION_SAMPLE | {"name": "users"}], ids=["script", "deprecation"]
)
def test_the_samples_survive_being_written(sample):
    """What a server answers can be sent to it again."""
    before = copy.deepcopy(sample)
    read = from_json(sample)

    assert there_and_back(read) == read
    assert sample == before


@pytest.mark.parametrize("cls", [Everything, Formed], ids=lambda cls: cls.__name__)
def test_a_class_survives_being_written(cls):
    """A remote client sees the same type as an embedded one."""
    assert there_and_back(cls.definition) == cls.definition


def test_the_form_and_the_checks_survive_being_written():
    """They are made from what was read."""
    read = there_and_back(Formed.definition)

    assert connection_schema(read) == connection_schema(Formed.definition)


def test_every_flag_of_a_command_survives_being_written():
    """Each is somebody's safety or comfort."""
    from .test_command import definition  # the commands of `Commands`, as a class would have them

    commands = [
        definition(name) for name in vars(Commands) if hasattr(getattr(Commands, name), "__jackfield_command__")
    ]
    made = ConnectorDefinition(name="flags", commands={command.name: command for command in commands})

    assert there_and_back(made) == made


def test_everything_else_survives_being_written():
    """What no class sets: source, auth, models that are not built in."""
    made = ConnectorDefinition(
        name="declared",
        version="3.2.1",
        execution_model="http",
        auth={"type": "bearer", "field": "token"},
        auth_required=True,
        rate_limits={"requests_per_minute": 5},
        source={"operations": [{"name": "list", "path": "/x"}], "baseUrl": "https://acme.example"},
        commands={"test": CommandDefinition(name="test")},
        fields=(
            ConnectionField(name="token", kind="secret", schema={}),
            ConnectionField(name="n", kind="number", schema={}),
        ),
    )

    assert there_and_back(made) == made


names = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_-]{0,8}", fullmatch=True)
texts = st.text(max_size=8)
values = st.none() | st.booleans() | st.integers() | texts | st.lists(texts, max_size=2)
schemas = st.sampled_from(
    [{}, {"type": "string"}, {"type": "integer", "minimum": 1}, {"enum": ["a", "b"]}, {"type": "array", "items": {}}]
)
params = st.dictionaries(names, schemas, max_size=3).filter(lambda found: len({*map(folded, found)}) == len(found))
commands = st.builds(
    CommandDefinition,
    name=names,
    display_name=texts,
    description=texts,
    params=params.map(lambda found: {"type": "object", "properties": found, "required": list(found)[:1]}),
    outputs=st.lists(texts, max_size=2).map(tuple),
    output_schema=st.none() | schemas,
    strict_outputs=st.booleans(),
    reads_only=st.booleans(),
    destructive=st.booleans(),
    idempotent=st.booleans(),
    deprecated=st.none() | st.builds(Deprecation, message=texts),
    added_in=st.none() | st.just("1.2.3"),
    tags=st.lists(texts, max_size=2).map(tuple),
    tool=st.booleans(),
    verified=st.booleans(),
    scenarios=st.lists(texts, max_size=2).map(tuple),
)
kinds = ["string", "secret", "number", "integer", "boolean", "date", "select", "url", "textarea", "raw"]
fields = st.builds(
    ConnectionField,
    name=texts,
    kind=st.sampled_from(kinds),
    schema=schemas,
    label=texts,
    description=texts,
    required=st.booleans(),
    default=st.just(...) | values,
    placeholder=texts,
    help_url=texts,
    help_text=texts,
)


def distinct(items):
    return st.lists(items, max_size=3, unique_by=lambda item: folded(item.name))


@st.composite
def definitions(draw):
    made_fields, made_commands = draw(distinct(fields)), draw(distinct(commands))
    named = st.none() | st.sampled_from([c.name for c in made_commands]) if made_commands else st.none()
    return ConnectorDefinition(
        name=draw(names),
        version=draw(st.builds("{}.{}.{}".format, *[st.integers(0, 30)] * 3)),
        execution_model=draw(st.sampled_from(["built_in", "script", "openapi", "http", "external", "onprem"])),
        display_name=draw(texts),
        category=draw(texts),
        tags=tuple(draw(st.lists(texts, max_size=2))),
        icon=draw(texts),
        fields=tuple(made_fields),
        commands={command.name: command for command in made_commands},
        default_command=draw(named),
        test_command=draw(named),
        auth_required=draw(st.booleans()),
        rate_limits=draw(st.dictionaries(texts, st.integers(), max_size=1)),
        source=draw(st.dictionaries(texts, values, max_size=2)),
    )


@settings(max_examples=40)
@given(definitions())
def test_any_definition_reads_back_equal(definition):
    """Whatever can be defined can be stored, sent and exported."""
    assert there_and_back(definition) == definition


@pytest.mark.parametrize(
    "said",
    [
        {"params": ["limit"], "paramSchema": {"limit": {"type": "number", "required": True}}},
        {"paramSchema": {"limit": {"type": "number", "required": True}}},
        {"params": {"limit": {"type": "number", "required": True}}},
        {"params": {"type": "object", "properties": {"limit": {"type": "number"}}, "required": ["limit"]}},
    ],
    ids=["names", "schemas", "map", "JSON Schema"],
)
def test_params_may_be_names_a_map_or_a_schema(said):
    """All of them are written by people who read one guide or another."""
    command = read_commands({"list": said})["list"]

    assert command.params == {"type": "object", "properties": {"limit": {"type": "number"}}, "required": ["limit"]}
    assert [fault.missing for fault in faults_of(command, {})] == ["limit"]


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {"type": "object", "properties": {}},
        {"properties": {"a": {}}, "additionalProperties": {"type": "string"}},
        {"$ref": "#/$defs/A", "$defs": {"A": {"properties": {"a": {}}}}},
        {"additionalProperties": {"type": "string"}},
        {"allOf": [{"required": ["a"]}]},
    ],
)
def test_a_json_schema_is_taken_as_it_stands(schema):
    """Nothing in it is ours to change."""
    assert read_commands({"list": {"params": schema}})["list"].params == schema


@pytest.mark.parametrize("name", ["type", "required", "enum", "items", "default"])
def test_a_map_may_have_a_param_that_is_called_like_a_keyword(name):
    """`type` is the most common param of all."""
    command = read_commands({"list": {"params": {name: {"type": "string"}}}})["list"]

    assert command.properties == {name: {"type": "string"}}


def test_a_name_with_a_schema_need_not_be_listed():
    """A list that was forgotten must not hide a param."""
    command = read_commands({"list": {"params": ["a"], "paramSchema": {"b": {"type": "string"}}}})["list"]

    assert list(command.properties) == ["a", "b"]


def test_outputs_may_be_a_schema():
    """Its properties are the names."""
    command = read_commands({"list": {"outputs": {"type": "object", "properties": {"id": {"type": "integer"}}}}})[
        "list"
    ]

    assert command.outputs == ("id",)
    assert command.output_schema["properties"]["id"] == {"type": "integer"}


@pytest.mark.parametrize(
    ("said", "kind", "schema"),
    [
        ({}, "string", {"type": "string"}),
        ({"type": "text"}, "string", {"type": "string"}),
        ({"type": "string", "secret": True}, "secret", {"type": "string", "format": "password", "writeOnly": True}),
        ({"type": "password"}, "secret", {"type": "string", "format": "password", "writeOnly": True}),
        ({"type": "number", "minimum": 1}, "number", {"type": "number", "minimum": 1}),
        ({"type": "select", "options": ["b", "a"]}, "select", {"enum": ["b", "a"]}),
        ({"type": "string", "enum": ["b", "a"]}, "select", {"enum": ["b", "a"]}),
        ({"options": [{"label": "B", "value": "b"}, "a"]}, "select", {"enum": ["b", "a"]}),
        ({"type": "date"}, "date", {"type": "string", "format": "date"}),
        ({"type": "url"}, "url", {"type": "string", "format": "uri"}),
        ({"type": "textarea", "maxLength": 9}, "textarea", {"type": "string", "maxLength": 9}),
        ({"type": "boolean"}, "boolean", {"type": "boolean"}),
        ({"type": "raw"}, "raw", {}),
        ({"type": "json"}, "raw", {}),
        ({"type": "object", "schema": {"type": "object"}}, "raw", {"type": "object"}),
        ({"type": "string", "schema": {}}, "string", {}),
    ],
)
def test_each_kind_of_field_is_read(said, kind, schema):
    """As the guides write them; a full schema wins."""
    (read,) = read_connection({"a": said})

    assert (read.kind, read.schema) == (kind, schema)


@pytest.mark.parametrize("shown", ["basic", ["basic"]])
def test_a_condition_may_be_one_value_or_several(shown):
    """As in Python."""
    (read,) = read_connection({"user": {"displayOptions": {"show": {"auth": shown}}}})

    assert read.shown_when == {"auth": ("basic",)}


def test_the_old_name_of_an_execution_model_is_understood():
    """Floh calls it so; answers use ours."""
    assert from_json({"name": "a", "executionModel": "oas_derived"}).execution_model == "openapi"


def test_nothing_but_a_name_is_a_definition():
    """All else has a default."""
    assert from_json({"name": "a"}) == ConnectorDefinition(name="a")


COMMAND = ("configSchema", "commands", "go")
FIELD = ("configSchema", "connectionConfig", "key")


@pytest.mark.parametrize(
    ("path", "wrong", "pointer"),
    [
        (("configSchema",), [], "/configSchema"),
        (("configSchema", "commands"), [{"name": "go"}], "/configSchema/commands"),
        (("configSchema", "connectionConfig"), "x", "/configSchema/connectionConfig"),
        (("tags",), "sales", "/tags"),
        (("tags",), [1], "/tags"),
        (("executionModel",), "magic", "/executionModel"),
        (("executionModel",), {}, "/executionModel"),
        (("auth",), "bearer", "/auth"),
        (("rateLimits",), 60, "/rateLimits"),
        (("source",), [1], "/source"),
        (COMMAND, "list", "/configSchema/commands/go"),
        ((*COMMAND, "params"), "limit", "/configSchema/commands/go/params"),
        ((*COMMAND, "params"), [1], "/configSchema/commands/go/params"),
        ((*COMMAND, "params"), [{"name": "limit"}], "/configSchema/commands/go/params"),
        ((*COMMAND, "paramSchema"), ["limit"], "/configSchema/commands/go/paramSchema"),
        ((*COMMAND, "paramSchema"), {"a/b": "number"}, "/configSchema/commands/go/paramSchema/a~1b"),
        ((*COMMAND, "outputs"), "total", "/configSchema/commands/go/outputs"),
        ((*COMMAND, "outputs"), [{"name": "total"}], "/configSchema/commands/go/outputs"),
        ((*COMMAND, "outputSchema"), "x", "/configSchema/commands/go/outputSchema"),
        ((*COMMAND, "tags"), "x", "/configSchema/commands/go/tags"),
        ((*COMMAND, "scenarios"), {"empty": {}}, "/configSchema/commands/go/scenarios"),
        (FIELD, "string", "/configSchema/connectionConfig/key"),
        ((*FIELD, "type"), "nonsense", "/configSchema/connectionConfig/key/type"),
        ((*FIELD, "schema"), "x", "/configSchema/connectionConfig/key/schema"),
        ((*FIELD, "displayOptions"), "x", "/configSchema/connectionConfig/key/displayOptions"),
        ((*FIELD, "displayOptions"), {"show": ["auth"]}, "/configSchema/connectionConfig/key/displayOptions/show"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(path, wrong, pointer):
    """A definition may have hundreds of commands, and an editor marks the place."""
    document = {"name": "acme", "configSchema": {"commands": {"go": {}}, "connectionConfig": {"key": {}}}}
    inner = document
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = wrong

    with pytest.raises(InvalidDefinition) as refused:
        from_json(document)

    assert [fault["pointer"] for fault in refused.value.details["errors"]] == [pointer]
    assert refused.value.hint.startswith("it must be ")
    assert len(refused.value.message) < 300


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({}, InvalidName),
        ({"name": "1st"}, InvalidName),
        ({"name": "a", "version": "1"}, InvalidDefinition),
        ({"name": "a", "version": 1.0}, InvalidDefinition),
        ({"name": "a", "defaultCommand": "go"}, InvalidDefinition),
        ({"name": "a", "configSchema": {"commands": {"a b": {}}}}, InvalidName),
        ({"name": "a", "configSchema": {"commands": {"list_it": {}, "listIt": {}}}}, NamesFallTogether),
        ({"name": "a", "configSchema": {"commands": {"go": {"params": ["user_id", "userId"]}}}}, NamesFallTogether),
    ],
)
def test_the_rules_of_definitions_hold_for_documents_too(document, kind):
    """Whoever writes JSON gets no more and no less than whoever writes Python."""
    with pytest.raises(kind):
        from_json(document)


def test_flohs_own_kinds_are_understood_in_a_param_schema():
    """`t.date`, `t.secret` and `t.select` are kinds there, not types of JSON Schema."""
    schemas = {
        "when": {"type": "date"},
        "token": {"type": "secret", "required": True},
        "size": {"type": "select", "options": ["s", {"value": "m"}], "default": "s"},
        "rest": {"type": "raw"},
        "plain": {"type": "object"},
    }
    command = read_commands({"go": {"params": list(schemas), "paramSchema": schemas}})["go"]

    assert command.properties["when"] == {"type": "string", "format": "date"}
    assert command.properties["token"]["writeOnly"] is True
    assert command.properties["size"] == {"enum": ["s", "m"], "default": "s"}
    assert command.properties["rest"] == {}
    assert command.properties["plain"] == {"type": "object"}
    assert command.params["required"] == ["token"]


def test_our_own_keys_are_read_in_snake_case_and_names_are_left_alone():
    """Names belong to the author of the definition."""
    document = {
        "name": "crm",
        "display_name": "CRM",
        "config_schema": {
            "connection_config": {"api_key": {"type": "secret", "help_url": "https://crm.example/keys"}},
            "commands": {"list_items": {"params": ["page_size"], "reads_only": True, "added_in_version": "1.0.0"}},
        },
    }
    definition = from_json(document)

    assert (definition.display_name, definition.fields[0].name) == ("CRM", "api_key")
    assert definition.fields[0].help_url == "https://crm.example/keys"
    command = definition.commands["list_items"]
    assert (command.reads_only, command.added_in, list(command.properties)) == (True, "1.0.0", ["page_size"])
