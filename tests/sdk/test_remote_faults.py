"""What comes back when the network, or what answers in place of a server, misbehaves."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from click.testing import CliRunner

from jackfield import Jackfield, JackfieldError
from jackfield.__main__ import _runtime
from jackfield.surfaces.cli.main import cli
from jackfield.surfaces.sdk.remote.wire import Wire
from jackfield.surfaces.server_errors import ServerAnswerUnreadable, ServerUnreachable

TOKEN = "jf_token-of-the-faulty-server-0123456789"
OUTCOME = {"success": True, "payload": None, "variables": {}, "metadata": {}}

Behave = Callable[[int], bytes | None]
"""From the number of a request to what is sent back before hanging up; `None` for nothing at all, for ever."""


@dataclass
class Faulty:
    """A server that does as it is told.

    Attributes:
        asked: The first line of each request.
        connections: Open ones.
    """

    url: str
    asked: list[str] = field(default_factory=list)
    connections: list[socket.socket] = field(default_factory=list)


@contextmanager
def faulty(behave: Behave, *, keep: int = 0) -> Iterator[Faulty]:
    """Serve on loopback. The first `keep` answers leave their connection open."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Faulty(url=f"http://127.0.0.1:{listening.getsockname()[1]}")

        def connection(taken: socket.socket) -> None:
            with taken, taken.makefile("rb") as reading:
                while line := reading.readline():
                    read_rest(reading)
                    made.asked.append(line.decode().strip())
                    answer = behave(len(made.asked))
                    if answer is None:
                        reading.read()
                        return
                    taken.sendall(answer)
                    if len(made.asked) > keep:
                        return

        def accept() -> None:
            while True:
                try:
                    taken, _ = listening.accept()
                except OSError:
                    return
                made.connections.append(taken)
                threading.Thread(target=connection, args=(taken,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for taken in made.connections:
                taken.close()


def read_rest(reading: Any) -> None:
    length = 0
    while (line := reading.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    reading.read(length)


def http(
    body: bytes = b"", *, status: int = 200, kind: str = "application/json", length: int | None = None, **more: str
) -> bytes:
    headers = {"Content-Type": kind, "Content-Length": str(len(body) if length is None else length)} | more
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def called(server: Faulty, **options: Any) -> Any:
    with Jackfield(url=server.url, token=TOKEN) as jf:
        return jf.connector("desk", "list_items", {}, **options)


PROBLEM = {"type": "urn:jackfield:error:unknown-connector", "code": "unknown-connector", "detail": f"you sent {TOKEN}"}
HTML = b"<html>Authorization: Bearer " + TOKEN.encode() + b"</html>"

UNREADABLE = {
    "a page": (http(HTML, kind="text/html"), "answered `200` with `text/html`"),
    "a bad gateway": (http(HTML, kind="text/html; charset=utf-8", status=502), "answered `502` with `text/html`"),
    "a page that says it is JSON": (http(HTML), "`200` is not JSON, although it says so"),
    "a type with a token in it": (http(b"x", kind=f"text/{TOKEN}"), "answered `200` with something"),
    "another program's JSON": (http(b'{"hello": "world"}'), "what it answered is no outcome"),
    "a list": (http(b"[]"), "what it answered is no outcome"),
    "another program's error": (http(b'{"error": "no"}', status=404), "answered `404` with `application/json`"),
    "an error without a body": (http(status=500), "`500` is not JSON"),
    "JSON that is compressed": (http(gzip.compress(json.dumps(OUTCOME).encode()), Content_Encoding="gzip"), "not JSON"),
    "a redirect": (http(status=302, Location="http://127.0.0.1:9/steal"), "a token is not sent on to another address"),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.9\r\n", "it speaks no HTTP"),
    "8 MB of a page": (http(HTML + b"x" * (8 << 20), kind="text/html"), "answered `200` with `text/html`"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_answer_of_a_server_is_said_without_its_words(name: str, caplog: pytest.LogCaptureFixture):
    """A proxy's page, a sign-in, another program: whatever it is, it may hold the token that was sent."""
    answer, told = UNREADABLE[name]
    caplog.set_level(logging.DEBUG)
    with faulty(lambda _: answer) as server, pytest.raises(ServerAnswerUnreadable) as caught:
        called(server)

    assert told in caught.value.message
    assert "JACKFIELD_URL" in caught.value.hint
    assert len(server.asked) == 1
    check_secrecy(caught.value, caplog)


def test_a_redirect_is_followed_by_nobody(caplog: pytest.LogCaptureFixture):
    """The token is for the server that is set."""
    with faulty(lambda _: http(json.dumps(OUTCOME).encode())) as thief:
        answer = http(status=307, Location=f"{thief.url}/api/connectors/desk/execute")
        with faulty(lambda _: answer) as server, pytest.raises(ServerAnswerUnreadable):
            called(server)

    assert thief.asked == []


def test_an_error_that_quotes_the_token_is_masked(caplog: pytest.LogCaptureFixture):
    """Whatever a server writes into its errors goes into the logs of its clients."""
    with (
        faulty(lambda _: http(json.dumps(PROBLEM).encode(), status=404)) as server,
        pytest.raises(JackfieldError) as caught,
    ):
        called(server)

    assert caught.value.message == "you sent ********"
    check_secrecy(caught.value, caplog)


BROKEN = {
    "nothing": b"",
    "half a header": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "half a body": http(b'{"success": tr', length=100),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_connection_that_breaks_says_that_the_call_may_have_been_made(name: str, caplog: pytest.LogCaptureFixture):
    """It was sent: doing it again is for whoever knows whether that does harm."""
    caplog.set_level(logging.DEBUG)
    with faulty(lambda _: BROKEN[name]) as server, pytest.raises(JackfieldError) as caught:
        called(server)

    assert caught.value.code in {"server-unreachable", "server-answer-unreadable"}
    assert caught.value.details["sent"] == "maybe"
    assert "the call may have been made" in caught.value.message
    assert "jackfield executions list" in caught.value.hint
    assert len(server.asked) == 1
    check_secrecy(caught.value, caplog)


def test_with_an_idempotency_key_the_hint_is_to_repeat():
    """That is what the key is for."""
    with faulty(lambda _: b"") as server, pytest.raises(ServerUnreachable) as caught:
        called(server, idempotency_key="k")

    assert "same idempotency key" in caught.value.hint


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_no_request_is_sent_twice_when_a_kept_connection_drops(method: str):
    """aiohttp does so by itself, for all but POST."""
    first = http(b"{}")
    with faulty(lambda number: first if number == 1 else b"", keep=1) as server:
        wire = Wire(url=server.url, token=TOKEN)
        await wire.ask("GET", "/api/first")
        with pytest.raises(ServerUnreachable) as caught:
            await wire.ask(method, "/api/second", body=None if method == "GET" else b"{}")
        await wire.close()

    assert server.asked == ["GET /api/first HTTP/1.1", f"{method} /api/second HTTP/1.1"]
    assert len(server.connections) == 1
    assert ("the change may have been made" in caught.value.message) is (method != "GET")


async def test_a_server_that_says_nothing_is_waited_for_no_longer_than_was_said():
    """They fear to hang for ever."""
    with faulty(lambda _: None) as server:
        wire = Wire(url=server.url, token=TOKEN)
        with pytest.raises(ServerUnreachable, match=r"nothing came back within `0\.05` s; the call may have") as caught:
            await wire.ask("POST", "/api/connectors/desk/execute", body=b"{}", timeout_s=0.05, asked="call")
        await wire.close()

    assert caught.value.details["sent"] == "maybe"


async def test_cancelling_a_call_hangs_up():
    """So that the server can stop its work too."""
    asked, hung_up = asyncio.Event(), asyncio.Event()

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        while await reader.read(1000):
            pass
        hung_up.set()
        writer.close()

    async with await asyncio.start_server(never, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with Jackfield(url=url, token=TOKEN) as jf:
            calling = asyncio.ensure_future(jf.connector_async("desk", "list_items", {}))
            await asyncio.wait_for(asked.wait(), 5)
            calling.cancel()
            with pytest.raises(asyncio.CancelledError):
                await calling
            await asyncio.wait_for(hung_up.wait(), 5)


def test_a_large_outcome_comes_whole():
    """8 MB is what some services answer."""
    payload = ["x" * 1000] * 8000
    with faulty(lambda _: http(json.dumps(OUTCOME | {"payload": payload}).encode())) as server:
        assert called(server).payload == payload


async def test_an_answer_without_end_is_not_read_to_its_end():
    """Whoever answers there must not fill this machine's memory."""
    with faulty(lambda _: http(b"[" + b"1," * 10_000, length=10**12)) as server:
        wire = Wire(url=server.url, token=TOKEN, max_answer_bytes=5_000)
        with pytest.raises(ServerAnswerUnreadable, match="larger than this program takes"):
            await wire.ask("GET", "/api/secrets")
        await wire.close()


def test_where_nobody_listens_nothing_was_sent(caplog: pytest.LogCaptureFixture):
    """It can be repeated without a thought."""
    caplog.set_level(logging.DEBUG)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with Jackfield(url=url, token=TOKEN) as jf, pytest.raises(ServerUnreachable) as caught:
        jf.connector("desk", "list_items", {})

    assert caught.value.message == f"the Jackfield server `{url}` did not answer: connection refused"
    assert caught.value.details["sent"] == "no"
    assert caught.value.retry == "later"
    check_secrecy(caught.value, caplog)


def test_plain_http_where_tls_is_expected_sends_no_token():
    """The token goes over TLS or not at all."""
    seen: list[bytes] = []

    def answer_once() -> None:
        taken, _ = listening.accept()
        with taken:
            seen.append(taken.recv(65536))
            taken.sendall(http(b"{}"))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer_once)
        thread.start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        with Jackfield(url=url, token=TOKEN) as jf, pytest.raises(ServerUnreachable, match="speaks no TLS") as caught:
            jf.connector("desk", "list_items", {})
        thread.join()

    assert caught.value.details["sent"] == "no"
    assert TOKEN.encode() not in seen[0]


def test_the_token_is_no_part_of_what_is_shown_of_a_client():
    """People print objects."""
    with Jackfield(url="http://127.0.0.1:9", token=TOKEN) as jf:
        shown = repr(jf) + repr(jf.runtime) + repr(jf.runtime.wire) + repr(vars(jf.runtime))

    assert TOKEN not in shown


@pytest.mark.parametrize(("answer", "status"), [(b"", 1), (http(HTML, kind="text/html", status=404), 2)])
def test_the_exit_status_tells_whether_a_call_may_have_been_made(
    answer: bytes, status: int, monkeypatch: pytest.MonkeyPatch
):
    """A script repeats what was not made, and nothing else."""
    with faulty(lambda _: answer) as server:
        monkeypatch.setenv("JACKFIELD_URL", server.url)
        monkeypatch.setenv("JACKFIELD_TOKEN", TOKEN)
        done = CliRunner().invoke(cli, ["call", "desk.list_items"], obj=_runtime)

    assert done.exit_code == status, done.stderr
    assert done.stderr.startswith("error: ")
    assert TOKEN not in done.output


def check_secrecy(error: JackfieldError, caplog: pytest.LogCaptureFixture) -> None:
    shown = [str(error), repr(error), json.dumps(error.to_json()), *traceback.format_exception(error), caplog.text]

    assert TOKEN not in "".join(shown)
