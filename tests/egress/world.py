"""An internet on loopback: names, public addresses, and the services behind them.

The policy judges the public address; the socket then goes to a loopback port. An address without a service refuses
the connection, so no packet of a test can leave the machine.
"""

from __future__ import annotations

import asyncio
import errno
import inspect
import socket
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from jackfield.egress.client import Client
from jackfield.egress.policy import Policy
from jackfield.egress.pools import Pool, Pools
from jackfield.egress.sockets import Approved, PinnedSocket

PUBLIC = "93.184.216.34"
DEFAULT = Policy()
OTHER = "151.101.1.69"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A request as the service read it."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    connection: int

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def names(self) -> set[str]:
        return {name.lower() for name, _ in self.headers}


Handler = Callable[[Seen, asyncio.StreamWriter], "bytes | Awaitable[bytes | None] | None"]


def words(text: str) -> list[str]:
    """The words of a table."""
    return text.split()


def ok(body: bytes = b'{"ok":true}', *, status: str = "200 OK", headers: str = "") -> bytes:
    """An answer with a length."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode("latin-1") + body


def moved(location: str, *, status: int = 302, headers: str = "") -> bytes:
    """A redirect with a small body."""
    return ok(b"moved", status=f"{status} Moved", headers=f"Location: {location}\r\n{headers}")


@dataclass
class Service:
    """A service on a loopback port."""

    port: int
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)


class Diverted(PinnedSocket):
    """Judged like any socket, then sent to a service on loopback."""

    def __init__(self, approved: Approved, world: World) -> None:
        super().__init__(approved)
        self._world = world

    def connect(self, address):
        self.check(address)
        self._world.dialled.append((str(self._approved.address), self._approved.port))
        port = self._world.port_of(str(self._approved.address), self._approved.port)
        if port is None:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "no service there")
        loopback = "127.0.0.1" if self.family == socket.AF_INET else "::ffff:127.0.0.1"
        return socket.socket.connect(self, (loopback, port))


class World:
    """Everything outside, as a test wants it."""

    def __init__(self) -> None:
        self.names: dict[str, list[Sequence[str]]] = {}
        self.lookups: list[str] = []
        self.dialled: list[tuple[str, int]] = []
        self.routes: dict[tuple[str, int], int] = {}
        self._servers: list[asyncio.Server] = []
        self._writers: dict[int, list[asyncio.StreamWriter]] = defaultdict(list)
        self._pools: list[Pools] = []

    async def lookup(self, host: str) -> Sequence[str]:
        """The next answer for `host`; the last one repeats."""
        self.lookups.append(host)
        answers = self.names.get(host)
        if not answers:
            raise OSError(None, "unknown name")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def port_of(self, address: str, port: int) -> int | None:
        """Where an address really leads: to its route, or to what listens on loopback."""
        if address in {"127.0.0.1", "::1"}:
            return port
        return self.routes.get((address, port))

    def pools(self, **options) -> Pools:
        pools = Pools(lookup=self.lookup, open_socket=lambda approved: Diverted(approved, self), **options)
        self._pools.append(pools)
        return pools

    def pool(self, policy: Policy = DEFAULT, **options) -> Pool:
        return self.pools(**options).get(policy)

    def client(self, policy: Policy = DEFAULT, *, tls: ssl.SSLContext | None = None, **options) -> Client:
        return Client(self.pool(policy, tls=tls), **options)

    async def serve(
        self,
        handler: Handler | bytes,
        *,
        name: str = "api.example.com",
        address: str = PUBLIC,
        port: int = 80,
        tls: ssl.SSLContext | None = None,
    ) -> Service:
        """Start a service, and let `name` and `address` lead to it."""
        service = Service(port=0)
        respond: Handler = handler if callable(handler) else lambda _seen, _writer: handler

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            service.connections += 1
            self._writers[service.port].append(writer)
            try:
                await _converse(reader, writer, respond, service, service.connections)
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                service.hung_up.set()
                writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
        self._servers.append(server)
        service.port = server.sockets[0].getsockname()[1]
        self.routes[address, port] = service.port
        self.names.setdefault(name, [[address]])
        return service

    async def close(self) -> None:
        for pools in self._pools:
            await pools.close()
        for server in self._servers:
            server.close()
        for writers in self._writers.values():
            for writer in writers:
                writer.transport.abort()
        for server in self._servers:
            await server.wait_closed()
        # Handlers see their connection end in the next steps of the loop.
        for _ in range(5):
            await asyncio.sleep(0)


async def _converse(reader, writer, respond: Handler, service: Service, connection: int) -> None:
    while True:
        seen = await read_request(reader, connection)
        if seen is None:
            return
        service.seen.append(seen)
        service.asked.set()
        answer = respond(seen, writer)
        if inspect.isawaitable(answer):
            answer = await _unless_hung_up(answer, reader)
        if answer is None:
            return
        writer.write(answer)
        await writer.drain()


async def _unless_hung_up(answering, reader):
    """The answer, or nothing when the client goes away first."""
    answering, waiting = asyncio.ensure_future(answering), asyncio.ensure_future(reader.read(1))
    try:
        await asyncio.wait({answering, waiting}, return_when=asyncio.FIRST_COMPLETED)
        return answering.result() if answering.done() else None
    finally:
        answering.cancel()
        waiting.cancel()
        await asyncio.gather(answering, waiting, return_exceptions=True)


async def never(_seen=None, _writer=None) -> bytes:
    """Does not answer."""
    await asyncio.Event().wait()
    return b""


async def read_request(reader: asyncio.StreamReader, connection: int = 0) -> Seen | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:] if line)]
    length = int(next((value for name, value in headers if name.lower() == "content-length"), "0"))
    body = await reader.readexactly(length)
    return Seen(method=method, target=target, headers=headers, body=body, connection=connection)
