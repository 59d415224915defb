"""FluxTurn's definitions become declarative connectors: nothing is made up, and nothing is lost in silence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.definition.connection import connection_schema, form
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.fluxturn import converted, is_fluxturn
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.operations import read_operations
from jackfield.definition.validation import ObjectValidator, faults_of
from jackfield.execution.http import check_operations
from registry.fluxturn import ACME, acme, action


def read(document: dict[str, Any]) -> ConnectorDefinition:
    """As it is stored, and judged by what carries it out."""
    definition = read_operations(converted(document))
    check_operations(definition)
    return definition


def notes(document: dict[str, Any]) -> dict[str, str]:
    return {note["pointer"]: note["message"] for note in converted(document)["imported"]["warnings"]}


def faults(document: Any) -> dict[str, str]:
    with pytest.raises(InvalidDefinition) as caught:
        converted(document)
    return {fault["pointer"]: fault["message"] for fault in caught.value.details["errors"]}


def only(definition: ConnectorDefinition) -> dict[str, Any]:
    """What is sent for the one command that there is."""
    (source,) = definition.source["operations"].values()
    return source


def params(schema: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """The schema of the params of an action with that `inputSchema`."""
    return dict(read(acme(action(inputSchema=schema, **keys))).commands["act"].params)


def test_the_definition_of_the_guide_becomes_a_type():
    """W02: metadata, form, action, params and limits."""
    definition = read(ACME)
    command = definition.commands["send_message"]
    (base, key) = form(definition)

    assert is_fluxturn(ACME)
    assert (definition.name, definition.display_name, definition.category) == ("acme", "Acme", "communication")
    assert definition.rate_limits == {"requests_per_minute": 60}
    assert definition.auth == {"type": "bearer", "field": "apiKey"}
    assert (base["name"], base["default"]) == ("baseUrl", "https://api.acme.com/v1")
    assert (key["kind"], key["required"], key["label"], key["placeholder"]) == ("secret", True, "API Key", "ak_...")
    assert (command.display_name, command.tags, command.reads_only) == ("Send Message", ("Messages",), False)
    assert command.params["required"] == ["channel", "text"]
    assert command.params["properties"]["text"] == {"type": "string", "title": "Message", "inputType": "textarea"}
    assert only(definition)["path"] == "/messages"


def test_what_is_assumed_is_told():
    """The guide's class sends a bearer token; its definition does not say so."""
    assert list(notes(ACME)) == ["/auth_type"]
    assert "`auth` changes" in notes(ACME)["/auth_type"]


FIELDS = {
    "key": {"key": "apiKey", "type": "password", "required": True},
    "user": {"key": "username", "type": "string", "required": True},
    "pass": {"key": "password", "type": "password", "required": True},
    "token": {"key": "accessToken", "type": "string", "required": True},
    "client": {"key": "clientSecret", "type": "password", "required": True},
}


@pytest.mark.parametrize(
    ("auth_type", "fields", "auth"),
    [
        ("api_key", ["key"], {"type": "bearer", "field": "apiKey"}),
        ("bearer_token", ["token"], {"type": "bearer", "field": "accessToken"}),
        ("bearer", ["client", "token"], {"type": "bearer", "field": "accessToken"}),
        (
            "basic",
            ["user", "pass"],
            {"type": "basic", "username": {"field": "username"}, "password": {"field": "password"}},
        ),
        ("basic_auth", ["pass"], {"type": "basic", "field": "password"}),
        ("basic", [], {"type": "basic", "username": {"field": "username"}, "password": {"field": "password"}}),
        ("oauth2", [], {"type": "bearer", "field": "accessToken"}),
        ("oauth2", ["client", "token"], {"type": "bearer", "field": "accessToken"}),
        ("none", [], {"type": "none"}),
        (None, [], {"type": "none"}),
        ("multiple", ["client", "token"], {"type": "bearer", "field": "accessToken"}),
        (
            "custom",
            ["user", "pass"],
            {"type": "basic", "username": {"field": "username"}, "password": {"field": "password"}},
        ),
        ("hmac", ["key"], {"type": "bearer", "field": "apiKey"}),
    ],
)
def test_every_auth_type_signs_with_a_field_of_the_connection(auth_type, fields, auth):
    """A field with a credential is a secret, also where its author forgot to say so, and made where there is none."""
    definition = read(acme(auth_type=auth_type, auth_fields=[FIELDS[name] for name in fields]))
    secrets = {f.name for f in definition.fields if f.secret}
    credential = auth.get("field") or auth.get("password", {}).get("field")

    assert definition.auth == auth
    assert credential is None or credential in secrets
    assert definition.auth_required is (auth["type"] != "none")


