"""Sessions that are kept: opened by the first call, used by those that follow, closed when nobody needs them."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jackfield.execution.mcp.session import Session

MAX_SESSIONS = 64
"""Of all connectors together. Beyond it, the one that was used longest ago is closed."""
IDLE_S = 600.0
"""Seconds after which a session that nobody uses is closed, when another call is made."""


class Key(NamedTuple):
    """Who may share a session: calls of one connector at one revision, with the same credential."""

    connector_id: str
    revision: int
    identity: str


@dataclass(eq=False)
class _Kept:
    session: Session
    users: int = 0
    used: float = 0.0
    retired: bool = False


class Sessions:
    """Keeps sessions. Belongs to one event loop."""

    def __init__(self, *, most: int = MAX_SESSIONS) -> None:
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._closing: set[asyncio.Task[None]] = set()
        self._most = most

    @asynccontextmanager
    async def borrow(self, key: Key, make: Callable[[], Session]) -> AsyncIterator[Session]:
        """The session of `key`, made if there is none that works."""
        kept = self._take(key, make)
        kept.users += 1
        try:
            yield kept.session
        finally:
            kept.users -= 1
            kept.used = time.monotonic()
            self._close_if_done(kept)

    def forget(self, connector_id: str) -> None:
        """Close the sessions of a connector, after the last call that uses them."""
        for key in [key for key in self._kept if key.connector_id == connector_id]:
            self._retire(key)

    def drop(self, key: Key, session: Session) -> None:
        """Let no further call have `session`, which its server does not know any more."""
        kept = self._kept.get(key)
        if kept is not None and kept.session is session:
            self._retire(key)

    async def close(self) -> None:
        """Close every session, those in use too."""
        kept, self._kept = list(self._kept.values()), OrderedDict()
        await asyncio.gather(*(each.session.close() for each in kept), *self._closing)

    def _take(self, key: Key, make: Callable[[], Session]) -> _Kept:
        kept = self._kept.get(key)
        if kept is not None and kept.session.over:
            self._retire(key)
            kept = None
        if kept is None:
            self._tidy(key)
            kept = self._kept[key] = _Kept(session=make())
        self._kept.move_to_end(key)
        return kept

    def _tidy(self, new: Key) -> None:
        """Make room, and close what is of an older revision or was not used for a while."""
        now = time.monotonic()
        for key, kept in list(self._kept.items()):
            old = key.connector_id == new.connector_id and key.revision < new.revision
            idle = kept.users == 0 and now - kept.used > IDLE_S
            if old or idle or len(self._kept) >= self._most:
                self._retire(key)

    def _retire(self, key: Key) -> None:
        kept = self._kept.pop(key)
        kept.retired = True
        self._close_if_done(kept)

    def _close_if_done(self, kept: _Kept) -> None:
        if kept.retired and kept.users == 0:
            closing = asyncio.create_task(kept.session.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
