"""A call can be looked at before it is made, on every surface, without its secrets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jackfield import Jackfield
from jackfield.settings import Settings
from servers import Service
from surfaces.served import ADMIN_TOKEN, post, served

KEY = "sk-plan-0123456789"
SHORT = "k3y"

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Desk", "version": "1.0"},
    "servers": [{"url": "https://desk.example/v2"}],
    "security": [{"key": []}],
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
    "paths": {
        "/tickets/{id}": {
            "put": {
                "operationId": "putTicket",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                ],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {
                                    "title": {"type": "string"},
                                    "pin": {"type": "string", "format": "password"},
                                },
                            }
                        }
                    }
                },
                "responses": {"200": {"description": "Done"}},
            }
        }
    },
}

DECLARED = {
    "name": "crm",
    "auth": {"type": "bearer", "secret": "CRM_KEY"},
    "operations": [{"name": "put_contact", "method": "PUT", "path": "/contacts/{id}"}],
}

EXPECTED = {
    "crm": {
        "method": "PUT",
        "url": "{service}/v1/contacts/a%2Fb",
        "headers": {"Content-Type": "application/json", "Authorization": "Bearer ********"},
        "body": {"name": "Ann"},
    },
    "desk": {
        "method": "PUT",
        "url": "{service}/v2/tickets/a%2Fb?tags=x&tags=y",
        "headers": {"Content-Type": "application/json", "X-Key": "********"},
        "body": {"title": "Broken", "pin": "********"},
    },
}
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "crm": ("put_contact", {"id": "a/b", "name": "Ann"}),
    "desk": ("put_ticket", {"id": "a/b", "tags": ["x", "y"], "title": "Broken", "pin": "pin-4711"}),
}


@pytest.fixture(params=[KEY, SHORT], ids=["key", "short key"])
def key(request: pytest.FixtureRequest) -> str:
    """The credential: a mask finds a long one anywhere, and a short one nowhere."""
    return request.param


@pytest.fixture
def folder(folder: Path, service: Service, key: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With a connector of each model whose requests can be planned."""
    monkeypatch.setenv("JACKFIELD_SECRET_CRM_KEY", key)
    desk = {"name": "desk", "spec": DOCUMENT, "config": {"baseUrl": f"{service.url}/v2", "key": key}}
    for entry in (DECLARED | {"baseUrl": f"{service.url}/v1"}, desk):
        (folder / f"{entry['name']}.json").write_text(json.dumps(entry))
    return folder


@pytest.mark.parametrize("target", CALLS)
def test_a_plan_is_the_request_without_its_secrets_and_nothing_is_sent(
    surface: Callable[..., Any], service: Service, target: str, key: str
):
    """What people check before a write, and what they show to others."""
    command, params = CALLS[target]
    said = surface(target, command, params, plan=True)

    expected = EXPECTED[target] | {"url": str(EXPECTED[target]["url"]).replace("{service}", service.url)}
    assert said.success, said
    assert said.outcome["payload"] == expected
    assert said.outcome["metadata"]["plan"] is True
    assert said.outcome["metadata"]["command"] == command
    assert "status" not in said.outcome["metadata"]
    assert key not in json.dumps(said.outcome)
    assert "pin-4711" not in json.dumps(said.outcome["payload"])
    assert service.asked == []


@pytest.mark.parametrize("key", [KEY], indirect=True)
def test_a_command_in_python_has_no_plan_and_every_surface_says_so(surface: Callable[..., Any], service: Service):
    """Z13: to carry it out instead would be the worst."""
    said = surface("trial", "get", {"path": "/seen"}, plan=True)

    assert (said.started, said.code) == (False, "option-not-supported")
    assert said.message == "option `plan` is not supported by connectors of execution model `built_in`"
    assert service.asked == []


@pytest.mark.slow
@pytest.mark.parametrize("key", [KEY], indirect=True)
def test_a_plan_of_a_careful_program_is_a_plan(folder: Path, service: Service, monkeypatch: pytest.MonkeyPatch):
    """`JACKFIELD_MOCK` asks for a mock with every call, so that nothing is sent: here nothing is."""
    command, params = CALLS["crm"]
    at_the_server = Settings(data=folder, connectors=(folder,), database_url="memory", port=0, admin_token=ADMIN_TOKEN)
    with served(at_the_server) as at, Jackfield(url=at.url, token=ADMIN_TOKEN, mock=True) as jackfield:
        planned = jackfield.connector("crm", command, params, plan=True)

    assert planned.payload["method"] == "PUT"
    assert service.asked == []


@pytest.mark.slow
@pytest.mark.parametrize("key", [KEY], indirect=True)
def test_in_a_flat_body_plan_is_a_param(folder: Path, service: Service):
    """A service may well have plans of its own."""
    allowed = Settings(
        data=folder,
        connectors=(folder,),
        database_url="memory",
        port=0,
        admin_token=ADMIN_TOKEN,
        egress_allow=service.address,
    )
    with served(allowed) as at, pytest.MonkeyPatch.context() as patch:
        patch.setenv("JACKFIELD_URL", at.url)
        patch.setenv("JACKFIELD_TOKEN", ADMIN_TOKEN)
        status, answer = post(
            "/api/connectors/crm/execute", {"command": "put_contact", "id": "1", "name": "Ann", "plan": True}
        )

    assert (status, "plan" in answer["metadata"]) == (200, False)
    assert json.loads(service.asked[0].body) == {"name": "Ann", "plan": True}
