"""Parameters: from path and operation, each in its place and style, under a name that callers can give."""

from __future__ import annotations

import pytest

from definition.openapi.documents import VERSIONS, one, read, words

TEXT = {"type": "string"}


def a_parameter(name, location="query", **more):
    return {"name": name, "in": location, "schema": TEXT, **more}


def plans(found, name="it"):
    return {plan.param: plan for plan in found.plan(name).parameters}


@pytest.mark.parametrize("version", VERSIONS)
def test_parameters_of_the_path_are_the_operations_too(version):
    """And what the operation says of one comes first."""
    item = {
        "parameters": [a_parameter("id", "path", required=True), a_parameter("page", description="Of the path.")],
        "get": {"operationId": "it", "parameters": [a_parameter("page", description="Of the operation.")]},
    }
    found = read({"/things/{id}": item}, version=version)

    assert [*found.commands["it"].properties] == ["id", "page"]
    assert found.commands["it"].properties["page"]["description"] == "Of the operation."
    assert found.commands["it"].params["required"] == ["id"]
    assert words(found) == ""


@pytest.mark.parametrize(
    ("location", "style", "explode"),
    [("path", "simple", False), ("query", "form", True), ("header", "simple", False), ("cookie", "form", True)],
)
def test_each_place_has_its_usual_style(location, style, explode):
    """Source: OpenAPI 3.1.1, section 4.8.12.2."""
    found = one({"parameters": [a_parameter("id", location)]}, path="/{id}" if location == "path" else "/")

    plan = plans(found)["id"]
    assert (plan.location, plan.style, plan.explode) == (location, style, explode)


@pytest.mark.parametrize(
    ("location", "style"),
    [
        *(("path", style) for style in ("simple", "label", "matrix")),
        *(("query", style) for style in ("form", "spaceDelimited", "pipeDelimited", "deepObject")),
    ],
)
@pytest.mark.parametrize("explode", [True, False])
def test_styles_are_kept(location, style, explode):
    """With what is said of `explode`."""
    parameter = a_parameter("id", location, style=style, explode=explode, allowReserved=True)
    plan = plans(one({"parameters": [parameter]}, path="/{id}" if location == "path" else "/"))["id"]

    assert (plan.style, plan.explode, plan.allow_reserved) == (style, explode, True)


def test_a_style_that_there_is_not_costs_only_itself():
    """The usual one is used, and a warning says so."""
    found = one({"parameters": [a_parameter("ids", style="simple"), a_parameter("page")]})

    assert plans(found)["ids"].style == "form"
    assert "the style `simple` of `ids` is none for query parameters; `form` is used" in words(found)
    assert [*plans(found)] == ["ids", "page"]


def test_content_says_how_a_value_is_written():
    """As JSON inside a query, for example."""
    parameter = {"name": "filter", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}}
    found = one({"parameters": [parameter]})

    assert plans(found)["filter"].style == "content"
    assert plans(found)["filter"].media_type == "application/json"
    assert found.commands["it"].properties["filter"]["type"] == "object"


def test_one_name_in_several_places_is_several_params():
    """The path keeps the name, whatever the order of the document."""
    listed = [a_parameter("id", "header"), a_parameter("id"), a_parameter("id", "path", required=True)]
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"id": TEXT, "name": TEXT}}}}}
    forward, back = (
        one({"parameters": order, "requestBody": body}, path="/things/{id}") for order in (listed, listed[::-1])
    )

    for found in (forward, back):
        assert {param: plan.location for param, plan in plans(found).items()} == {
            "id": "path",
            "id_query": "query",
            "id_header": "header",
        }
        assert found.plan("it").body.properties == {"id_body": "id", "name": "name"}


def test_odd_names_stay_as_they_are_in_the_request():
    """The names of params are such that a model can give them."""
    found = one({"parameters": [a_parameter("filter[name]"), a_parameter("$top"), a_parameter("X-Id", "header")]})

    assert {param: plan.name for param, plan in plans(found).items()} == {
        "filter_name": "filter[name]",
        "top": "$top",
        "X-Id": "X-Id",
    }


def test_a_hole_that_nobody_declares_is_a_param():
    """Without it no request could be made."""
    found = one({}, path="/things/{thing-id}")

    assert found.commands["it"].params["required"] == ["thing-id"]
    assert plans(found)["thing-id"].required
    assert "`thing-id` occurs in the path and is not declared" in words(found)


