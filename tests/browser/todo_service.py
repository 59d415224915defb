"""A service on loopback that says what it can do, as OpenAPI."""

from __future__ import annotations

from typing import Any

from servers import Answer, Asked, todos

LISTED = todos()
SIGN_IN: dict[str, Any] = {
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "security": [{"token": []}],
}


def answering(asked: Asked) -> Answer:
    """Things to do, and at `/openapi.json` the document of it."""
    if asked.path == "/openapi.json":
        return Answer(body=document(f"http://{asked.headers['host']}"))
    return LISTED(asked)


def document(url: str, *, secured: bool = False) -> dict[str, Any]:
    """Three operations: one reads, one writes, one deletes.

    Args:
        secured: Whether it asks for a bearer token.
    """
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    title = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things to do", "version": "7"},
        "servers": [{"url": url}],
        "paths": {
            "/todos": {
                "get": {"operationId": "listTodos", "tags": ["Reading"], "responses": {"200": {"description": "All."}}},
                "post": {
                    "operationId": "addTodo",
                    "tags": ["Writing"],
                    "requestBody": {"required": True, "content": {"application/json": {"schema": title}}},
                    "responses": {"201": {"description": "Added."}},
                },
            },
            "/todos/{id}": {
                "delete": {
                    "operationId": "deleteTodo",
                    "tags": ["Writing"],
                    "parameters": [number],
                    "responses": {"204": {"description": "Gone."}},
                },
            },
        },
        **(SIGN_IN if secured else {}),
    }
