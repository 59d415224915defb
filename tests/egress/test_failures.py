"""What a failed connection is called, and what its message gives away."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.credentials.schemes import ApiKey, Basic
from jackfield.egress.errors import TlsFailed, Unreachable, UrlRefused
from jackfield.errors import JackfieldError

from .world import OTHER, PUBLIC, moved, ok


async def test_an_unknown_name_is_unreachable(world):
    """It may be known later."""
    with pytest.raises(Unreachable) as caught:
        await world.client().get("http://nowhere.example.com/?token=geheim")

    assert str(caught.value) == "no connection to `nowhere.example.com:80`: the name has no address"
    assert (caught.value.retry, caught.value.ran, caught.value.details["sent"]) == ("later", True, "no")


async def test_a_refused_connection_is_unreachable(world):
    """Nothing was sent, so a write can be repeated."""
    world.names["down.example.com"] = [[PUBLIC]]
    client = world.client()
    with pytest.raises(Unreachable) as caught:
        await client.post("http://down.example.com/", json=1)

    assert caught.value.details["sent"] == client.trail.sent == "no"


async def test_the_next_address_is_tried(world):
    """One server of several may be down."""
    await world.serve(ok())
    world.names["api.example.com"] = [[OTHER, PUBLIC]]

    assert (await world.client().get("http://api.example.com/")).status == 200
    assert world.dialled == [(OTHER, 80), (PUBLIC, 80)]


async def test_the_name_is_kept_while_the_address_is_pinned(world, certified, trusting):
    """TLS and Host speak of the name, the socket of the address."""
    service = await world.serve(ok(), port=443, tls=certified("api.example.com"))
    answer = await world.client(tls=trusting).get("https://api.example.com/")

    assert answer.status == 200
    assert service.seen[0].values("host") == ["api.example.com"]
    assert world.dialled == [(PUBLIC, 443)]


async def test_an_address_is_its_own_name(world, certified, trusting):
    """Certificates can be made out to addresses."""
    await world.serve(ok(), port=443, tls=certified(PUBLIC))

    assert (await world.client(tls=trusting).get(f"https://{PUBLIC}/")).status == 200


async def test_a_certificate_of_another_name_is_refused(world, certified, trusting):
    """Whoever answers at the address is not who was called."""
    service = await world.serve(ok(), port=443, tls=certified("other.example.org"))
    client = world.client(tls=trusting)
    with pytest.raises(TlsFailed) as caught:
        await client.post("https://api.example.com/", json=1)

    assert "api.example.com:443" in str(caught.value)
    assert caught.value.details["sent"] == client.trail.sent == "no"
    assert service.seen == []


async def test_an_unknown_authority_is_refused(world, certified):
    """The system's own list decides unless a pool was given another."""
    await world.serve(ok(), port=443, tls=certified("api.example.com"))
    with pytest.raises(TlsFailed):
        await world.client().get("https://api.example.com/")


async def test_a_service_without_tls_is_no_tls_service(world, trusting):
    """As when the port is the wrong one."""

    async def greet(reader, writer):
        writer.write(b"220 mail.example.com ESMTP\r\n")
        await reader.read(1)
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        world.routes[PUBLIC, 443] = server.sockets[0].getsockname()[1]
        world.names["api.example.com"] = [[PUBLIC]]
        with pytest.raises(TlsFailed) as caught:
            await world.client(tls=trusting).get("https://api.example.com/")

    assert "mail" not in str(caught.value)
    assert caught.value.details["sent"] == "no"


async def test_a_failure_after_a_redirect_says_that_something_was_sent(world):
    """The first service may have acted on it."""
    await world.serve(moved("http://nowhere.example.com/"))
    client = world.client()
    with pytest.raises(Unreachable) as caught:
        await client.post("http://api.example.com/", json=1)

    assert caught.value.details["sent"] == client.trail.sent == "maybe"


SCENES = {
    "unreachable": ("http://nowhere.example.com/p", None),
    "refused": ("http://127.0.0.1/p", None),
    "dropped": ("http://api.example.com/p", lambda _seen, _writer: None),
    "not http": ("http://api.example.com/p", b"geheim\r\n\r\n"),
    "redirect": ("http://api.example.com/p", moved("http://a:geheim@127.0.0.1/?x=geheim")),
    "loop": ("http://api.example.com/p", moved("/p?x=geheim#geheim")),
    "too large": ("http://api.example.com/p", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
    "half": ("http://api.example.com/p", b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\ngeheim"),
}


@pytest.mark.parametrize(("url", "service"), SCENES.values(), ids=SCENES.keys())
@pytest.mark.parametrize("auth", [ApiKey("geheim", name="k", location="query"), Basic("geheim", "geheim")])
async def test_no_failure_gives_a_secret_away(world, url, service, auth):
    """Not in its words, its details, or the errors behind it, which land in the same log."""
    if callable(service):
        await world.serve(service)
    elif service is not None:

        def once(_seen, writer):
            writer.write(service)
            if b"Moved" not in service:
                writer.close()
            return b""

        await world.serve(once)
    with pytest.raises(JackfieldError) as caught:
        await world.client(auth=auth, headers={"X-Key": "geheim"}).get(f"{url}?q=geheim#geheim")

    error: BaseException | None = caught.value
    assert "geheim" not in f"{caught.value.to_json()}"
    while error is not None:
        assert "geheim" not in str(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


async def test_a_refusal_says_what_would_help(world):
    """The usual case: a service in one's own network."""
    with pytest.raises(UrlRefused) as caught:
        await world.client().get("http://10.1.2.3:9000/status")

    assert str(caught.value) == "`http://10.1.2.3:9000` may not be called: 10.1.2.3 is not a public address"
    assert "JACKFIELD_EGRESS_ALLOW" in caught.value.hint
    assert (caught.value.status, caught.value.ran) == (422, False)
