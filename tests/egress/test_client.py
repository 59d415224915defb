"""What a command can send, and what it gets back."""

from __future__ import annotations

import asyncio
import json

import pytest

from jackfield.definition.wire import Answer, Http, Outgoing
from jackfield.egress.client import Client
from jackfield.egress.errors import HeaderRefused, UrlRefused
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.pools import Pools
from jackfield.errors import CallTimeout, WrongUse

from .world import moved, never, ok

URL = "http://api.example.com/items"


class Renewing:
    """A credential that counts, and renews itself as often as it may."""

    def __init__(self, *, renewals: int = 1) -> None:
        self.token = 1
        self.renewals = renewals

    async def sign(self, request: Outgoing) -> None:
        request.headers["Authorization"] = f"Bearer {self.token}"

    async def on_refused(self, answer: Answer) -> bool:
        if not self.renewals:
            return False
        self.renewals -= 1
        self.token += 1
        return True


async def test_a_plain_get(world):
    """Host, encoding and agent are ours, and nothing else is added."""
    service = await world.serve(ok(b'{"a":1}', headers="X-Total: 7\r\n"))
    client: Http = world.client()
    answer = await client.get(URL)

    assert (answer.status, answer.body, answer.url) == (200, {"a": 1}, URL)
    assert answer.headers["x-total"] == "7"
    assert answer.elapsed_ms > 0
    seen = service.seen[0]
    assert (seen.method, seen.target, seen.body) == ("GET", "/items", b"")
    assert seen.names() == {"host", "user-agent", "accept", "accept-encoding"}
    assert seen.values("host") == ["api.example.com"]
    assert seen.values("accept-encoding") == ["gzip, deflate"]
    assert seen.values("user-agent")[0].startswith("jackfield/")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "get", "head"])
async def test_every_method_has_its_shortcut(world, method):
    """As the protocol promises."""
    service = await world.serve(lambda seen, _: ok(b"") if seen.method == "HEAD" else ok())
    client = world.client()
    await getattr(client, method)(URL)

    assert service.seen[0].method == method.upper()


async def test_a_request_without_body_has_no_content_type(world):
    """aiohttp would call the nothing an octet stream, and some services then look for one."""
    service = await world.serve(ok())
    await world.client().post(URL)

    assert "content-type" not in service.seen[0].names()
    assert service.seen[0].values("content-length") == ["0"]


@pytest.mark.parametrize(
    ("options", "content_type", "body"),
    [
        ({"json": {"a": 1}}, "application/json", b'{"a":1}'),
        ({"json": {"a": 1}, "headers": {"content-type": "application/ld+json"}}, "application/ld+json", b'{"a":1}'),
        ({"form": {"a": "1 2"}}, "application/x-www-form-urlencoded", b"a=1+2"),
        ({"content": "\u00e4"}, "text/plain; charset=utf-8", "\u00e4".encode()),
        ({"content": b"\0", "headers": {"Content-Type": "image/png"}}, "image/png", b"\0"),
        ({"content": b"x" * 2_000_000}, "application/octet-stream", b"x" * 2_000_000),
    ],
    ids=["json", "own type", "form", "text", "bytes", "large"],
)
async def test_bodies_arrive_as_they_were_meant(world, options, content_type, body):
    """With one type, and a length."""
    service = await world.serve(ok())
    await world.client().post(URL, **options)

    seen = service.seen[0]
    assert seen.body == body
    assert seen.values("content-type") == [content_type]
    assert seen.values("content-length") == [str(len(body))]
    assert "transfer-encoding" not in seen.names()


async def test_queries_join_the_url(world):
    """Encoded once."""
    service = await world.serve(ok())
    answer = await world.client().get(f"{URL}?a=%20", query={"b": [1, True], "c": None, "d": "x&y"})

    assert service.seen[0].target == "/items?a=%20&b=1&b=true&d=x%26y"
    assert answer.url == URL


