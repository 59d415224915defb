"""A server of its own for the tests of the routes, and people who ask it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import pytest

from jackfield.settings import Settings
from surfaces.kept import KEY
from surfaces.rest.world import unique
from surfaces.served import ADMIN_TOKEN, served


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
        return httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=60)

    def get(self, path: str, *, token: str) -> httpx.Response:
        """One answer to whoever has `token`."""
        with self.as_(token) as client:
            return client.get(path)


DESK = '''
from jackfield import Connector, Secret, command, fail, field, succeed

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
'''


def _settings(folder: Path, url: str) -> Settings:
    (folder / "connectors").mkdir()
    (folder / "connectors" / "desk.py").write_text(DESK)
    return Settings(
        data=folder, database_url=url, key=KEY, admin_token=ADMIN_TOKEN, port=0, connectors=(folder / "connectors",)
    )


@pytest.fixture(scope="session")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests, which use names of their own."""
    folder = tmp_path_factory.mktemp("server")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'jackfield.db')}"
    with served(_settings(folder, url)) as started:
        yield Server(url=started.url)


@pytest.fixture
def postgresql_server(postgresql_url: str, tmp_path: Path) -> Iterator[Server]:
    """A server on PostgreSQL, which refuses what SQLite takes."""
    with served(_settings(tmp_path, postgresql_url)) as started:
        yield Server(url=started.url)


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
