"""Bodies: properties as params where that loses nothing, one param `body` everywhere else."""

from __future__ import annotations

import pytest

from definition.openapi.documents import VERSIONS, one, sent, words

TEXT = {"type": "string"}
PLAIN = {"type": "object", "properties": {"name": TEXT, "size": {"type": "integer"}}, "required": ["name"]}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_properties_of_an_object_are_params(version):
    """So nobody has to know what goes into the body."""
    found = sent({"application/json": {"schema": PLAIN}}, version=version)

    assert [*found.commands["it"].properties] == ["name", "size"]
    assert found.commands["it"].params["required"] == ["name"]
    assert found.plan("it").body.properties == {"name": "name", "size": "size"}
    assert (found.plan("it").body.param, found.plan("it").body.required) == ("", True)


def test_of_an_optional_body_nothing_is_required_until_some_of_it_is_given():
    """Then all of it that is required is."""
    found = sent({"application/json": {"schema": PLAIN}}, required=False)

    assert "required" not in found.commands["it"].params
    assert found.commands["it"].params["dependentRequired"] == {"size": ["name"]}


def test_references_and_all_of_are_looked_through():
    """Most bodies are written so."""
    schemas = {"Base": PLAIN, "More": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"tag": TEXT}}]}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/More"}}}
    found = sent(content, components={"schemas": schemas})

    assert {*found.commands["it"].properties} == {"name", "size", "tag"}
    assert found.commands["it"].params["required"] == ["name"]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": TEXT},
        TEXT,
        {"type": "object", "additionalProperties": TEXT},
        {"type": "object"},
        {},
        {"oneOf": [PLAIN, TEXT]},
        {"anyOf": [PLAIN, {"type": "object", "properties": {"other": TEXT}}]},
        {**PLAIN, "additionalProperties": True},
        {**PLAIN, "minProperties": 2},
    ],
    ids=str,
)
def test_anything_else_is_one_param(schema):
    """Nothing of what the schema says is lost."""
    found = sent({"application/json": {"schema": schema}})

    assert [*found.commands["it"].properties] == ["body"]
    assert found.commands["it"].params["required"] == ["body"]
    assert found.plan("it").body.param == "body"


def test_a_parameter_called_body_keeps_its_name():
    """The body is called otherwise."""
    parameter = {"name": "body", "in": "query", "schema": TEXT}
    content = {"application/json": {"schema": {"type": "array"}}}
    found = one({"parameters": [parameter], "requestBody": {"content": content}})

    assert [*found.commands["it"].properties] == ["body", "body_request"]


def test_an_object_without_properties_needs_no_param():
    """A required one goes out as `{}`."""
    found = sent({"application/json": {"schema": {"type": "object", "additionalProperties": False}}})

    assert [*found.commands["it"].properties] == []
    assert found.plan("it").body.required


def test_read_only_properties_are_no_params():
    """The service makes them."""
    schema = {"type": "object", "properties": {"id": {**TEXT, "readOnly": True}, "name": TEXT}, "required": ["id"]}
    found = sent({"application/json": {"schema": schema}})

    assert [*found.commands["it"].properties] == ["name"]
    assert "required" not in found.commands["it"].params


@pytest.mark.parametrize("version", VERSIONS)
def test_forms_say_how_their_properties_are_written(version):
    """`encoding` is kept."""
    schema = {"type": "object", "properties": {"tags": {"type": "array", "items": TEXT}, "name": TEXT}}
    encoding = {"tags": {"style": "pipeDelimited", "explode": False}}
    form = {"application/x-www-form-urlencoded": {"schema": schema, "encoding": encoding}}
    body = sent(form, version=version).plan("it").body

    assert body.media_types == ("application/x-www-form-urlencoded",)
    assert (body.parts["tags"].style, body.parts["tags"].explode) == ("pipeDelimited", False)
    assert "name" not in body.parts


@pytest.mark.parametrize(
    ("version", "file"),
    [
        ("3.0.3", {"type": "string", "format": "binary"}),
        ("3.1.0", {"type": "string", "contentMediaType": "image/png"}),
        ("3.1.0", {"type": "string", "format": "binary"}),
    ],
)
@pytest.mark.parametrize("several", [False, True])
def test_files_of_a_multipart_body_are_base64(version, file, several):
    """JSON has no bytes."""
    part = {"type": "array", "items": file} if several else file
    schema = {"type": "object", "properties": {"file": part, "name": TEXT}}
    encoding = {"file": {"contentType": "image/png, image/jpeg"}}
    found = sent({"multipart/form-data": {"schema": schema, "encoding": encoding}}, version=version)

    part = found.plan("it").body.parts["file"]
    assert (part.binary, part.base64, part.media_types) == (True, True, ("image/png", "image/jpeg"))
    described = found.commands["it"].properties["file"]
    assert (described["items"] if several else described)["contentEncoding"] == "base64"