async def test_the_call_wins_over_the_credential_and_the_credential_over_the_command(world):
    """A caller who passes a header means it."""
    service = await world.serve(ok())
    client = world.client(auth=Renewing(), headers={"x-trace": "call"})
    await client.get(URL, headers={"authorization": "command", "X-Trace": "command", "X-Own": "1"})
    overriding = world.client(auth=Renewing(), headers={"Authorization": "call"})
    await overriding.get(URL)

    first, second = service.seen
    assert first.values("authorization") == ["Bearer 1"]
    assert first.values("x-trace") == ["call"]
    assert first.values("x-own") == ["1"]
    assert second.values("authorization") == ["call"]


async def test_a_request_may_bring_its_own_credential(world):
    """A command that signs in does so before there is one."""
    service = await world.serve(ok())
    other = Renewing()
    other.token = 9
    await world.client(auth=Renewing()).get(URL, auth=other)

    assert service.seen[0].values("authorization") == ["Bearer 9"]


async def test_a_renewed_credential_is_tried_once(world):
    """A token may end between two requests; a service that always refuses must not be asked forever."""
    service = await world.serve(lambda seen, _: ok(status="401 Unauthorized"))
    client = world.client(auth=Renewing(renewals=5))
    answer = await client.post(URL, json=1)

    assert answer.status == 401
    assert [seen.values("authorization") for seen in service.seen] == [["Bearer 1"], ["Bearer 2"]]
    assert [seen.body for seen in service.seen] == [b"1", b"1"]
    assert client.trail.requests == 2


