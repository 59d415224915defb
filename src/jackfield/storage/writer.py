"""Group commit: what arrives while one commit runs shares the next one.

No timer: a lone writer waits for nobody. One multi-row statement per kind, because each `execute()` gives up and
retakes the interpreter lock. A batch that fails is done again item by item, so that a bad row fails its caller only.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, runtime_checkable

from sqlalchemy import Connection

from jackfield.storage.batch import CLOSURES, Failed, Item, KnownKind, one_by_one, together
from jackfield.storage.errors import DatabaseUnavailable, Overloaded
from jackfield.storage.failures import cause, translated

RowT = TypeVar("RowT", contravariant=True)  # noqa: PLC0105 - variance is no part of a name
ResultT = TypeVar("ResultT", covariant=True)  # noqa: PLC0105
T = TypeVar("T")

TYPICAL_BYTES = 1_000
"""What an item counts whose kind does not say its size."""


class WriteKind(Protocol[RowT, ResultT]):
    """One way to write rows: many of them in one statement.

    A kind may also have `key(row)` (see `Keyed`) and `size(row)` (see `Sized`).
    """

    def apply(self, connection: Connection, rows: Sequence[RowT]) -> Sequence[ResultT]:
        """Write `rows`, and answer one result for each, in their order.

        Runs inside the shared transaction. May run again with fewer rows after a failure, so it has no effect but
        through `connection`.
        """


@runtime_checkable
class Keyed(Protocol):
    """A kind whose rows are applied in the order of a key (equal keys as submitted).

    Two processes that lock rows in the same order cannot lock each other out.
    """

    def key(self, row: Any) -> Any:
        """What `row` is sorted by."""


@runtime_checkable
class Sized(Protocol):
    """A kind that knows how large its rows are."""

    def size(self, row: Any) -> int:
        """About how many bytes `row` occupies while it waits."""


class Transaction(Protocol):
    """Runs work in one transaction on the writer's connection; when it returns, the commit is durable.

    Raises the driver's errors: the writer needs to see what they mean.
    """

    def __call__(self, work: Callable[[Connection], T], /) -> Awaitable[T]:
        """Begin, run `work`, commit; roll back when it raises."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much may wait, and how much one commit takes.

    Attributes:
        items: Writes that wait or are being written.
        bytes: Their sizes, summed.
        batch_items: Below 32,766 bound values in one statement, which both databases accept, for 60 columns.
        batch_bytes: So that one commit stays a matter of milliseconds.
    """

    items: int = 10_000
    bytes: int = 64 * 1024 * 1024
    batch_items: int = 500
    batch_bytes: int = 8 * 1024 * 1024


class Writer:
    """The one that writes, on the event loop that it was made on."""

    def __init__(self, transaction: Transaction, *, place: str, limits: Limits) -> None:
        self._transaction = transaction
        self._place = place
        self._limits = limits
        self._waiting: deque[Item] = deque()
        self._items = 0
        self._bytes = 0
        self._known: dict[int, KnownKind] = {}
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def put_row(self, kind: WriteKind[Any, T], row: Any, *, kept: bool = False) -> asyncio.Future[T]:
        """Take one row; the future is done once it is durable.

        Cancelling the future before the row's batch began takes the row back, unless it is `kept`.

        Raises:
            Overloaded: Too much is waiting already.
        """
        known = self._known.get(id(kind)) or self._meet(kind)
        return self._put(known, row, TYPICAL_BYTES if known.size is None else known.size(row), kept=kept)

    def put_closure(self, work: Callable[[Connection], T]) -> asyncio.Future[T]:
        """Take one function; the future is done once what it wrote is durable.

        Raises:
            Overloaded: Too much is waiting already.
        """
        return self._put(CLOSURES, work, TYPICAL_BYTES)

    def check_open(self) -> None:
        """Do nothing unless it was closed.

        Raises:
            DatabaseUnavailable: It was.
        """
        if self._closed:
            raise DatabaseUnavailable(place=self._place, reason="it was closed", hint="open it again")

    async def close(self) -> None:
        """Take nothing more, and wait until everything taken is written."""
        self._closed = True
        if self._task is not None:
            await asyncio.wait([self._task])

    def _meet(self, kind: WriteKind[Any, Any]) -> KnownKind:
        known = KnownKind(
            order=len(self._known) + 1,
            apply=kind.apply,  # keeps the kind alive, so that its id stays its own
            key=kind.key if isinstance(kind, Keyed) else None,
            size=kind.size if isinstance(kind, Sized) else None,
        )
        self._known[id(kind)] = known
        return known

    def _put(self, kind: KnownKind, row: Any, size: int, *, kept: bool = False) -> asyncio.Future[Any]:
        self.check_open()
        full = self._items >= self._limits.items or self._bytes + size > self._limits.bytes
        if full and self._items:  # something larger than the whole queue passes alone
            raise Overloaded(waiting=self._items)
        loop = asyncio.get_running_loop()
        item = Item(kind=kind, row=row, size=size, kept=kept, answer=loop.create_future())
        self._waiting.append(item)
        self._items += 1
        self._bytes += size
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._drain(), context=contextvars.Context())
        return item.answer

    async def _drain(self) -> None:
        while batch := self._take():
            try:
                await self._commit(batch)
            finally:  # also when this task is cancelled: nobody may wait for ever
                for item in batch:
                    item.answer.cancel()
                self._forget(batch)

    def _take(self) -> list[Item]:
        """The next batch: kinds in the order in which they were first seen, rows by key or as submitted."""
        batch: list[Item] = []
        size = 0
        while self._waiting and len(batch) < self._limits.batch_items and size < self._limits.batch_bytes:
            item = self._waiting.popleft()
            if item.answer.cancelled() and not item.kept:  # its caller left before anybody began
                self._forget([item])
                continue
            batch.append(item)
            size += item.size
        return sorted(batch, key=lambda item: item.kind.order)

    def _forget(self, items: Sequence[Item]) -> None:
        self._items -= len(items)
        self._bytes -= sum(item.size for item in items)

    async def _commit(self, batch: list[Item]) -> None:
        try:
            results = await self._write(batch)
        except Exception as error:
            results = [Failed(error)] * len(batch)
        for item, result in zip(batch, results, strict=True):
            if item.answer.done():
                continue
            if isinstance(result, Failed):
                item.answer.set_exception(self._said(result.error))
            else:
                item.answer.set_result(result)

    async def _write(self, batch: list[Item]) -> list[Any]:
        try:
            return await self._transaction(lambda connection: together(connection, batch))
        except Exception as error:
            if cause(error) != "row" or len(batch) == 1:
                raise
        return await self._transaction(lambda connection: one_by_one(connection, batch))

    def _said(self, error: Exception) -> Exception:
        said = translated(error, place=self._place)
        if isinstance(error, DatabaseUnavailable):  # of the whole batch: each caller raises its own
            said = copy(error)
        if said is not error:
            said.__cause__ = error
        return said
