"""The demo: works without an account, opens nothing else, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from typing import Any

import pytest

from jackfield.app.demo.connector import demo_entry
from jackfield.app.demo.running import Demo, add_demo, start_demo
from jackfield.app.embedded import Embedded
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import CallOptions, Origin
from jackfield.egress.errors import UrlRefused
from jackfield.egress.policy import parse_allow
from jackfield.settings import Settings

ORIGIN = Origin(trigger="sdk")
KEY = f"main:{base64.b64encode(bytes(range(32))).decode()}"
MINE = {"name": "demo", "baseUrl": "https://mine.example", "operations": [{"name": "go", "path": "/", "method": "GET"}]}


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    running = await start_demo()
    yield running
    await running.close()


@pytest.fixture
async def runtime(demo) -> AsyncIterator[Embedded]:
    async with opened(Settings(database_url="memory")) as made:
        assert await add_demo(made, demo)
        yield made


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Embedded]:
    runtime = Embedded(settings, types=(), kind="server")
    try:
        yield runtime
    finally:
        await runtime.close()


async def call(runtime: Embedded, command: str, target: str = "demo", **params: Any) -> Outcome[Any]:
    return await runtime.call(target, command, params, CallOptions(), ORIGIN)


async def test_books_can_be_found_read_and_ordered(runtime):
    """The first call of a person who has just arrived."""
    found = await call(runtime, "list_books", query="wells", limit=1)
    book = await call(runtime, "get_book", id=found.payload["books"][0]["id"])
    order = await call(runtime, "order_book", bookId=book.payload["id"], copies=2)

    assert (len(found.payload["books"]), found.payload["total"]) == (1, 2)
    assert book.payload["author"] == "H. G. Wells"
    assert order.payload == {
        "order": 1001,
        "book": book.payload["title"],
        "copies": 2,
        "cents": 2 * book.payload["cents"],
    }


async def test_failures_can_be_seen(runtime):
    """A service that is down, a thing that is not there, a refusal with the service's own words."""
    closed = await call(runtime, "unstable")
    absent = await call(runtime, "get_book", id=77)
    sold = await call(runtime, "order_book", bookId=5)

    assert (closed.success, closed.diagnostics["status"]) == (False, 503)
    assert absent.error == "there is no book 77"
    assert sold.error == "there are 0 copies of Frankenstein"


async def test_masking_can_be_seen(runtime, demo):
    """The bookshop answers the token that it was sent."""
    outcome = await call(runtime, "test")

    assert outcome.payload == {"customer": "demo", "token": "********"}
    assert demo.entry["config"]["token"] not in str(outcome.to_json())
    assert demo.entry["config"]["token"] not in repr(demo)


@pytest.mark.parametrize("command", ["list_books", "get_book", "order_book", "unstable", "test"])
async def test_every_command_has_a_mock(command):
    """For whoever has no server at hand. An address where nobody listens shows that nothing is sent."""
    async with opened(Settings(database_url="memory", mock=True)) as runtime:
        await runtime.add(demo_entry(address="127.0.0.1:1", token="demo-0123456789"))
        outcome = await call(
            runtime, command, **({"id": 1, "bookId": 1} if command in {"get_book", "order_book"} else {})
        )

    assert outcome.success
    assert outcome.metadata["mock"]
    assert set(outcome.payload or {}).isdisjoint({"success", "payload"})


async def test_a_mock_may_be_a_failure():
    """What a program does when a book is sold out is what it needs a mock for."""
    async with opened(Settings(database_url="memory")) as runtime:
        await runtime.add(demo_entry(address="127.0.0.1:1", token="demo-0123456789"))
        outcome = await runtime.call("demo", "order_book", {"bookId": 1}, CallOptions(scenario="sold_out"), ORIGIN)

    assert (outcome.success, outcome.error) == (False, "there are 0 copies of Flatland")


