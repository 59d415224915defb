"""When credentials were used, written down now and then: a write at each call would cost more than the call."""

from __future__ import annotations

import asyncio
import contextvars
import logging

from jackfield.credentials.stored import StoredCredentials
from jackfield.errors import JackfieldError

EVERY_S = 30.0

log = logging.getLogger("jackfield.app")


class CredentialUse:
    """Writes it down each 30 s, and at the end."""

    def __init__(self, credentials: StoredCredentials, *, every_s: float = EVERY_S) -> None:
        self._credentials = credentials
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in a process that lives for a while."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._go_on(), context=contextvars.Context())

    async def round(self) -> None:
        """Write down what there is. Nothing is lost where that cannot be done now, unless the process ends."""
        try:
            await self._credentials.flush()
        except JackfieldError as error:
            log.warning("when credentials were used is not written down yet: %s", error.message)

    async def close(self) -> None:
        """Stop, with a last round."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self.round()

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            await self.round()
