"""Documents of version 2.0: the same requests, said in the words of 3.0."""

from jackfield.definition.openapi.document import open_document

ROOT = {
    "swagger": "2.0",
    "info": {"title": "Acme", "version": "1"},
    "host": "api.acme.example",
    "basePath": "/v1/",
    "schemes": ["http", "https"],
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "parameters": {
        "limit": {"name": "limit", "in": "query", "type": "integer", "maximum": 10},
        "payload": {"name": "payload", "in": "body", "schema": {"$ref": "#/definitions/User"}},
    },
    "responses": {"gone": {"description": "gone", "schema": {"$ref": "#/definitions/User"}}},
    "definitions": {"User": {"type": "object", "properties": {"self": {"$ref": "#/definitions/User"}}}},
    "securityDefinitions": {
        "plain": {"type": "basic"},
        "key": {"type": "apiKey", "in": "query", "name": "k"},
        "machine": {"type": "oauth2", "flow": "application", "tokenUrl": "https://a/t", "scopes": {"r": "read"}},
        "person": {
            "type": "oauth2",
            "flow": "accessCode",
            "tokenUrl": "https://a/t",
            "authorizationUrl": "https://a/a",
        },
    },
    "security": [{"key": []}],
    "paths": {
        "/users/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "type": "string"}],
            "get": {
                "parameters": [
                    {"$ref": "#/parameters/limit"},
                    {"name": "tags", "in": "query", "type": "array", "items": {"type": "string"}},
                    {"name": "all", "in": "query", "type": "array", "items": {}, "collectionFormat": "multi"},
                    {"name": "piped", "in": "query", "type": "array", "items": {}, "collectionFormat": "pipes"},
                    {"name": "X-A", "in": "header", "type": "array", "items": {"type": "integer"}},
                ],
                "responses": {
                    "200": {
                        "description": "ok",
                        "schema": {"$ref": "#/definitions/User"},
                        "examples": {"application/json": {"self": None}},
                        "headers": {"X-Left": {"type": "integer", "description": "left"}},
                    },
                    "410": {"$ref": "#/responses/gone"},
                },
            },
            "put": {"parameters": [{"$ref": "#/parameters/payload"}], "responses": {}},
            "post": {
                "parameters": [
                    {"name": "photo", "in": "formData", "type": "file", "required": True},
                    {"name": "names", "in": "formData", "type": "array", "items": {}, "collectionFormat": "multi"},
                ],
                "schemes": ["http"],
                "responses": {},
            },
            "patch": {
                "consumes": ["application/x-www-form-urlencoded"],
                "parameters": [
                    {"name": "a", "in": "formData", "type": "string", "x-nullable": True, "description": "d"}
                ],
                "responses": {},
            },
            "delete": {
                "parameters": [
                    {"in": "body", "name": "b", "required": True, "schema": {"type": "array"}, "description": "d"}
                ],
                "responses": {"200": {"schema": {"type": "file"}}},
                "produces": [],
            },
        }
    },
}


def converted(**changes):
    return open_document({**ROOT, **changes})


def operation(method, **changes):
    return converted(**changes).root["paths"]["/users/{id}"][method]


def test_what_was_given_is_not_changed():
    """It is kept as it was written."""
    before = repr(ROOT)
    document = converted()

    assert repr(ROOT) == before
    assert (document.declared, document.version, list(document.notices)) == ("2.0", "3.0", [])


def test_host_base_path_and_schemes_become_servers():
    """The safe one first; without a host they are relative."""
    assert converted().root["servers"] == [
        {"url": "https://api.acme.example/v1"},
        {"url": "http://api.acme.example/v1"},
    ]
    assert converted(schemes=None).root["servers"] == [{"url": "https://api.acme.example/v1"}]
    assert converted(host=None).root["servers"] == [{"url": "/v1"}]
    assert "servers" not in converted(host=None, basePath="/").root
    assert operation("post")["servers"] == [{"url": "http://api.acme.example/v1"}]


def test_parameters_get_schemas_and_styles():
    """The format of a collection is a style."""
    limit, tags, all_, piped, header = operation("get")["parameters"]

    assert limit == {"$ref": "#/components/parameters/limit"}
    assert converted().root["components"]["parameters"] == {
        "limit": {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10}}
    }
    assert (tags["style"], tags["explode"], tags["schema"]["type"]) == ("form", False, "array")
    assert (all_["style"], all_["explode"]) == ("form", True)
    assert (piped["style"], piped["explode"]) == ("pipeDelimited", False)
    assert (header["style"], header["explode"]) == ("simple", False)


def test_a_body_parameter_becomes_the_body():
    """Also a shared one."""
    assert operation("put")["requestBody"]["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/User"}}
    }
    assert operation("delete")["requestBody"]["required"] is True
    assert operation("delete")["requestBody"]["description"] == "d"
    assert "parameters" not in operation("put")


def test_form_parameters_become_the_properties_of_the_body():
    """A file needs a multipart one."""
    photo = operation("post")["requestBody"]

    assert photo["required"] is True
    assert photo["content"]["multipart/form-data"]["schema"] == {
        "type": "object",
        "properties": {"photo": {"type": "string", "format": "binary"}, "names": {"type": "array", "items": {}}},
        "required": ["photo"],
    }
    assert photo["content"]["multipart/form-data"]["encoding"] == {"names": {"style": "form", "explode": True}}
    assert operation("patch")["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"] == {
        "type": "object",
        "properties": {"a": {"type": "string", "x-nullable": True, "description": "d"}},
    }


def test_answers_get_contents():
    """One for each media type that is produced; a file is bytes."""
    responses = operation("get")["responses"]

    assert responses["200"]["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/User"}, "example": {"self": None}}
    }
    assert responses["200"]["headers"] == {"X-Left": {"description": "left", "schema": {"type": "integer"}}}
    assert responses["410"] == {"$ref": "#/components/responses/gone"}
    assert list(operation("delete")["responses"]["200"]["content"]) == ["application/octet-stream"]


def test_security_definitions_become_schemes():
    """With their flows."""
    schemes = converted().root["components"]["securitySchemes"]

    assert (schemes["plain"]["type"], schemes["plain"]["scheme"]) == ("http", "basic")
    assert schemes["key"] == ROOT["securityDefinitions"]["key"]
    assert schemes["machine"]["flows"] == {"clientCredentials": {"tokenUrl": "https://a/t", "scopes": {"r": "read"}}}
    assert list(schemes["person"]["flows"]) == ["authorizationCode"]
    assert converted().root["security"] == [{"key": []}]


def test_wrong_items_cost_nothing_else():
    """Whoever reads on tells what is wrong with each."""
    paths = {
        "/a": {"get": 1, "post": {"parameters": "x", "responses": 3}},
        "/b": [],
        "/c": {"parameters": [5, {"in": 7}]},
    }

    document = converted(paths=paths, definitions=[], parameters={"x": 1}, securityDefinitions={"y": 2}, responses=4)

    assert document.root["paths"]["/a"]["get"] == 1
    assert document.root["paths"]["/b"] == []


def test_a_body_beside_a_form_is_told():
    """Only one of them can be sent."""
    both = [{"in": "body", "name": "b", "schema": {}}, {"in": "formData", "name": "f", "type": "string"}]

    document = converted(paths={"/a": {"post": {"parameters": both, "responses": {}}}})

    assert [notice.pointer for notice in document.notices] == ["/paths/~1a/post"]
