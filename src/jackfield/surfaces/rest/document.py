"""The OpenAPI document of the server: made when it is first asked for, and the same for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from jackfield.surfaces.rest.bodies import Said
from jackfield.surfaces.rest.models.calls import CALL, CALL_EXAMPLES, ENVELOPE, OUTCOME, Plain
from jackfield.surfaces.rest.offered import describe, named, problems

ABOUT = """\
Define a connector once, and call it from everywhere.

Every request needs a token, as `Authorization: Bearer <token>`; browsers may sign in with one instead. `/api/v1/...` is
the same as `/api/...`. Keys are in camelCase; snake_case is understood. Errors are problem documents (RFC 9457) with a
stable `code` and a `hint`.
"""

_FAILS = (400, 401, 403, 404, 409, 413, 422, 503, 507)
_CONNECTOR = (("id",), ("namespace", "name"))


def document_of(app: FastAPI) -> dict[str, Any]:
    """The document (OpenAPI 3.1) of the routes of `app` and of the hottest ones, which are not FastAPI's."""
    written = dict(app.openapi())
    licence = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
    written["info"] = {**written["info"], "description": ABOUT, "license": licence}
    written = describe(written)
    components = written["components"]["schemas"]
    hot = {
        **_paths("/api/connectors", "/execute", _execute(components), components),
        **_paths("/api/runtime/v1/connectors", "", _run(components), components),
    }
    written["paths"] = {**hot, **written["paths"]}
    written["components"]["securitySchemes"] = _SCHEMES
    written["security"] = [{"token": []}, _SESSION]
    _describe_session(written["paths"]["/api/session"])
    health = written["paths"]["/api/health"]["get"]
    health["security"], health["responses"] = [], {"200": health["responses"]["200"]}
    return written


def _describe_session(operations: dict[str, Any]) -> None:
    """Whoever signs in has no session yet, and nobody can ask for the session of a token."""
    for method, operation in operations.items():
        operation["security"] = [] if method == "post" else [_SESSION]


def _execute(components: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": "execute",
        "summary": "Run one command and wait for its outcome",
        "description": "What ran is answered with 200, whether it succeeded or failed: `success` says so. A problem "
        "says why a command could not start. A write with `Idempotency-Key` happens once, and is answered alike.",
        "schema": Plain(name="Outcome", document=OUTCOME).schema(components),
    }


def _run(components: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": "runResource",
        "summary": "Run one command, answered as data",
        "description": "As `execute`, answered as `{success, data, metadata}`.",
        "schema": Plain(name="Envelope", document=ENVELOPE).schema(components),
    }


def _paths(start: str, end: str, said: Mapping[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """A hot route, with both ways to name a connector."""
    found: dict[str, Any] = {}
    for names in _CONNECTOR:
        by_name = "ByName" if len(names) > 1 else ""
        parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
        content = {"application/json": {"schema": said["schema"]}}
        operation = {
            "tags": ["Calls"],
            "operationId": said["operationId"] + by_name,
            "summary": said["summary"],
            "description": said["description"],
            "parameters": [*parameters, _KEY],
            "requestBody": named(Said(schema=CALL, examples=CALL_EXAMPLES).document(), components),
            "responses": {"200": {"description": "It ran.", "content": content}, **problems(_FAILS, components)},
        }
        found[start + "".join(f"/{{{name}}}" for name in names) + end] = {"post": operation}
    return found


_SESSION: Mapping[str, Any] = {"session": [], "csrf": []}
_SCHEMES: Mapping[str, Any] = {
    "token": {"type": "http", "scheme": "bearer", "description": "An API token."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "jackfield_session",
        "description": "Of a browser that has signed in. With `_` and the server's port behind it where the address "
        "has one, and with `__Host-` before it over TLS.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "The `csrfToken` of the session. `GET` and `HEAD` need none.",
    },
}
_KEY: Mapping[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "Of a write: with this key it happens once, across processes and crashes.",
}
