"""What long-lived processes do beside their calls: notice the dead, and delete what is old."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from jackfield.errors import JackfieldError
from jackfield.storage import blobs, connect_links, leases, oauth_flows, processes, sessions, tenants, vault_keys
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.database import Database
from jackfield.storage.journal_recovery import Recovered, recover
from jackfield.storage.presence import SILENT_S, Presence
from jackfield.storage.retention import DAY_S, Purged, purge
from jackfield.storage.tables.base import EVERYBODY

EVERY_S = 10.0
RETENTION = "retention"
RETENTION_EVERY_S = 60 * 60
BLOB_GRACE_S = 60 * 60
"""A blob is written before the row that names it."""
BLOB_SLICE = 20
LINKS_S = 30 * DAY_S
"""For so long it is seen what became of a connect link; of a sign-in, for a day."""

log = logging.getLogger("jackfield.storage")

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What one round has done. A part that failed was logged, and is empty here.

    Attributes:
        given_up: Ids of processes that were silent.
        recovered: What became of their writes.
        purged: What was deleted; `None` where it is not the time, or another process does it.
    """

    given_up: list[str]
    recovered: Recovered
    purged: Purged | None


class Housekeeping:
    """Keeps house on one database; several processes may, each does a part."""

    def __init__(
        self,
        database: Database,
        presence: Presence,
        *,
        retention_days: int,
        key: tuple[str, str] | None = None,
        every_s: float = EVERY_S,
    ) -> None:
        """Args:
        retention_days: How long closed runs and executions are kept; 0 for ever.
        key: The id and the fingerprint of the one that this process encrypts with.
        every_s: Seconds between two rounds.
        """
        self._database = database
        self._presence = presence
        self._retention_days = retention_days
        self._key = key
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None
        self._swept = asyncio.Event()

    def start(self, *, at_once: bool = True) -> None:
        """Begin with a round now, or else when a first interval has passed."""
        if self._task is None:
            going = self._go_on(0 if at_once else self._every_s)
            self._task = asyncio.get_running_loop().create_task(going, context=contextvars.Context())

    async def close(self) -> None:
        """Stop, in the middle of a round if need be: the next one goes on where it was."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def swept(self) -> None:
        """Wait for the end of the next round."""
        self._swept.clear()
        await self._swept.wait()

    async def run_once(self) -> Swept:
        """One round."""
        # Listed even if it holds no write: it encrypts, and a rotation of keys has to know of it.
        await self._part("this process is not listed", self._presence.owner, "")
        await self._part("the key of this process is not known", self._name_key, None)
        nobody: list[str] = []
        return Swept(
            given_up=await self._part("silent processes stay listed", self._give_up, nobody),
            recovered=await self._part("writes of dead processes stay open", self._recover, Recovered()),
            purged=await self._part("what is old is not deleted", self._purge, None),
        )

    async def _go_on(self, first_s: float) -> None:
        await asyncio.sleep(first_s)
        while True:
            await self.run_once()
            self._swept.set()
            await asyncio.sleep(self._every_s)

    async def _part(self, failed: str, work: Callable[[], Awaitable[T]], nothing: T) -> T:
        """The result of `work`. What one part meets keeps neither the others nor the next round from theirs."""
        try:
            return await work()
        except JackfieldError as error:
            log.warning("%s: %s", failed, error)
        except Exception:
            log.exception("%s", failed)
        return nothing

    async def _name_key(self) -> None:
        """Say again which key encrypts here, when a rotation has found that nothing needs it any more.

        Else a process without that key would start, and what was encrypted meanwhile could not be read.
        """
        if self._key is None or self._key[0] in await self._database.read(vault_keys.known):
            return
        name, fingerprint = self._key
        await self._database.write(partial(vault_keys.add, id=name, fingerprint=fingerprint))
        log.warning(
            "the key `%s` was rotated out, and this process still encrypts with it; put the new one first", name
        )

    async def _give_up(self) -> list[str]:
        if not await self._database.read(partial(processes.silent, silent_s=SILENT_S)):
            return []
        await self._presence.beat()  # after a machine has slept, this process is silent too
        given_up = await self._database.write(partial(processes.give_up, silent_s=SILENT_S))
        if given_up:
            log.warning("gave up processes that were silent for %g s: %s", SILENT_S, ", ".join(given_up))
        return given_up

    async def _recover(self) -> Recovered:
        found = await recover(self._database, alive=self._presence.alive, now=now_us())
        if found.unknown:
            log.warning(
                "the outcome of writes of processes that died is unknown; look at them: %s", ", ".join(found.unknown)
            )
        return found

    async def _purge(self) -> Purged | None:
        """Delete what is old, if nobody has for an hour: the lease is kept, so that nobody does for the next."""
        if await self._database.read(partial(leases.find, tenant=EVERYBODY, name=RETENTION)) is not None:
            return None
        owner = await self._presence.owner()
        ask = partial(leases.acquire, tenant=EVERYBODY, name=RETENTION, owner=owner, for_s=RETENTION_EVERY_S)
        if await self._database.write(ask) is None:
            return None
        now = now_us()
        before = now - microseconds(self._retention_days * DAY_S) if self._retention_days else 0
        purged = Purged()
        for tenant in await self._database.read(tenants.every):
            found = await purge(self._database, tenant=tenant.tenant, before=before, now=now)
            purged.executions += found.executions
            purged.effects += found.effects
            purged.runs += found.runs
            purged.events += found.events
            await self._sweep_sessions(tenant.tenant, now=now)
            await self._sweep_sign_ins(tenant.tenant, now=now)
            purged.drafts += found.drafts
        await self._sweep_blobs(before=now - microseconds(BLOB_GRACE_S))
        if purged != Purged():
            log.info("deleted what is older than %d days: %s", self._retention_days, purged)
        return purged

    async def _sweep_sessions(self, tenant: str, *, now: int) -> None:
        while await self._database.write(partial(sessions.delete_over, tenant=tenant, now=now)) == sessions.SLICE:
            pass

    async def _sweep_sign_ins(self, tenant: str, *, now: int) -> None:
        before = now - microseconds(DAY_S)
        flows = partial(oauth_flows.delete_over, tenant=tenant, before=before)
        while await self._database.write(flows) == oauth_flows.SLICE:
            pass
        links = partial(connect_links.delete_over, tenant=tenant, before=now - microseconds(LINKS_S))
        while await self._database.write(links) == connect_links.SLICE:
            pass

    async def _sweep_blobs(self, *, before: int) -> None:
        def some(connection: Connection) -> int:
            return blobs.delete_unused(connection, before=before, limit=BLOB_SLICE)

        while await self._database.write(some) == BLOB_SLICE:
            pass
