"""Executions as they happen: one reader of the journal in a process, for everybody who listens.

Nothing is read while nobody listens. Calls of this process ring a bell after their commit; those of other processes
are found by looking twice a second. Whoever reads too slowly, or comes back too late, is told that there is a gap.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import orjson

from jackfield.access.principal import Principal
from jackfield.dispatch.journal import Journal
from jackfield.errors import JackfieldError
from jackfield.manage.errors import TooManyStreams
from jackfield.manage.execution_showing import view_of
from jackfield.manage.execution_views import ExecutionView, summary
from jackfield.storage.change_cursors import Place, write_place
from jackfield.storage.journal import ExecutionRow
from jackfield.storage.journal_changes import Change, Changed

MOST = 1000
"""Changes that are told to somebody who missed them, or has not read them yet."""
PER_CALLER, IN_ALL = 64, 512
"""Streams at a time."""

_PAGE = 100
_PAUSE_S = 0.05
"""So long is collected what is told together."""
_LOOK_S = 0.5

log = logging.getLogger("jackfield.manage")


class Event:
    """An execution that began to be known, or has ended. Made once for all who listen."""

    def __init__(self, change: Change) -> None:
        self.view: ExecutionView = view_of(change.row)
        self._place = change.place

    @cached_property
    def cursor(self) -> str:
        """Where to go on after it."""
        return write_place(self._place)

    @cached_property
    def json(self) -> bytes:
        """An item of the list."""
        return orjson.dumps(summary(self.view))


@dataclass(frozen=True)
class Gap:
    """Something was missed: the list has it.

    Attributes:
        cursor: Where to go on after it.
    """

    cursor: str


Told: TypeAlias = Event | Gap


class Listener:
    """Somebody who listens: what was not told yet."""

    def __init__(self, caller: str, wants: Callable[[ExecutionRow], bool]) -> None:
        self.caller = caller
        self.wants = wants
        self.cursor = ""
        """Behind everything that `next` has given."""
        self.over = False
        """The process ends."""
        self._waiting: deque[Told] = deque()
        self._place = ""
        self._something = asyncio.Event()

    def put(self, told: Sequence[Told], place: str) -> None:
        """Keep what is to be told, and where it ends."""
        self._waiting.extend(told)
        self._place = place
        if len(self._waiting) > MOST:
            self.lose(place)
        if told:
            self._something.set()

    def lose(self, place: str) -> None:
        """Say that there is a gap up to `place`, instead of what waits."""
        self._waiting.clear()
        self._waiting.append(Gap(place))
        self._place = place
        self._something.set()

    def end(self) -> None:
        """Let it know that nothing more comes."""
        self.over = True
        self._something.set()

    async def next(self, timeout_s: float) -> Sequence[Told]:
        """What is to be told, as soon as there is something; nothing after `timeout_s`, and at the end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._something.wait()
        told = list(self._waiting)
        self._waiting.clear()
        if not self.over:
            self._something.clear()
        self.cursor = self._place
        return told


class Streams:
    """All who listen in this process."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._open: dict[Listener, None] = {}
        self._live: dict[Listener, None] = {}
        self._over = False
        self._bell = asyncio.Event()
        self._reading = asyncio.Lock()
        self._place: Place | None = None
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def listening(
        self, principal: Principal, wants: Callable[[ExecutionRow], bool], *, after: Place | None
    ) -> AsyncIterator[Listener]:
        """Listen to what `wants` takes, from now on or from `after`.

        Raises:
            TooManyStreams: Too many listen already.
        """
        self._require_room(principal)
        listener = Listener(principal.id, wants)
        self._open[listener] = None
        try:
            async with self._reading:
                here = await self._catch_up()  # `after` may be younger than what was read, if another process gave it
                await self._begin(listener, after, here)
            yield listener
        finally:
            del self._open[listener]
            self._live.pop(listener, None)
            if not self._live:
                self._stop()

    def end(self) -> None:
        """The process ends: whoever listens is told, and whoever comes."""
        self._over = True
        for listener in self._open:
            listener.end()

    def _require_room(self, principal: Principal) -> None:
        own = sum(1 for listener in self._open if listener.caller == principal.id)
        if own >= PER_CALLER:
            raise TooManyStreams(streams=own, whose="caller")
        if len(self._open) >= IN_ALL:
            raise TooManyStreams(streams=len(self._open), whose="server")

    async def _begin(self, listener: Listener, after: Place | None, here: Place) -> None:
        """Give it what it missed; what comes then it gets with all others."""
        told: list[Told] = []
        looked_at, more = 0, after is not None
        while more and after is not None:
            page = await self._journal.changed(after=after, until=here, limit=_PAGE)
            looked_at += len(page.changes)
            told += [Event(change) for change in page.changes if listener.wants(change.row)]
            after, more = page.place, page.more
            if page.missed or looked_at > MOST:
                told, more = [Gap(write_place(here))], False
        listener.put(told, write_place(here))
        if self._over:
            listener.end()
        self._live[listener] = None
        if self._task is None:
            self._journal.on_change = self._bell.set
            # Not in the context of whoever came first: its values are nobody else's.
            self._task = asyncio.get_running_loop().create_task(self._follow(), context=contextvars.Context())

    def _stop(self) -> None:
        self._journal.on_change = None
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _follow(self) -> None:
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_S):
                        await self._bell.wait()
                self._bell.clear()
                try:
                    async with self._reading:
                        await self._catch_up()
                except JackfieldError as error:  # nothing is missed: it is looked for from the same place
                    log.warning("executions cannot be followed just now: %s", error)
                await asyncio.sleep(_PAUSE_S)
        except Exception:
            log.exception("executions are not followed any more")
            for listener in self._open:
                listener.end()

    async def _catch_up(self) -> Place:
        """Tell all that has happened; the place behind it."""
        if self._place is None or not self._live:
            self._place = await self._journal.present()
            return self._place
        more = True
        while more:
            page = await self._journal.changed(after=self._place, limit=_PAGE)
            self._place, more = page.place, page.more
            self._tell(page)
        return self._place

    def _tell(self, page: Changed) -> None:
        place = write_place(page.place)
        events: dict[int, Event] = {}
        for listener in self._live:
            if page.missed:
                listener.lose(place)
            wanted = [number for number, change in enumerate(page.changes) if listener.wants(change.row)]
            for number in wanted:
                if number not in events:
                    events[number] = Event(page.changes[number])
            listener.put([events[number] for number in wanted], place)
