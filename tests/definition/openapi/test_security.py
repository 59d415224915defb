"""Security: schemes become connection fields, and each operation knows what it needs."""

from __future__ import annotations

import pytest

from definition.openapi.documents import one, read, words

KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
BEARER = {"type": "http", "scheme": "Bearer"}
BASIC = {"type": "http", "scheme": "basic"}
OAUTH = {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://a.example/token", "scopes": {}}}}
OPENID = {"type": "openIdConnect", "openIdConnectUrl": "https://a.example/.well-known/openid-configuration"}


def secured(schemes, security, **operation):
    return one(operation, components={"securitySchemes": schemes}, security=security)


def fields(found):
    return {f.name: f for f in found.fields if f.name != "baseUrl"}


@pytest.mark.parametrize(
    ("scheme", "kind", "names"),
    [
        (KEY, "apiKey", {"key": "acme"}),
        ({**KEY, "in": "query"}, "apiKey", {"key": "acme"}),
        ({**KEY, "in": "cookie"}, "apiKey", {"key": "acme"}),
        (BEARER, "bearer", {"token": "bearerToken"}),
        (BASIC, "basic", {"username": "username", "password": "password"}),
        (OAUTH, "oauth2", {k: k for k in ("clientId", "clientSecret")} | {"token": "accessToken"}),
        (OPENID, "openIdConnect", {k: k for k in ("clientId", "clientSecret")} | {"token": "accessToken"}),
        ({"type": "http", "scheme": "token"}, "apiKey", {"key": "acme"}),
    ],
    ids=str,
)
def test_each_kind_has_its_fields(scheme, kind, names):
    """Secrets as secrets."""
    found = secured({"acme": scheme}, [{"acme": []}])

    assert (found.schemes["acme"].kind, found.schemes["acme"].fields) == (kind, names)
    assert [*fields(found)] == [*names.values()]
    assert all(fields(found)[names[use]].secret for use in ("key", "token", "password", "clientSecret") if use in names)
    assert found.auth_required
    assert found.plan("it").security == (("acme",),)


def test_what_every_call_needs_has_to_be_filled_in():
    """What is one of several ways does not."""
    assert fields(secured({"a": KEY}, [{"a": []}]))["a"].required
    assert not fields(secured({"a": KEY, "b": BEARER}, [{"a": []}, {"b": []}]))["a"].required
    assert not fields(secured({"a": KEY}, [{"a": []}, {}]))["a"].required


def test_and_and_or_are_kept():
    """A set of schemes goes together, and sets are alternatives."""
    found = secured({"a": KEY, "b": BEARER, "c": BASIC}, [{"a": [], "b": []}, {"c": []}, {}])

    assert found.plan("it").security == (("a", "b"), ("c",), ())
    assert not found.auth_required


def test_an_operation_says_otherwise():
    """An empty list asks for nothing."""
    paths = {"/a": {"get": {"operationId": "open", "security": []}, "put": {"operationId": "closed"}}}
    found = read(paths, components={"securitySchemes": {"a": KEY}}, security=[{"a": []}])

    assert found.plan("open").security == ()
    assert found.plan("closed").security == (("a",),)
    assert found.auth_required
    assert not fields(found)["a"].required


def test_without_security_nothing_is_needed():
    """Such a type can be called at once."""
    found = one({}, servers=[{"url": "https://a.example"}])

    assert found.definition().callable_without_connector


def test_schemes_that_nobody_asks_for_are_offered():
    """Authors forget `security`, and a connection that has the key should send it."""
    found = one({}, components={"securitySchemes": {"a": KEY, "b": BEARER}}, servers=[{"url": "https://a.example"}])

    assert found.plan("it").security == (("a",), ("b",), ())
    assert found.definition().callable_without_connector
    assert "no operation says that it needs the scheme `a`" in words(found)


def test_two_schemes_of_one_kind_have_fields_of_their_own():
    """Named after the scheme."""
    found = secured({"user": BEARER, "admin": BEARER}, [{"user": []}, {"admin": []}])

    assert found.schemes["user"].fields == {"token": "bearerToken"}
    assert found.schemes["admin"].fields == {"token": "bearerToken_admin"}


@pytest.mark.parametrize(
    ("scheme", "own"), [({"type": "mutualTLS"}, "mtls"), ({"type": "http", "scheme": "Digest"}, "digest")]
)
def test_a_scheme_that_takes_a_conversation_is_for_the_type_to_say(scheme, own):
    """It holds for all requests, or for connections: the warning tells what to write."""
    found = secured({"odd": scheme, "a": KEY}, [{"odd": []}, {"a": []}])

    assert found.plan("it").security == (("a",),)
    assert f"the scheme `odd` is for the type to say, as `auth: {{type: {own}}}`" in words(found)


@pytest.mark.parametrize("scheme", [{"type": "http", "scheme": "hoba"}, {}, 7, {"type": "apiKey"}])
def test_a_scheme_that_is_not_known_costs_only_itself(scheme):
    """The others still work, and a warning says so."""
    found = secured({"odd": scheme, "a": KEY}, [{"odd": []}, {"a": []}, {"none": []}])

    assert found.plan("it").security == (("a",),)
    assert "the scheme `odd` is of a kind that is not known" in words(found)
    assert "the scheme `none` is not declared" in words(found)


def test_no_secret_is_in_a_definition():
    """Whatever a document says of its schemes."""
    found = secured({"a": {**KEY, "x-example": "s3cret", "default": "s3cret"}}, [{"a": []}])

    assert fields(found)["a"].default is ...


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("required", [True, False])
def test_a_header_parameter_for_the_credential_is_offered_as_one(shared, required):
    """It is no param, so without this nobody could sign in; and who has to give it is told so before a call."""
    header = {"name": "authorization", "in": "header", "required": required, "schema": {"type": "string"}}
    parameter = {"$ref": "#/components/parameters/auth"} if shared else header
    found = one({"parameters": [parameter]}, components={"parameters": {"auth": header}})

    assert found.plan("it").security == ((("Authorization",),) if required else (("Authorization",), ()))
    assert found.schemes["Authorization"].fields == {"key": "authorization"}
    assert fields(found)["authorization"].secret
    assert fields(found)["authorization"].required is required
    assert found.auth_required is required


def test_what_an_operation_says_of_the_header_comes_before_what_its_path_says():
    """As for any other parameter."""
    header = {"name": "Authorization", "in": "header", "schema": {"type": "string"}}
    paths = {
        "/a": {"parameters": [header | {"required": True}], "get": {"operationId": "open", "parameters": [header]}},
        "/b": {"parameters": [header | {"required": True}], "get": {"operationId": "closed"}},
    }
    found = read(paths)

    assert found.plan("open").security == (("Authorization",), ())
    assert found.plan("closed").security == (("Authorization",),)


def test_a_required_header_is_filled_by_a_scheme_that_nobody_asks_for():
    """One that does not fill it would not do; where `security` is said, that alone counts."""
    header = {"name": "Authorization", "in": "header", "required": True, "schema": {"type": "string"}}
    schemes = {"securitySchemes": {"a": KEY, "b": BEARER}}
    silent = one({"parameters": [header]}, components=schemes)
    said = one({"parameters": [header], "security": [{"a": []}]}, components=schemes)

    assert silent.plan("it").security == (("b",),)
    assert said.plan("it").security == (("a",),)