@pytest.mark.parametrize(
    ("header", "value", "auth"),
    [
        ("X-API-Key", "{apiKey}", {"type": "api_key", "name": "X-API-Key", "field": "apiKey"}),
        ("X-API-Key", "{{ api_key }}", {"type": "api_key", "name": "X-API-Key", "field": "apiKey"}),
        (
            "Authorization",
            "Token ${apiKey}",
            {"type": "api_key", "name": "Authorization", "field": "apiKey", "prefix": "Token "},
        ),
        ("Authorization", "Bearer {token}", {"type": "bearer", "field": "apiKey"}),
        ("authorization", "Basic {credentials}", {"type": "basic", "field": "apiKey"}),
    ],
)
def test_a_header_with_the_key_in_it_says_how_the_key_is_sent(header, value, auth):
    """Authors write it down at each action. It is sent once, by what signs requests, and never as braces."""
    definition = read(acme(action(api_headers={header: value, "Accept": "text/csv"})))

    assert definition.auth == auth
    assert only(definition)["headers"] == {"Accept": "text/csv"}
    assert "/auth_type" not in notes(acme(action(api_headers={header: value}))) or auth["type"] == "basic"


def test_an_auth_of_ones_own_decides():
    """It may leave out where the credential is."""
    own = {"type": "api_key", "name": "X-Key"}

    assert read(acme(auth=own)).auth == {**own, "field": "apiKey"}
    assert notes(acme(auth=own)) == {}
    assert read(acme(auth={"type": "bearer", "secret": "ACME"})).auth == {"type": "bearer", "secret": "ACME"}


CONDITIONAL = [
    {
        "key": "kind",
        "type": "select",
        "required": True,
        "options": [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}],
    },
    {"key": "one", "type": "password", "required": True, "displayOptions": {"show": {"kind": ["a"]}}},
    {"key": "two", "type": "string", "required": True, "displayOptions": {"kind": "b"}},
    {"key": "three", "type": "string", "required": True, "displayOptions": {"hide": {"kind": ["a"]}}},
]


def test_a_field_is_required_only_while_it_is_shown():
    """A07: `show`, `hide`, and the short form of older definitions; written back it is the same."""
    definition = read(acme(auth_fields=CONDITIONAL))
    schema = connection_schema(definition)
    shown = {f["name"]: f.get("displayOptions") for f in form(definition)}

    def missing(**config: Any) -> set[str | None]:
        return {fault.missing for fault in faults_of({"baseUrl": "https://a.example", **config}, schema)}

    assert missing(kind="a") == {"one"}
    assert missing(kind="b") == {"two", "three"}
    assert missing(kind="b", two="x", three="y") == set()
    assert shown["one"] == {"show": {"kind": ["a"]}}
    assert shown["three"] == shown["two"] == {"show": {"kind": ["b"]}}


def test_a_param_is_required_only_while_it_is_shown():
    """A07, for the params of an action."""
    schema = params(
        {
            "mode": {"type": "select", "options": ["now", "later"], "required": True},
            "at": {"type": "string", "required": True, "displayOptions": {"show": {"mode": ["later"]}}},
            "who": {"type": "string", "required": True, "displayOptions": {"hide": {"mode": ["now"]}}},
        }
    )

    assert [fault.missing for fault in faults_of({"mode": "later"}, schema)] == ["at", "who"]
    assert faults_of({"mode": "now"}, schema) == []
    assert {fault.missing for fault in faults_of({}, schema)} >= {"mode"}


