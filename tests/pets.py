"""A service with an OpenAPI document, for tests of imports."""

from __future__ import annotations

from typing import Any

import yaml

from servers import Answer, Asked

KEY = "pets-key-0123456789"

PATHS: dict[str, Any] = {
    "/pets": {
        "get": {
            "operationId": "listPets",
            "summary": "All pets.",
            "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
            "responses": {"200": {"description": "Pets."}},
        },
        "post": {
            "operationId": "addPet",
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["name"],
                            "properties": {"name": {"type": "string"}, "born": {"type": "string", "format": "date"}},
                        }
                    }
                },
            },
            "responses": {"201": {"description": "The pet."}},
        },
    },
    "/pets/{petId}": {
        "parameters": [{"name": "petId", "in": "path", "required": True, "schema": {"type": "string"}}],
        "get": {"operationId": "getPet", "responses": {"200": {"description": "The pet."}}},
    },
}


def document(url: str = "https://pets.example", **more: Any) -> dict[str, Any]:
    """The document, of a service at `url`."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "My Pets", "version": "1.0.0", "description": "Pets of a shop."},
        "servers": [{"url": url}],
        "security": [{"bearerAuth": []}],
        "paths": PATHS,
        "components": {"securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer"}}},
        **more,
    }


def without(*paths: str) -> dict[str, Any]:
    """The document without some of its paths."""
    return document(paths={path: item for path, item in PATHS.items() if path not in paths})


def service(asked: Asked) -> Answer:
    """Serves its document as JSON and YAML, and tells of everything else how it was asked."""
    own = document("https://pets.example")
    if asked.path == "/openapi.json":
        return Answer(body=own)
    if asked.path == "/openapi.yaml":
        return Answer(body=yaml.safe_dump(own).encode(), headers={"Content-Type": "application/yaml"})
    if asked.path == "/elsewhere":
        return Answer(status=302, headers={"Location": "http://10.0.0.1/openapi.json"})
    if asked.path == "/nothing":
        return Answer(status=404, body={"secret": "of the inside"})
    body = asked.json() if asked.body else None
    told = {"method": asked.method, "path": asked.path, "query": asked.query, "body": body}
    return Answer(body=told | {"token": asked.headers.get("authorization", "")})
