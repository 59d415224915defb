"""Where redirects lead, and what goes along."""

from __future__ import annotations

import pytest

from jackfield.credentials.schemes import ApiKey, Bearer
from jackfield.egress.errors import RedirectRefused, TooManyRedirects, UrlRefused

from .world import OTHER, moved, ok

URL = "http://api.example.com/a"
ELSEWHERE = "http://other.example.org/b"

SECRETS = {"Authorization": "1", "X-Api-Key": "1", "Cookie": "1", "X-Anything": "1"}
HARMLESS = {"Accept": "text/csv", "Accept-Language": "de", "User-Agent": "me"}


async def two_services(world, location=ELSEWHERE, status=302):
    first = await world.serve(moved(location, status=status))
    second = await world.serve(ok(b'"there"'), name="other.example.org", address=OTHER)
    return first, second


async def test_a_redirect_is_followed(world):
    """The answer names where it came from."""
    await two_services(world, f"{ELSEWHERE}?token=geheim#x")
    client = world.client()
    answer = await client.get(URL)

    assert answer.body == "there"
    assert answer.url == ELSEWHERE
    assert client.trail.requests == 2


@pytest.mark.parametrize("location", ["/b", "b", "?x=1", "//api.example.com/b", "HTTP://API.example.com:80/b"])
async def test_relative_addresses_stay_on_the_origin(world, location):
    """And keep the credential, which is signed anew."""
    service = await world.serve(lambda seen, _: moved(location) if len(service.seen) == 1 else ok())
    await world.client(auth=Bearer("t")).get(URL, headers={"X-Own": "1"})

    assert service.seen[1].target in {"/b", "/a?x=1"}
    assert service.seen[1].values("authorization") == ["Bearer t"]
    assert service.seen[1].values("x-own") == ["1"]
    assert service.connections == 1


async def test_nothing_that_may_be_a_credential_leaves_the_origin(world):
    """Neither of the command, nor of the connector, nor of the call."""
    _, second = await two_services(world)
    client = world.client(auth=ApiKey("k", name="X-Secret"), headers={"X-Call": "1", "Accept-Language": "de"})
    await client.get(URL, headers=SECRETS | HARMLESS)

    names = second.seen[0].names()
    assert names == {"host", "accept", "accept-language", "user-agent", "accept-encoding"}
    assert second.seen[0].values("user-agent") == ["me"]


@pytest.mark.parametrize("location", ["http://api.example.com:8080/b", "https://api.example.com/b"])
async def test_another_port_or_scheme_is_another_origin(world, certified, trusting, location):
    """Another service may listen there."""
    await world.serve(moved(location))
    tls = certified("api.example.com") if location.startswith("https") else None
    second = await world.serve(ok(), port=443 if tls else 8080, tls=tls)
    await world.client(tls=trusting, auth=Bearer("t")).get(URL, headers=SECRETS)

    assert not second.seen[0].names() & {name.lower() for name in SECRETS}


async def test_the_way_back_does_not_bring_the_credential_back(world):
    """Somebody else chose that address."""
    first = await world.serve(lambda seen, _: moved(ELSEWHERE) if seen.target == "/a" else ok())
    await world.serve(moved("http://api.example.com/admin"), name="other.example.org", address=OTHER)
    answer = await world.client(auth=Bearer("t"), headers={"X-Call": "1"}).get(URL, headers=SECRETS)

    assert answer.status == 200
    assert first.seen[1].target == "/admin"
    assert not first.seen[1].names() & {"authorization", "x-call", "x-api-key", "cookie"}


async def test_a_401_from_elsewhere_does_not_renew_the_credential(world):
    """It was not asked for it."""
    await world.serve(moved(ELSEWHERE))
    second = await world.serve(ok(status="401 No"), name="other.example.org", address=OTHER)

    class Never(Bearer):
        async def on_refused(self, answer):
            raise AssertionError

    assert (await world.client(auth=Never("t")).get(URL)).status == 401
    assert len(second.seen) == 1


@pytest.mark.parametrize("location", [f"{ELSEWHERE}?key=geheim&page=2", f"{ELSEWHERE}?page=2&k%65y=geheim"])
async def test_secret_parameters_do_not_leave_the_origin(world, location):
    """A service that echoes its query into the redirect gives them away."""
    _, second = await two_services(world, location)
    await world.client(auth=ApiKey("geheim", name="key", location="query")).get(URL)

    assert second.seen[0].target == "/b?page=2"


async def test_secret_parameters_are_signed_once_on_the_same_origin(world):
    """An echoed one would be there twice."""
    service = await world.serve(lambda seen, _: moved("/b?key=k&page=2") if len(service.seen) == 1 else ok())
    await world.client(auth=ApiKey("k", name="key", location="query")).get(URL)

    assert [seen.target for seen in service.seen] == ["/a?key=k", "/b?page=2&key=k"]


