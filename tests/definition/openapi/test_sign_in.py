"""What a document says of OAuth 2.0 becomes the `auth` of its type."""

from __future__ import annotations

import pytest

from definition.openapi.documents import one, read, words
from jackfield.definition.auth import auth_faults
from jackfield.registry.definitions import changed_type, read_type, with_document

SITE = "https://a.example"
CODE = {"authorizationUrl": f"{SITE}/authorize", "tokenUrl": f"{SITE}/token", "scopes": {"read": "", "write": ""}}
CLIENT = {"tokenUrl": f"{SITE}/token", "scopes": {}}
DEVICE = {"deviceAuthorizationUrl": f"{SITE}/device", "tokenUrl": f"{SITE}/token", "scopes": {}}
KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}


def oauth(**flows):
    return {"type": "oauth2", "flows": flows}


def secured(schemes, security=({"acme": []},), *, servers=({"url": "https://api.example/v1"},), **operation):
    return one(operation, components={"securitySchemes": schemes}, security=list(security), servers=list(servers))


def auth_of(scheme, **more):
    return secured({"acme": scheme}, **more).auth


def test_a_person_signs_in_where_the_document_lets_people():
    found = secured({"acme": oauth(clientCredentials=CLIENT, authorizationCode=CODE)})

    assert found.auth == {
        "type": "oauth2",
        "optional": True,
        "grant": "authorization_code",
        "authorizationUrl": f"{SITE}/authorize",
        "tokenUrl": f"{SITE}/token",
        "scopes": ["read", "write"],
        "clientId": {"field": "clientId"},
        "clientSecret": {"field": "clientSecret"},
        "field": "accessToken",
    }
    assert "`client_credentials` is offered too" in words(found)
    assert found.definition().auth == found.auth


@pytest.mark.parametrize(
    ("flows", "grant"),
    [
        ({"clientCredentials": CLIENT}, "client_credentials"),
        ({"deviceAuthorization": DEVICE}, "device_code"),
        ({"implicit": CODE, "clientCredentials": CLIENT}, "client_credentials"),
        ({"authorizationCode": {"tokenUrl": f"{SITE}/t"}, "clientCredentials": CLIENT}, "client_credentials"),
    ],
)
def test_each_flow_is_a_grant(flows, grant):
    assert auth_of(oauth(**flows))["grant"] == grant


@pytest.mark.parametrize("flow", ["implicit", "password"])
def test_flows_that_nobody_should_use_are_told_and_not_carried_out(flow):
    """RFC 9700, sections 2.1.2 and 2.4. A token that somebody has still signs."""
    found = secured({"acme": oauth(**{flow: CODE})})

    assert found.auth == {}
    assert "RFC 9700" in words(found)
    assert [f.name for f in found.fields] == ["baseUrl", "accessToken"]


def test_openid_connect_says_where_all_else_is_found():
    """OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3.1."""
    openid = {"type": "openIdConnect", "openIdConnectUrl": f"{SITE}/t/.well-known/openid-configuration"}
    metadata = {"type": "oauth2", "flows": {}, "oauth2MetadataUrl": f"{SITE}/.well-known/oauth-authorization-server/t"}

    assert [auth_of(scheme)["issuer"] for scheme in (openid, metadata)] == [f"{SITE}/t"] * 2


def test_relative_addresses_are_those_of_the_server():
    flow = {"tokenUrl": "/oauth/token", "scopes": {}}
    host = {"url": "https://{shop}.example/v1", "variables": {"shop": {"default": "a"}}}

    assert auth_of(oauth(clientCredentials=flow))["tokenUrl"] == "https://api.example/oauth/token"
    assert auth_of(oauth(clientCredentials=flow), servers=[host])["tokenUrl"] == "https://{shop}.example/oauth/token"


@pytest.mark.parametrize("url", ["/oauth/token", "http://a.example/token", "https://u:p@a.example/t", "https://{x}/t"])
def test_an_address_that_is_of_no_use_is_told_and_not_used(url):
    """Without TLS others read secrets along; a place that nothing fills leads nowhere."""
    found = secured({"acme": oauth(clientCredentials={"tokenUrl": url, "scopes": {}})}, servers=[{"url": "/v1"}])

    assert found.auth == {}
    assert "no address for signing in" in words(found)
    assert "accessToken" in [f.name for f in found.fields]