async def test_nothing_else_on_this_machine_is_opened(runtime, demo):
    """Neither for other connectors, nor for this one at another port."""
    (entry,) = parse_allow(demo.entry["egress"]["allow"])

    assert str(entry) == demo.address
    with pytest.raises(UrlRefused):
        await call(runtime, "request", target="http", url=f"http://{demo.address}/books")
    with pytest.raises(UrlRefused):
        async with opened(Settings(database_url="memory")) as other:
            elsewhere = await start_demo()
            try:
                await other.add({**demo.entry, "baseUrl": f"http://{elsewhere.address}"})
                await call(other, "list_books")
            finally:
                await elsewhere.close()


async def test_it_is_gone_with_the_server(database_url, tmp_path, demo):
    """Nothing of it is in the database, so a start without it has none of it."""
    settings = Settings(data=tmp_path, database_url=database_url, key=KEY)
    async with opened(settings) as runtime:
        assert await add_demo(runtime, demo)
        assert (await call(runtime, "list_books")).success
    async with opened(settings) as runtime:
        parts = await runtime.opened()
        await parts.catalogue.refresh("default")
        connectors = parts.catalogue.connectors("default")
        types = [found.definition.name for found in parts.catalogue.types("default")]

    assert [found.full_name for found in connectors if found.name == "demo"] == []
    assert "demo" not in types


async def test_a_connector_of_that_name_in_a_file_wins(tmp_path, demo, caplog):
    """Whoever has one means that."""
    (tmp_path / "mine.json").write_text(json.dumps({"connectors": [MINE]}))
    async with opened(Settings(database_url="memory", connectors=(tmp_path,))) as runtime:
        assert not await add_demo(runtime, demo)
        assert runtime.problems == []
        assert (await runtime.describe("demo")).commands.keys() == {"go"}
    assert "the connector `default/demo` is yours and stays as it is: the demo is not added" in caplog.text


async def test_a_stored_connector_of_that_name_wins(database_url, tmp_path, demo):
    """Also one that was made over the network."""
    settings = Settings(data=tmp_path, database_url=database_url, key=KEY)
    async with opened(settings) as runtime:
        manage = await runtime.open()
        await manage.connectors.create(await runtime.principal(), MINE)
    async with opened(settings) as runtime:
        assert not await add_demo(runtime, demo)
        assert runtime.problems == []
        assert (await runtime.describe("demo")).commands.keys() == {"go"}


def ask(address: str, path: str, *, data: bytes | None = None, token: str = "") -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(f"http://{address}{path}", data=data, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


ASKED = [
    ("/books?limit=0", None, 400),
    ("/books?limit=%C2%B2", None, 400),
    ("/books?limit=99999999999999999999", None, 400),
    ("/books/x", None, 404),
    ("/me", None, 401),
    ("/unstable", None, 503),
    ("/orders", b"", 404),
    ("/orders", b"[]", 404),
    ("/orders", b"[" * 9000, 404),
    ("/orders", b"\xff", 404),
    ("/orders", b"{" + b" " * 20_000 + b"}", 404),
    ("/orders", b'{"bookId": 1, "copies": 11}', 400),
    ("/orders", b'{"bookId": 1, "copies": true}', 400),
    ("/orders", b'{"bookId": 2, "copies": 5}', 409),
    ("/orders", b'{"bookId": 2, "copies": 4}', 201),
]


async def test_the_bookshop_answers_whatever_it_is_sent(demo):
    """Other programs of this machine reach it too."""
    for path, data, status in ASKED:
        found, body = await asyncio.to_thread(ask, demo.address, path, data=data)

        assert (path, data, found) == (path, data, status)
        assert body["message"] if found >= 400 else body["order"]


async def test_only_its_own_token_is_taken(demo):
    """Which is another at each start."""
    token = demo.entry["config"]["token"]
    right, _ = await asyncio.to_thread(ask, demo.address, "/me", token=token)
    wrong, _ = await asyncio.to_thread(ask, demo.address, "/me", token=token[:-1])

    assert (right, wrong) == (200, 401)
    assert token.startswith("demo-")
