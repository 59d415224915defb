"""Telling clients that the tools have changed, whoever changed them, in whatever process.

The version of a tenant's tools is looked at while somebody listens, which costs a look into memory: what other
processes change is heard of anyway.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable

from jackfield.access.principal import Principal
from jackfield.errors import JackfieldError

LOOK_S = 0.5
TELL_S = 5.0
"""A client that takes nothing for so long is not told."""
PER_CALLER, IN_ALL = 100, 2_000
"""Who may listen at a time."""

log = logging.getLogger("jackfield.mcp")

Version = Callable[[], Awaitable[object]]
"""Something that is another whenever the tools of a listener may be others."""
Tell = Callable[[], Awaitable[None]]


class _Listener:
    def __init__(self, principal: Principal, version: Version, tell: Tell) -> None:
        self.principal = principal
        self.version = version
        self.tell = tell
        self.seen: object = None


class Watch:
    """All who want to hear of changes."""

    def __init__(self, *, look_s: float = LOOK_S) -> None:
        """Args:
        look_s: Seconds between looks.
        """
        self._look_s = look_s
        self._listening: dict[_Listener, None] = {}
        self._task: asyncio.Task[None] | None = None

    def has_room(self, principal: Principal) -> bool:
        """Whether one more may listen."""
        own = sum(1 for listener in self._listening if listener.principal.id == principal.id)
        return own < PER_CALLER and len(self._listening) < IN_ALL

    def own(self, principal: Principal) -> int:
        """How many of a caller listen."""
        return sum(1 for listener in self._listening if listener.principal.id == principal.id)

    async def add(self, principal: Principal, *, version: Version, tell: Tell) -> Callable[[], None]:
        """Call `tell` whenever `version` is another one, from now on; returns what ends that."""
        listener = _Listener(principal, version, tell)
        listener.seen = await _version_of(listener)
        self._listening[listener] = None
        if self._task is None:
            # Not in the context of whoever came first: its values are nobody else's.
            self._task = asyncio.get_running_loop().create_task(self._look(), context=contextvars.Context())
        return lambda: self._remove(listener)

    def close(self) -> None:
        """Tell nobody any more."""
        self._listening.clear()
        self._stop()

    def _remove(self, listener: _Listener) -> None:
        self._listening.pop(listener, None)
        if not self._listening:
            self._stop()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self._look_s)
            changed = [listener for listener in list(self._listening) if await _has_changed(listener)]
            await asyncio.gather(*(_tell(listener) for listener in changed))


async def _has_changed(listener: _Listener) -> bool:
    version = await _version_of(listener)
    if version is None or version == listener.seen:
        return False
    listener.seen = version
    return True


async def _version_of(listener: _Listener) -> object:
    """`None` where it cannot be seen just now."""
    try:
        return await listener.version()
    except JackfieldError as error:  # the database is away, or the gateway: the next request is told so
        log.debug("whether tools have changed cannot be seen: %s", error)
        return None


async def _tell(listener: _Listener) -> None:
    try:
        async with asyncio.timeout(TELL_S):
            await listener.tell()
    except Exception as error:  # whatever a connection that is going away raises
        log.debug("a client was not told of a change: %r", error)