def test_the_scopes_are_those_that_the_operations_need():
    """Not all that there are, unless operations say nothing."""
    scheme = oauth(authorizationCode={**CODE, "scopes": {"read": "", "write": "", "admin": ""}})
    paths = {
        "/a": {"get": {"operationId": "see", "security": [{"acme": ["read"]}, {"acme": ["admin"]}]}},
        "/b": {"get": {"operationId": "change", "security": [{"acme": ["read write"]}]}},
        "/c": {"get": {"operationId": "open", "security": []}},
    }
    components = {"securitySchemes": {"acme": scheme}}
    found = read(paths, components=components)

    assert found.auth["scopes"] == ["read", "write"]
    assert read(paths, components=components, select=["see"]).auth["scopes"] == ["read"]
    assert [found.plan(name).scopes for name in ("see", "change", "open")] == [("read",), ("read", "write"), ()]


def test_two_names_for_one_sign_in_share_its_token():
    """Google's documents ask for both at once, which differ in the flow alone."""
    schemes = {"implicit": oauth(implicit=CODE), "code": oauth(authorizationCode=CODE)}
    found = secured(schemes, [{"implicit": ["read"], "code": ["read"]}])

    assert [f.name for f in found.fields] == ["baseUrl", "clientId", "clientSecret", "accessToken"]
    assert all(plan.signed_in and plan.fields["token"] == "accessToken" for plan in found.schemes.values())
    assert found.auth["scopes"] == ["read"]


def test_of_two_kinds_of_tokens_the_one_that_most_operations_take_is_got():
    """The other is filled in."""
    schemes = {"app": oauth(clientCredentials=CLIENT), "user": oauth(authorizationCode=CODE)}
    paths = {
        f"/{at}": {"get": {"operationId": f"o{at}", "security": [{who: []}]}}
        for at, who in enumerate(("app", "user", "user"))
    }
    found = read(paths, components={"securitySchemes": schemes})

    assert found.auth["grant"] == "authorization_code"
    assert found.schemes["user"].signed_in
    assert not found.schemes["app"].signed_in
    assert found.schemes["app"].fields == {"token": "accessToken_app"}


def test_beside_a_key_signing_in_is_a_choice():
    """Nothing is required of a connection, since the account may be there instead."""
    found = secured({"acme": oauth(authorizationCode=CODE), "key": KEY}, [{"key": []}, {"acme": []}])

    assert found.auth["type"] == "oauth2"
    assert not any(f.required for f in found.fields if f.name != "baseUrl")


def test_what_is_made_of_a_document_has_no_faults():
    found = secured({"acme": oauth(authorizationCode=CODE)})

    assert list(auth_faults(found.auth, fields=[f.name for f in found.fields])) == []


def body(flow, **more):
    document = {
        "openapi": "3.1.0",
        "info": {"title": "a", "version": "1"},
        "servers": [{"url": "https://api.example"}],
        "components": {"securitySchemes": {"acme": oauth(authorizationCode=flow)}},
        "security": [{"acme": ["read"]}],
        "paths": {"/a": {"get": {"operationId": "see", "responses": {"200": {"description": "ok"}}}}},
    }
    return {"name": "acme", "spec": document, **more}


def test_an_auth_of_the_author_wins_and_stays():
    """Also over another document; `none` means that nobody signs in."""
    own = {"type": "oauth2", "grant": "client_credentials", "tokenUrl": f"{SITE}/mine"}
    for auth in (own, {"type": "none"}):
        made = read_type(body(CODE, auth=auth))
        again = changed_type(made, {"spec": body({**CODE, "tokenUrl": f"{SITE}/other"})["spec"]})

        assert (made.auth, again.auth) == (auth, auth)


def test_what_came_with_a_document_goes_with_it():
    made = read_type(body(CODE))
    moved = body({**CODE, "tokenUrl": f"{SITE}/other"})["spec"]
    again = changed_type(made, {"spec": moved})

    assert again.auth["tokenUrl"] == f"{SITE}/other"
    assert (again.auth_required, made.auth_required) == (True, True)
    assert with_document(made, read_again(moved)).auth == again.auth


def read_again(document):
    from jackfield.definition.openapi.reader import read_openapi

    return read_openapi(document, name="acme")
