"""Which processes use the database, and when each was last seen."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from jackfield.storage.clock import microseconds, shared_now
from jackfield.storage.ids import new_id
from jackfield.storage.rows import every
from jackfield.storage.tables.base import EVERYBODY
from jackfield.storage.tables.coordination import process

ProcessKind = Literal["server", "cli", "sdk", "agent"]


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process.

    Attributes:
        seen: Microseconds since 1970, by the clock that all processes share.
    """

    id: str
    tenant: str
    kind: ProcessKind
    host: str
    pid: int
    version: str
    started: int
    seen: int


def register(connection: Connection, *, kind: ProcessKind, version: str) -> str:
    """Enter this process; its id."""
    now = shared_now(connection)
    name = new_id()
    row = {"id": name, "tenant": EVERYBODY, "kind": kind, "host": socket.gethostname(), "pid": os.getpid()}
    connection.execute(insert(process).values(**row, version=version, started=now, seen=now))
    return name


def heartbeat(connection: Connection, id: str) -> bool:
    """Say that process `id` lives. False if others have given it up: it must not go on under this id."""
    statement = update(process).where(process.c.id == id).values(seen=shared_now(connection)).returning(process.c.id)
    return connection.execute(statement).first() is not None


def leave(connection: Connection, id: str) -> None:
    """Take process `id` off the list."""
    connection.execute(delete(process).where(process.c.id == id))


def living(connection: Connection, *, within_s: float) -> list[Process]:
    """The processes that were seen within the last `within_s` seconds."""
    since = shared_now(connection) - microseconds(within_s)
    return every(connection, select(process).where(process.c.seen >= since).order_by(process.c.id), Process)


def silent(connection: Connection, *, silent_s: float) -> bool:
    """Whether there are any for `give_up`: a look costs no commit."""
    before = shared_now(connection) - microseconds(silent_s)
    return connection.execute(select(process.c.id).where(process.c.seen < before).limit(1)).first() is not None


def give_up(connection: Connection, *, silent_s: float) -> list[str]:
    """Take those off the list that were silent for `silent_s` seconds; their ids."""
    before = shared_now(connection) - microseconds(silent_s)
    statement = delete(process).where(process.c.seen < before).returning(process.c.id)
    return sorted(connection.scalars(statement))
