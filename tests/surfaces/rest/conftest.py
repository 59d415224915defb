"""A server of its own for the tests of the routes, and people who ask it."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from jackfield import Connector, Secret, command, fail, field, succeed
from jackfield.app.embedded import Embedded
from jackfield.app.listening import Listener, listen, url_of
from jackfield.settings import Settings
from jackfield.surfaces.rest.app import make_app
from jackfield.surfaces.rest.services import Services
from surfaces.kept import KEY
from surfaces.rest.world import ADMIN_TOKEN, unique


class Desk(Connector, name="desk", category="crm"):
    """A help desk."""

    base_url: str = field("Address.", default="https://desk.example")
    api_key: Secret = field("Key.")

    @command(reads_only=True)
    async def echo(self, text: str):
        """Say it again."""
        return succeed({"text": text})

    @command(reads_only=True)
    async def refuse(self):
        """Fail."""
        return fail("no")


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server.

    Attributes:
        url: Its address.
    """

    url: str

    def as_(self, token: str) -> httpx.Client:
        """A client that sends `token`."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, trust_env=False)

    def get(self, path: str, *, token: str) -> httpx.Response:
        """One answer to whoever has `token`."""
        with self.as_(token) as client:
            return client.get(path)


async def _serve(settings: Settings, started: Future[tuple[str, Callable[[], None]]]) -> None:
    runtime = Embedded(settings, types=[Desk], kind="server")
    try:
        parts = await runtime.opened()
        services = Services(
            authenticate=parts.authenticate,
            run=runtime.carry_out,
            manage=parts.resources,
            check=parts.check,
            max_request_bytes=settings.max_request_bytes,
        )
        listening = listen("127.0.0.1", 0)
        listener = Listener(make_app(services), shutdown_s=1)
        loop = asyncio.get_running_loop()
        told = (url_of(listening, "127.0.0.1"), lambda: loop.call_soon_threadsafe(listener.stop))
        await listener.run_on(listening, started=lambda: started.set_result(told))
    finally:
        await runtime.close()


def _served(settings: Settings) -> Iterator[Server]:
    started: Future[Any] = Future()

    def run() -> None:
        try:
            asyncio.run(_serve(settings, started))
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=run)
    thread.start()
    url, stop = started.result(30)
    yield Server(url=url)
    stop()
    thread.join(30)


@pytest.fixture(scope="session")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests, which use names of their own."""
    folder = tmp_path_factory.mktemp("server")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'jackfield.db')}"
    yield from _served(Settings(data=folder, database_url=url, key=KEY, admin_token=ADMIN_TOKEN))


@pytest.fixture
def postgresql_server(postgresql_url: str, tmp_path: Path) -> Iterator[Server]:
    """A server on PostgreSQL, which refuses what SQLite takes."""
    yield from _served(Settings(data=tmp_path, database_url=postgresql_url, key=KEY, admin_token=ADMIN_TOKEN))


@pytest.fixture(scope="session")
def admin(server: Server) -> Iterator[httpx.Client]:
    """An administrator."""
    with server.as_(ADMIN_TOKEN) as client:
        yield client


Users = Callable[..., httpx.Client]


@pytest.fixture
def user(server: Server, admin: httpx.Client) -> Iterator[Users]:
    """Makes people: `user()` with all scopes, `user("read")` with that one."""
    clients = []

    def make(*scopes: str) -> httpx.Client:
        body = {"name": unique("user"), **({"scopes": list(scopes)} if scopes else {})}
        made = admin.post("/api/users", json=body)
        assert made.status_code == 201, made.text
        clients.append(server.as_(made.json()["token"]["text"]))
        return clients[-1]

    yield make
    for client in clients:
        client.close()