@pytest.mark.parametrize(
    ("status", "method", "expected"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (303, "PUT", "GET"),
        (303, "HEAD", "HEAD"),
        (301, "PUT", "PUT"),
        (302, "DELETE", "DELETE"),
        (307, "POST", "POST"),
        (308, "PATCH", "PATCH"),
    ],
)
async def test_methods_change_as_in_browsers(world, status, method, expected):
    """Services are written for them. A body goes with its method."""
    service = await world.serve(
        lambda seen, _: (
            (moved("/b", status=status) if seen.target == "/a" else ok())
            if method != "HEAD"
            else (b"HTTP/1.1 303 See\r\nLocation: /b\r\n\r\n" if seen.target == "/a" else ok(b""))
        )
    )
    body = None if method == "HEAD" else {"x": 1}
    await world.client().request(method, URL, **({} if body is None else {"json": body}))

    second = service.seen[1]
    kept = expected == method and body is not None
    assert second.method == expected
    assert second.body == (b'{"x":1}' if kept else b"")
    assert ("content-type" in second.names()) == kept


async def test_a_body_follows_307_to_another_origin_without_headers(world):
    """As from http to https; browsers do the same."""
    _, second = await two_services(world, status=307)
    await world.client().post(URL, json={"x": 1}, headers={"X-Key": "1"})

    assert second.seen[0].body == b'{"x":1}'
    assert "x-key" not in second.seen[0].names()


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost/",
        "//127.0.0.1/",
        "/\\127.0.0.1/",
        "\\\\127.0.0.1/",
        "http:\\\\127.0.0.1\\",
        "http://2130706433/",
        "http://127.1/",
        "http://user:geheim@other.example.org/",
        "http://other.example.org:22/",
        "ftp://other.example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "data:text/plain,x",
        "javascript:alert(1)",
        "http://",
        "http://[",
        "http:///x",
        "http://other.example.org\t/",
        "http://ex\xe4mple\xff/",
    ],
)
async def test_every_check_is_repeated_for_a_redirect(world, location):
    """The first address was the harmless one."""
    await two_services(world, location)
    client = world.client()
    with pytest.raises(RedirectRefused) as caught:
        await client.get(f"{URL}?token=geheim")

    assert world.dialled == [("93.184.216.34", 80)]
    assert isinstance(caught.value, UrlRefused)
    assert (caught.value.ran, caught.value.details["sent"]) == (True, "maybe")
    assert "geheim" not in str(caught.value)


async def test_https_is_never_left(world, certified, trusting):
    """Whoever listens on the line would read the rest."""
    await world.serve(moved(ELSEWHERE), port=443, tls=certified("api.example.com"))
    await world.serve(ok(), name="other.example.org", address=OTHER)
    with pytest.raises(RedirectRefused):
        await world.client(tls=trusting).get("https://api.example.com/")

    assert world.dialled == [("93.184.216.34", 443)]


@pytest.mark.parametrize(("hops", "allowed"), [(5, True), (6, False)])
async def test_five_hops_are_followed(world, hops, allowed):
    """A loop is not."""
    service = await world.serve(lambda seen, _: moved("/x") if len(service.seen) <= hops else ok())
    client = world.client()
    if allowed:
        assert (await client.get(URL)).status == 200
    else:
        with pytest.raises(TooManyRedirects):
            await client.get(URL)

    assert client.trail.requests == 6


@pytest.mark.parametrize("status", [300, 304, 305, 306, 399])
async def test_other_statuses_are_answers(world, status):
    """They have no address that is meant to be followed."""
    await world.serve(f"HTTP/1.1 {status} X\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n".encode())

    assert (await world.client().get(URL)).status == status


async def test_a_redirect_to_nowhere_is_an_answer(world):
    """Some services answer 302 with a body."""
    await world.serve(ok(b'"body"', status="302 Found"))

    assert (await world.client().get(URL)).body == "body"


async def test_bytes_outside_ascii_are_encoded(world):
    """In the encoding in which they came."""
    service = await world.serve(lambda seen, _: moved("/\xe4?\xfc#x") if len(service.seen) == 1 else ok())
    await world.client().get(URL)

    assert service.seen[1].target == "/%E4?%FC"


@pytest.mark.parametrize(("size", "connections"), [(8_000, 1), (300_000, 2)])
async def test_only_small_bodies_are_read_to_keep_the_connection(world, size, connections):
    """A large one costs more than a new connection."""
    head = f"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: {size}\r\n\r\n".encode()

    async def answer(seen, writer):
        if seen.target != "/a":
            return ok()
        writer.write(head)
        await writer.drain()
        return b"x" * size

    service = await world.serve(answer)
    assert (await world.client().get(URL)).status == 200

    assert service.connections == connections
