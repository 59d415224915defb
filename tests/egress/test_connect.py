"""Checked sockets for other protocols."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.egress.connect import connect
from jackfield.egress.errors import Unreachable, UrlRefused
from jackfield.egress.policy import Policy, parse_allow
from jackfield.errors import CallTimeout

from .world import OTHER, PUBLIC, Diverted, never, ok


async def opened(world, host, port=5432, *, allow="db.corp.example", timeout_s=5.0):
    return await connect(
        host,
        port,
        policy=Policy(allow=parse_allow(allow)),
        timeout_s=timeout_s,
        lookup=world.lookup,
        open_socket=lambda approved: Diverted(approved, world),
    )


@pytest.mark.parametrize(
    ("host", "allow"),
    [("db.corp.example", "db.corp.example:5432"), ("10.1.2.3", "10.0.0.0/8"), ("DB.corp.example.", "db.corp.example")],
)
async def test_a_driver_gets_a_connected_socket(world, host, allow):
    """It speaks its own protocol over it."""
    service = await world.serve(ok(), name="db.corp.example", address="10.1.2.3", port=5432)
    with await opened(world, host, allow=allow) as found:
        assert found.getpeername() == ("127.0.0.1", service.port)
        assert found.gettimeout() == 0.0

    assert world.dialled == [("10.1.2.3", 5432)]


async def test_the_next_address_is_tried(world):
    """In the order of the answer."""
    await world.serve(ok(), port=443)
    world.names["api.example.com"] = [[OTHER, PUBLIC]]
    with await opened(world, "api.example.com", 443):
        pass

    assert world.dialled == [(OTHER, 443), (PUBLIC, 443)]


@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("10.1.2.3", 5432),
        ("evil.example.com", 443),
        ("localhost", 5432),
        ("127.1", 443),
        ("0x7f000001", 443),
        ("::1", 443),
        ("[::1]", 443),
        ("::ffff:10.1.2.3", 443),
        ("8.8.8.8", 5432),
        ("8.8.8.8", 0),
        ("8.8.8.8", 65_536),
        ("user@8.8.8.8", 443),
        ("a b.example", 443),
        ("a\r\n.example", 443),
        ("", 443),
    ],
)
async def test_the_rules_are_those_of_urls(world, host, port):
    """A database driver is as good a way in as HTTP."""
    world.names["evil.example.com"] = [[PUBLIC, "10.1.2.3"]]
    with pytest.raises(UrlRefused) as caught:
        await opened(world, host, port)

    assert "\n" not in str(caught.value)
    assert world.dialled == []


async def test_an_unknown_name_is_unreachable(world):
    """As for HTTP."""
    with pytest.raises(Unreachable):
        await opened(world, "nowhere.example.com", 443)


async def test_a_closed_port_is_unreachable(world):
    """With the system's word for it."""
    with pytest.raises(Unreachable) as caught:
        await opened(world, "8.8.8.8", 443)

    assert caught.value.details["sent"] == "no"


async def test_the_time_covers_the_look_up(world):
    """A name server can be slow."""
    world.lookup = never
    with pytest.raises(CallTimeout):
        await opened(world, "api.example.com", 443, timeout_s=0.02)


async def test_cancelling_leaves_no_socket_open(world):
    """Python would warn about one, and warnings fail tests."""
    world.lookup = never
    running = asyncio.ensure_future(opened(world, "api.example.com", 443))
    await asyncio.sleep(0)
    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running


async def test_the_system_s_own_names_work():
    """Without a look-up of one's own."""
    server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with await connect("localhost", port, policy=Policy(allow=parse_allow("localhost")), timeout_s=5) as found:
        assert found.getpeername()[1] == port
    server.close()