@pytest.mark.parametrize(
    "display", ["x", {"show": ["kind"]}, {"show": {"nobody": [1]}}, {"show": {"kind": [{"_cnd": 1}]}}]
)
def test_a_condition_that_cannot_be_told_is_never_in_the_way(display):
    """The field is always shown, may be left empty, and the author hears of it."""
    document = acme(auth_fields=[CONDITIONAL[0], {"key": "z", "required": True, "displayOptions": display}])
    field = next(f for f in read(document).fields if f.name == "z")

    assert (field.required, field.shown_when) == (False, {})
    assert "/auth_fields/1/displayOptions" in notes(document)


@pytest.mark.parametrize(
    ("said", "schema"),
    [
        (
            {"type": "number", "min": 1, "max": 5, "default": 2},
            {"type": "number", "minimum": 1, "maximum": 5, "default": 2},
        ),
        ({"type": "string", "max": 5}, {"type": "string", "maxLength": 5}),
        ({"type": "boolean", "default": False}, {"type": "boolean", "default": False}),
        ({"type": "select", "options": ["a", "b"]}, {"enum": ["a", "b"], "inputType": "select"}),
        (
            {"type": "select", "options": [{"label": "A", "value": 1}]},
            {"enum": [1], "enumNames": ["A"], "inputType": "select"},
        ),
        (
            {"type": "multiselect", "options": ["a"]},
            {"type": "array", "items": {"enum": ["a"]}, "inputType": "multiselect"},
        ),
        ({"type": "array", "itemSchema": {"type": "string"}}, {"type": "array", "items": {"type": "string"}}),
        (
            {"type": "array", "itemSchema": {"id": {"type": "integer", "required": True}}},
            {
                "type": "array",
                "items": {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]},
            },
        ),
        (
            {"type": "object", "properties": {"a": {"type": "string"}}, "required": True},
            {"type": "object", "properties": {"a": {"type": "string"}}},
        ),
        ({"type": "password"}, {"type": "string", "format": "password", "writeOnly": True, "inputType": "password"}),
        ({"type": "json", "placeholder": "{}"}, {"inputType": "json", "placeholder": "{}"}),
        ({"type": "string", "default": ""}, {"type": "string"}),
        (
            {"label": "L", "aiDescription": "D", "inputType": "text"},
            {"type": "string", "title": "L", "description": "D", "inputType": "text", "aiDescription": "D"},
        ),
    ],
    ids=str,
)
def test_what_a_form_shows_becomes_json_schema(said, schema):
    """Hints for forms stay in it, by their author's names."""
    assert params({"x": said})["properties"]["x"] == schema


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"type": "hologram"}, "x/type"),
        ({"type": "number", "default": "many"}, "x/default"),
        ({"type": "string", "pattern": "("}, "x"),
        ({"type": "string", "$ref": "file:///etc/passwd", "anyOf": [{"$ref": "file:///etc/passwd"}]}, "x"),
        (7, "x"),
        ("string", None),
    ],
    ids=str,
)
def test_a_param_that_cannot_be_read_takes_any_value(said, place):
    """One flaw costs neither the action nor the definition."""
    document = acme(action(inputSchema={"x": said, "y": {"type": "string"}}))

    assert set(read(document).commands["act"].properties) == {"x", "y"}
    assert [at for at in notes(document) if at.startswith("/supported_actions")] == (
        [f"/supported_actions/0/inputSchema/{place}"] if place else []
    )


@pytest.mark.parametrize("form", ["map", "list", "schema"])
def test_params_are_a_map_a_list_or_json_schema(form):
    """All three are around."""
    said = {"a": {"type": "string"}, "b": {"type": "number", "required": True}}
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "number"}}, "required": ["b"]}
    forms = {"map": said, "list": [{"name": name, **each} for name, each in said.items()], "schema": schema}

    assert params(forms[form]) == schema


PATHS = [
    ("/x/{id}", {}, "/x/{id}"),
    ("/x/:id/y", {}, "/x/{id}/y"),
    ("/x/${id}", {}, "/x/{id}"),
    ("/x/{{id}}", {}, "/x/{id}"),
    ("/x/{wire}", {"id": "wire"}, "/x/{id}"),
    ("/x/{other}", {}, "/x/{other}"),
    ("/x/{ID}:batch", {}, "/x/{id}:batch"),
    ("x?of={id}", {}, "/x?of={id}"),
]