def test_headers_of_a_part_with_one_value_are_sent():
    """Others cannot be given, and a warning says so."""
    headers = {"X-Kind": {"schema": {"const": "a"}}, "X-Any": {"schema": TEXT}, "Content-Type": {}}
    media = {"schema": PLAIN, "encoding": {"name": {"headers": headers}}}
    found = sent({"multipart/form-data": media})

    assert found.plan("it").body.parts["name"].headers == {"X-Kind": "a"}
    assert "the header `X-Any` of a part has no one value" in words(found)


@pytest.mark.parametrize("media_type", ["application/octet-stream", "image/png", "application/pdf", "audio/*"])
@pytest.mark.parametrize("media", [{}, {"schema": {"type": "string", "format": "binary"}}])
def test_bytes_are_one_param_in_base64(media_type, media):
    """With or without a schema, which says nothing."""
    found = sent({media_type: media})

    assert found.plan("it").body.binary
    assert found.commands["it"].properties["body"]["contentEncoding"] == "base64"


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/soap+xml", "text/csv"])
def test_text_is_one_param(media_type):
    """XML too: a schema cannot say how it is written."""
    found = sent({media_type: {"schema": PLAIN if "xml" in media_type else TEXT}})

    assert found.commands["it"].properties["body"]["type"] == "string"
    assert not found.plan("it").body.binary


@pytest.mark.parametrize(
    ("offered", "sent_first"),
    [
        (["text/plain", "application/json"], "application/json"),
        (["application/xml", "application/vnd.acme+json"], "application/vnd.acme+json"),
        (["multipart/form-data", "application/x-www-form-urlencoded"], "application/x-www-form-urlencoded"),
        (["*/*"], "*/*"),
        (["application/*+json", "application/json; charset=utf-8"], "application/json; charset=utf-8"),
    ],
)
def test_json_is_preferred(offered, sent_first):
    """Then forms, multipart, text and bytes."""
    found = sent({name: {"schema": PLAIN} for name in offered})

    assert found.plan("it").body.media_types[0] == sent_first


def test_what_is_not_sent_is_told():
    """Nothing is lost in silence."""
    found = sent({"application/json": {"schema": PLAIN}, "application/xml": {"schema": PLAIN}})

    assert "a body is sent as `application/json`, so `application/xml` is left out" in words(found)


def test_a_call_may_choose_among_media_types_that_its_params_suit():
    """The first is the usual one."""
    found = sent({"application/x-www-form-urlencoded": {"schema": PLAIN}, "application/json": {"schema": PLAIN}})

    assert found.plan("it").body.choice == "content_type"
    assert found.commands["it"].properties["content_type"]["enum"] == [
        "application/json",
        "application/x-www-form-urlencoded",
    ]
    assert found.commands["it"].params["required"] == ["name"]


def test_other_words_for_json_are_no_choice():
    """Frameworks write three of them beside each other."""
    found = sent({name: {"schema": PLAIN} for name in ("application/json", "text/json", "application/*+json")})

    assert found.plan("it").body.choice == ""


@pytest.mark.parametrize("method", ["get", "delete", "head"])
def test_a_body_is_kept_where_it_is_unusual(method):
    """Services that ask for one need it."""
    found = one({"requestBody": {"required": True, "content": {"application/json": {"schema": PLAIN}}}}, method=method)

    assert found.plan("it").body.properties == {"name": "name", "size": "size"}


@pytest.mark.parametrize("body", [{}, {"content": {}}, {"content": 7}, {"content": {"application/json": 7}}])
def test_a_body_that_says_nothing_is_any_json(body):
    """It can still be sent."""
    found = one({"requestBody": body})

    assert found.plan("it").body.media_types == ("application/json",)
    assert [*found.commands["it"].properties] == ["body"]


def test_defaults_of_properties_are_not_sent():
    """A PATCH that changes a name must not make a private thing public."""
    inner = {"type": "object", "properties": {"open": {"type": "boolean", "default": True}}}
    properties = {"private": {"type": "boolean", "default": False}, "wiki": inner}
    found = sent({"application/json": {"schema": {"type": "object", "properties": properties}}})

    made = found.commands["it"].properties
    assert "default" not in made["private"]
    assert "default" not in made["wiki"]["properties"]["open"]
    assert made["private"]["description"] == "Default: `false`."


def test_a_body_with_files_is_sent_as_multipart():
    """JSON could only hold them as text."""
    schema = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
    found = sent({"application/json": {"schema": schema}, "multipart/form-data": {"schema": schema}})

    assert found.plan("it").body.media_types == ("multipart/form-data", "application/json")
    assert found.plan("it").body.parts["file"].binary


