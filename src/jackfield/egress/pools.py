"""Connections, kept apart by policy."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from functools import cached_property, partial
from types import TracebackType

from aiohttp import AddrInfoType, ClientSession, DummyCookieJar, TCPConnector

from jackfield.definition.wire import Certificate
from jackfield.egress.certificates import context_with
from jackfield.egress.once import send_once
from jackfield.egress.policy import Policy
from jackfield.egress.resolver import JudgingResolver, Lookup, SystemLookup
from jackfield.egress.sockets import OpenSocket, PinnedSocket, approve
from jackfield.egress.urls import Judge
from jackfield.errors import WrongUse
from jackfield.version import __version__

USER_AGENT = f"jackfield/{__version__}"

# What `reading` can decode within its cap; anything else the service chooses is given as it came.
ACCEPT_ENCODING = "gzip, deflate"


class Pool:
    """The connections of one policy. Made by `Pools`, used by `Client`.

    Attributes:
        policy: What its addresses are judged by.
        judge: The policy's verdict on a URL.
        resolver: The policy's verdict on a name.
        showing: The pool of the same policy whose connections are made with a client certificate.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        lookup: Lookup,
        open_socket: OpenSocket,
        connections: int,
        keepalive_s: float,
        tls: ssl.SSLContext | None,
        showing: Callable[[Certificate], Pool],
        certificate: Certificate | None = None,
    ) -> None:
        self.policy = policy
        self.judge = Judge(policy)
        self.resolver = JudgingResolver(policy=policy, lookup=lookup)
        self._open_socket = open_socket
        self._connections = connections
        self._keepalive_s = keepalive_s
        self._tls = tls
        self._certificate = certificate
        self.showing = showing

    @cached_property
    def session(self) -> ClientSession:
        """Follows no redirect, keeps no cookie, reads no environment, never sends a request twice.

        Made when it is first used: most calls of most connectors send nothing.
        """
        return ClientSession(
            connector=TCPConnector(
                resolver=self.resolver,
                socket_factory=self._socket,
                limit=self._connections,
                keepalive_timeout=self._keepalive_s,
                ssl=context_with(self._certificate, trusting=self._tls) if self._certificate else self._tls or True,
            ),
            cookie_jar=DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": ACCEPT_ENCODING},
            middlewares=(send_once,),
        )

    def _socket(self, info: AddrInfoType) -> socket.socket:
        host, port = info[4][0], info[4][1]
        return self._open_socket(approve(self.policy, host, port))

    async def close(self) -> None:
        """Close every connection."""
        if "session" in vars(self):
            await self.session.close()


MAX_CERTIFICATES = 256
"""Pools of client certificates that are kept; the one that was not used for longest goes first."""

RETIRED_S = 3600.0
"""Seconds until a pool that was let go is closed: a call may still use it."""


class Pools:
    """One pool per policy, so that nobody uses a connection which another's allow list opened; and one for each
    client certificate that is shown.

    Belongs to the event loop in which it is first used. Close it in that loop.

    Args:
        lookup: Finds the addresses of a name; the operating system's by default.
        open_socket: Opens the socket for an approved address; tests divert it to loopback.
        connections: At most so many at a time, in each pool; further requests wait.
        keepalive_s: Seconds that an idle connection is kept.
        tls: Certificates to trust instead of the system's.
    """

    def __init__(
        self,
        *,
        lookup: Lookup | None = None,
        open_socket: OpenSocket = PinnedSocket,
        connections: int = 200,
        keepalive_s: float = 15.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._own_lookup: SystemLookup | None = None
        if lookup is None:
            lookup = self._own_lookup = SystemLookup()
        self._lookup: Lookup = lookup
        self._open_socket = open_socket
        self._connections = connections
        self._keepalive_s = keepalive_s
        self._tls = tls
        self._pools: dict[Policy, Pool] = {}
        self._showing: dict[tuple[Policy, str], Pool] = {}
        self._retired: list[tuple[float, Pool]] = []
        self._closing: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def get(self, policy: Policy) -> Pool:
        """The pool of `policy`, made when it is first asked for.

        Raises:
            WrongUse: Called in another event loop than before.
        """
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise WrongUse("connections belong to the event loop that opened them", hint="make one `Pools` per loop")
        pool = self._pools.get(policy)
        if pool is None:
            pool = self._pools[policy] = self._made(policy, None)
        return pool

    def _made(self, policy: Policy, certificate: Certificate | None) -> Pool:
        return Pool(
            policy,
            lookup=self._lookup,
            open_socket=self._open_socket,
            connections=self._connections,
            keepalive_s=self._keepalive_s,
            tls=self._tls,
            showing=partial(self._with_certificate, policy),
            certificate=certificate,
        )

    def _with_certificate(self, policy: Policy, certificate: Certificate) -> Pool:
        key = (policy, certificate.digest)
        pool = self._showing.pop(key, None) or self._made(policy, certificate)
        self._showing[key] = pool  # the last one is the one that was used last
        if len(self._showing) > MAX_CERTIFICATES:
            self._retired.append((time.monotonic(), self._showing.pop(next(iter(self._showing)))))
            self._close_retired()
        return pool

    def _close_retired(self) -> None:
        """Close the pools that nobody can be using any more."""
        while self._retired and self._retired[0][0] < time.monotonic() - RETIRED_S:
            task = asyncio.get_running_loop().create_task(self._retired.pop(0)[1].close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Close every connection of every pool."""
        pools = [*self._pools.values(), *self._showing.values(), *(pool for _, pool in self._retired)]
        self._pools.clear()
        self._showing.clear()
        self._retired.clear()
        for pool in pools:
            await pool.close()
        await asyncio.gather(*self._closing)
        if self._own_lookup is not None:
            self._own_lookup.close()

    async def __aenter__(self) -> Pools:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
