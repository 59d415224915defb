"""The document says what the routes do."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from jackfield.surfaces.rest.app import make_routes
from jackfield.surfaces.rest.offered import describe
from surfaces.rest.world import desk, unique

TAGS = {
    *("Connectors", "Connector types", "Secrets", "Executions", "Executions (snake_case)", "Tokens", "Users", "Audit"),
    *("Tools", "Gateways"),
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The whole document."""
    return describe(make_routes(None).openapi())


@pytest.fixture(scope="module")
def operations(document):
    """The operations of these routes, by id."""
    found = {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for operation in path.values()
        if TAGS & {*operation.get("tags", ())}
    }
    assert len(found) > 40
    return found


def check(document, operations, operation, answer):
    """Refuse an answer that is not as it is described."""
    content = operations[operation]["responses"][str(answer.status_code)]["content"]
    schema = content[answer.headers["content-type"]]["schema"]
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "components": document["components"]}
    jsonschema_rs.validator_for(whole, validate_formats=True).validate(answer.json())


def test_the_document_is_valid(document):
    validate(document)


def test_every_operation_says_what_it_does(operations):
    for name, operation in operations.items():
        assert name[0].islower(), name
        assert name.isalnum(), name
        assert operation["summary"], name
        assert "\n" not in operation["summary"], name
        assert operation["description"], name
        assert {"401", "403", "422"} <= operation["responses"].keys(), name
        assert "HTTPValidationError" not in str(operation), name


def test_every_parameter_and_every_key_is_described(document, operations):
    """Beside those whose name says it all."""
    plain = {"id", "name", "namespace", "version", "execution_id"}
    for name, operation in operations.items():
        without = [each["name"] for each in operation["parameters"] if not _told(each)]
        assert not {*without} - plain, name


def test_bodies_have_schemas(document, operations):
    for name, operation in operations.items():
        if name.startswith(("create", "update", "put", "continue")):
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            assert document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["type"] == "object", name


def test_examples_of_new_connectors_are_taken(admin, operations):
    """Each of them, as it stands; the type that the first one names is not there."""
    examples = operations["createConnector"]["requestBody"]["content"]["application/json"]["examples"]
    statuses = {
        key: admin.post("/api/connectors", json=example["value"] | {"name": unique("example")}).status_code
        for key, example in examples.items()
    }

    assert statuses == {key: 422 if key == "of-a-type-that-there-is" else 201 for key in examples}


def test_answers_are_as_they_are_described(admin, document, operations):
    """Real ones, of each kind; empty lists would prove little."""

    def seen(operation: str, method: str, path: str, **more: Any) -> Any:
        answer = admin.request(method, path, **more)
        check(document, operations, operation, answer)
        return answer

    connector = seen("createConnector", "POST", "/api/connectors", json=desk(description="x")).headers["location"]
    shop = {
        "name": unique("shop"),
        "baseUrl": "https://x.example",
        "operations": {"all": {"method": "GET", "path": "/"}},
    }
    kind = seen("createConnectorType", "POST", "/api/connector-types", json=shop).headers["location"]
    secret = seen("createSecret", "POST", "/api/secrets", json={"name": unique("K"), "value": "value"}).json()["name"]
    token = seen("createToken", "POST", "/api/tokens", json={"name": "x", "expiresIn": 60}).headers["location"]
    person = seen("createUser", "POST", "/api/users", json={"name": unique("user")}).headers["location"]
    gate = seen("createGateway", "POST", "/api/gateways", json={"name": unique("gate")}).headers["location"]
    seen("createGatewayToken", "POST", f"{gate}/tokens", json={"name": "x"})
    seen("listToolsOfChoice", "POST", "/api/tools", json={"choice": ["sample-script", "nothing"]})
    seen("searchToolsOfChoice", "POST", "/api/tools/search", json={"query": "greet", "full": True})
    tool = admin.get("/api/tools?format=mcp").json()["items"][0]["name"]
    for arguments in ({}, {"text": "x"}):
        seen("callTool", "POST", f"/api/tools/{tool}/call", json={"arguments": arguments, "toolCallId": "described"})
    seen("retrieveToolResult", "POST", "/api/tools/results/described", json={})
    admin.post(f"{connector}/execute", json={"command": "echo", "text": "x"})
    admin.post(f"{connector}/execute", json={"command": "echo"})
    execution = admin.get("/api/executions").json()["items"][0]["id"]
    for operation, path in {
        "listConnectors": "/api/connectors?limit=200&includeDeleted=true",
        "getConnector": connector,
        "listConnectorTypes": "/api/connector-types?limit=200",
        "getConnectorType": kind,
        "getConnectorTypeCapabilities": f"{kind}/capabilities",
        "listConnectorTypeVersions": f"{kind}/versions",
        "getConnectorTypeVersion": f"{kind}/versions/1.0.0",
        "listCommands": f"{kind}/commands",
        "listTriggers": f"{kind}/triggers",
        "listSecrets": "/api/secrets?limit=200",
        "getSecret": f"/api/secrets/{secret}",
        "listTokens": "/api/tokens",
        "getToken": token,
        "listUsers": "/api/users?limit=200",
        "whoAmI": "/api/users/me",
        "getUser": person,
        "listExecutions": "/api/executions?limit=200",
        "getExecution": f"/api/executions/{execution}",
        "getExecutionTree": f"/api/executions/{execution}/tree",
        "listLoggedExecutions": "/executions?limit=1",
        "getLoggedExecution": f"/executions/{execution}",
        "listGateways": "/api/gateways",
        "getGateway": gate,
        "listTools": "/api/tools?format=openai&outputSchemas=true",
        "searchTools": "/api/tools/search?query=greet",
        "getTool": f"/api/tools/{tool}?format=anthropic",
        "listAuditEntries": "/api/audit?limit=200",
        "verifyAuditLog": "/api/audit/verify",
    }.items():
        assert seen(operation, "GET", path).status_code == 200
    seen("putSecret", "PUT", f"/api/secrets/{secret}", json={"description": "x"})
    seen("updateConnector", "PUT", connector, json={"description": "y"})
    seen("updateConnectorType", "PUT", kind, json={"description": "y"})
    seen("updateGateway", "PUT", gate, json={"description": "y"})
    seen("disableUser", "POST", f"{person}/disable")
    seen("revokeToken", "DELETE", token)


def test_problems_are_as_they_are_described(admin, server, user, document, operations):
    answers = [
        ("listConnectors", admin.get("/api/connectors?page=0")),
        ("listConnectors", server.get("/api/connectors", token="")),
        ("getConnector", admin.get("/api/connectors/nothing")),
        ("createConnector", admin.post("/api/connectors", content=b"[")),
        ("createConnector", user("read").post("/api/connectors", json={})),
        ("createToken", admin.post("/api/tokens", json={"scopes": "x"})),
        ("continueExecution", admin.post("/api/executions/x/continue", json={})),
    ]
    for operation, answer in answers:
        check(document, operations, operation, answer)

    assert [answer.status_code for _, answer in answers] == [422, 401, 404, 400, 403, 422, 404]


def _told(parameter: dict[str, Any]) -> str:
    told: str = parameter.get("description") or parameter["schema"].get("description") or ""
    return told
