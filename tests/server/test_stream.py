"""`GET /api/executions/stream`: calls as they happen, over HTTP."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

import pytest

from jackfield.surfaces.rest import event_stream
from server.browser import signed_in
from server.world import At, Said, at, settings
from surfaces.served import served

PATH = "/api/executions/stream"


@dataclass(frozen=True, kw_only=True)
class Block:
    """What stands between two empty lines."""

    fields: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.fields.get("event", "")

    @property
    def data(self) -> Any:
        return json.loads(self.fields["data"])


class Stream:
    """An answer that is read as it comes."""

    def __init__(self, connection: socket.socket) -> None:
        self.response = HTTPResponse(connection, method="GET")
        self.response.begin()

    def block(self) -> Block:
        """The next one."""
        fields: dict[str, str] = {}
        while line := self.response.readline().decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            fields[name] = value
        return Block(fields=fields)

    def event(self) -> Block:
        """The next one that is an event; one without a name at the end."""
        beats = 0
        while not (found := self.block()).name and found.fields:
            beats += ":" in found.fields
            assert beats < 2, "nothing is told"
        return found


@contextmanager
def streaming(server: At, query: str = "", **headers: str) -> Iterator[Stream]:
    """A stream that has begun."""
    with server.connected() as connection:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.sendall(server.request("GET", PATH + query, headers=given))
        stream = Stream(connection)
        assert stream.response.status == 200, stream.response.read()
        assert "retry" in stream.block().fields
        yield stream


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, tmp_path) -> Iterator[At]:
    """A server of its own, with each kind of journal."""
    url = "memory" if request.param == "memory" else request.getfixturevalue(f"{request.param}_url")
    with served(settings(tmp_path, database_url=url)) as started:
        yield at(started)


def echo(server: At, text: str) -> str:
    """A call; what its preview holds."""
    assert server.execute({"command": "echo", "params": {"text": text}}).status == 200
    return text


def texts(stream: Stream, count: int) -> list[str]:
    return [json.loads(stream.event().data["preview"])["text"] for _ in range(count)]


def test_a_call_is_an_event_as_the_list_has_it(anywhere: At):
    """A page puts it on top of its list."""
    with streaming(anywhere) as stream:
        echo(anywhere, "one")
        event = stream.event()
    listed = anywhere.ask("GET", "/api/executions").json()["items"]

    assert event.name == "execution"
    assert [event.data] == listed


def test_who_comes_back_goes_on_where_it_was(anywhere: At):
    """With the header of browsers, and with the parameter; the header wins, as the address stays the same."""
    with streaming(anywhere) as stream:
        echo(anywhere, "one")
        last = stream.event().fields["id"]
    echo(anywhere, "two")
    with streaming(anywhere, Last_Event_ID=last) as stream:
        by_header = texts(stream, 1)
        later = echo(anywhere, "three")
        after = stream.event()
    with streaming(anywhere, f"?after={last}") as stream:
        by_parameter = texts(stream, 2)
    with streaming(anywhere, f"?after={last}", Last_Event_ID=after.fields["id"]) as stream:
        echo(anywhere, "four")
        by_both = texts(stream, 1)

    assert (by_header, by_parameter, by_both) == (["two"], ["two", later], ["four"])


def test_a_stream_is_not_kept_by_anybody_on_the_way(memory_server: At):
    """Proxies are told so."""
    with streaming(memory_server) as stream:
        headers = {name.lower(): value for name, value in stream.response.getheaders()}

    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")


def test_filters_are_those_of_the_list(memory_server: At):
    with streaming(memory_server, "?where=command:eq:echo&connector=probe") as stream:
        memory_server.execute({"command": "refuse", "params": {}})
        echo(memory_server, "this one")

        assert texts(stream, 1) == ["this one"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?where=params:eq:x", "invalid-query"),
        ("?status=DONE", "invalid-query"),
        ("?limit=5", "invalid-params"),
        ("?after=nonsense", "cursor-invalid"),
    ],
)
def test_what_cannot_be_told_is_refused_before_it_begins(memory_server: At, query, code):
    assert memory_server.ask("GET", PATH + query).code == code


def test_whoever_asks_for_the_head_gets_that(memory_server: At):
    """And no stream that nobody would read."""
    head: Said = memory_server.ask("HEAD", PATH)

    assert (head.status, head.body) == (200, b"")


def test_a_sign_of_life_comes_when_nothing_happens(memory_server: At, monkeypatch: pytest.MonkeyPatch):
    """With the place, so that who comes back then has less to be told."""
    monkeypatch.setattr(event_stream, "BEAT_S", 0.01)
    with streaming(memory_server) as stream:
        while ":" not in (beat := stream.block().fields):
            pass

    assert beat[":"] == ""
    assert beat["id"]


def person(server: At, name: str, *scopes: str) -> tuple[At, Mapping[str, Any]]:
    """A new user with a token, and what was said of it."""
    made = server.ask("POST", "/api/users", {"name": name, **({"scopes": scopes} if scopes else {})}).json()
    return At(url=server.url, token=made["token"]["text"]), made


def test_callers_see_their_own_calls_and_administrators_all(server: At):
    ann, _ = person(server, "ann")
    with streaming(ann) as own, streaming(server) as every:
        echo(server, "the administrator's")
        echo(ann, "ann's")

        assert texts(own, 1) == ["ann's"]
        assert texts(every, 2) == ["the administrator's", "ann's"]


def test_a_token_without_read_follows_nothing(server: At):
    caller, _ = person(server, "ann", "execute")

    assert caller.ask("GET", PATH).code == "scope-missing"


def test_a_stream_ends_when_its_token_does(server: At, monkeypatch: pytest.MonkeyPatch):
    """Whoever took a token away does not expect that it goes on listening."""
    monkeypatch.setattr(event_stream, "CHECK_S", 0.01)
    ann, _ = person(server, "ann")
    token = ann.ask("GET", "/api/tokens").json()["items"][0]["id"]
    with streaming(ann) as stream:
        assert server.ask("DELETE", f"/api/tokens/{token}").status == 200
        end = stream.event()

        assert (end.name, end.data["code"]) == ("end", "token-revoked")
        assert stream.response.read() == b""


def test_a_stream_ends_when_its_user_is_gone(server: At, monkeypatch: pytest.MonkeyPatch):
    """Nobody listens in the name of somebody who has left."""
    monkeypatch.setattr(event_stream, "CHECK_S", 0.01)
    ann, _ = person(server, "ann")
    with streaming(ann) as stream:
        assert server.ask("DELETE", "/api/users/ann").status < 300

        assert stream.event().name == "end"


def test_a_stream_of_a_browser_ends_when_somebody_signs_out(server: At, monkeypatch: pytest.MonkeyPatch):
    """In whatever page that was."""
    monkeypatch.setattr(event_stream, "CHECK_S", 0.01)
    browser = signed_in(server)
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with streaming(
        At(url=server.url, token=""), cookie=cookie, host=browser.host, sec_fetch_site="same-origin"
    ) as stream:
        assert browser.ask("DELETE", "/api/session").status == 204
        end = stream.event()

    assert (end.name, end.data["code"]) == ("end", "session-ended")


def test_a_page_that_is_left_open_does_not_use_its_session(server: At, monkeypatch: pytest.MonkeyPatch):
    """Else nobody who forgot to sign out would ever be signed out."""
    from jackfield.access.tokens import Tokens

    looked, over = [], threading.Event()
    current = Tokens._current

    async def noted(tokens: Tokens, text: str, **how: Any) -> Any:
        if how["is_session"]:
            looked.append(how.get("uses", True))
            if looked.count(False) >= 2:
                over.set()
        return await current(tokens, text, **how)

    browser = signed_in(server)
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    monkeypatch.setattr(event_stream, "CHECK_S", 0.01)
    monkeypatch.setattr(Tokens, "_current", noted)
    with streaming(At(url=server.url, token=""), cookie=cookie, host=browser.host, sec_fetch_site="same-origin"):
        assert over.wait(20)

    assert looked.count(True) == 1


def test_too_many_streams_are_refused(memory_server: At, monkeypatch: pytest.MonkeyPatch):
    from jackfield.manage import execution_stream

    monkeypatch.setattr(execution_stream, "PER_CALLER", 0)
    refused = memory_server.ask("GET", PATH)

    assert (refused.status, refused.code, refused.headers["retry-after"]) == (429, "too-many-streams", "5")


def test_a_server_that_stops_waits_for_no_stream(sqlite_url: str, tmp_path):
    """They would hold it for as long as it waits for calls; they are told why, and can come back."""
    told: list[Block] = []
    with served(settings(tmp_path, database_url=sqlite_url, shutdown_s=3600)) as started:
        begun = threading.Event()

        def listen() -> None:
            with streaming(at(started)) as stream:
                begun.set()
                told.append(stream.event())

        thread = threading.Thread(target=listen)
        thread.start()
        assert begun.wait(20)
    thread.join(20)

    assert [(block.name, block.data["code"]) for block in told] == [("end", "server-stopping")]
