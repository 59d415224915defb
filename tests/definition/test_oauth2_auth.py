"""I03: what a type says of OAuth 2.0 is checked when it is defined, and not when somebody signs in."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.definition.auth import auth_faults

URLS = {"authorizationUrl": "https://a.example/in", "tokenUrl": "https://a.example/token"}
TOKEN = {"tokenUrl": URLS["tokenUrl"]}
FIELDS = ["tenant", "shop-name", "clientId", "secretKey"]

GOOD: list[dict[str, Any]] = [
    URLS,
    {"issuer": "https://a.example/{tenant}"},
    {"issuer": "http://127.0.0.1:8080"},
    {"authorizationUrl": "https://{shopName}.a.example/in", "token_url": "https://{shop-name}.a.example/token"},
    {"field": "secretKey"},
    {"secret": "TOKEN"},
    {**URLS, "scopes": "read write"},
    {**URLS, "scopes": ["https://a.example/auth/drive.readonly"], "scopeSeparator": ","},
    {**URLS, "optional": True, "tokenPath": "authed_user", "name": "X-Token", "prefix": "", "location": "query"},
    {**URLS, "authorizationParams": {"access_type": "offline", "max_age": 60}, "switchParams": {"prompt": "login"}},
    {**URLS, "clientId": "public", "clientAuth": "none"},
    {**URLS, "clientId": {"field": "clientId"}, "clientSecret": {"secret": "S"}, "clientAuth": "body"},
    {**URLS, "expiry": {"statuses": [401, 403]}},
    {**URLS, "expiry": {"path": "error.code", "codes": ["expired", 190]}},
    {**URLS, "account": {"url": "https://a.example/me?x={tenant}", "path": "user.email"}},
    {**TOKEN, "grant": "client_credentials", "tokenParams": {"audience": "https://{tenant}.a.example"}},
    {**TOKEN, "grant": "device_code", "deviceAuthorizationUrl": "https://a.example/device"},
    {
        **TOKEN,
        "grant": "jwt_bearer",
        "key": {"secret": "KEY"},
        "assertion": {
            **{"issuer": "i", "subject": "{tenant}", "audience": "a", "algorithm": "ES256", "keyId": "k"},
            **{"lifetime": 300, "claims": {"scope": "read"}},
        },
    },
    {**TOKEN, "grant": "client_credentials", "clientAuth": "private_key_jwt", "assertion": {"keyId": "k"}},
]

BAD: list[tuple[dict[str, Any], tuple[str, ...], str]] = [
    ({}, ("authorizationUrl",), "it is missing"),
    ({"field": "secretKey", **TOKEN}, ("authorizationUrl",), "it is missing"),
    ({**TOKEN, "grant": "device_code"}, ("deviceAuthorizationUrl",), "it is missing"),
    ({"grant": "jwt_bearer"}, ("tokenUrl",), "it is missing"),
    ({**URLS, "grant": "password"}, ("grant",), "`oauth2` does not have that"),
    ({**URLS, "grant": "implicit"}, ("grant",), "`oauth2` does not have that"),
    ({**URLS, "tokenUrl": "http://a.example/token"}, ("tokenUrl",), "it is not https"),
    ({**URLS, "tokenUrl": "https://u:xoxb-very-secret@a.example"}, ("tokenUrl",), "it is no URL with a host"),
    ({**URLS, "tokenUrl": "https://a.example/#x"}, ("tokenUrl",), "it is no URL with a host"),
    ({**URLS, "tokenUrl": "https://[a"}, ("tokenUrl",), "it is no URL"),
    ({**URLS, "tokenUrl": "https://a.example/\nx"}, ("tokenUrl",), "it is no URL"),
    ({**URLS, "tokenUrl": 7}, ("tokenUrl",), "it is no text"),
    ({**URLS, "tokenUrl": None}, ("tokenUrl",), "it is no text"),
    ({"issuer": "https://{tennant}.a.example"}, ("issuer",), "`{tennant}` is no connection field"),
    ({"issuer": "https://a.example/{secretKey}"}, ("issuer",), "`{secretKey}` is a secret"),
    ({**URLS, "tokenParams": {"r": "{nothing}"}}, ("tokenParams", "r"), "`{nothing}` is no connection field"),
    ({**URLS, "scopes": ["a b"]}, ("scopes",), "it is no list of scopes"),
    ({**URLS, "scopes": {"a": "b"}}, ("scopes",), "it is no list of scopes"),
    ({**URLS, "optional": "yes"}, ("optional",), "it is neither"),
    ({**URLS, "authorizationParams": ["a"]}, ("authorizationParams",), "it is no object"),
    ({**URLS, "authorizationParams": {"state": "1"}}, ("authorizationParams", "state"), "it is written from"),
    ({**URLS, "switchParams": {"redirect_uri": "x"}}, ("switchParams", "redirect_uri"), "it is written from"),
    ({**URLS, "tokenParams": {"verify": "false"}}, ("tokenParams", "verify"), "it is written from"),
    ({**URLS, "tokenParams": {"client_secret": "xoxb-very-secret"}}, ("tokenParams", "client_secret"), "it is written"),
    ({**URLS, "tokenParams": {"a": {"b": 1}}}, ("tokenParams", "a"), "it is no text"),
    ({**URLS, "tokenParams": {"a": True}}, ("tokenParams", "a"), "it is no text"),
    ({**URLS, "clientSecret": "xoxb-very-secret"}, ("clientSecret",), "a definition is no place"),
    ({**URLS, "clientSecret": {"secret": "S"}, "clientAuth": "none"}, ("clientSecret",), "`clientAuth` is `none`"),
    ({**TOKEN, "grant": "client_credentials", "clientAuth": "none"}, ("clientAuth",), "an app that asks for itself"),
    ({**URLS, "key": {"secret": "K"}, "clientAuth": "basic"}, ("key",), "nothing is signed with it"),
    ({**URLS, "assertion": {"issuer": "i"}}, ("assertion",), "nothing is signed"),
    ({**TOKEN, "grant": "jwt_bearer", "assertion": {"iss": "i"}}, ("assertion", "iss"), "there is no such key"),
    ({**TOKEN, "grant": "jwt_bearer", "assertion": {"lifetime": 0}}, ("assertion", "lifetime"), "it is no number"),
    ({**TOKEN, "grant": "jwt_bearer", "assertion": {"algorithm": "HS256"}}, ("assertion", "algorithm"), "there is no"),
    (
        {**TOKEN, "grant": "jwt_bearer", "assertion": {"claims": {"exp": 1}}},
        ("assertion", "claims", "exp"),
        "it is written from the other keys",
    ),
    ({**URLS, "expiry": {"statuses": [200]}}, ("expiry", "statuses"), "it is no list of statuses"),
    ({**URLS, "expiry": {"statuses": [True]}}, ("expiry", "statuses"), "it is no list of statuses"),
    ({**URLS, "expiry": {"codes": ["x"]}}, ("expiry", "path"), "it is missing"),
    ({**URLS, "expiry": {"path": "x"}}, ("expiry", "codes"), "it is missing"),
    ({**URLS, "expiry": {"status": 401}}, ("expiry", "status"), "there is no such key"),
    ({**URLS, "account": {"url": "http://a.example/me", "path": "x"}}, ("account", "url"), "it is not https"),
    ({**URLS, "account": {"url": "https://a.example/me"}}, ("account", "path"), "it does not say where"),
]


def faults(auth: dict[str, Any]) -> list[tuple[tuple[str, ...], str, str]]:
    return list(auth_faults({"type": "oauth2", **auth}, fields=FIELDS, secret_fields=["secretKey"]))


@pytest.mark.parametrize("auth", GOOD, ids=str)
def test_what_can_be_carried_out_has_no_faults(auth: dict[str, Any]):
    assert faults(auth) == []


@pytest.mark.parametrize(("auth", "at", "what"), BAD, ids=str)
def test_a_mistake_is_told_with_its_place_and_without_values(auth: dict[str, Any], at: tuple[str, ...], what: str):
    """What is found out only when people sign in is found out by them."""
    found = faults(auth)

    assert (at, what) in [(place, told[: len(what)]) for place, told, _ in found]
    assert "xoxb-very-secret" not in str(found)
    assert all(hint for *_, hint in found)
