"""An installation with a connector whose account is connected; and processes that call it, many times at once."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from databases import in_a_loop_of_its_own
from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.app.store import open_store
from jackfield.credentials.oauth.stored_grants import StoredGrants
from jackfield.manage.resources import Resources
from jackfield.settings import Settings
from jackfield.storage import credentials, oauth_grants
from jackfield.storage.credentials import CredentialRow
from jackfield.storage.oauth_grants import GrantRow
from jackfield.testing.oauth.controls import Controls
from oauth_refresh.world import granted
from server.processes import Place, Process
from server.world import At
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN as ADMIN

DRIVER = Path(__file__).with_name("driver.py")
CONNECTOR = "acme"
TENANT = "default"
PATIENCE_S = 60.0
"""Seconds: longer than the turn of a process that was killed, on a machine that is busy."""
CLIENT = "ACME_OAUTH_CLIENT_ID", "ACME_OAUTH_CLIENT_SECRET"


def definition(server: Controls) -> dict[str, Any]:
    """The connector, whose type signs people in at the fake service."""
    return {
        "name": CONNECTOR,
        "baseUrl": server.api_url,
        "auth": {
            "type": "oauth2",
            "authorizationUrl": server.authorization_url,
            "tokenUrl": server.token_url,
            "scopes": ["read"],
        },
        "operations": [{"name": "me", "method": "GET", "path": "/me"}],
    }


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Where processes of a test keep what happens.

    Attributes:
        holder: Of the grant.
    """

    server: Controls
    settings: Settings
    holder: str

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        return {
            "JACKFIELD_KEY": KEY,
            "JACKFIELD_DATABASE_URL": str(self.settings.database_url),
            "JACKFIELD_EGRESS_ALLOW": self.server.address,
            CLIENT[0]: self.server.client_id,
            CLIENT[1]: self.server.client_secret,
        }

    def grant(self) -> GrantRow:
        """What is kept of it."""

        async def look() -> GrantRow:
            store = await open_store(self.settings, kind="cli")
            assert store is not None
            row, _ = await store.database.read(partial(oauth_grants.get, tenant=TENANT, holder=self.holder))
            await store.close()
            assert row is not None
            return row

        return in_a_loop_of_its_own(look())


def install(folder: Path, url: str, server: Controls) -> Installation:
    """Make the connector, and connect an account to it."""
    settings = Settings(data=folder / "data", database_url=url, key=KEY, egress_allow=server.address)

    async def work() -> str:
        runtime = Embedded(settings, types=[])
        resources: Resources = await runtime.open()
        made = await resources.connectors.create(LOCAL, definition(server))
        await runtime.close()
        return await connect(settings, server, str(made.id))

    return Installation(server=server, settings=settings, holder=in_a_loop_of_its_own(work()))


async def connect(settings: Settings, server: Controls, connector_id: str, *, name: str = "main") -> str:
    """The id of a credential that everybody may use, with what the service grants for it."""
    store = await open_store(settings, kind="cli")
    assert store is not None
    row = CredentialRow(tenant=TENANT, connector_id=connector_id, name=name, mode="platform", is_default=name == "main")
    grants = StoredGrants(store.database, store.changes, store.envelope, store.watch)
    tokens = granted(server)
    sealed = grants.sealed(TENANT, row.id, tokens, generation=1, refreshable=True)
    await store.database.write(lambda connection: credentials.add(connection, row) and None)
    await store.database.write(lambda c: oauth_grants.put(c, sealed, lives_us=3_600_000_000, after=0))
    await store.close()
    return row.id


class Caller(Protocol):
    """A process that calls."""

    popen: subprocess.Popen[str]

    def go(self, calls: int) -> None:
        """Begin so many calls at once."""

    def told(self) -> Counter[str]:
        """What they were told: `ok`, or the code of an error."""


class SdkProcess:
    """A program that uses Jackfield."""

    def __init__(self, here: Installation, folder: Path) -> None:
        others = {name: value for name, value in os.environ.items() if not name.startswith("JACKFIELD_")}
        environment = others | here.environment | {"JACKFIELD_DATA_DIR": str(folder / "data"), "HOME": str(folder)}
        self.popen = subprocess.Popen(
            [sys.executable, str(DRIVER), CONNECTOR],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env=environment,
        )
        assert self._line() == "ready"

    def go(self, calls: int) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.write(f"{calls}\n")
        self.popen.stdin.flush()

    def told(self) -> Counter[str]:
        return Counter(json.loads(self._line()))

    def _line(self) -> str:
        assert self.popen.stdout is not None
        return self.popen.stdout.readline().strip()


class Patient(At):
    """Who asks a server, and waits as long as a call may take."""

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        with socket.create_connection(self.address, PATIENCE_S) as connection:
            yield connection


class ServerProcess:
    """`jackfield serve`, called over HTTP."""

    def __init__(self, process: Process) -> None:
        self.popen = process.popen
        self._at = Patient(url=process.at.url, token=process.at.token)
        self._pool = ThreadPoolExecutor(64)
        self._calls: list[Any] = []

    def go(self, calls: int) -> None:
        self._calls = [self._pool.submit(self._call) for _ in range(calls)]

    def told(self) -> Counter[str]:
        return Counter(each.result() for each in self._calls)

    def _call(self) -> str:
        try:
            said = self._at.execute({"command": "me"}, to=CONNECTOR)
        except (OSError, ValueError) as error:
            return f"gone: {type(error).__name__}"
        answer = said.json()
        if said.status != 200:
            return str(answer["code"])
        return "ok" if answer["success"] else str(answer.get("code"))


@contextmanager
def callers(here: Installation, folder: Path, *, kind: str, count: int) -> Iterator[list[Caller]]:
    """So many processes. They are killed at the end."""
    with ExitStack() as opened:
        made: list[Caller] = []
        for _ in range(count):
            if kind == "sdk":
                made.append(SdkProcess(here, folder))
                opened.callback(_end, made[-1].popen)
            else:
                place = Place(folder=folder, environment=here.environment | {"JACKFIELD_ADMIN_TOKEN": ADMIN})
                made.append(ServerProcess(opened.enter_context(place.running())))
        yield made


def _end(popen: subprocess.Popen[str]) -> None:
    popen.kill()
    popen.wait(20)
    for stream in (popen.stdin, popen.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):
                stream.close()


def all_at_once(processes: list[Caller], calls: int) -> Counter[str]:
    """What so many calls of each process are told."""
    for each in processes:
        each.go(calls)
    return sum((each.told() for each in processes), Counter())
