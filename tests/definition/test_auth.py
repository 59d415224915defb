"""How a type says that its service wants to know the caller."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield import Connector, Context, Outcome, Secret, command, field, run_command, succeed
from jackfield.definition.auth import auth_faults
from jackfield.definition.errors import InvalidDefinition
from servers import Answer, serve

GOOD = [
    {},
    {"type": "none"},
    {"type": "bearer", "secret": "TOKEN"},
    {"type": "bearer", "field": "key"},
    {"type": "basic", "secret": "PAIR"},
    {"type": "basic", "username": "ann", "password": {"field": "key"}},
    {"type": "api_key", "secret": "KEY", "name": "X-Key", "location": "cookie", "prefix": "k "},
    {"type": "api_key", "field": "key", "header": "X-Key"},
    {"type": "sinas_token"},
    {"type": "digest", "username": "ann", "password": {"field": "key"}},
    {
        **{"type": "aws_sigv4", "accessKeyId": {"secret": "ID"}, "secretAccessKey": {"field": "key"}},
        **{"region": "eu-central-1", "service": {"field": "key"}, "mode": "s3"},
    },
    {
        **{"type": "aws_sigv4", "access_key_id": "AKID", "secret_access_key": {"secret": "KEY"}},
        **{"region": "r", "service": "s", "session_token": {"field": "key"}},
    },
    {"type": "hmac", "secret": "KEY", "preset": "standard-webhooks"},
    {
        "type": "hmac",
        "field": "key",
        "text": "{header:X-A}\\n{bodyHash:base64}",
        "value": "v={signature}",
    },
    {"type": "hmac", "field": "key", "text": "{body}", "keyId": {"field": "key"}, "keyIdHeader": "X-Key"},
    {"type": "jwt", "secret": "KEY", "algorithm": "ES256", "claims": {"scope": "a"}, "lifetime": 3600, "keyId": "k"},
    {"type": "mtls", "certificate": {"field": "key"}, "key": {"secret": "KEY"}, "passphrase": {"field": "key"}},
]

BAD = [
    ({"secret": "TOKEN"}, ("type",), "it is missing"),
    ({"type": "bearrer", "secret": "T"}, ("type",), "there is no such authentication scheme"),
    ({"type": "bearer"}, (), "it does not say where the credential is"),
    ({"type": "bearer", "token": "xoxb-very-secret"}, ("token",), "`bearer` has no such key"),
    ({"type": "bearer", "field": "keyy"}, ("field",), "there is no such connection field"),
    ({"type": "basic", "username": {}, "password": {"secret": "P"}}, ("username",), "it does not say where"),
    (
        {"type": "basic", "username": "a", "password": {"field": "no"}},
        ("password", "field"),
        "there is no such connection field",
    ),
    ({"type": "api_key", "secret": "K", "location": "body"}, ("location",), "an API key does not go there"),
    ({"type": "digest", "username": "ann"}, ("password",), "it is missing"),
    ({"type": "digest", "username": "a", "password": "xoxb-very-secret"}, ("password",), "a definition is no place"),
    ({"type": "aws_sigv4", "accessKeyId": "a", "service": "s"}, ("secretAccessKey",), "it is missing"),
    ({"type": "aws_sigv4", "region": "r", "mode": "s4"}, ("mode",), "`aws_sigv4` does not have that"),
    ({"type": "hmac", "secret": "K"}, ("text",), "it is missing"),
    ({"type": "hmac", "secret": "K", "text": "{boddy}"}, ("text",), "there is no part `{boddy}`"),
    ({"type": "hmac", "secret": "K", "text": "{body"}, ("text",), "it has a brace"),
    ({"type": "hmac", "secret": "K", "text": "{body}", "value": "{keyId}"}, ("value",), "it has no `{signature}`"),
    ({"type": "hmac", "secret": "K", "text": "{body}", "algorithm": "md5"}, ("algorithm",), "`hmac` does not have"),
    (
        {"type": "hmac", "secret": "K", "preset": "standard-webhooks", "text": "x"},
        ("text",),
        "`standard-",
    ),
    ({"type": "jwt", "secret": "K", "lifetime": 3601}, ("lifetime",), "it is no number of seconds"),
    ({"type": "jwt", "secret": "K", "claims": {"exp": 1}}, ("claims", "exp"), "it is written from the other keys"),
    ({"type": "jwt", "secret": "K", "algorithm": "none"}, ("algorithm",), "`jwt` does not have that"),
    ({"type": "mtls", "certificate": "c", "key": "xoxb-very-secret"}, ("key",), "a definition is no place"),
]


@pytest.mark.parametrize("auth", GOOD)
def test_every_scheme_is_understood(auth: dict[str, Any]):
    """By secret name or by connection field."""
    assert list(auth_faults(auth, fields=["key"])) == []


@pytest.mark.parametrize(("auth", "at", "what"), BAD)
def test_a_mistake_is_told_with_its_place_and_without_values(auth: dict[str, Any], at: tuple[str, ...], what: str):
    """A credential that is silently not sent is found out in production; one that is shown, in a log."""
    faults = list(auth_faults(auth, fields=["key"]))

    assert (at, what) in [(place, told[: len(what)]) for place, told, _ in faults]
    assert "xoxb-very-secret" not in str(faults)


def test_a_class_may_have_all_its_requests_signed():
    """Said once, instead of in every command."""

    class Signed(Connector, name="signed", auth={"type": "bearer", "field": "api_key"}):
        """Signed."""

        api_key: Secret = field("Key.")
        base_url: str = field("Address.")

        @command
        async def go(self, ctx: Context) -> Outcome:
            """Go."""
            return succeed((await ctx.http.get(self.base_url)).body)

    with serve(lambda asked: Answer(body=asked.headers.get("authorization"))) as service:
        config = {"api_key": "key-0123456789", "base_url": service.url}
        outcome = run_command(Signed, "go", config=config, allow=service.address)

    assert service.asked[0].headers["authorization"] == "Bearer key-0123456789"
    assert outcome.payload == "Bearer ********"
    assert Signed.definition.auth_required


def test_a_class_with_a_bad_scheme_is_refused_when_it_is_defined():
    """Not at its first call."""
    with pytest.raises(InvalidDefinition, match=r"`auth\.field` of connector type `unsigned`"):

        class Unsigned(Connector, name="unsigned", auth={"type": "bearer", "field": "api_key"}):
            """No such field."""
