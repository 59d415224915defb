"""The change bus: what was read from the database is kept until somebody changed it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from jackfield.errors import JackfieldError
from jackfield.storage.batch import NOTES
from jackfield.storage.database import Database
from jackfield.storage.rows import upsert
from jackfield.storage.tables.base import EVERYBODY
from jackfield.storage.tables.coordination import change_version

CHANNEL = "jackfield_changes"

log = logging.getLogger("jackfield.storage")


@dataclass(frozen=True)
class Change:
    """Something of `tenant` changed.

    Attributes:
        version: Higher than that of every change committed before, whatever its tenant and topic.
    """

    tenant: str
    topic: str
    version: int


def bump(connection: Connection, *, tenant: str, topic: str) -> int:
    """Say that `topic` of `tenant` changed; everybody hears of it once this is committed.

    The counter of all changes stays locked until then, so changes become visible in the order of their versions,
    and a scan for higher ones than the last misses none.
    """
    version = _raise(connection)
    row = upsert(connection, change_version).values(tenant=tenant, topic=topic, version=version)
    connection.execute(row.on_conflict_do_update(index_elements=["tenant", "topic"], set_={"version": version}))
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, "")))
    connection.info.setdefault(NOTES, []).append(Change(tenant, topic, version))
    return version


def _raise(connection: Connection) -> int:
    statement = (
        upsert(connection, change_version)
        .values(tenant=EVERYBODY, topic="", version=1)
        .on_conflict_do_update(index_elements=["tenant", "topic"], set_={"version": change_version.c.version + 1})
        .returning(change_version.c.version)
    )
    return int(connection.scalar(statement))


def version_in(connection: Connection, *, tenant: str, topic: str) -> int:
    """The version of what this very read sees: what it answers is outdated once `Changes.version` is higher.

    Asking `Changes` before or after a read would miss a change that is committed in between.
    """
    own = (change_version.c.tenant.in_([tenant, EVERYBODY]), change_version.c.topic == topic)
    return connection.scalar(select(func.coalesce(func.max(change_version.c.version), 0)).where(*own)) or 0


class Changes:
    """What changed, as far as this process knows.

    It knows of its own commits when they return. Of other processes' it hears at once on PostgreSQL, and by the next
    scan on SQLite.
    """

    def __init__(self, database: Database, *, scan_s: float = 1.0) -> None:
        self._database = database
        self._scan_s = scan_s
        self._versions: dict[tuple[str, str], int] = {}
        self._seen = 0
        self._changed = asyncio.Event()
        self._heard = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Learn the present versions, and follow them."""
        self._database.listen(self._take)
        await self.scan()
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._follow())]
        self._tasks.append(loop.create_task(self._database.hear(CHANNEL, self._heard.set)))

    async def close(self) -> None:
        """Stop following."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def version(self, *, tenant: str, topic: str) -> int:
        """The version of the last change of `topic`, of this tenant or of everybody's; 0 if there was none."""
        return max(self._versions.get((tenant, topic), 0), self._versions.get((EVERYBODY, topic), 0))

    async def wait_for_change(self, *, tenant: str, topic: str, since: int) -> int:
        """The version of the next change of `topic` after `since`, once there is one."""
        while (version := self.version(tenant=tenant, topic=topic)) <= since:
            await self._changed.wait()
        return version

    async def scan(self) -> None:
        """Look into the database for what others changed."""
        seen = self._seen
        statement = select(change_version).where(change_version.c.version > seen, change_version.c.topic != "")
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        found = [Change(*row) for row in rows]
        self._seen = max([self._seen, *(change.version for change in found)])
        self._take(found)

    def _take(self, changes: Sequence[Change]) -> None:
        # Not `_seen`: another process may have committed a lower version of which this one has not heard yet.
        for change in changes:
            key = (change.tenant, change.topic)
            self._versions[key] = max(change.version, self._versions.get(key, 0))
        if changes:
            self._changed.set()
            self._changed = asyncio.Event()

    async def _follow(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._scan_s):  # `wait_for` of Python 3.11 can swallow a cancellation
                    await self._heard.wait()
            self._heard.clear()
            try:
                await self.scan()
            except JackfieldError as error:  # what is kept stays in use until the database is back
                log.warning("changes of other processes are not seen: %s", error)