async def test_a_credential_that_cannot_renew_is_not_tried_again(world):
    """The 401 is the answer."""
    service = await world.serve(ok(status="401 Unauthorized"))
    answer = await world.client(auth=Renewing(renewals=0)).get(URL)

    assert answer.status == 401
    assert len(service.seen) == 1


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified", "404 Not Found", "500 Oh No"])
async def test_statuses_are_answers_not_errors(world, status):
    """The command decides what they mean."""
    await world.serve(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
    answer = await world.client().get(URL)

    assert answer.status == int(status[:3])
    assert answer.body is None


async def test_the_trail_tells_what_was_answered(world):
    """Outcome metadata is made of it."""
    await world.serve(ok())
    client = world.client()
    assert (client.trail.last, client.trail.requests, client.trail.sent) == (None, 0, "no")

    answer = await client.get(URL)

    assert client.trail.last is answer
    assert (client.trail.requests, client.trail.sent) == (1, "maybe")


async def test_nothing_is_sent_when_something_is_refused(world):
    """So that a refused write can be repeated safely."""
    service = await world.serve(ok())
    client = world.client()
    for kind, options in (
        (UrlRefused, {"url": "http://127.0.0.1/"}),
        (HeaderRefused, {"url": URL, "headers": {"Host": "x"}}),
        (WrongUse, {"url": URL, "json": 1, "form": {}}),
        (WrongUse, {"url": URL, "json": object()}),
    ):
        with pytest.raises(kind):
            await client.post(**options)

    assert service.connections == 0
    assert client.trail.sent == "no"


@pytest.mark.parametrize("method", ["", "GET /", "GET\r\n", "CONNECT", "TRACE", "G\u00c4T"])
async def test_methods_are_words(world, method):
    """A line end in one would be another request; CONNECT would be a tunnel."""
    service = await world.serve(ok())
    with pytest.raises(WrongUse):
        await world.client().request(method, URL)

    assert service.connections == 0


async def test_unusual_methods_are_sent(world):
    """WebDAV and search have their own."""
    service = await world.serve(ok())
    await world.client().request("propfind", URL)

    assert service.seen[0].method == "PROPFIND"


async def test_cookies_are_not_kept(world):
    """One call's session must not become another's."""
    service = await world.serve(ok(headers="Set-Cookie: session=geheim\r\n"))
    client = world.client()
    await client.get(URL)
    await client.get(URL)

    assert "cookie" not in service.seen[1].names()


async def test_the_environment_is_not_read(world, monkeypatch, tmp_path):
    """A proxy or a netrc file of the server's account is not the tenant's."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.example.com login a password b")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    service = await world.serve(ok())
    await world.client().get(URL)

    assert "authorization" not in service.seen[0].names()


async def test_headers_that_are_not_utf8_can_still_be_written_as_json(world):
    """The call's record holds them."""
    await world.serve(ok(headers="X-Name: caf\xe9\r\nX-Plain: a\r\n"))
    answer = await world.client().get(URL)

    assert json.loads(json.dumps(dict(answer.headers)).encode())["X-Name"] == "caf\ufffd"
    assert dict(answer.headers)["X-Name"].encode()
    assert answer.headers["x-plain"] == "a"


async def test_slow_services_run_into_the_deadline(world):
    """The time is for everything together."""
    service = await world.serve(never)
    client = world.client()
    with pytest.raises(CallTimeout) as caught:
        await client.get(f"{URL}?token=geheim", timeout_s=0.05)
    await service.hung_up.wait()

    assert caught.value.details == {"timeout_s": 0.05, "sent": "maybe"}
    assert str(caught.value) == f"GET {URL} did not finish within `0.05` s"
    assert client.trail.sent == "maybe"


async def test_the_call_s_deadline_wins_over_a_request_s_own_time(world):
    """A command cannot give itself more than the caller gave."""
    await world.serve(never)
    now = asyncio.get_running_loop().time()
    with pytest.raises(CallTimeout):
        await world.client(deadline=now + 0.05).get(URL, timeout_s=60)


async def test_the_deadline_covers_the_body(world):
    """A service that sends a byte now and then is slow as well."""

    async def drip(_seen, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
        await asyncio.Event().wait()

    service = await world.serve(drip)
    with pytest.raises(CallTimeout):
        await world.client().get(URL, timeout_s=0.05)
    await service.hung_up.wait()


async def test_the_deadline_covers_redirects(world):
    """Five slow hops would be five times as slow."""
    service = await world.serve(lambda seen, _: moved("/slow") if seen.target == "/items" else never())
    with pytest.raises(CallTimeout) as caught:
        await world.client().get(URL, timeout_s=0.05)

    assert [seen.target for seen in service.seen] == ["/items", "/slow"]
    assert str(caught.value) == "GET http://api.example.com/slow did not finish within `0.05` s"


async def test_a_deadline_in_the_past_sends_nothing(world):
    """aiohttp reads zero as no limit."""
    service = await world.serve(ok())
    client = world.client(deadline=asyncio.get_running_loop().time() - 1)
    with pytest.raises(CallTimeout) as caught:
        await client.get(URL)

    assert caught.value.details["sent"] == "no"
    assert service.connections == 0


async def test_a_time_out_before_the_connection_says_that_nothing_was_sent(world):
    """A write can then be repeated."""

    world.lookup = never
    client = world.client()
    with pytest.raises(CallTimeout) as caught:
        await client.post(URL, json=1, timeout_s=0.05)

    assert caught.value.details["sent"] == "no"
    assert client.trail.sent == "no"


@pytest.mark.parametrize("part", ["head", "body"])
async def test_cancelling_closes_the_socket(world, part):
    """Who cancels a run expects the service to notice."""

    async def hang(_seen, writer):
        if part == "body":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
        await asyncio.Event().wait()

    service = await world.serve(hang)
    client = world.client()
    running = asyncio.create_task(client.get(URL))
    await service.asked.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await service.hung_up.wait()

    assert client.trail.sent == "maybe"


async def test_cancelling_before_the_connection_says_that_nothing_was_sent(world):
    """A write that was cancelled in time need not be looked for."""
    asked = asyncio.Event()

    async def lookup(_host):
        asked.set()
        return await never()

    world.lookup = lookup
    client = world.client()
    running = asyncio.create_task(client.post(URL, json=1))
    await asked.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert client.trail.sent == "no"


def test_the_client_works_on_uvloop():
    """The server runs on it, and its sockets connect in another way."""
    uvloop = pytest.importorskip("uvloop")

    async def main() -> int:
        async def answer(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ok())
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with Pools() as pools:
            client = Client(pools.get(Policy(allow=parse_allow("127.0.0.1, localhost"))))
            answers = [await client.get(f"http://{host}:{port}/") for host in ("127.0.0.1", "localhost")]
            with pytest.raises(UrlRefused):
                await Client(pools.get(Policy())).get(f"http://127.0.0.1:{port}/")
        server.close()
        return sum(found.status for found in answers)

    assert uvloop.run(main()) == 400
