"""This process on the list of those that use the database."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Coroutine, Set
from contextlib import suppress
from functools import partial
from typing import Any

from sqlalchemy import Connection

from jackfield.errors import JackfieldError
from jackfield.storage import processes
from jackfield.storage.database import Database
from jackfield.storage.processes import ProcessKind

HEARTBEAT_S = 2.0
SILENT_S = 10.0
"""After that long without a heartbeat, others take a process for dead."""

log = logging.getLogger("jackfield.storage")


class Presence:
    """Enters this process when something first has to be held under its name, and says that it lives from then on.

    A process that was stopped for so long that others have given it up goes on under a new name: what it held under
    the old one may be theirs by now.
    """

    def __init__(
        self, database: Database, *, kind: ProcessKind, version: str, heartbeat_s: float = HEARTBEAT_S
    ) -> None:
        self._database = database
        self._register = partial(processes.register, kind=kind, version=version)
        self._heartbeat_s = heartbeat_s
        self._id = ""
        self._earlier: set[str] = set()
        self._entering: asyncio.Task[None] | None = None
        self._beating: asyncio.Task[None] | None = None
        self._beaten = asyncio.Event()

    async def owner(self) -> str:
        """The id of this process, once the others can see it.

        Raises:
            JackfieldError: The database cannot be written.
        """
        if self._id:
            return self._id
        if self._entering is None or self._entering.done():
            # Shared by callers that come at once, and not stopped by one of them that is cancelled.
            self._entering = _task(self._enter())
        await asyncio.shield(self._entering)
        return self._id

    def alive(self, connection: Connection) -> Set[str]:
        """The ids of the processes that live, with those of this one: it may work on what it began under another."""
        return {process.id for process in processes.living(connection, within_s=SILENT_S)} | self._own()

    async def beat(self) -> None:
        """Say that this process lives, if it has said so before; under a new id if it was given up."""
        if not self._id:
            return
        present = await self._database.write(self._beat_or_register)
        if present != self._id:
            log.warning("this process was given up as `%s`, being silent; it goes on as `%s`", self._id, present)
            self._earlier.add(self._id)
            self._id = present

    async def beaten(self) -> None:
        """Wait for the next heartbeat, whether it gets through or not."""
        self._beaten.clear()
        await self._beaten.wait()

    async def close(self) -> None:
        """Leave the list. If that fails, the others will give this process up."""
        if self._entering is not None:
            with suppress(JackfieldError):  # its callers have been told
                await self._entering
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
            self._beating = None
        if self._id:
            left, self._id = self._id, ""
            try:
                await self._database.write(partial(processes.leave, id=left))
            except JackfieldError as error:
                log.warning("this process stays on the list of processes until it is given up: %s", error)

    def _own(self) -> set[str]:
        return self._earlier | {self._id} - {""}

    def _beat_or_register(self, connection: Connection) -> str:
        return self._id if processes.heartbeat(connection, self._id) else self._register(connection)

    async def _enter(self) -> None:
        self._id = await self._database.write(self._register)
        self._beating = _task(self._beat_on())

    async def _beat_on(self) -> None:
        while True:
            await asyncio.sleep(self._heartbeat_s)
            try:
                await self.beat()
            except JackfieldError as error:  # the next one may get through
                log.warning("others cannot see that this process lives: %s", error)
            self._beaten.set()


def _task(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    # With a context of its own: that of a call would live as long as the process.
    return asyncio.get_running_loop().create_task(work, context=contextvars.Context())
