"""How far the reading of a document is, for whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

Watcher: TypeAlias = Callable[[int, int], None]
"""Is told how many operations are read, and of how many. It may be called in any thread."""

_WATCHER: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """Tell `watcher` of what is read inside, also in threads that `asyncio.to_thread` starts."""
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


def tell(done: int, total: int) -> None:
    """Say that `done` of `total` operations are read."""
    watcher = _WATCHER.get()
    if watcher is not None:
        watcher(done, total)
