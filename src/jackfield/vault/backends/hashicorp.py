"""Secrets of a HashiCorp Vault, or of an OpenBao."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from jackfield.definition.errors import InvalidName
from jackfield.definition.secret import Secret
from jackfield.errors import JackfieldError
from jackfield.vault.backends.hashicorp_client import HashicorpClient
from jackfield.vault.watch import SecretWatch

FRESH_S = 60.0
"""How long an answer is used, also that there is none: each call asks, and no server should hear of each."""
MAX_CACHED = 10_000
AGAIN_S = 10.0
"""Between two attempts to renew a token."""
THREADS = 4
TENANT = "{tenant}"

_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}")

log = logging.getLogger("jackfield.vault")

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class _Kept:
    until: float
    secret: Secret | None


class HashicorpSecrets:
    """An entry for each secret, in one folder of a KV engine, for every user of a tenant. A `SecretStore`.

    Nothing is ever written there.
    """

    def __init__(
        self,
        client: HashicorpClient,
        *,
        tenant: str,
        watch: SecretWatch,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Args:
        tenant: Whose users may have them, where the path has no place for the caller's.
        watch: Is told of every value, so that logs are masked.
        """
        self._client = client
        self._tenant = tenant
        self._watch = watch
        self._clock = clock
        self._wait = wait
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Secret | None]] = {}
        self._renewing: asyncio.Task[None] | None = None
        self._threads: ThreadPoolExecutor | None = None

    async def find(self, name: str, *, tenant: str, user: str) -> Secret | None:
        """The secret in the entry `name`, as it was at most a minute ago.

        Raises:
            InvalidName: The name could lead to another folder.
            SecretStoreUnavailable, SecretStoreRefused: Nobody can say whether there is one.
            SecretUnreadable: It is there, and is no text.
        """
        path = self._path(name, tenant)
        if path is None:
            return None
        kept = self._kept.get(path)
        if kept is not None and self._clock() < kept.until:
            self._kept.move_to_end(path)
            return kept.secret
        # One question for all who wait, which goes on when one of them gives up.
        asking = self._asking.get(path)
        if asking is None:
            asking = asyncio.get_running_loop().create_task(self._ask(path), context=contextvars.Context())
            self._asking[path] = asking
            asking.add_done_callback(partial(self._asked, path))
        return await asyncio.shield(asking)

    async def decided_by(self, name: str, *, tenant: str, user: str) -> str | None:
        """Whoever runs the installation has named the place."""
        return None if await self.find(name, tenant=tenant, user=user) is None else ""

    def places(self, name: str) -> Sequence[str]:
        """The entry."""
        self._path(name, self._tenant)
        place = self._client.place
        return [f"`{place.path}/{name}` of `{place.url}`"]

    async def close(self) -> None:
        """Give up what is under way, and close the connections."""
        tasks = [*self._asking.values(), *([self._renewing] if self._renewing else [])]
        self._renewing = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None
        self._client.close()

    def _path(self, name: str, tenant: str) -> str | None:
        """The entry of that name; `None` where the tenant has none."""
        if not _SEGMENT.fullmatch(name):
            hint = "use 1 to 128 letters, digits, `_`, `-` and `.`, not beginning with a dot"
            raise InvalidName(what="secret", name=name, hint=hint)
        folder = self._client.place.path
        if TENANT in folder:
            return f"{folder.replace(TENANT, tenant)}/{name}" if _SEGMENT.fullmatch(tenant) else None
        return f"{folder}/{name}" if tenant == self._tenant else None

    async def _ask(self, path: str) -> Secret | None:
        secret = await self._in_thread(partial(self._client.read, path))
        if secret is not None:
            self._watch.add(secret)
        self._kept.pop(path, None)
        self._kept[path] = _Kept(until=self._clock() + FRESH_S, secret=secret)
        if len(self._kept) > MAX_CACHED:
            self._kept.popitem(last=False)
        if self._renewing is None:
            self._renewing = asyncio.get_running_loop().create_task(self._renew(), context=contextvars.Context())
        return secret

    def _asked(self, path: str, asking: asyncio.Task[Secret | None]) -> None:
        self._asking.pop(path, None)
        if not asking.cancelled():
            asking.exception()  # looked at: perhaps nobody waits any more

    async def _renew(self) -> None:
        """Keep the token alive, for as long as it can be."""
        lease = await self._in_thread(self._client.lease)
        late = False
        while lease.ttl_s:
            await self._wait(AGAIN_S if late else max(lease.ttl_s * 2 / 3, AGAIN_S / 2))
            try:
                lease, late = await self._in_thread(self._client.renewed), False
            except JackfieldError as error:
                late = True
                log.warning("the token for `%s` was not renewed: %s", self._client.place.url, error.message)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        # Threads of its own: one that waits for a server that hangs takes none from anybody else.
        if self._threads is None:
            self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="jackfield-hashicorp")
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
