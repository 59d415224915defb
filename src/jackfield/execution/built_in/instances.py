"""One instance of a connector class per configured connector, opened once and closed when it changes."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, get_type_hints

from jackfield.definition import hints
from jackfield.definition.connector import Connector
from jackfield.definition.secret import Secret

logger = logging.getLogger("jackfield.execution.built_in")

MAX_VARIANTS = 64
"""Of one connector. Beyond it, the one that was used longest ago is closed."""

Key: TypeAlias = tuple[str, type[Connector]]
Variant: TypeAlias = tuple[Secret | str, ...]


class NotOpened(Exception):
    """A connector's `open` raised. The cause is what it raised.

    Attributes:
        connector: The instance as far as it came; `None` when it could not even be made.
    """

    def __init__(self, connector: Connector | None) -> None:
        super().__init__("the connector could not be opened")
        self.connector = connector


@dataclass(kw_only=True, eq=False)
class _Kept:
    """An instance, how many calls are using it, and whether it is to be closed after the last of them."""

    ready: asyncio.Task[Connector]
    users: int = 0
    retired: bool = False
    closing: asyncio.Task[None] | None = field(default=None)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Line:
    """The instances of one connector at one revision, by variant, the one used longest ago first."""

    revision: int
    variants: OrderedDict[Variant, _Kept] = field(default_factory=OrderedDict)


class Instances:
    """Keeps instances by connector id and variant. Belongs to one event loop.

    What `open` makes is shared by all calls with the same connection until that changes or Jackfield stops; a call
    that is under way keeps the instance it began with. Callers with secrets of their own have instances of their own.
    """

    def __init__(self, *, variants: int = MAX_VARIANTS) -> None:
        self._lines: dict[Key, _Line] = {}
        self._open: set[_Kept] = set()
        self._variants = variants

    def borrow(
        self, connector_id: str, revision: int, cls: type[Connector], config: Mapping[str, Any], variant: Variant = ()
    ) -> Borrowed:
        """The instance for a connector at a revision, as an async context manager.

        Raises:
            NotOpened: It could not be opened; the next call tries again.
        """
        return Borrowed(self, (connector_id, cls), revision, variant, lambda: _open(cls, config))

    async def take(self, key: Key, revision: int, variant: Variant, make: Callable[[], Any]) -> _Kept:
        """The kept instance, made if there is none of this revision. Ten first calls open it once."""
        line = self._line(key, revision)
        kept = line.variants.get(variant)
        if kept is None:
            kept = line.variants[variant] = _Kept(ready=asyncio.ensure_future(make()))
            self._open.add(kept)
            if len(line.variants) > self._variants:
                self._retire(line.variants.popitem(last=False)[1])
        line.variants.move_to_end(variant)
        kept.users += 1
        try:
            # Shielded: the call that happens to be first may be cancelled, the others still wait for it.
            await asyncio.shield(kept.ready)
        except BaseException:
            if kept.users == 1 and not kept.ready.done():
                kept.ready.cancel()  # nobody waits any more for an `open` that hangs
            if _is_useless(kept.ready):
                kept.retired = True
                if line.variants.get(variant) is kept:
                    del line.variants[variant]  # the next call tries again
            self.give_back(kept)
            raise
        return kept

    def give_back(self, kept: _Kept) -> None:
        """One call has ended."""
        kept.users -= 1
        self._close_if_done(kept)

    def forget(self, connector_id: str) -> None:
        """Close the instances of a connector, after the last call that uses them."""
        for key in [key for key in self._lines if key[0] == connector_id]:
            for kept in self._lines.pop(key).variants.values():
                self._retire(kept)

    async def close(self) -> None:
        """Close every instance, those in use too. An `open` that is under way is given up."""
        everything = list(self._open)
        self._lines.clear()
        for kept in everything:
            kept.ready.cancel()  # does nothing to one that is done
            self._close_soon(kept)
        await asyncio.gather(*(kept.closing for kept in everything if kept.closing))

    def _line(self, key: Key, revision: int) -> _Line:
        line = self._lines.get(key)
        if line is None or line.revision != revision:
            for old in line.variants.values() if line else ():
                self._retire(old)
            line = self._lines[key] = _Line(revision=revision)
        return line

    def _retire(self, kept: _Kept) -> None:
        kept.retired = True
        self._close_if_done(kept)

    def _close_if_done(self, kept: _Kept) -> None:
        if kept.retired and kept.users == 0:
            self._close_soon(kept)

    def _close_soon(self, kept: _Kept) -> None:
        if kept.closing is None:
            kept.closing = asyncio.ensure_future(_close(kept))
            kept.closing.add_done_callback(lambda _: self._open.discard(kept))


def _is_useless(ready: asyncio.Task[Connector]) -> bool:
    """Whether an `open` failed, or was told to give up."""
    if not ready.done():
        return ready.cancelling() > 0
    return ready.cancelled() or ready.exception() is not None


class Borrowed:
    """An instance in use."""

    __slots__ = ("_instances", "_kept", "_key", "_make", "_revision", "_variant")

    def __init__(
        self, instances: Instances, key: Key, revision: int, variant: Variant, make: Callable[[], Any]
    ) -> None:
        self._instances = instances
        self._key = key
        self._revision = revision
        self._variant = variant
        self._make = make
        self._kept: _Kept | None = None

    async def __aenter__(self) -> Connector:
        self._kept = await self._instances.take(self._key, self._revision, self._variant, self._make)
        return self._kept.ready.result()

    async def __aexit__(self, *_: object) -> None:
        if self._kept is not None:
            self._instances.give_back(self._kept)


async def _open(cls: type[Connector], config: Mapping[str, Any]) -> Connector:
    connector = None
    try:
        connector = cls()
        _fill(connector, config)
        await connector.open()
    except (Exception, SystemExit) as error:  # `sys.exit` in a task would end the event loop
        raise NotOpened(connector) from error
    return connector


def _fill(connector: Connector, config: Mapping[str, Any]) -> None:
    annotations = get_type_hints(type(connector))
    for name, value in config.items():
        convert = hints.converter(annotations[name]) if name in annotations else None
        keep = convert is None or value is None or annotations[name] is type(value)
        setattr(connector, name, value if keep or convert is None else convert(value))


async def _close(kept: _Kept) -> None:
    try:
        connector = await kept.ready
    except (Exception, asyncio.CancelledError):  # it was never opened, which its callers have been told
        return
    try:
        await connector.close()
    except (Exception, SystemExit):  # closing goes on past a connector that fails to
        logger.warning("a connector's `close` failed", exc_info=True)
