"""Libraries that bring their own client go through the same door."""

from __future__ import annotations

import asyncio
import gzip

import httpx2
import pytest

from jackfield.egress.errors import HeaderRefused, ResponseTooLarge, UrlRefused
from jackfield.egress.httpx_transport import EgressTransport
from jackfield.egress.policy import Policy

from .world import DEFAULT, OTHER, moved, never, ok

URL = "http://api.example.com/a"


def client(world, policy=DEFAULT, *, deadline=None, **options) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=EgressTransport(world.pool(policy), deadline=deadline), **options)


async def test_requests_arrive_as_the_library_made_them(world):
    """Only what belongs to the connection is ours."""
    service = await world.serve(ok(b'{"a":1}', headers="X-Two: 1\r\nX-Two: 2\r\n"))
    async with client(world, headers={"User-Agent": "library/1"}) as http:
        answer = await http.post(URL, params={"q": "\u00e4 b"}, json={"x": 1}, auth=("user", "pass"))

    assert answer.json() == {"a": 1}
    assert answer.headers.get_list("x-two") == ["1", "2"]
    seen = service.seen[0]
    assert (seen.method, seen.target, seen.body) == ("POST", "/a?q=%C3%A4+b", b'{"x":1}')
    assert seen.values("user-agent") == ["library/1"]
    assert seen.values("content-length") == ["7"]
    assert seen.values("host") == ["api.example.com"]
    assert seen.values("authorization") == ["Basic dXNlcjpwYXNz"]
    assert len(seen.values("accept-encoding")) == 1


async def test_answers_are_decoded_once(world):
    """By us, within the cap; the library must not try again."""
    await world.serve(ok(gzip.compress(b"text"), headers="Content-Encoding: gzip\r\n"))
    async with client(world) as http:
        answer = await http.get(URL)

    assert answer.text == "text"
    assert "content-encoding" not in answer.headers


async def test_answers_stream(world):
    """Models answer word by word."""
    more = asyncio.Event()

    async def talk(_seen, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
        await more.wait()
        return b"3\r\ntwo\r\n0\r\n\r\n"

    service = await world.serve(talk)
    async with client(world) as http, http.stream("GET", URL) as answer:
        pieces = answer.aiter_raw()
        assert await anext(pieces) == b"one"
        more.set()
        assert [piece async for piece in pieces] == [b"two"]
    assert service.connections == 1


async def test_leaving_a_stream_early_closes_the_connection(world):
    """Its rest would be the next caller's answer."""

    async def talk(_seen, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\none")
        return await never()

    service = await world.serve(talk)
    async with client(world) as http, http.stream("GET", URL) as answer:
        assert answer.status_code == 200
    await service.hung_up.wait()


async def test_the_cap_holds_while_streaming(world):
    """A bomb is one whoever reads it."""
    bomb = gzip.compress(b"\0" * 5_000_000)
    await world.serve(ok(bomb, headers="Content-Encoding: gzip\r\n"))
    async with client(world, Policy(max_body_bytes=100_000)) as http:
        with pytest.raises(httpx2.RemoteProtocolError) as caught:
            await http.get(URL)

    assert ResponseTooLarge.code in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost/", "http://169.254.169.254/", "http://[::1]/"])
async def test_refused_addresses_stay_refused(world, url):
    """With our own error: libraries repeat theirs."""
    async with client(world) as http:
        with pytest.raises(UrlRefused):
            await http.get(url)

    assert world.dialled == []


@pytest.mark.parametrize("location", ["http://127.0.0.1/", "http://inside.example.com/"])
async def test_the_library_s_redirects_are_judged_again(world, location):
    """They come back through the transport."""
    world.names["inside.example.com"] = [["10.0.0.1"]]
    await world.serve(moved(location))
    async with client(world, follow_redirects=True) as http:
        with pytest.raises(UrlRefused):
            await http.get(URL)

    assert len(world.dialled) == 1


async def test_redirects_are_the_library_s_business(world):
    """It decides whether to follow."""
    await world.serve(moved("http://other.example.org/b"))
    await world.serve(ok(b"there"), name="other.example.org", address=OTHER)
    async with client(world) as http:
        assert (await http.get(URL)).status_code == 302
        assert (await http.get(URL, follow_redirects=True)).text == "there"


async def test_a_false_host_is_refused(world):
    """It would choose another site at the judged address."""
    async with client(world) as http:
        with pytest.raises(HeaderRefused):
            await http.get(URL, headers={"Host": "internal.example.com"})


@pytest.mark.parametrize(
    ("scene", "kind"),
    [
        (None, httpx2.ConnectError),
        (lambda _seen, _writer: None, httpx2.ReadError),
        (b"nonsense\r\n\r\n", httpx2.RemoteProtocolError),
        (never, httpx2.ReadTimeout),
    ],
    ids=["unreachable", "dropped", "not http", "slow"],
)
async def test_failures_are_the_library_s_own_kinds(world, scene, kind):
    """So that its retries and messages work. They name no secret."""
    if scene:
        await world.serve(scene)
    async with client(world, timeout=0.05) as http:
        with pytest.raises(kind) as caught:
            await http.get(f"{URL}?token=geheim")

    assert "geheim" not in str(caught.value)


async def test_the_call_s_deadline_holds(world):
    """Whatever time the library gives itself."""
    await world.serve(never)
    deadline = asyncio.get_running_loop().time() + 0.05
    async with client(world, deadline=deadline, timeout=60) as http:
        with pytest.raises(httpx2.ReadTimeout):
            await http.get(URL)