@pytest.mark.parametrize(("endpoint", "mapping", "path"), PATHS)
def test_every_way_to_write_a_part_of_a_path_is_understood(endpoint, mapping, path):
    """The param keeps the name that callers know it by."""
    document = acme(action(endpoint, method="GET", api_paramMapping=mapping, inputSchema={"id": {"type": "string"}}))

    assert only(read(document))["path"] == path


def test_params_go_by_the_names_of_the_service():
    """`paramMapping`; a param that only the mapping knows is one too."""
    mapping = {"longUrl": "long_url", "title": "title", "group": "group_guid"}
    definition = read(acme(action(api_paramMapping=mapping, inputSchema={"longUrl": {}, "title": {}})))

    assert only(definition)["names"] == {"longUrl": "long_url", "group": "group_guid"}
    assert set(definition.commands["act"].properties) == {"longUrl", "title", "group"}


@pytest.mark.parametrize(
    ("base", "own", "endpoint", "path", "address"),
    [
        ("https://a.example/v1", "https://a.example/v1/", "/x", "/x", None),
        ("https://a.example", "https://a.example/v1", "/x", "/v1/x", None),
        ("https://a.example", "https://b.example/v1", "/x", "/x", "https://b.example/v1"),
        ("https://a.example", None, "https://b.example/up?x=1", "/up?x=1", "https://b.example"),
        (None, "https://a.example", "/x", "/x", None),
        ("https://{site}.a.example", "https://{site}.a.example/v2", "/x", "/v2/x", None),
    ],
)
def test_an_action_may_have_an_address_of_its_own(base, own, endpoint, path, address):
    """One under that of the connector is that of the connector, which a connection may change."""
    document = acme(action(endpoint, api_baseUrl=own), endpoints={"base_url": base} if base else {})
    source = only(read(document))

    assert (source["path"], source.get("baseUrl")) == (path, address)


def test_what_an_address_lacks_is_asked_for():
    """`{site}` has to come from somewhere; without any address the connection says all of it."""
    site = read(acme(action(), endpoints={"base_url": "https://{site}.a.example"}))
    nowhere = read(acme(action(), endpoints=None))

    assert [f.name for f in site.fields if f.required] == ["apiKey", "site"]
    assert [f.name for f in nowhere.fields if f.required] == ["baseUrl", "apiKey"]


def test_forms_are_sent_as_forms():
    """By `contentType` and by the header."""
    for keys in ({"api_contentType": "form"}, {"api_headers": {"content-type": "application/x-www-form-urlencoded"}}):
        assert only(read(acme(action(**keys))))["headers"] == {"Content-Type": "application/x-www-form-urlencoded"}


def test_names_with_dots_are_members_of_members_of_a_json_body():
    """Most definitions mean that; in a query and in a form a name is a name."""
    mapping = {"text": "message.text", "to": "message.to.id", "first": "people[0].id", "odd": ".x"}
    document = acme(action(api_paramMapping=mapping))

    assert only(read(document))["names"] == {
        "text": ["message", "text"],
        "to": ["message", "to", "id"],
        "first": "people[0].id",
        "odd": ".x",
    }
    assert {*notes(document)} - {"/auth_type"} == {
        "/supported_actions/0/api/paramMapping/first",
        "/supported_actions/0/api/paramMapping/odd",
    }
    for keys in ({"method": "GET"}, {"method": "DELETE"}, {"api_contentType": "form"}):
        assert only(read(acme(action(api_paramMapping={"text": "message.text"}, **keys))))["names"] == {
            "text": "message.text"
        }


def test_files_of_a_multipart_body_are_base64():
    """Whatever word the definition has for them."""
    schema = {
        "file": {"type": "file", "required": True},
        "image": {"type": "string", "inputType": "file"},
        "many": {"type": "array", "items": {"type": "file"}},
        "title": {"type": "string"},
    }
    definition = read(acme(action(api_contentType="multipart", inputSchema=schema)))
    properties = definition.commands["act"].properties
    base64 = {"type": "string", "contentEncoding": "base64"}
    hinted = {**base64, "inputType": "file"}

    assert only(definition)["headers"] == {"Content-Type": "multipart/form-data"}
    assert properties["file"] == properties["image"] == hinted
    assert properties["many"]["items"] == base64
    assert "contentEncoding" not in properties["title"]
    assert "contentEncoding" not in read(acme(action(inputSchema=schema))).commands["act"].properties["file"]


