"""A shop that can be asked to misbehave, and runtimes that call it, each with its own kind of journal."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jackfield import Connector, Context, Outcome, command, succeed
from jackfield import field as connection_field
from jackfield.access.principal import LOCAL, Principal
from jackfield.app.embedded import Embedded
from jackfield.dispatch.call import Call, CallOptions, Recorded
from jackfield.dispatch.journal import Journal
from jackfield.egress.pools import Pools
from jackfield.manage.execution_views import ExecutionView
from jackfield.manage.resources import Resources
from jackfield.settings import Settings
from jackfield.storage.journal_claim import Claim
from jackfield.storage.journal_effects import Effect
from servers import Answer, Asked, Service

KEY = "main:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
ANN, BOB, EVE = Principal(user="ann"), Principal(user="bob"), Principal(user="eve", tenant="other", admin=True)
SLOW, NOWHERE = "slow.example", "nowhere.example"

LARGE = 300 * 1024
"""Characters; more than a row of the database takes."""


class Shop(Connector, name="shop-in-python"):
    """The shop, in Python."""

    base_url: str = connection_field("Address.")

    @command(mock={"default": succeed({"order": "mocked"})})
    async def order(self, ctx: Context, path: str, item: str = "tea") -> Outcome:
        """Order something."""
        answer = await ctx.http.post(f"{self.base_url}/{path}", json={"item": item})
        answer.raise_for_status()
        return succeed(answer.body)

    @command(reads_only=True)
    async def look(self, ctx: Context, item: str = "tea") -> Outcome:
        """Look at the shelf."""
        return succeed((await ctx.http.get(f"{self.base_url}/shelf", query={"item": item})).body)


_TEXT = {"type": "string"}

CONNECTORS: dict[str, dict[str, Any]] = {
    "class": {"type": "shop-in-python"},
    "declared": {
        "baseUrl": "{base_url}",
        "connectionConfig": {"base_url": _TEXT | {"required": True}},
        "operations": [
            {
                "name": "order",
                "method": "POST",
                "path": "/{path}",
                "parameters": {"properties": {"path": _TEXT, "item": _TEXT | {"default": "tea"}}},
                "mock": {"default": {"order": "mocked"}},
            },
            {
                "name": "look",
                "method": "GET",
                "path": "/shelf",
                "parameters": {"properties": {"item": _TEXT | {"default": "tea"}}},
            },
        ],
    },
}


@dataclass(kw_only=True)
class Counter:
    """The shop: what is behind its door.

    Attributes:
        orders: How many it took.
        thinking: Released once for each request that it thinks about.
        answer_now: Set, it answers what it thought about.
    """

    orders: int = 0
    thinking: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    answer_now: threading.Event = field(default_factory=threading.Event)

    def serve(self, asked: Asked) -> Answer:
        """Answer according to the path."""
        place = asked.path.strip("/")
        if place == "hang-up":
            raise ConnectionAbortedError
        if place == "think":
            self.thinking.release()
            self.answer_now.wait(30)
        if place.isdigit():
            return Answer(status=int(place), body={"reason": "the shop says so"})
        if place == "large":
            return Answer(body={"text": "x" * LARGE})
        if place == "shelf":
            return Answer(body={"tea": 7})
        self.orders += 1
        return Answer(status=201, body={"order": self.orders})

    async def thought(self) -> None:
        """Wait until it thinks about a request."""
        assert await asyncio.to_thread(self.thinking.acquire, timeout=30)


class Names:
    """The name server: one name has no address, the other one is this machine's, and takes its time.

    Attributes:
        asked: Set once somebody asks for the slow one.
        answer_now: Set, they are answered.
    """

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.answer_now = asyncio.Event()

    async def __call__(self, host: str) -> Sequence[str]:
        """The addresses of `host`."""
        if host != SLOW:
            raise OSError(f"{host} has no address")
        self.asked.set()
        await self.answer_now.wait()
        return ["127.0.0.1"]


class Shopping:
    """A runtime with one connector, `shop`, and calls through it."""

    def __init__(self, *, kind: str, database_url: str, folder: Path, service: Service, counter: Counter) -> None:
        self.service = service
        self.counter = counter
        self.names = Names()
        self.settings = Settings(
            data=folder / "data",
            database_url=database_url,
            key="" if database_url == "memory" else KEY,
            egress_allow="127.0.0.1",
        )
        self.runtime = Embedded(self.settings, types=[Shop], pools=Pools(lookup=self.names))
        self._kind = kind

    async def open(self) -> None:
        """Configure the connector."""
        await self.runtime.add(CONNECTORS[self._kind] | {"name": "shop", "config": {"base_url": self.service.url}})

    async def close(self) -> None:
        """End the process."""
        await self.runtime.close()

    def move(self, base_url: str) -> None:
        """The shop has another address; the connector is the same one."""
        config = {"base_url": base_url}
        self.runtime.base.change_connector("default/shop", tenant="default", config=config)

    async def order(
        self,
        path: str = "orders",
        *,
        key: str | None = "key-1",
        item: str = "tea",
        principal: Principal = LOCAL,
        **options: Any,
    ) -> Recorded:
        """Order something, in the way that `path` says."""
        return await self.runtime.carry_out(
            Call(
                principal=principal,
                target="shop",
                command="order",
                params={"path": path, "item": item},
                options=CallOptions(idempotency_key=key, **options),
            )
        )

    async def journal(self) -> Journal:
        """What keeps the calls."""
        await self.runtime.open()
        assert self.runtime._opened is not None
        return self.runtime._opened.dispatcher.journal

    async def resources(self) -> Resources:
        """What is kept."""
        return await self.runtime.open()

    async def kept(self, principal: Principal = LOCAL) -> Sequence[ExecutionView]:
        """All executions, oldest first."""
        return (await (await self.resources()).executions.list(principal)).items[::-1]


class Listening:
    """The real journal, with an ear on what those who claim are told."""

    def __init__(self, journal: Journal) -> None:
        self.told: asyncio.Queue[Claim] = asyncio.Queue()
        self._claim = journal.claim
        journal.claim = self.claim  # type: ignore[method-assign]

    async def claim(self, effect: Effect, row: Any, *, abandoned: str | None = None) -> Claim:
        """As the journal's."""
        found = await self._claim(effect, row, abandoned=abandoned)
        self.told.put_nowait(found)
        return found

    async def hears(self, kind: type) -> None:
        """Wait until somebody is told so."""
        while not isinstance(await asyncio.wait_for(self.told.get(), 30), kind):
            pass
