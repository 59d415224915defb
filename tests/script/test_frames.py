"""The stream between server and sandbox process. Whoever breaks out of an isolate can write anything on it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.execution.script.errors import SandboxLost
from jackfield.execution.script.frames import (
    End,
    Frame,
    How,
    Kind,
    Malformed,
    Order,
    Reader,
    frame,
    pack_end,
    pack_order,
    unpack_end,
    unpack_order,
)
from jackfield.execution.script.process import Process
from jackfield.execution.script.sandbox import Job, Limits

from .conftest import Service

NUMBERS = st.integers(0, 2**32 - 1)
FRAMES = st.builds(Frame, st.sampled_from(Kind), NUMBERS, st.binary(max_size=200))


@given(st.lists(FRAMES, max_size=8), st.lists(st.integers(1, 50), max_size=40))
def test_frames_arrive_whole_however_the_stream_is_cut(frames, cuts):
    """A socket knows no frames."""
    stream, reader, got = b"".join(frame(*each) for each in frames), Reader(), []
    for cut in [*cuts, len(stream)]:
        got += reader.feed(stream[:cut])
        stream = stream[cut:]

    assert got == frames


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_no_bytes_do_more_than_being_refused(chunks):
    """And what was refused is not kept."""
    reader = Reader(most=1000)
    with contextlib.suppress(Malformed):
        for chunk in chunks:
            for said in reader.feed(chunk):
                assert isinstance(said.kind, Kind)
                assert len(said.body) <= 1000


def test_a_frame_that_claims_too_much_is_refused_before_it_comes():
    """Or a process could have the server hold as much as it likes."""
    with pytest.raises(Malformed):
        list(Reader(most=1000).feed(frame(Kind.LOG, 1, b"")[1:] + b"\xff" * 10))


LIMITS = st.builds(
    Limits,
    memory_bytes=st.integers(0, 2**63),
    cpu_s=st.floats(0, 1e6),
    wall_s=st.just(Limits().wall_s),
    result_bytes=NUMBERS,
    host_calls=NUMBERS,
    log_lines=NUMBERS,
    log_bytes=NUMBERS,
)
BYTES = st.binary(max_size=100)


@given(st.builds(Order, script=NUMBERS, function=BYTES, config=BYTES, params=BYTES, variables=BYTES, limits=LIMITS))
def test_an_order_arrives_as_it_was_given(order):
    """The wall is the server's own affair."""
    assert unpack_order(pack_order(order)) == order


@given(
    st.builds(
        End,
        how=st.sampled_from(How),
        cpu_s=st.floats(0, 1e6),
        memory_bytes=st.integers(0, 2**63),
        host_calls=NUMBERS,
        logs_left_out=NUMBERS,
        text=BYTES,
    )
)
def test_an_end_arrives_as_it_was(end):
    """Usage, reason and result."""
    assert unpack_end(pack_end(end)) == end


@given(st.binary(max_size=100))
def test_no_body_does_more_than_being_refused(body):
    """Neither on the one side nor on the other."""
    for unpack in (unpack_end, unpack_order):
        with contextlib.suppress(Malformed):
            unpack(body)


ENDED = pack_end(End(how=How.RETURNED, text=b"1"))
LIES = {
    "an execution that there is not": frame(Kind.ENDED, 77, ENDED),
    "a request of one that there is not": frame(Kind.ASK, 77, b"{}"),
    "a line of one that there is not": frame(Kind.LOG, 77, b"ix"),
    "an end that is none": frame(Kind.ENDED, 2, b"\xff" * 40),
    "an end without a body": frame(Kind.ENDED, 2),
    "a second end": frame(Kind.ENDED, 2, ENDED) * 2,
    "many requests at once": frame(Kind.ASK, 2, b"{}") * 3,
    "more lines than allowed": frame(Kind.LOG, 2, b"ix") * 4,
    "a line without a level": frame(Kind.LOG, 2, b"?x"),
    "a longer result than allowed": frame(Kind.ENDED, 2, ENDED + b"1" * 300_000),
    "longer lines than allowed": frame(Kind.LOG, 2, b"i" + b"x" * 2_000),
    "an order": frame(Kind.RUN, 2),
    "no frame": b"GET / HTTP/1.1\r\n\r\n",
    "a frame that is too large": b"\xff\xff\xff\xff\x13\x02\0\0\0",
    "ready twice": frame(Kind.READY, 1, b"{}"),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
async def test_a_process_that_lies_is_not_believed_any_more(lie):
    """Its executions fail with a typed error; nothing of what it says then is taken."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = Process()
        await asyncio.get_running_loop().create_unix_connection(lambda: process, sock=ours)
        theirs.sendall(frame(Kind.READY, 4, json.dumps({"engine": "none"}).encode()))
        await asyncio.wait_for(process.ready, 10)
        running = process.begin(
            Job(source="x", function="f", limits=Limits(log_lines=3, log_bytes=1_000, result_bytes=1_000)), Service()
        )
        running.owner = None  # nobody is in the middle of a request
        assert running.number == 2
        theirs.setblocking(False)
        async with asyncio.timeout(10):
            with contextlib.suppress(ConnectionError):  # it may be ended before it has said all
                await asyncio.get_running_loop().sock_sendall(theirs, lie)
            with contextlib.suppress(SandboxLost):
                while not isinstance(await running.next(), End):
                    pass

            await process.close()

        assert process.lied