@pytest.mark.parametrize(
    ("said", "sent"),
    [("xml", "application/xml"), ("text/xml", "text/xml"), ("application/soap+xml", None), ("text", "text/plain")],
)
def test_a_body_of_xml_is_one_text(said, sent):
    """Who calls writes it: a definition does not say what its elements are."""
    definition = read(acme(action("/a/{id}", api_contentType=said, inputSchema={"id": {}, "envelope": {}})))

    assert only(definition)["headers"] == {"Content-Type": sent or said}
    assert only(definition)["mapping"]["envelope"] == "content"


def test_headers_take_values_from_params_and_fields():
    """A header that is a param alone is the place of that param, so that it is left out with it."""
    headers = {"X-Trace": "{trace}", "X-Of": "app {site}", "X-Count": 3, "X-Bad": "{nobody}", "X-Odd": {"a": 1}}
    fields = [*ACME["auth_fields"], {"key": "site", "type": "string"}]
    document = acme(action(api_headers=headers, inputSchema={"trace": {"type": "string"}}), auth_fields=fields)
    source = only(read(document))

    assert source["headers"] == {"X-Of": "app {{ site }}", "X-Count": "3"}
    assert (source["mapping"]["trace"], source["names"]) == ("header", {"trace": "X-Trace"})
    assert {"/supported_actions/0/api/headers/X-Bad", "/supported_actions/0/api/headers/X-Odd"} <= notes(
        document
    ).keys()


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        (action(method="FETCH"), "api/method"),
        (action("/../up"), "api/endpoint"),
        (action("/x/{"), "api/endpoint"),
        (action(endpoint=None), "api/endpoint"),
        (action(api_baseUrl="ftp://x"), "api/baseUrl"),
        (action(api_contentType="application/octet-stream"), "api/contentType"),
        (action(api_contentType="xml", inputSchema={"a": {}, "b": {}}), "api/contentType"),
        (action(api_paramMapping={"a": "to", "b": "to.name"}), "api/paramMapping/b"),
        (action(api_paramMapping={"a": "x", "b": "x"}), "api/paramMapping/b"),
        (action(inputSchema={"a_b": {}, "aB": {}}), "inputSchema"),
    ],
    ids=str,
)
def test_an_action_that_cannot_be_carried_out_costs_no_other(bad, place):
    """It is left out, told with its place, and kept; where it is the only one, that is the error."""
    document = acme(action(id="good"), bad)
    body = converted(document)

    assert set(read(document).commands) == {"good"}
    assert f"/supported_actions/1/{place}" in notes(document)
    assert body["imported"]["kept"]["leftOut"] == [bad]
    assert f"/supported_actions/0/{place}" in faults(acme(bad))


def test_actions_that_a_class_carries_out_are_told_together():
    """Without an `api` nothing says what to send; there may be a hundred of them."""
    silent = [{"id": f"act_{number}", "name": "A"} for number in range(100)]

    assert "`act_0`, `act_1`" in notes(acme(action(), *silent))["/supported_actions"]
    assert "/supported_actions" in faults(acme(*silent))


def test_names_of_commands_are_told_apart():
    """Two actions of one name, and names that no command can have."""
    document = acme(action(id="do it"), action(id="doIt"), action(id="do_it"), action(id="9"), {"id": "x"})

    assert list(read(document).commands) == ["do_it", "doIt_2", "do_it_3"]
    assert "/supported_actions/3/id" in notes(document)


def test_what_is_not_carried_out_yet_is_kept_and_told():
    """Triggers and webhooks, for the day when they are; the rest without a word."""
    trigger = {"id": "new_message", "name": "New", "eventType": "message", "webhookRequired": True}
    document = acme(
        webhook_support=True,
        supported_triggers=[trigger],
        oauth_config={"token_url": "https://a.example/token", "client_secret": "s3cr3t"},
        sandbox_available=True,
    )
    kept = read(document).source["imported"]["kept"]

    assert {"/webhook_support", "/supported_triggers"} <= notes(document).keys()
    assert (kept["supported_triggers"], kept["sandbox_available"]) == ([trigger], True)
    assert kept["oauth_config"] == {"token_url": "https://a.example/token"}
    assert kept["actions"] == {"send_message": {"icon": "send"}}
    assert "s3cr3t" not in json.dumps(converted(document))


