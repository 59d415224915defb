"""A request goes out once."""

from __future__ import annotations

import pytest

from jackfield.egress.errors import Disconnected

from .world import ok

METHODS = ["GET", "HEAD", "PUT", "DELETE", "POST", "PATCH", "OPTIONS"]


@pytest.mark.parametrize("method", METHODS)
async def test_a_dropped_connection_is_not_used_to_send_again(world, method):
    """aiohttp repeats GET, HEAD, PUT and DELETE by itself; a payment would be made twice."""
    service = await world.serve(lambda seen, _: ok() if len(service.seen) == 1 else None)
    client = world.client()
    await client.get("http://api.example.com/first")
    with pytest.raises(Disconnected) as caught:
        await client.request(method, "http://api.example.com/second", content=None if method == "GET" else b"x")

    assert [seen.target for seen in service.seen] == ["/first", "/second"]
    assert [seen.connection for seen in service.seen] == [1, 1]
    assert caught.value.details["sent"] == "maybe"
    assert client.trail.sent == "maybe"


async def test_a_reset_is_not_repeated_either(world):
    """It is another error in aiohttp, with the same private switch."""

    def reset(seen, writer):
        if len(service.seen) == 1:
            return ok()
        writer.transport.abort()
        return None

    service = await world.serve(reset)
    client = world.client()
    await client.get("http://api.example.com/first")
    with pytest.raises(Disconnected):
        await client.put("http://api.example.com/second", json=1)

    assert len(service.seen) == 2
