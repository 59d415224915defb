"""`jackfield types show`, and what an import says of signing in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.stored import Terminal

FLOW = {
    "authorizationUrl": "https://petsy.example/in",
    "tokenUrl": "https://petsy.example/token",
    "scopes": {"read": "", "write": ""},
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Petsy", "version": "1"},
    "servers": [{"url": "https://api.petsy.example"}],
    "components": {"securitySchemes": {"login": {"type": "oauth2", "flows": {"authorizationCode": FLOW}}}},
    "security": [{"login": ["read"]}],
    "paths": {"/me": {"get": {"operationId": "me", "responses": {"200": {"description": "ok"}}}}},
}
PLAIN = {
    "name": "plain",
    "baseUrl": "https://a.example",
    "operations": [{"name": "a", "method": "GET", "path": "/a"}],
}


@pytest.fixture
def jackfield(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "petsy.json"
    path.write_text(json.dumps(DOCUMENT))
    return str(path)


def test_an_import_says_what_to_register(jackfield: Terminal, file: str):
    """Nobody finds out only when people try to sign in."""
    done = jackfield("import", "openapi", file)

    assert done.exit_code == 0, done.output
    assert "sign-in page: https://petsy.example/in" in done.stderr
    assert "scopes: read\n" in done.stderr
    assert "/api/oauth/callback/petsy" in done.stderr
    assert "`PETSY_OAUTH_CLIENT_ID`" in done.stderr


def test_a_type_shows_how_it_signs_and_what_a_credential_of_it_holds(jackfield: Terminal, file: str):
    jackfield("import", "openapi", file)
    shown = jackfield("types", "show", "petsy")
    as_json = jackfield("types", "show", "petsy", "--json")

    assert shown.exit_code == 0, shown.output
    assert "commands: me\n" in shown.stdout
    assert "signs requests: with OAuth 2.0; a person signs in" in shown.stdout
    assert "a credential may hold: `clientId`, `clientSecret` (secret)" in shown.stdout
    assert json.loads(as_json.stdout)["definition"]["auth"]["tokenUrl"] == "https://petsy.example/token"


def test_a_type_without_a_scheme_says_so(jackfield: Terminal):
    jackfield(
        "connectors",
        "add",
        "-",
        stdin=json.dumps(PLAIN),
    )

    assert "its type says nothing of it" in jackfield("types", "show", "plain").stdout
    assert jackfield("types", "show", "nothing").exit_code == 2
