"""Where the token of a caller goes, and where it never does."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.access.principal import Principal
from jackfield.credentials.caller_token import CallerToken, caller_token, parse_token_hosts
from jackfield.credentials.errors import CallerTokenNotAllowed, CredentialMissing, SecretNotAllowed
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.wire import Outgoing
from jackfield.egress.client import Client
from jackfield.egress.errors import AllowEntryInvalid, UrlRefused
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.pools import Pools
from servers import Answer, Asked, serve

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl"
ANN = Principal(user="ann", id="id-of-ann", bearer=Secret(TOKEN))


def scheme(*hosts: str) -> CallerToken:
    return CallerToken(Secret(TOKEN), parse_token_hosts(hosts))


async def signed(url: str, *hosts: str) -> str | None:
    request = Outgoing(method="GET", url=url)
    await scheme(*hosts).sign(request)
    return request.headers.get("Authorization")


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("api.example.com", "https://api.example.com/a?b=c"),
        ("api.example.com", "https://API.example.com:443/"),
        ("api.example.com:8443", "https://api.example.com:8443/"),
        ("*.example.com", "https://api.example.com/"),
        ("*.example.com", "https://a.b.example.com/"),
        ("*.example.com:8443", "https://a.example.com:8443/"),
        ("[2001:db8::1]:8443", "https://[2001:db8:0::1]:8443/"),
        ("127.0.0.1:9000", "http://127.0.0.1:9000/"),
        ("[::1]", "http://[::1]/"),
        ("localhost:9000", "http://localhost:9000/"),
    ],
)
async def test_it_goes_to_hosts_that_are_named(entry, url):
    """Over https, or to this very machine."""
    assert await signed(url, "other.example", entry) == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        (None, "https://api.example.com/"),
        ("api.example.com", "https://evil.example/api.example.com"),
        ("api.example.com", "https://api.example.com.evil.example/"),
        ("api.example.com", "https://xapi.example.com/"),
        ("api.example.com", "https://sub.api.example.com/"),
        ("api.example.com", "https://api.example.com:8443/"),
        ("api.example.com:8443", "https://api.example.com/"),
        ("api.example.com", "http://api.example.com/"),
        ("api.example.com:80", "http://api.example.com/"),
        ("*.example.com", "https://example.com/"),
        ("*.example.com", "https://evilexample.com/"),
        ("*.example.com", "https://a.example.com:8443/"),
        ("10.0.0.1", "http://10.0.0.1/"),
        ("127.0.0.1", "http://127.0.0.1:9000/"),
    ],
)
async def test_it_goes_nowhere_else(entry, url):
    """Names that look alike, other ports, other services of the same owner, and wires that others read."""
    with pytest.raises(CallerTokenNotAllowed) as raised:
        await signed(url, *([entry] if entry else []))

    assert raised.value.status == 403
    assert "JACKFIELD_CALLER_TOKEN_HOSTS" in raised.value.hint
    assert TOKEN not in str(raised.value.to_json())


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com@evil.example/",
        "https://evil.example#@api.example.com/",
        "https://evil.example\\@api.example.com/",
        "https://evil.example\t.api.example.com/",
        "https://api.example.com%2eevil.example/",
        "//api.example.com/",
        "ftp://api.example.com/",
        "https://",
    ],
)
async def test_an_address_that_can_be_read_in_two_ways_gets_nothing(url):
    """The one who decides and the one who connects read the same."""
    with pytest.raises((UrlRefused, CallerTokenNotAllowed)):
        await signed(url, "api.example.com")


@given(st.from_regex(r"https://[a-z0-9.:@#?/\\%\[\]-]{1,40}", fullmatch=True))
async def test_whatever_is_signed_goes_to_the_host_that_is_named(url):
    """As the client reads it that sends the request."""
    request = Outgoing(method="GET", url=url)
    try:
        await scheme("a.example").sign(request)
    except (UrlRefused, CallerTokenNotAllowed):
        return
    async with Pools() as pools:
        assert pools.get(Policy()).judge(url).origin.prefix == "https://a.example"


async def test_it_does_not_follow_a_redirect_to_another_host():
    """Nor come back to one."""
    with serve(lambda asked: Answer(body={})) as other:

        def lead(asked: Asked) -> Answer:
            return Answer(status=307, headers={"Location": f"{other.url}/there"})

        with serve(lead) as named:
            async with Pools() as pools:
                allow = parse_allow(f"{named.address},{other.address}")
                client = Client(pools.get(Policy(allow=allow)), auth=scheme(named.address))
                await client.post(f"{named.url}/here", json={})

            assert [asked.headers.get("authorization") for asked in named.asked] == [f"Bearer {TOKEN}"]
            assert [asked.headers.get("authorization") for asked in other.asked] == [None]


async def test_nothing_is_sent_where_it_may_not_go():
    """Not even the request without it."""
    with serve(lambda asked: Answer(body={})) as service:
        async with Pools() as pools:
            client = Client(pools.get(Policy(allow=parse_allow(service.address))), auth=scheme("api.example"))
            with pytest.raises(CallerTokenNotAllowed):
                await client.get(service.url)

        assert service.asked == []


@pytest.mark.parametrize("entry", ["a..b", "*.com", "*.10.0.0.1", "0x7f.1", "a_b..", "h" * 300, "[::1"])
def test_what_is_no_host_is_refused(entry):
    """At start, not at the first call."""
    with pytest.raises(AllowEntryInvalid):
        parse_token_hosts([entry])


async def test_it_is_masked_where_it_is_shown():
    """A plan asks for the same hosts, and shows no token."""
    shown, request = scheme("api.example").masked(), Outgoing(method="GET", url="https://api.example/")
    await shown.sign(request)

    assert request.headers == {"Authorization": f"Bearer {MASK}"}
    assert TOKEN not in repr(scheme("api.example"))
    with pytest.raises(CallerTokenNotAllowed):
        await shown.sign(Outgoing(method="GET", url="https://other.example/"))
    assert not asyncio.iscoroutine(shown)


@pytest.mark.parametrize(("chosen_by", "allowed"), [(None, True), ("id-of-ann", True), ("id-of-bob", False)])
def test_a_colleagues_connector_does_not_get_it(chosen_by, allowed):
    """A connector decides what is done with a token, also at a host that is named: that takes the caller's own, or an
    administrator's word."""
    if allowed:
        assert caller_token(ANN, (), chosen_by=chosen_by).token == ANN.bearer
        return
    with pytest.raises(SecretNotAllowed):
        caller_token(ANN, (), chosen_by=chosen_by)


def test_who_came_without_one_has_none():
    """A token of Jackfield or a session is none that could be forwarded."""
    with pytest.raises(CredentialMissing) as raised:
        caller_token(replace(ANN, bearer=None), parse_token_hosts(["api.example"]), chosen_by=None)

    assert raised.value.code == "credential-missing"
