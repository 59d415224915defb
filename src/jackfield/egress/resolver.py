"""Look names up once, and judge the whole answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult

from jackfield.egress.errors import UrlRefused
from jackfield.egress.policy import Policy
from jackfield.egress.sockets import Judged
from jackfield.egress.urls import host_and_port

Lookup: TypeAlias = Callable[[str], Awaitable[Sequence[str]]]
"""Gives the addresses of a name, as literals. Raises `OSError` when there are none."""


class SystemLookup:
    """Ask the operating system, in threads of its own: a slow name server must not hold up other threads' work."""

    def __init__(self, *, threads: int = 16) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="jackfield-dns")

    async def __call__(self, host: str) -> Sequence[str]:
        """The addresses of `host`.

        Raises:
            OSError: The name has none, or no name server answered.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, _ask, host)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _ask(host: str) -> list[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [str(address[0]) for _, _, _, _, address in found]


class JudgingResolver(AbstractResolver):
    """A resolver whose answers were all judged by one policy."""

    def __init__(self, *, policy: Policy, lookup: Lookup) -> None:
        self._policy = policy
        self._lookup = lookup

    async def addresses(self, host: str, port: int) -> list[Judged]:
        """The addresses of `host`, each allowed at `port`.

        One bad address refuses the whole answer: a name that points to both worlds is an attack or a mistake.

        Raises:
            UrlRefused: The policy forbids one of them.
            OSError: The name has no address.
        """
        answer = await self._lookup(host)
        if not answer:
            raise OSError(None, "the name has no address")
        return [self._judged(host, literal, port) for literal in dict.fromkeys(answer)]

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """What the connector asks; see `addresses`."""
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)
            for address in await self.addresses(host, port)
        ]

    async def close(self) -> None:
        """Do nothing: the lookup is shared with other policies."""

    def _judged(self, host: str, literal: str, port: int) -> Judged:
        try:
            address = ip_address(literal)
        except ValueError:
            raise OSError(None, "the name server answered no address") from None
        reason = self._policy.objection(address, port, host=host)
        if reason:
            raise UrlRefused(url=host_and_port(host, port), reason=f"the name leads to a refused address: {reason}")
        return Judged(address, port=port, policy=self._policy)
