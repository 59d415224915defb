"""Which credential signs a request, of those that a document allows."""

from __future__ import annotations

import pytest

from jackfield.credentials.errors import CredentialInvalid, CredentialMissing
from jackfield.definition.openapi.plan import OperationPlan, SchemePlan
from jackfield.definition.secret import Secret
from jackfield.execution.openapi import build, signed
from jackfield.execution.openapi.credentials import credential

KEY = {"kind": "apiKey", "fields": {"key": "apiKey"}}
SCHEMES = {
    plan.scheme: plan
    for plan in (
        SchemePlan(scheme="header", location="header", name="X-Key", **KEY),
        SchemePlan(scheme="query", location="query", name="key[]", **KEY),
        SchemePlan(scheme="cookie", location="cookie", name="sid", **KEY),
        SchemePlan(scheme="app", kind="apiKey", location="header", name="X-App", fields={"key": "app"}),
        SchemePlan(scheme="bearer", kind="bearer", fields={"token": "bearerToken"}),
        SchemePlan(scheme="basic", kind="basic", fields={"username": "username", "password": "password"}),
        SchemePlan(scheme="oauth", kind="oauth2", fields={"clientId": "clientId", "token": "accessToken"}),
        SchemePlan(scheme="openid", kind="openIdConnect"),
    )
}


async def sign(*security, path="/x", **config):
    plan = OperationPlan(method="GET", path=path)
    built = build(plan, {}, config=config, base_url="https://h.example")
    done = await signed(built, credential(security, SCHEMES, config))
    return done.url.removeprefix("https://h.example"), dict(done.headers)


ONE = [
    ("header", {"apiKey": Secret("k")}, "/x", {"X-Key": "k"}),
    ("query", {"apiKey": Secret("k &")}, "/x?key%5B%5D=k%20%26", {}),
    ("cookie", {"apiKey": Secret("k")}, "/x", {"Cookie": "sid=k"}),
    ("bearer", {"bearerToken": Secret("t")}, "/x", {"Authorization": "Bearer t"}),
    ("bearer", {"bearer_token": "t"}, "/x", {"Authorization": "Bearer t"}),
    ("basic", {"username": "u", "password": Secret("p")}, "/x", {"Authorization": "Basic dTpw"}),
    ("basic", {"username": "u"}, "/x", {"Authorization": "Basic dTo="}),
    ("oauth", {"accessToken": Secret("t")}, "/x", {"Authorization": "Bearer t"}),
    ("openid", {"accessToken": Secret("t")}, "/x", {"Authorization": "Bearer t"}),
]


@pytest.mark.parametrize(("scheme", "config", "url", "headers"), ONE)
async def test_each_scheme(scheme, config, url, headers):
    assert await sign((scheme,), **config) == (url, headers)


async def test_a_key_in_the_query_joins_the_query_of_the_path():
    assert (await sign(("query",), path="/?a=b", apiKey=Secret("k")))[0] == "/?a=b&key%5B%5D=k"


async def test_several_together():
    found = await sign(("header", "app", "query"), apiKey=Secret("k"), app=Secret("a"))

    assert found == ("/x?key%5B%5D=k", {"X-Key": "k", "X-App": "a"})


async def test_the_first_that_the_connection_has_everything_for():
    ways = [("header", "app"), ("bearer",), ("basic",)]

    assert (await sign(*ways, apiKey=Secret("k"), username="u"))[1] == {"Authorization": "Basic dTo="}
    assert (await sign(*ways, bearerToken=Secret("t"), username="u"))[1] == {"Authorization": "Bearer t"}


async def test_an_optional_credential_is_used_where_there_is_one():
    assert (await sign((), ("header",), apiKey=Secret("k")))[1] == {"X-Key": "k"}
    assert (await sign((), ("header",)))[1] == {}
    assert (await sign((), ("header",), apiKey=Secret("")))[1] == {}
    assert (await sign())[1] == {}


async def test_a_scheme_that_nobody_knows_keeps_no_call_from_going_out():
    assert (await sign(("mutual",)))[1] == {}
    assert (await sign(("mutual", "header"), ("bearer",), apiKey=Secret("k"), bearerToken=Secret("t")))[1] == {
        "Authorization": "Bearer t"
    }
    assert (await sign(("mutual", "header"), apiKey=Secret("k")))[1] == {"X-Key": "k"}


@pytest.mark.parametrize(
    ("security", "words"),
    [
        ([("header",)], "`apiKey`"),
        ([("header", "app"), ("basic",)], "`apiKey` and `app` or `username` and `password`"),
        ([("oauth",)], "`accessToken`"),
    ],
)
async def test_what_is_missing_is_said(security, words):
    with pytest.raises(CredentialMissing) as caught:
        await sign(*security)

    assert words in str(caught.value)
    assert words in caught.value.hint


async def test_an_access_token_is_not_fetched_and_that_is_said():
    with pytest.raises(CredentialMissing) as caught:
        await sign(("oauth",), clientId="c", clientSecret=Secret("s"))

    assert "not fetched" in caught.value.hint


async def test_a_key_that_would_break_out_is_refused():
    with pytest.raises(CredentialInvalid):
        await sign(("header",), apiKey=Secret("a\r\nX: y"))


def test_egress_is_told_which_query_params_hold_secrets():
    """It takes them out of redirects, in which services echo them."""
    found = credential([("query", "app")], SCHEMES, {"apiKey": "k", "app": "a"})

    assert found.query_names == {"key[]"}
