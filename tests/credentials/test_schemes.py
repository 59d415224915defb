"""What the simple auth schemes put on the wire, byte for byte."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.credentials.errors import CredentialInvalid
from jackfield.credentials.schemes import ApiKey, Basic, Bearer, NoAuth
from jackfield.definition.wire import Answer, Authorizer, Outgoing
from jackfield.egress.client import Client
from jackfield.egress.headers import check
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.pools import Pools


@dataclass(frozen=True)
class Hidden:
    """A value that hides itself, as the vault hands them out."""

    value: str

    def reveal(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return "***"


ON_THE_WIRE = [
    (NoAuth(), None, "/a?x=1"),
    (Bearer("tok.en-1_2~+/="), "Authorization: Bearer tok.en-1_2~+/=", "/a?x=1"),
    (Bearer(Hidden("tok")), "Authorization: Bearer tok", "/a?x=1"),
    (Basic("Aladdin", "open sesame"), "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "/a?x=1"),
    (Basic("test", "123\u00a3"), "Authorization: Basic dGVzdDoxMjPCow==", "/a?x=1"),
    (Basic("", ""), "Authorization: Basic Og==", "/a?x=1"),
    (Basic.combined("user:pa:ss"), "Authorization: Basic dXNlcjpwYTpzcw==", "/a?x=1"),
    (Basic.combined(Hidden("key:")), "Authorization: Basic a2V5Og==", "/a?x=1"),
    (ApiKey("k 1"), "X-API-Key: k 1", "/a?x=1"),
    (ApiKey(Hidden("k"), name="Authorization", prefix="Token "), "Authorization: Token k", "/a?x=1"),
    (ApiKey("k&=/ \u00fc", name="api key", location="query"), None, "/a?x=1&api%20key=k%26%3D%2F%20%C3%BC"),
    (ApiKey("k=1", name="session", location="cookie"), "Cookie: session=k=1", "/a?x=1"),
]


@pytest.mark.parametrize(("scheme", "line", "target"), ON_THE_WIRE, ids=lambda value: repr(value)[:40])
async def test_each_scheme_sends_exactly_its_bytes(scheme, line, target):
    """Services compare them; nothing else of a request changes."""
    heads = []

    async def answer(reader, writer):
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server, Pools() as pools:
        port = server.sockets[0].getsockname()[1]
        client = Client(pools.get(Policy(allow=parse_allow("127.0.0.1"))), auth=scheme)
        await client.get(f"http://127.0.0.1:{port}/a", query={"x": 1})

    first, *lines = heads[0].decode("ascii").split("\r\n")
    assert first == f"GET {target} HTTP/1.1"
    usual = ("Host:", "User-Agent:", "Accept:", "Accept-Encoding:")
    assert [found for found in lines if found and not found.startswith(usual)] == ([line] if line else [])


async def test_a_cookie_joins_those_of_the_command():
    """One `Cookie` line is all that HTTP allows."""
    request = Outgoing(method="GET", url="https://a.example/", headers={"cookie": "a=1"})
    await ApiKey("k", name="session", location="cookie").sign(request)

    assert request.headers == {"cookie": "a=1; session=k"}


@pytest.mark.parametrize(
    "scheme",
    [
        Bearer("geheim\n"),
        Bearer("geheim\r\nHost: x"),
        Bearer("geheim\u00fc"),
        Bearer("geheim\0"),
        Basic("geheim:", "geheim"),
        Basic("geheim", "geheim\n"),
        Basic("geheim\0", ""),
        ApiKey("geheim\n"),
        ApiKey("geheim\u00fc"),
        ApiKey("geheim;", location="cookie"),
        ApiKey("geheim x", location="cookie"),
        ApiKey("geheim\u00fc", location="cookie"),
        ApiKey('geheim"', location="cookie"),
    ],
    ids=repr,
)
async def test_what_cannot_be_sent_is_refused_without_being_shown(scheme):
    """A line break is easily copied along; the message goes to a log."""
    request = Outgoing(method="GET", url="https://a.example/")
    with pytest.raises(CredentialInvalid) as caught:
        await scheme.sign(request)

    assert "geheim" not in f"{caught.value.to_json()}"
    assert (request.headers, request.query) == ({}, [])


def test_a_combined_value_needs_its_colon():
    """Half a credential would be sent as a user name."""
    with pytest.raises(CredentialInvalid) as caught:
        Basic.combined("geheim")

    assert "geheim" not in str(caught.value)


@given(st.text())
async def test_nothing_a_scheme_adds_can_break_a_header(value):
    """Whatever somebody stored as a secret."""
    schemes = [Bearer(value), Basic(value, value), ApiKey(value), ApiKey(value, location="cookie")]
    for scheme in schemes:
        request = Outgoing(method="GET", url="https://a.example/")
        try:
            await scheme.sign(request)
        except CredentialInvalid:
            continue
        for name, text in request.headers.items():
            check(name, text)


@pytest.mark.parametrize(
    "scheme", [Bearer("geheim"), Basic("geheim", "geheim"), ApiKey("geheim", prefix="x")], ids=type
)
def test_no_repr_shows_a_value(scheme):
    """Representations end up in tracebacks."""
    assert "geheim" not in repr(scheme)
    assert "geheim" not in str(scheme)


@pytest.mark.parametrize("scheme", [NoAuth(), Bearer("t"), Basic("u", "p"), ApiKey("k")], ids=repr)
async def test_a_fixed_credential_cannot_renew_itself(scheme):
    """Sending it again would be refused again, and may lock the account."""
    authorizer: Authorizer = scheme

    assert not await authorizer.on_refused(Answer(status=401, headers={}, content=b"", url="https://a.example/"))


def test_only_a_query_key_names_its_parameter():
    """Egress takes it out of redirects."""
    key = ApiKey("k", name="token", location="query")

    assert key.query_names == frozenset({"token"})
    assert replace(key, location="header").query_names == frozenset()