def test_what_says_its_properties_is_preferred():
    """To one that says nothing of them."""
    found = sent({"application/json": {}, "application/x-www-form-urlencoded": {"schema": PLAIN}})

    assert found.plan("it").body.media_types == ("application/x-www-form-urlencoded",)


def test_texts_and_bytes_are_one_choice():
    """Any file can be given as bytes."""
    found = sent({"text/plain": {}, "image/png": {}, "application/pdf": {}})

    assert found.plan("it").body.binary
    assert found.commands["it"].properties["content_type"]["enum"] == ["text/plain", "image/png", "application/pdf"]


FILE = {"type": "string", "format": "binary"}


@pytest.mark.parametrize("file", [FILE, {"type": "file"}, {"type": "array", "items": FILE}], ids=str)
@pytest.mark.parametrize("required", [True, False])
def test_a_file_that_is_a_whole_multipart_body_is_a_part_called_file(file, required):
    """A part needs a name, and authors forget it."""
    found = sent({"multipart/form-data": {"schema": file}}, required=required)
    command = found.commands["it"]

    assert [*command.properties] == ["file"]
    assert command.params.get("required", []) == (["file"] if required else [])
    assert found.plan("it").body.parts["file"].binary
    assert "the file is sent as `file`" in words(found)


@pytest.mark.parametrize("form", ["multipart/form-data", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("schema", [{"type": "array", "items": TEXT}, {"type": "integer"}], ids=str)
def test_a_form_without_names_takes_any_object(form, schema):
    """Its document asks for what cannot be: a form of values without names."""
    found = sent({form: {"schema": schema}})

    assert found.commands["it"].properties["body"]["type"] == "object"
    assert f"`{form}` has names and values" in words(found)


def test_a_form_without_names_is_sent_otherwise_where_that_can_be():
    """Some services describe one list for all of their media types."""
    schema = {"type": "array", "items": TEXT}
    found = sent({"multipart/form-data": {"schema": schema}, "*/*": {"schema": schema}})

    assert found.plan("it").body.media_types == ("*/*",)
    assert found.commands["it"].properties["body"] == schema
    assert "`multipart/form-data` is left out" in words(found)


@pytest.mark.parametrize(
    ("form", "least"),
    [("multipart/form-data", 1), ("application/x-www-form-urlencoded", 1), ("application/json", None)],
)
def test_a_list_that_has_to_be_there_has_an_item(form, least):
    """A form has no empty lists: nothing would be sent at all."""
    schema = {"type": "object", "properties": {"tags": {"type": "array", "items": TEXT}}, "required": ["tags"]}
    found = sent({form: {"schema": schema}})

    assert found.commands["it"].properties["tags"].get("minItems") == least


def test_an_object_that_has_to_be_there_has_a_member():
    """Where its members are parameters of the form, and nothing would be sent without them."""
    properties = {"deep": {"type": "object", "properties": {"a": TEXT}}, "json": {"type": "object"}}
    schema = {"type": "object", "properties": properties, "required": ["deep", "json"]}
    encoding = {"deep": {"style": "deepObject", "explode": True}}
    found = sent({"application/x-www-form-urlencoded": {"schema": schema, "encoding": encoding}})

    assert found.commands["it"].properties["deep"]["minProperties"] == 1
    assert "minProperties" not in found.commands["it"].properties["json"]


@pytest.mark.parametrize("media_type", ["application/x-ndjson", "application/jsonl"])
@pytest.mark.parametrize("schema", [{"type": "array", "items": PLAIN}, PLAIN], ids=["list", "item"])
def test_a_value_a_line_is_a_list(media_type, schema):
    """Whether its schema describes all lines or one; where it says nothing, the body is text."""
    found = sent({media_type: {"schema": schema}}).commands["it"].properties["body"]
    silent = sent({media_type: {}}).commands["it"].properties["body"]

    assert (found["type"], [*found["items"]["properties"]]) == ("array", ["name", "size"])
    assert silent["type"] == "string"


def test_a_form_and_a_multipart_body_have_encodings_of_their_own():
    """One schema, two ways to write it: an encoding counts for the media type that has it."""
    form, multipart = "application/x-www-form-urlencoded", "multipart/form-data"
    schema = {"type": "object", "properties": {"to": {"type": "object", "properties": {"name": TEXT}}}}
    encoding = {"to": {"style": "deepObject", "explode": True}}
    body = sent({form: {"schema": schema, "encoding": encoding}, multipart: {"schema": schema}}).plan("it").body

    assert body.media_types == (form, multipart)
    assert body.parts_of(form)["to"].style == "deepObject"
    assert "to" not in body.parts_of(multipart)