def test_a_definition_is_no_place_for_a_secret():
    """Everybody sees it."""
    document = acme(auth_fields=[{"key": "apiKey", "type": "password", "default": "ak_live"}])

    assert "ak_live" not in json.dumps(converted(document))
    assert "/auth_fields/0/default" in notes(document)


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({"name": None}, "/name"),
        ({"name": "no name"}, "/name"),
        ({"display_name": 7}, "/display_name"),
        ({"auth_type": ["api_key"]}, "/auth_type"),
        ({"auth_fields": "apiKey"}, "/auth_fields"),
        ({"auth_fields": [{"label": "x"}]}, "/auth_fields/0/key"),
        ({"auth_fields": [{"key": "a"}, {"key": "A"}]}, "/auth_fields/1/key"),
        ({"auth_fields": ["a"]}, "/auth_fields/0"),
        ({"endpoints": "https://a.example"}, "/endpoints"),
        ({"endpoints": {"base_url": "api.acme.com"}}, "/endpoints/base_url"),
        ({"endpoints": {"base_url": "https://{a.example"}}, "/endpoints/base_url"),
        ({"rate_limits": 60}, "/rate_limits"),
        ({"supported_actions": "send"}, "/supported_actions"),
        ({"supported_actions": []}, "/supported_actions"),
        ({"operations": []}, "/operations"),
        ({"config_schema": {}}, "/config_schema"),
    ],
    ids=str,
)
def test_what_is_wrong_with_the_whole_is_refused_with_its_place(keys, place):
    """Not guessed at: without it nothing can be called."""
    assert place in faults(acme(**keys))


def test_a_map_of_actions_and_keys_in_camel_case_are_read_too():
    """Definitions that went through a database of somebody's."""
    body = {key.title().replace("_", ""): value for key, value in ACME.items()}
    body = {key[0].lower() + key[1:]: value for key, value in body.items()}
    (only_action,) = ACME["supported_actions"]

    assert is_fluxturn(body)
    assert {**converted(body), "imported": {}} == {**converted(ACME), "imported": {}}
    assert set(read(acme(supported_actions={"say": {**only_action, "id": None}})).commands) == {"say"}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "string", "{x}", "a", "/x/{a}", "GET", "{{"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "a", "key", "required", "show", "properties", "items"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)

KEYS = ("auth_type", "auth_fields", "endpoints", "rate_limits", "oauth_config", "auth")
API_KEYS = ("endpoint", "method", "baseUrl", "headers", "paramMapping", "contentType")


@given(
    document=st.fixed_dictionaries(
        {"name": st.just("x")},
        optional=dict.fromkeys(API_KEYS, ANYTHING),
    ),
    actions=st.lists(
        st.fixed_dictionaries(
            {"id": st.sampled_from(["a", "b", "A", ""])},
            optional={
                "inputSchema": ANYTHING,
                "outputSchema": ANYTHING,
                "api": ANYTHING
                | st.fixed_dictionaries(
                    {},
                    optional=dict.fromkeys(API_KEYS, ANYTHING),
                ),
            },
        ),
        max_size=3,
    ),
)
def test_whatever_is_given_is_read_or_refused_in_words(document, actions):
    """What was read can be carried out; one good action survives all others."""
    try:
        body = converted({**document, "supported_actions": [*actions, action(id="good", method="GET")]})
        definition = read_operations({**body, "auth": body["auth"] if "auth" not in document else {"type": "none"}})
    except InvalidDefinition as refused:
        told = refused
    else:
        told = None

    if told is not None:
        assert {"/auth_type", "/auth_fields", "/endpoints", "/rate_limits", "/auth"} & {
            "/".join(fault["pointer"].split("/")[:2]) for fault in told.details["errors"]
        }
        return
    check_operations(definition)
    for command in definition.commands.values():
        ObjectValidator(command.params)
    assert any(name.startswith("good") for name in definition.commands)
