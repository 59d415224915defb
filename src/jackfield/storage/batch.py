"""One batch inside its transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from jackfield.storage.failures import cause

NOTES = "jackfield.notes"
"""Where a connection keeps what listeners hear of once it is committed (see `changes.bump`)."""


@dataclass(frozen=True, slots=True)
class KnownKind:
    """A kind of rows, and what it can say about them.

    Attributes:
        order: Kinds are applied in the order in which this process first saw them.
        key: What its rows are sorted by, if by anything.
        size: How many bytes a row takes, if it knows.
    """

    order: int
    apply: Callable[[Connection, Sequence[Any]], Sequence[Any]]
    key: Callable[[Any], Any] | None = None
    size: Callable[[Any], int] | None = None


@dataclass(slots=True, eq=False)
class Item:
    """One row that waits to be written, and the caller's future.

    Attributes:
        kept: It is written although its caller has left.
    """

    kind: KnownKind
    row: Any
    size: int
    kept: bool
    answer: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class Failed:
    """In place of a result: why this item alone was not written."""

    error: Exception


def run_closures(connection: Connection, closures: Sequence[Callable[[Connection], Any]]) -> list[Any]:
    """The results of functions of the connection, each in its own savepoint; one that raises leaves no trace."""
    return [attempt(connection, work) for work in closures]


CLOSURES = KnownKind(order=0, apply=run_closures)


def together(connection: Connection, batch: Sequence[Item]) -> list[Any]:
    """The results of `batch`, which is sorted by kind, with one `apply` for each kind."""
    results: list[Any] = []
    for _, group in groupby(batch, key=lambda item: item.kind.order):
        results += _apply(connection, list(group))
    return results


def one_by_one(connection: Connection, batch: Sequence[Item]) -> list[Any]:
    """The results of `batch`, where items that cannot be written are `Failed`."""
    return [_apply_alone(connection, item) for item in batch]


def attempt(connection: Connection, work: Callable[[Connection], Any]) -> Any:
    """The result of `work` in a savepoint, or why it has none.

    Not `with connection.begin_nested()`: after a full disk SQLite has rolled back everything, and the failing
    roll back to the savepoint would hide the reason.
    """
    notes = connection.info.setdefault(NOTES, [])
    noted = len(notes)
    savepoint = connection.begin_nested()
    try:
        result = work(connection)
    except Exception as error:
        if cause(error) != "row":
            raise
        savepoint.rollback()
        del notes[noted:]
        return Failed(error)
    savepoint.commit()
    return result


def _apply_alone(connection: Connection, item: Item) -> Any:
    if item.kind is CLOSURES:  # has its savepoint already
        return _apply(connection, [item])[0]
    return attempt(connection, lambda inner: _apply(inner, [item])[0])


def _apply(connection: Connection, items: Sequence[Item]) -> list[Any]:
    """One result for each item, in the order of `items`, whatever order the kind wants its rows in."""
    kind = items[0].kind
    indices = list(range(len(items)))
    if (key := kind.key) is not None:
        indices.sort(key=lambda index: key(items[index].row))
    results = kind.apply(connection, [items[index].row for index in indices])
    if len(results) != len(items):
        raise RuntimeError(f"a kind answered {len(results)} results for {len(items)} rows")
    placed: list[Any] = [None] * len(items)
    for index, result in zip(indices, results, strict=True):
        placed[index] = result
    return placed
