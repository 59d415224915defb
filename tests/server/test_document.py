"""The OpenAPI document of a server: true, valid, and enough for a program to make a client of it."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections import Counter
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from server.test_edge import OPEN, ROUTES
from server.world import At
from surfaces.served import ADMIN_TOKEN


@pytest.fixture(scope="module")
def document(memory_server: At) -> dict[str, Any]:
    """As the server answers it."""
    answer = memory_server.ask("GET", "/api/openapi.json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    found: dict[str, Any] = answer.json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, found) for path, each in document["paths"].items() for method, found in each.items()]


def test_the_document_is_valid_openapi_3_1(document):
    """FEATURES L10."""
    OpenAPIV31SpecValidator(document).validate()

    assert document["openapi"].startswith("3.1")


def test_the_document_has_every_route_and_no_other(document):
    described = {(method.upper(), path) for path, method, _ in operations(document)}
    hidden = {("GET", path) for path in OPEN - {"/api/health"}} | {("GET", "/api/openapi.json")}
    hidden |= {("POST", "/connect/{token}")}

    assert described == set(ROUTES) - hidden


def test_every_reference_leads_somewhere(document):
    """A generator of clients ends at the first that does not, and so does the build of the web UI."""
    wanted = re.findall(r'"\$ref": ?"#/([^"]+)"', json.dumps(document))

    assert [
        path for path in set(wanted) if reduce(lambda at, part: (at or {}).get(part), path.split("/"), document) is None
    ] == []


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(document):
    found = operations(document)
    names = Counter(operation["operationId"] for _, _, operation in found)

    assert [name for name, times in names.items() if times > 1] == []
    for path, method, operation in found:
        assert operation["summary"], (method, path)
        assert operation["description"], (method, path)
        assert operation["tags"], (method, path)
        assert {parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "path"} == {
            part[1:-1] for part in path.split("/") if part.startswith("{")
        }


def test_only_health_and_signing_in_are_described_as_open(document):
    """All else takes a token or a session, but for the session itself, which a token has none of."""
    session = {"session": [], "csrf": []}
    found = {(method, path): operation for path, method, operation in operations(document)}
    own = {at: operation["security"] for at, operation in found.items() if "security" in operation}

    assert document["security"] == [{"token": []}, session]
    assert own == {
        ("get", "/api/health"): [],
        ("post", "/api/session"): [],
        ("get", "/api/session"): [session],
        ("delete", "/api/session"): [session],
    }
    assert {at for at, operation in found.items() if "401" not in operation["responses"]} == {("get", "/api/health")}


def test_every_example_of_a_call_is_read_as_a_call(document):
    from jackfield.access.principal import LOCAL
    from jackfield.surfaces.rest.compat import read_call

    content = document["paths"]["/api/connectors/{id}/execute"]["post"]["requestBody"]["content"]
    bodies = [example["value"] for example in content["application/json"]["examples"].values()]
    calls = [read_call(body, principal=LOCAL, target="x") for body in bodies]

    assert len(bodies) >= 4
    assert {dict(call.params)["limit"] for call in calls} == {5}


@pytest.fixture(scope="module")
def client(document, tmp_path_factory) -> Any:
    """A package that a generator made of the document alone."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(json.dumps(document))
    (folder / "config.yaml").write_text("post_hooks: []\npackage_name_override: jackfield_generated\n")
    command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate", "--path", "openapi.json"]
    command += ["--meta", "none", "--config", "config.yaml", "--fail-on-warning"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert made.returncode == 0, made.stdout[-5000:] + made.stderr[-3000:]
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("jackfield_generated")
    finally:
        sys.path.remove(str(folder))


@pytest.mark.slow
def test_a_client_is_generated_and_works(client, memory_server: At):
    """FEATURES L10: by a tool that knows nothing of Jackfield, without a warning."""
    execute = importlib.import_module("jackfield_generated.api.calls.execute")
    health = importlib.import_module("jackfield_generated.api.server.get_health")
    models = importlib.import_module("jackfield_generated.models")
    with client.AuthenticatedClient(base_url=memory_server.url, token=ADMIN_TOKEN) as generated:
        alive = health.sync(client=generated)
        body = models.Call.from_dict({"command": "echo", "params": {"text": "hello"}})
        outcome = execute.sync("probe", client=generated, body=body)
        refused = execute.sync("nowhere", client=generated, body=body)

    assert alive.status == "ok"
    assert outcome.success is True
    assert outcome.payload["text"] == "hello"
    assert (refused.code, refused.status) == ("unknown-connector", 404)


def test_what_is_said_of_one_property_is_not_said_of_another(document):
    """Whoever reads the schema of an answer finds the words where they belong."""
    shown = document["components"]["schemas"]["Connector"]["properties"]

    assert shown["category"]["description"] == "Of its type."
    assert shown["configured"]["description"] == "Every required field is filled in."
    assert shown["timeout"]["description"].startswith("Milliseconds")
