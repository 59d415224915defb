"""Values of a credential that lead requests somewhere: whoever is no administrator puts none of them."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.credentials.steering import steering
from jackfield.definition.model import ConnectionField

PLAIN = ConnectionField(name="account", kind="string", schema={"type": "string"})
KEY = ConnectionField(name="apiKey", kind="secret", schema={"type": "string", "writeOnly": True})
BASIC = {"type": "basic", "username": {"field": "account"}, "password": {"field": "apiKey"}}
OAUTH = {"type": "oauth2", "clientId": {"field": "account"}, "tokenUrl": "https://id.example/token"}


def base(url: str) -> ConnectionField:
    return ConnectionField(name="baseUrl", kind="string", schema={"type": "string"}, default=url)


@pytest.mark.parametrize("auth", [BASIC, OAUTH])
def test_who_somebody_is_leads_nowhere(auth: dict[str, Any]):
    """A user name goes where everything goes."""
    assert steering((base("https://api.example"), PLAIN, KEY), auth, ["account", "apiKey"]) == ()


@pytest.mark.parametrize("url", ["https://{account}.example", "https://{{ account }}.example/v1", "{account}"])
def test_who_somebody_is_leads_where_it_stands_in_the_address(url: str):
    """The other secrets of the connector would go along."""
    assert steering((base(url), PLAIN, KEY), BASIC, ["account", "api-key"]) == ("account",)


@pytest.mark.parametrize(
    "more",
    [
        {"tokenUrl": "https://{account}.example/token"},
        {"revocationUrl": "https://{account}.example/revoke"},
        {"account": {"url": "https://{account}.example/me"}},
    ],
)
def test_an_address_of_the_sign_in_counts_too(more: dict[str, Any]):
    """The secret of the app goes there."""
    assert steering((base("https://api.example"), PLAIN, KEY), OAUTH | more, ["account"]) == ("account",)


def test_an_address_leads_and_another_secret_does_not():
    assert steering((base(""), PLAIN, KEY), {}, ["baseUrl", "account", "apiKey"]) == ("baseUrl", "account")