def test_a_path_parameter_without_a_hole_is_left_out():
    """It could go nowhere."""
    found = one({"parameters": [a_parameter("id", "path", required=True)]})

    assert [*found.commands["it"].properties] == []
    assert "`id` does not occur in the path `/things`, so it is left out" in words(found)


@pytest.mark.parametrize(
    ("declared", "hole"), [("petid", "petId"), ("pet_id", "pet-id"), ("path", "path:.*"), ("k", "k+")]
)
def test_a_hole_is_found_by_a_near_name(declared, hole):
    """The name in the request is the one in the path."""
    found = one({"parameters": [a_parameter(declared, "path", description="Mine.")]}, path=f"/things/{{{hole}}}")

    (plan,) = found.plan("it").parameters
    assert plan.name == hole
    assert found.commands["it"].properties[plan.param]["description"] == "Mine."


def test_headers_that_a_request_sets_by_itself_are_no_params():
    """Source: OpenAPI 3.1.1, section 4.8.12.2, `name`."""
    found = one({"parameters": [a_parameter(name, "header") for name in ("Accept", "content-type", "AUTHORIZATION")]})

    assert found.plan("it").parameters == ()
    assert words(found).count("is ignored") == 3


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        (7, "an object is expected"),
        ({}, "no object"),
        ({"in": "query"}, "has no name"),
        ({"name": "a", "in": "body"}, "is in `body`"),
        ({"name": "a"}, "is in `None`"),
        ({"$ref": "#/components/parameters/none"}, "none"),
    ],
)
def test_a_broken_parameter_costs_only_itself(parameter, said):
    """And a warning says why it is not there."""
    found = one({"parameters": [parameter, a_parameter("page")]})

    assert [*found.commands["it"].properties] == ["page"]
    assert said in words(found)


def test_a_type_beside_the_name_is_taken_for_a_schema():
    """As documents have it that were made from version 2.0 by hand."""
    found = one({"parameters": [{"name": "page", "in": "query", "type": "integer", "maximum": 9}]})

    assert found.commands["it"].properties["page"] == {"type": "integer", "maximum": 9}


def test_a_value_that_the_path_has_is_no_param():
    """It would be sent twice."""
    found = one({"parameters": [a_parameter("Action"), a_parameter("Version")]}, path="/?Action=List")

    assert [*found.commands["it"].properties] == ["Version"]


def test_defaults_are_told_and_not_sent():
    """They are what the service does by itself: filled in, they would change what a caller has not mentioned."""
    found = one({"parameters": [a_parameter("page", schema={"type": "integer", "default": 1}, description="Page.")]})

    assert found.commands["it"].properties["page"] == {
        "type": "integer",
        "description": "Default: `1`.",
    }


LIST, OBJECT = {"type": "array", "items": {"type": "string"}}, {"type": "object", "properties": {"a": {}}}


@pytest.mark.parametrize("location", ["query", "header", "cookie", "path"])
@pytest.mark.parametrize(("schema", "least"), [(LIST, "minItems"), (OBJECT, "minProperties")], ids=["list", "object"])
def test_what_has_to_be_there_has_something_in_it(location, schema, least):
    """An empty list would be sent as nothing at all, and the call is refused before it is made."""
    parameter = {"name": "it", "in": location, "required": True, "schema": schema}
    path = "/things/{it}" if location == "path" else "/things"
    found = one({"parameters": [parameter]}, path=path)
    optional = one({"parameters": [parameter | {"required": False}]}) if location != "path" else None

    assert found.commands["it"].properties["it"][least] == 1
    assert optional is None or least not in optional.commands["it"].properties["it"]


def test_a_text_in_a_path_has_a_character():
    """A segment without any would make another path; one of style `matrix` has its name."""
    parameter = {"name": "it", "in": "path", "required": True, "schema": {"type": "string"}}
    simple, matrix = (
        one({"parameters": [parameter | {"style": style}]}, path="/things/{it}") for style in ("simple", "matrix")
    )

    assert simple.commands["it"].properties["it"]["minLength"] == 1
    assert "minLength" not in matrix.commands["it"].properties["it"]


def test_json_in_a_parameter_may_be_empty():
    """Its text is `[]`, which is something."""
    parameter = {"name": "it", "in": "query", "required": True, "content": {"application/json": {"schema": LIST}}}

    assert "minItems" not in one({"parameters": [parameter]}).commands["it"].properties["it"]
