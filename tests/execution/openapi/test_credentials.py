"""Which credential signs a request, of those that a document allows."""

from __future__ import annotations

import pytest

from jackfield.credentials.errors import CredentialInvalid, CredentialMissing
from jackfield.definition.openapi.plan import OperationPlan, SchemePlan
from jackfield.definition.outcome import fail
from jackfield.definition.secret import Secret
from jackfield.definition.wire import Answer, Outgoing
from jackfield.egress.refusal import USUAL
from jackfield.execution.openapi import build, signed
from jackfield.execution.openapi.credentials import credential
from jackfield.execution.openapi.scopes import with_scope_hint

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


class Account:
    """Signs as a connected account does."""

    query_names = frozenset()
    refusal = USUAL
    granted = ("read",)

    def __init__(self):
        self.renewed = 0
        self.judged = []

    async def sign(self, request):
        request.headers["Authorization"] = f"Bearer t{self.renewed}"

    async def on_refused(self, answer):
        self.renewed += 1
        return True

    def judge(self, *, accepted):
        self.judged.append(accepted)


def of_account(*security, **config):
    return credential(security, SCHEMES, config, client=Account(), signed_in=frozenset({"oauth", "openid"}))


async def headers_of(authorizer):
    request = Outgoing(method="GET", url="https://h.example/x")
    await authorizer.sign(request)
    return request.headers


async def test_a_connected_account_signs_where_its_tokens_are_good():
    """Before a key that is filled in too: whoever connects an account wants that."""
    found = of_account(("header",), ("oauth",), (), apiKey=Secret("k"))

    assert await headers_of(found) == {"Authorization": "Bearer t0"}


@pytest.mark.parametrize("security", [[], [()]])
async def test_an_operation_that_asks_for_nobody_gets_no_token(security):
    """The token would go where its owner never sent it."""
    assert await headers_of(of_account(*security)) == {}


async def test_an_operation_of_another_scheme_is_signed_with_that():
    assert await headers_of(of_account(("header",), apiKey=Secret("k"))) == {"X-Key": "k"}
    with pytest.raises(CredentialMissing, match="apiKey"):
        of_account(("header",))


async def test_an_account_and_a_key_go_together():
    """And what renews the token renews it there, too."""
    found = of_account(("oauth", "app", "openid"), app=Secret("a"))
    before = await headers_of(found)
    renewed = await found.on_refused(Answer(status=401, headers={}, content=b"", url="https://h.example/x"))
    found.judge(accepted=True)

    assert before == {"Authorization": "Bearer t0", "X-App": "a"}
    assert renewed
    assert await headers_of(found) == {"Authorization": "Bearer t1", "X-App": "a"}
    assert (found.parts[0].judged, found.granted) == ([True], ("read",))


def test_without_an_account_the_hint_says_how_to_connect_one():
    with pytest.raises(CredentialMissing) as caught:
        credential([("oauth",)], SCHEMES, {}, signed_in=frozenset({"oauth"}), connector="acme/one")

    assert "`jackfield credentials connect acme/one`" in caught.value.hint
    assert "`accessToken`" in caught.value.hint


@pytest.mark.parametrize(
    ("granted", "needed", "hint"),
    [
        (("read",), ["read", "write"], "`write` was not granted"),
        (None, ["write"], "`write` is needed"),
        (("write",), ["write"], None),
        (("read",), [], None),
    ],
)
def test_a_refusal_names_the_scope_that_is_missing(granted, needed, hint):
    account = Account()
    account.granted = granted
    found = with_scope_hint(fail("no", diagnostics={"status": 403}), needed, account)

    assert (hint or "") in found.diagnostics.get("hint", "")
    assert ("hint" in found.diagnostics) is (hint is not None)
    assert with_scope_hint(fail("no"), needed, None).diagnostics == {}


async def test_a_key_that_would_break_out_is_refused():
    with pytest.raises(CredentialInvalid):
        await sign(("header",), apiKey=Secret("a\r\nX: y"))


def test_egress_is_told_which_query_params_hold_secrets():
    """It takes them out of redirects, in which services echo them."""
    found = credential([("query", "app")], SCHEMES, {"apiKey": "k", "app": "a"})

    assert found.query_names == {"key[]"}
