"""A call can be looked at before it is made, on every surface, without its secrets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servers import Service

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
    "desk": ("put_ticket", {"id": "a/b", "tags": ["x", "y"], "title": "Broken", "pin": "4711"}),
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
    """D12: what people check before a write, and what they show to others."""
    command, params = CALLS[target]
    said = surface(target, command, params, plan=True)

    expected = EXPECTED[target] | {"url": str(EXPECTED[target]["url"]).replace("{service}", service.url)}
    assert said.success, said
    assert said.outcome["payload"] == expected
    assert said.outcome["metadata"]["plan"] is True
    assert said.outcome["metadata"]["command"] == command
    assert "status" not in said.outcome["metadata"]
    assert key not in json.dumps(said.outcome)
    assert "4711" not in json.dumps(said.outcome["payload"])
    assert service.asked == []


@pytest.mark.parametrize("key", [KEY], indirect=True)
def test_a_command_in_python_has_no_plan_and_every_surface_says_so(surface: Callable[..., Any], service: Service):
    """Z13: to carry it out instead would be the worst."""
    said = surface("trial", "get", {"path": "/seen"}, plan=True)

    assert (said.started, said.code) == (False, "option-not-supported")
    assert said.message == "option `plan` is not supported by connectors of execution model `built_in`"
    assert service.asked == []
