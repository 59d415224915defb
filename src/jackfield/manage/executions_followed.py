"""Following executions in this process: who may, and what each is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from jackfield.access.principal import Principal
from jackfield.manage.execution_stream import Listener, Streams
from jackfield.storage.change_cursors import read_place
from jackfield.storage.journal_search import Filters, meets


class FollowedExecutions:
    """Callers follow their own executions, administrators those of their tenant."""

    def __init__(self, streams: Streams, require_read: Callable[[Principal, str, str], Awaitable[None]]) -> None:
        """Args:
        streams: Of the process.
        require_read: Raises `ScopeMissing` where the caller may not.
        """
        self._streams = streams
        self._require_read = require_read

    @asynccontextmanager
    async def follow(
        self, principal: Principal, *, connector: str | None = None, after: str = "", **filters: Any
    ) -> AsyncIterator[Listener]:
        """Executions that meet all that is given, as they begin to be known and as they end, from now on.

        Writes are known while they run, and all calls once they have ended.

        Args:
            principal: Who asks.
            connector: `namespace/name`, or a name in any namespace; `filters` are those of `Executions.list`.
            after: The cursor of what was told last, to go on there.

        Raises:
            ScopeMissing: The caller's token does not allow `read`.
            CursorInvalid: `after` is none.
            TooManyStreams: Too many listen already.
        """
        await self._require_read(principal, "follow", "all")
        wanted = partial(
            meets, tenant=principal.tenant, owner=owner_of(principal), filters=filters_of(connector, **filters)
        )
        place = read_place(after) if after else None
        async with self._streams.listening(principal, wanted, after=place) as listener:
            yield listener

    def end(self) -> None:
        """End all streams: the process is about to end."""
        self._streams.end()


def owner_of(principal: Principal) -> str | None:
    """Whose executions a caller sees; `None` for everybody's."""
    return None if principal.admin else principal.id


def filters_of(connector: str | None, **more: Any) -> Filters:
    """What is asked for.

    Args:
        connector: `namespace/name`, or a name in any namespace.
        more: The other fields of `Filters`.
    """
    namespace, slash, name = (connector or "").rpartition("/")
    return Filters(namespace=namespace if slash else None, connector=name or None, **more)
