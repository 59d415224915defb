"""A service on loopback that keeps the raw request: what was signed is compared with what went out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from jackfield.definition.wire import Authorizer
from jackfield.egress.client import Client
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.pools import Pool, Pools

NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass(frozen=True, kw_only=True)
class Raw:
    """A request, byte for byte. Header names are lower-case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Bench:
    """A service, and connections to it."""

    url: str
    pool: Pool
    seen: list[Raw] = field(default_factory=list)

    def client(self, auth: Authorizer | None, **options) -> Client:
        return Client(self.pool, auth=auth, **options)

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")


def answer(status: str, headers: str = "", body: bytes = b"") -> bytes:
    """An answer with a length."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


@asynccontextmanager
async def bench(respond: Callable[[Raw], bytes] = lambda _: NO_CONTENT) -> AsyncIterator[Bench]:
    """Serve until the block ends."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        try:
            while request := await read(reader):
                found.seen.append(request)
                writer.write(respond(request))
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server, Pools() as pools:
        port = server.sockets[0].getsockname()[1]
        pool = pools.get(Policy(allow=parse_allow("127.0.0.1")))
        found = Bench(url=f"http://127.0.0.1:{port}", pool=pool)
        try:
            yield found
        finally:
            for writer in writers:
                writer.transport.abort()


async def read(reader: asyncio.StreamReader) -> Raw | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    method, target = re.match(r"(\S+) (\S+) HTTP/1\.1\r\n", head).groups()
    lines = (line.partition(":") for line in head.split("\r\n")[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in lines}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Raw(method=method, target=target, headers=headers, body=body)
