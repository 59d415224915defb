"""I03: an account is connected to a connector, whichever way it is defined, and its calls are signed with the token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, acme, register
from registry.fluxturn import acme as fluxturn

ADA = "ada@example.com"


def document(service: FakeOAuth, **schemes: Any) -> dict[str, Any]:
    """What a service that signs people in says of itself."""
    flow = {
        "authorizationUrl": service.authorization_url,
        "tokenUrl": service.token_url,
        "scopes": {"read": "", "write": "", "email": ""},
    }
    answer = {"responses": {"200": {"description": "ok"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Petsy", "version": "1"},
        "servers": [{"url": service.api_url}],
        "components": {
            "securitySchemes": {"login": {"type": "oauth2", "flows": {"authorizationCode": flow}}, **schemes}
        },
        "security": [{"login": ["read"]}],
        "paths": {
            "/me": {"get": {"operationId": "me", **answer}},
            "/write": {"post": {"operationId": "write", "security": [{"login": ["write"]}], **answer}},
            "/items": {"get": {"operationId": "open", "security": [], **answer}},
        },
    }


SCRIPT = """
async function me() {
  const answer = await floh.http.get(`${floh.config.baseUrl}/me`);
  return { success: true, payload: answer.body };
}
"""


def auth_of(service: FakeOAuth) -> dict[str, Any]:
    """As an author writes it."""
    return {"type": "oauth2", "authorizationUrl": service.authorization_url, "tokenUrl": service.token_url}


def scripted(service: FakeOAuth) -> dict[str, Any]:
    """A script, in the form that Floh has."""
    connection = {"baseUrl": {"type": "url", "default": service.api_url}}
    commands = {"me": {"description": "Who is it?", "params": {}, "readsOnly": True}}
    schema = {"connectionConfig": connection, "commands": commands}
    return {"name": "scripted", "configSchema": schema, "scriptSource": SCRIPT, "auth": auth_of(service)}


def of_fluxturn(service: FakeOAuth) -> dict[str, Any]:
    """The sample of FluxTurn's guide, whose people sign in."""
    me = {"id": "me", "api": {"endpoint": "/me", "method": "GET"}, "inputSchema": {}}
    config = {"authorization_url": service.authorization_url, "token_url": service.token_url, "scopes": ["read"]}
    keys = {"auth_type": "oauth2", "auth_fields": [], "oauth_config": config, "webhook_support": False}
    return fluxturn(me, endpoints={"base_url": service.api_url}, **keys) | {"name": "fluxed", "config": {}}


def imported(service: FakeOAuth) -> dict[str, Any]:
    """An OpenAPI document, and nothing said beside it."""
    return {"name": "petsy", "spec": document(service)}


FORMS = {"petsy": imported, "fluxed": of_fluxturn, "scripted": scripted}


