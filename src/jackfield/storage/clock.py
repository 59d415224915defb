"""Time in microseconds since 1970, UTC."""

from __future__ import annotations

import time

from sqlalchemy import BigInteger, ColumnElement, Connection, cast, func, literal


def now_us() -> int:
    """The time of this process: for what people read."""
    return time.time_ns() // 1000


def shared_now(connection: Connection) -> ColumnElement[int]:
    """The one clock of all processes: for what they hold against each other.

    That is PostgreSQL's own, since its clients may run on machines whose clocks differ. Those of a SQLite file run
    on one machine.
    """
    if connection.dialect.name == "postgresql":
        return cast(func.extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger)
    return literal(now_us(), BigInteger)


def microseconds(seconds: float) -> int:
    """`seconds` as the database keeps them."""
    return int(seconds * 1_000_000)
