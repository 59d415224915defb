"""Names are looked up once, and the whole answer is judged."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.egress.errors import RedirectRefused, Unreachable, UrlRefused
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.resolver import JudgingResolver, SystemLookup

from .world import PUBLIC, ok

BAD = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1", "fe80::1%1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
BAD += ["2002:808:808::1", "0.0.0.0", "224.0.0.1", "fd00:ec2::254"]


@pytest.mark.parametrize("bad", BAD)
async def test_one_bad_address_refuses_the_whole_answer(world, bad):
    """The client would try the next one, and then the attacker's server only has to be slow."""
    await world.serve(ok())
    world.names["both.example.com"] = [[PUBLIC, bad]]

    with pytest.raises(UrlRefused):
        await world.client().get("http://both.example.com/")

    assert world.dialled == []


async def test_a_connection_goes_to_the_address_that_was_judged(world):
    """The second answer of a rebinding name server is never asked for."""
    service = await world.serve(ok())
    world.names["rebind.example.com"] = [[PUBLIC], ["127.0.0.1"]]

    answer = await world.client().get("http://rebind.example.com/")

    assert answer.status == 200
    assert world.lookups == ["rebind.example.com"]
    assert world.dialled == [(PUBLIC, 80)]
    assert service.seen[0].values("host") == ["rebind.example.com"]


async def test_a_failed_connection_does_not_ask_again(world):
    """A retry that looked the name up anew would be approved by another answer."""
    world.names["rebind.example.com"] = [[PUBLIC], ["127.0.0.1"]]

    with pytest.raises(Unreachable):
        await world.client().get("http://rebind.example.com/")

    assert world.lookups == ["rebind.example.com"]


async def test_a_kept_connection_outlives_a_changed_name(world):
    """It was judged when it was opened, and it goes where it went."""
    service = await world.serve(ok())
    world.names["rebind.example.com"] = [[PUBLIC], ["127.0.0.1"]]
    client = world.client()
    for _ in range(3):
        await client.get("http://rebind.example.com/")

    assert service.connections == 1


async def test_private_first_is_refused_although_public_comes_later(world):
    """No second look-up turns a refusal into an approval."""
    await world.serve(ok())
    world.names["rebind.example.com"] = [["127.0.0.1"], [PUBLIC]]

    with pytest.raises(UrlRefused):
        await world.client().get("http://rebind.example.com/")

    assert world.dialled == []


async def test_an_allowed_host_opens_its_private_address_for_that_host_only(world):
    """The same address under another name, or as a literal, stays closed."""
    await world.serve(ok(), name="db.corp.example", address="10.1.2.3")
    world.names["evil.example.com"] = [["10.1.2.3"]]
    client = world.client(Policy(allow=parse_allow("db.corp.example")))

    assert (await client.get("http://db.corp.example/")).status == 200
    for url in ("http://evil.example.com/", "http://10.1.2.3/"):
        with pytest.raises(UrlRefused):
            await client.get(url)


async def test_a_redirect_to_a_name_that_is_private_is_refused(world):
    """The name looks public until it is looked up."""
    await world.serve(ok(status="302 Found", headers="Location: http://inside.example.com/\r\n"))
    world.names["inside.example.com"] = [["10.0.0.1"]]

    with pytest.raises(RedirectRefused) as caught:
        await world.client().get("http://api.example.com/")

    assert caught.value.details["sent"] == "maybe"


@pytest.mark.parametrize("answer", [[], ["nonsense"]])
async def test_an_answer_without_address_is_unreachable(world, answer):
    """As far as the caller is concerned the service is not there."""
    world.names["none.example.com"] = [answer]

    with pytest.raises(Unreachable) as caught:
        await world.client().get("http://none.example.com/")

    assert caught.value.details["sent"] == "no"


async def test_requests_at_the_same_time_are_all_refused(world):
    """Whether they share a look-up or each has its own: none slips through while another is judged."""
    world.names["inside.example.com"] = [["10.0.0.1"]]
    client = world.client()
    results = await asyncio.gather(
        *[client.get("http://inside.example.com/") for _ in range(5)], return_exceptions=True
    )

    assert [type(result) for result in results] == [UrlRefused] * 5
    assert world.dialled == []


class _NameServer(asyncio.DatagramProtocol):
    """Answers every A question with the next address."""

    def __init__(self, addresses: list[str]) -> None:
        self.addresses = addresses

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        literal = self.addresses.pop(0)
        record = b"\xc0\x0c\0\x01\0\x01\0\0\0\0\0\x04" + bytes(map(int, literal.split(".")))
        head = data[:2] + b"\x81\x80\0\x01\0\x01\0\0\0\0"
        self.transport.sendto(head + data[12:] + record, address)


def _question(name: str) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return b"\0\x01\x01\0\0\x01\0\0\0\0\0\0" + labels + b"\0\0\x01\0\x01"


async def test_a_real_name_server_that_changes_its_answer_is_asked_once(world):
    """Rebinding over the wire: a zero time to live, and another address for each question."""
    await world.serve(ok())
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: _NameServer([PUBLIC, "127.0.0.1"]), local_addr=("127.0.0.1", 0)
    )

    async def lookup(host: str) -> list[str]:
        answered = loop.create_future()

        class Asking(asyncio.DatagramProtocol):
            def datagram_received(self, data, _address):
                answered.set_result(".".join(map(str, data[-4:])))

        asking, _ = await loop.create_datagram_endpoint(Asking, remote_addr=transport.get_extra_info("sockname"))
        asking.sendto(_question(host))
        try:
            return [await answered]
        finally:
            asking.close()

    world.lookup = lookup
    answer = await world.client().get("http://rebind.example.com/")
    transport.close()

    assert answer.status == 200
    assert server.addresses == ["127.0.0.1"]
    assert world.dialled == [(PUBLIC, 80)]


async def test_the_system_is_asked_in_threads_of_our_own():
    """`localhost` is in every hosts file, and refused for what it is."""
    lookup = SystemLookup(threads=1)
    try:
        assert "127.0.0.1" in await lookup("localhost") or "::1" in await lookup("localhost")
        with pytest.raises(UrlRefused):
            await JudgingResolver(policy=Policy(), lookup=lookup).resolve("localhost", 80)
    finally:
        lookup.close()