@pytest.fixture
def of_form(request: pytest.FixtureRequest, here: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """A connector of each form, and an app for its type in the environment."""
    name: str = request.param
    make(here, FORMS[name](here.service), monkeypatch)
    return name


def make(world: World, body: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a connector, and register its app."""
    name = body["name"]
    monkeypatch.setenv(f"{name.upper()}_OAUTH_CLIENT_ID", world.service.client_id)
    monkeypatch.setenv(f"{name.upper()}_OAUTH_CLIENT_SECRET", world.service.client_secret)
    register(world, world.service, name)
    said = world.at.ask("POST", "/api/connectors", body)
    assert said.status == 201, said.body


@pytest.mark.parametrize("of_form", FORMS, indirect=True)
def test_an_account_is_connected_and_its_token_renewed(here: World, of_form: str):
    """End to end: without an account nothing is sent; with one it is used, also when its token has ended."""
    before = here.call(connector=of_form)
    here.service.forget()
    status = here.connect(here.browser(), of_form)
    first = here.call(connector=of_form)
    here.service.expire_access_tokens()
    second = here.call(connector=of_form)

    assert before.json()["code"] == "credential-missing"
    assert f"jackfield credentials connect default/{of_form}" in before.json()["hint"]
    assert status["state"] == "connected"
    assert [each.json()["payload"]["email"] for each in (first, second)] == [ADA, ADA]
    assert here.service.counts().exchanges["refresh_token"] == {"ok": 1}


@pytest.fixture
def petsy(here: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """An imported connector with a connected account, which was granted less than there is."""
    here.service.change(grants_scopes=["read"])
    make(here, imported(here.service), monkeypatch)
    assert here.connect(here.browser(), "petsy")["state"] == "connected"
    here.service.forget()
    return here


def test_what_is_asked_for_is_what_the_operations_need(here: World, monkeypatch: pytest.MonkeyPatch):
    """Not `email`, which the service offers too."""
    make(here, imported(here.service), monkeypatch)
    address = here.start(here.browser(), "petsy")["authorizationUrl"]

    assert "scope=read+write" in address.replace("%20", "+")


def test_an_operation_that_asks_for_nobody_gets_no_token(petsy: World):
    """Whatever is connected."""
    told = petsy.call("open", "petsy").json()

    assert told["diagnostics"]["status"] == 401
    assert petsy.service.counts().api_by_token == {"unknown": {"refused": 1}}


def test_a_scope_that_was_not_granted_is_named(petsy: World):
    """The service's answer, and what to do."""
    told = petsy.call("write", "petsy").json()

    assert (told["success"], told["diagnostics"]["status"]) == (False, 403)
    assert "`write` was not granted" in told["diagnostics"]["hint"]


def test_a_plan_shows_where_the_token_goes_and_where_not(petsy: World):
    """With masks; nobody is asked for anything."""
    me, unsigned = (petsy.call(name, "petsy", plan=True).json()["payload"] for name in ("me", "open"))

    assert me["headers"]["Authorization"] == "Bearer ********"
    assert "Authorization" not in unsigned["headers"]
    assert petsy.service.counts().requests == {}


def test_beside_a_key_the_account_signs_and_without_it_the_key(here: World, monkeypatch: pytest.MonkeyPatch):
    """A document with both: what is connected, or filled in, decides."""
    spec = document(here.service, key={"type": "http", "scheme": "bearer"})
    spec["security"].append({"key": []})
    pasted = here.service.grant(account="grace")["access_token"]
    make(here, {"name": "petsy", "spec": spec, "config": {"bearerToken": pasted}}, monkeypatch)
    before = here.call(connector="petsy")
    here.connect(here.browser(), "petsy")
    after = here.call(connector="petsy")

    assert before.json()["payload"]["email"] == "grace@example.com"
    assert after.json()["payload"]["email"] == ADA


def test_a_credential_with_a_key_is_not_replaced_by_somebody_elses_account(
    here: World, monkeypatch: pytest.MonkeyPatch
):
    """Whoever names a key acts as its owner."""
    spec = document(here.service, key={"type": "http", "scheme": "bearer"})
    spec["security"].append({"key": []})
    make(here, {"name": "petsy", "spec": spec}, monkeypatch)
    here.connect(here.browser(), "petsy")
    token = here.service.grant(account="grace")["access_token"]
    body = {"connector": "petsy", "name": "keyed", "mode": "values", "values": {"bearerToken": token}}
    made = here.at.ask("POST", "/api/credentials", body)
    assert made.status == 201, made.body

    assert here.call(connector="petsy").json()["payload"]["email"] == ADA
    assert here.call(connector="petsy", credentialId="keyed").json()["payload"]["email"] == "grace@example.com"
    refused = here.call("write", "petsy", credentialId="keyed").json()
    assert refused["code"] == "credential-missing"


def test_a_pasted_access_token_signs_without_any_account(here: World, monkeypatch: pytest.MonkeyPatch):
    """As it always did."""
    token = here.service.grant()["access_token"]
    make(here, imported(here.service) | {"config": {"accessToken": token}}, monkeypatch)

    assert here.call(connector="petsy").json()["payload"]["email"] == ADA


def test_an_account_whose_grant_has_ended_is_not_replaced_by_a_key(here: World, monkeypatch: pytest.MonkeyPatch):
    """Another identity would act unnoticed."""
    spec = document(here.service, key={"type": "http", "scheme": "bearer"})
    spec["security"].append({"key": []})
    pasted = here.service.grant(account="grace")["access_token"]
    make(here, {"name": "petsy", "spec": spec, "config": {"bearerToken": pasted}}, monkeypatch)
    here.connect(here.browser(), "petsy")
    here.service.revoke_account("ada")
    told = [here.call(connector="petsy").json() for _ in range(2)]

    assert [each["code"] for each in told] == ["reauthorization-needed"] * 2
    assert "f1.1" not in here.service.counts().api_by_token


def test_a_program_of_its_own_gets_tokens_with_its_client(here: World, monkeypatch: pytest.MonkeyPatch):
    """Client credentials: nobody signs in, and what is filled in at the connector asks."""
    spec = document(here.service)
    flow = {"tokenUrl": here.service.token_url, "scopes": {"read": ""}}
    spec["components"]["securitySchemes"]["login"]["flows"] = {"clientCredentials": flow}
    config = {"clientId": here.service.client_id, "clientSecret": here.service.client_secret}
    said = here.at.ask("POST", "/api/connectors", {"name": "own", "spec": spec, "config": config})
    assert said.status == 201, said.body
    here.service.forget()

    assert here.call(connector="own").json()["payload"]["client"] == here.service.client_id
    assert here.call(connector="own").json()["payload"]["client"] == here.service.client_id
    assert here.service.counts().exchanges == {"client_credentials": {"ok": 1}}


def test_a_plan_asks_nobody_for_a_token(here: World):
    """It shows what would be sent, and sends nothing; also to the authorization server."""
    only = {"grant": "client_credentials", "authorizationUrl": None, "deviceAuthorizationUrl": None, "account": None}
    body = acme(here.service, name="planned", clientId={"field": "id"}, clientSecret={"field": "word"}, **only)
    body["configSchema"] = {"connectionConfig": {"id": {"type": "string"}, "word": {"type": "secret"}}}
    body["config"] = {"id": here.service.client_id, "word": here.service.client_secret}
    said = here.at.ask("POST", "/api/connectors", body)
    assert said.status == 201, said.body
    told = here.call(connector="planned", plan=True).json()

    assert told["payload"]["headers"]["Authorization"] == "Bearer ********"
    assert here.service.counts().requests == {}
