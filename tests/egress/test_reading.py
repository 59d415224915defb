"""How much of an answer is taken."""

from __future__ import annotations

import asyncio
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.egress.errors import BadResponse, Disconnected, ResponseTooLarge
from jackfield.egress.policy import MIB, Policy
from jackfield.egress.reading import Decoder

from .world import ok

URL = "http://api.example.com/"
SMALL = Policy(max_body_bytes=100_000)


def encoded(data: bytes, encoding: str) -> bytes:
    return ok(data, headers=f"Content-Encoding: {encoding}\r\n")


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


TEXT = b"abcdefgh" * 5_000


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(TEXT)),
        ("GZIP", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("identity", TEXT),
        ("gzip, identity", gzip.compress(TEXT)),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT))),
        ("gzip\r\nContent-Encoding: gzip", gzip.compress(gzip.compress(TEXT))),
        ("gzip", gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:])),
        ("gzip", gzip.compress(TEXT) + b"\0" * 10),
        ("br", TEXT),
    ],
)
async def test_encodings_are_undone(world, encoding, body):
    """At most two of them. What we never asked for is given as it came."""
    await world.serve(encoded(body, encoding))

    assert (await world.client(SMALL).get(URL)).content == TEXT


@given(st.binary(max_size=2_000), st.lists(st.sampled_from(["gzip", "deflate"]), max_size=2), st.integers(1, 50))
def test_decoding_undoes_encoding_however_it_arrives(data, encodings, step):
    """Packets end anywhere."""
    wire = data
    for name in reversed(encodings):
        wire = gzip.compress(wire) if name == "gzip" else zlib.compress(wire)
    decoder = Decoder(encodings, limit=MIB, url=URL)
    pieces = [piece for at in range(0, len(wire), step) for piece in decoder.feed(wire[at : at + step])]
    decoder.finish()

    assert b"".join(pieces) == data


BOMB = gzip.compress(b"\0" * 20 * MIB)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", BOMB),
        ("deflate", zlib.compress(b"\0" * 20 * MIB)),
        ("gzip, gzip", gzip.compress(BOMB)),
        ("identity", b"\0" * 200_000),
        ("br", b"\0" * 200_000),
    ],
)
async def test_a_bomb_stops_at_the_cap(world, encoding, body):
    """64 KB of gzip can be 64 MB."""
    await world.serve(encoded(body, encoding))
    with pytest.raises(ResponseTooLarge) as caught:
        await world.client(SMALL).get(URL)

    assert caught.value.details["limit"] == 100_000


def test_a_bomb_is_never_unpacked_as_a_whole():
    """The cap is on what is held, not on what is returned."""
    decoder = Decoder(["gzip"], limit=MIB, url=URL)
    sizes = []
    with pytest.raises(ResponseTooLarge):
        sizes.extend(len(piece) for piece in decoder.feed(BOMB))

    assert max(sizes) <= 256 * 1024
    assert sum(sizes) <= MIB


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"not gzip"),
        ("gzip", gzip.compress(TEXT)[:-5]),
        ("gzip", gzip.compress(TEXT)[:9]),
        ("deflate", zlib.compress(TEXT)[:-2]),
        ("gzip", gzip.compress(b"") * 2_000),
        ("gzip, gzip, gzip", gzip.compress(gzip.compress(gzip.compress(TEXT)))),
        ("gzip,gzip,deflate,gzip", b"x"),
    ],
)
async def test_broken_and_deep_encodings_are_refused(world, encoding, body):
    """Half an answer would pass for a whole one; deep chains and many members cost time without bytes."""
    await world.serve(encoded(body, encoding))
    with pytest.raises(BadResponse):
        await world.client(SMALL).get(URL)


async def test_an_announced_length_above_the_cap_is_not_waited_for(world):
    """Ten gigabytes are refused by their first line."""

    async def announce(_seen, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n")
        await asyncio.Event().wait()

    service = await world.serve(announce)
    with pytest.raises(ResponseTooLarge):
        await world.client().get(URL)
    await service.hung_up.wait()


async def test_the_length_of_an_answer_to_head_is_no_body(world):
    """HEAD is how callers find out before they ask."""
    await world.serve(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\nContent-Encoding: gzip\r\n\r\n")
    answer = await world.client().head(URL)

    assert answer.headers["Content-Length"] == "10737418240"
    assert answer.content == b""


@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "until the end"])
async def test_an_endless_body_stops_at_the_cap(world, chunked):
    """It has no length to refuse."""

    async def pour(_seen, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n" + (b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"\r\n"))
        while True:
            writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n" if chunked else b"x" * 4096)
            await writer.drain()

    service = await world.serve(pour)
    with pytest.raises(ResponseTooLarge):
        await world.client(SMALL).get(URL)
    await service.hung_up.wait()


@pytest.mark.parametrize("size", [0, 1, 99_999, 100_000])
async def test_a_body_up_to_the_cap_is_read(world, size):
    """With a length, in chunks, and until the end of the connection."""
    body = b"x" * size
    forms = [
        ok(body),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + (f"{size:x}\r\n".encode() + body + b"\r\n" if size else b"")
        + b"0\r\n\r\n",
    ]
    service = await world.serve(lambda seen, _: forms[len(service.seen) - 1])
    client = world.client(SMALL)

    assert [(await client.get(URL)).content for _ in forms] == [body] * 2
    assert service.connections == 1


async def test_a_body_without_length_ends_with_the_connection(world):
    """As of old servers."""

    def last(_seen, writer):
        writer.write(b"HTTP/1.0 200 OK\r\n\r\nold")

    await world.serve(last)

    assert (await world.client().get(URL)).content == b"old"


@pytest.mark.parametrize(
    "head",
    [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nX: " + "a" * 65_536 + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\n" + "".join(f"X-{n}: a\r\n" for n in range(200)) + "\r\n",
        "HTTP/1.1 200 " + "a" * 65_536 + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX : a\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
        "HTTP/1.1 OK\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "-ERR unknown command\r\n",
        "<html>",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ],
)
async def test_what_is_not_plain_http_is_refused(world, head):
    """Two readings of one answer would end up in two callers' hands. Its words stay out of the message."""
    service = await world.serve(f"{head}geheim".encode("latin-1"))
    with pytest.raises(BadResponse) as caught:
        await world.client().get(URL)
    await service.hung_up.wait()

    assert "geheim" not in str(caught.value)
    assert caught.value.details["sent"] == "maybe"


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ],
)
async def test_an_answer_that_breaks_off_is_an_error(world, start):
    """Half an answer must not pass for a whole one."""

    def break_off(_seen, writer):
        writer.write(start)

    await world.serve(break_off)
    client = world.client()
    with pytest.raises(Disconnected) as caught:
        await client.get(URL)

    assert caught.value.details["sent"] == "maybe"


async def test_interim_answers_are_passed_over(world):
    """100 and 103 come before the real one."""
    await world.serve(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + ok())

    assert (await world.client().get(URL)).status == 200


async def test_what_a_service_sends_unasked_is_never_somebody_s_answer(world):
    """A second answer on a kept connection would be the next caller's."""
    service = await world.serve(lambda seen, _: ok(b'"mine"') + ok(b'"poison"'))
    client = world.client()
    bodies = [(await client.get(URL)).body for _ in range(3)]

    assert bodies == ["mine"] * 3
    assert service.connections == 3
