"""Where an issuer's endpoints are: what is believed of what it says, and how often it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from jackfield.credentials.oauth.discovery import Discovery, addresses
from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.egress.errors import UrlRefused
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.pools import Pool, Pools
from jackfield.testing import FakeOAuth


@pytest.fixture
async def pools() -> AsyncIterator[Pools]:
    made = Pools()
    yield made
    await made.close()


def pool_of(pools: Pools, server: FakeOAuth) -> Pool:
    return pools.get(Policy(allow=parse_allow(server.address), ports=frozenset({80, 443})))


@pytest.mark.parametrize("path", ["", "/tenants/a"])
async def test_endpoints_are_found(pools: Pools, path: str):
    """RFC 8414, section 3.1: the path of the issuer comes after the well-known one."""
    with FakeOAuth(path=path) as server:
        found = await Discovery().metadata(server.issuer, pool_of(pools, server))

        assert found["token_endpoint"] == server.token_url


def test_addresses_are_those_of_both_specifications():
    assert addresses("https://id.example/t/a/") == [
        "https://id.example/.well-known/oauth-authorization-server/t/a",
        "https://id.example/t/a/.well-known/openid-configuration",
        "https://id.example/.well-known/openid-configuration/t/a",
    ]


async def test_fifty_who_ask_at_once_are_one_request(server: FakeOAuth, pools: Pools):
    """Z19."""
    discovery, pool = Discovery(), pool_of(pools, server)
    found = await asyncio.gather(*(discovery.metadata(server.issuer, pool) for _ in range(50)))

    assert len({id(each) for each in found}) == 1
    assert server.counts().requests["metadata"] == 1


async def test_fifty_who_ask_at_once_hear_of_one_failure(server: FakeOAuth, pools: Pools):
    """Else the last of them would wait for fifty."""
    server.faults.always("metadata", status=500)
    discovery, pool = Discovery(), pool_of(pools, server)
    asked = [discovery.metadata(server.issuer, pool) for _ in range(50)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    again = await asyncio.gather(discovery.metadata(server.issuer, pool), return_exceptions=True)

    assert {type(each) for each in [*found, *again]} == {ExchangeFailed}
    assert server.counts().requests["metadata"] <= len(addresses(server.issuer))


async def test_who_gives_up_ends_it_for_nobody(server: FakeOAuth, pools: Pools):
    discovery, pool = Discovery(), pool_of(pools, server)
    held = server.faults.hold("metadata", times=1)
    first, second = (asyncio.create_task(discovery.metadata(server.issuer, pool)) for _ in range(2))
    await held.wait_async()
    first.cancel()
    held.release()

    assert (await second)["issuer"] == server.issuer
    assert server.counts().requests["metadata"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://elsewhere.example/token", "issuer": "https://id.example"},
        {"token_endpoint": "ftp://elsewhere.example/token"},
        {"token_endpoint": "https://elsewhere.example/token#x"},
        {"token_endpoint": 7},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
    ids=["issuer", "http", "ftp", "fragment", "number", "script"],
)
async def test_what_an_issuer_may_not_say_is_not_believed(server: FakeOAuth, pools: Pools, changes: dict[str, Any]):
    """RFC 8414, section 3.3: an issuer speaks for itself alone."""
    server.faults.always("metadata", changes=changes)
    with pytest.raises(ExchangeFailed) as failed:
        await Discovery().metadata(server.issuer, pool_of(pools, server))

    assert failed.value.kind == "client"


@pytest.mark.parametrize("fault", [{"body": "[]"}, {"body": "{"}, {"style": "html"}, {"size": 300_000}])
async def test_what_is_no_metadata_is_none(server: FakeOAuth, pools: Pools, fault: dict[str, Any]):
    server.faults.always("metadata", **fault)
    with pytest.raises(ExchangeFailed):
        await Discovery().metadata(server.issuer, pool_of(pools, server))


async def test_an_issuer_at_a_private_address_is_not_asked(server: FakeOAuth, pools: Pools):
    with pytest.raises(UrlRefused):
        await Discovery().metadata(server.issuer, pools.get(Policy()))

    assert not server.counts().requests
