"""What tests of the server do to it: requests byte by byte, which no well-behaved client would send."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jackfield.settings import Settings
from jackfield.surfaces.serving import Started
from servers import Answer, Asked
from surfaces.served import ADMIN_TOKEN

PROBE = Path(__file__).with_name("probe.py")
"""The connector type that servers of these tests have."""

PATIENCE_S = 20.0
"""How long to wait for an answer before it is a failure: a bound, never waited for."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer. Names of headers are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Of a problem."""
        assert self.headers["content-type"] == "application/problem+json", (self.status, self.body[:500])
        code: str = self.json()["code"]
        return code


@dataclass(frozen=True, kw_only=True)
class At:
    """A server that is asked.

    Attributes:
        url: Its address.
        token: Goes along with every request, unless it is empty.
    """

    url: str
    token: str = ADMIN_TOKEN

    @property
    def address(self) -> tuple[str, int]:
        """For a socket."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 0

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        """A connection of one's own."""
        with socket.create_connection(self.address, PATIENCE_S) as connection:
            yield connection

    def ask(self, method: str, path: str | bytes, body: Any = b"", *, headers: Mapping[str, str] | None = None) -> Said:
        """One answer on a connection of its own. Nothing of the path is tidied up.

        Args:
            body: Bytes as they are, anything else as JSON.
            headers: Beside the token and the length; they win over both.
        """
        with self.connected() as connection:
            connection.sendall(self.request(method, path, body, headers=headers))
            return answer_of(connection, method)

    def request(
        self, method: str, path: str | bytes, body: Any = b"", *, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """A request as it is sent."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        usual = {"host": "jackfield.example", "content-length": str(len(content))}
        usual |= {"authorization": f"Bearer {self.token}"} if self.token else {}
        given = usual | {name.lower(): value for name, value in (headers or {}).items()}
        target = path if isinstance(path, bytes) else path.encode()
        lines = [f"{name}: {value}".encode("latin-1") for name, value in given.items()]
        return b"\r\n".join([method.encode() + b" " + target + b" HTTP/1.1", *lines, b"", content])

    def execute(self, body: Any, *, to: str = "probe", headers: Mapping[str, str] | None = None) -> Said:
        """What is answered to a call."""
        return self.ask("POST", f"/api/connectors/{to}/execute", body, headers=headers)


def answer_of(connection: socket.socket, method: str = "GET") -> Said:
    """The next answer on a connection."""
    response = HTTPResponse(connection, method=method)
    response.begin()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Said(status=response.status, headers=headers, body=response.read())


def at(started: Started, token: str = ADMIN_TOKEN) -> At:
    """A server that was started just now."""
    return At(url=started.url, token=token)


def settings(folder: Path, *, database_url: str = "memory", **more: Any) -> Settings:
    """Of a server with the connector `probe`, whose administrator has `ADMIN_TOKEN`."""
    from surfaces.kept import KEY

    usual = {"data": folder, "database_url": database_url, "key": KEY, "connectors": (PROBE,), "port": 0}
    return Settings(**{**usual, "admin_token": ADMIN_TOKEN, **more})


def service(asked: Asked) -> Answer:
    """A service that orders things, and misbehaves in one way per path."""
    if asked.path == "/missing":
        return Answer(status=404, body={"reason": "no such thing"})
    if asked.path == "/broken":
        return Answer(status=500, body=b"out of order")
    if asked.path == "/busy":
        return Answer(status=429, body={}, headers={"Retry-After": "7"})
    if asked.path == "/big":
        return Answer(body=b"x" * (17 * 1024 * 1024))
    return Answer(body={"path": asked.path}, headers={"X-Service": "one"})


@contextmanager
def address_of_nobody() -> Iterator[str]:
    """An address at which nobody listens, and which nobody else gets meanwhile."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{kept.getsockname()[1]}"


@contextmanager
def hanging_up() -> Iterator[str]:
    """The address of a service that reads a request, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    connection.recv(65536)
                    connection.close()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(PATIENCE_S)
