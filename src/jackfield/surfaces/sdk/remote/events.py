"""Server-sent events of a Jackfield server, across connections that break.

Source: HTML Standard, section 9.2, "Server-sent events".
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import orjson

from jackfield.surfaces.sdk.remote.answers import unreadable
from jackfield.surfaces.sdk.remote.wire import Pairs, Wire
from jackfield.surfaces.server_errors import ServerUnreachable

PAUSE_S = 1.0
PATIENCE_S = 60.0
"""For so long a server is looked for that answered before: it may just be started anew."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event.

    Attributes:
        data: JSON.
    """

    name: str
    data: Any


async def follow(wire: Wire, path: str, query: Pairs) -> AsyncIterator[Event]:
    """The events of a stream, for ever.

    Raises:
        ServerUnreachable: There was no answer, or there is none any more.
        JackfieldError: What the server answered.
    """
    last, alive = "", 0.0
    while True:
        try:
            async for place, event in _once(wire, path, query, last):
                last, alive = place or last, time.monotonic()
                if event is not None:
                    yield event
        except ServerUnreachable:
            if time.monotonic() - alive > PATIENCE_S or not alive:
                raise
        await asyncio.sleep(PAUSE_S)


async def _once(wire: Wire, path: str, query: Pairs, last: str) -> AsyncIterator[tuple[str, Event | None]]:
    """Of one connection: each place, and the event that stands there, if one does."""
    headers = {"Last-Event-ID": last} if last else {}
    fields: dict[str, str] = {}
    async for line in wire.lines(path, query=query, headers=headers):
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
            continue
        yield fields.get("id", ""), _event(fields, wire) if "data" in fields else None
        fields.clear()


def _event(fields: dict[str, str], wire: Wire) -> Event:
    try:
        return Event(name=fields.get("event", "message"), data=orjson.loads(fields["data"]))
    except orjson.JSONDecodeError:
        raise unreadable("an event of it is no JSON", url=wire.url) from None
