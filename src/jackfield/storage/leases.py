"""Leases: one holder at a time, each with a higher fence than the one before.

The one primitive for OAuth refresh, schedules, pollers, concurrency slots. A holder that was only stopped believes it
still holds; whatever it then does has to carry the fence, and is refused where a higher one was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from jackfield.storage.clock import microseconds, shared_now
from jackfield.storage.rows import first, upsert
from jackfield.storage.tables.coordination import lease


@dataclass(frozen=True, kw_only=True)
class Lease:
    """One lease as it was when it was read.

    Attributes:
        fence: Raised by every new holder.
        until: Microseconds since 1970, by the clock that all processes share.
        data: What holders tell their successors.
    """

    tenant: str
    name: str
    owner: str
    fence: int
    until: int
    data: Any = None


def acquire(connection: Connection, *, tenant: str, name: str, owner: str, for_s: float) -> Lease | None:
    """The lease, if nobody holds it or its time is over. Its data are the last holder's."""
    now = shared_now(connection)
    statement = (
        upsert(connection, lease)
        .values(tenant=tenant, name=name, owner=owner, fence=1, until=now + microseconds(for_s))
        .on_conflict_do_update(
            index_elements=["tenant", "name"],
            set_={"owner": owner, "fence": lease.c.fence + 1, "until": now + microseconds(for_s)},
            where=lease.c.until <= now,
        )
        .returning(lease)
    )
    return first(connection, statement, Lease)


def take_over(connection: Connection, held: Lease, *, owner: str, for_s: float) -> Lease | None:
    """The lease that `held` shows, taken from a holder known to be dead; None if somebody was faster."""
    until = shared_now(connection) + microseconds(for_s)
    return _change(connection, held, owner=owner, fence=held.fence + 1, until=until)


def renew(connection: Connection, held: Lease, *, for_s: float, data: Any = ...) -> Lease | None:
    """The lease with more time, and with `data` if they are given; None if somebody else has taken it."""
    changed = {} if data is ... else {"data": data}
    return _change(connection, held, until=shared_now(connection) + microseconds(for_s), **changed)


def release(connection: Connection, held: Lease, *, data: Any = ...) -> bool:
    """Let others have it. The fence stays, so that theirs is higher. False if somebody has taken it already."""
    changed = {} if data is ... else {"data": data}
    return _change(connection, held, owner="", until=0, **changed) is not None


def find(connection: Connection, *, tenant: str, name: str) -> Lease | None:
    """The lease while somebody holds it."""
    held = select(lease).where(lease.c.tenant == tenant, lease.c.name == name, lease.c.until > shared_now(connection))
    return first(connection, held, Lease)


def _change(connection: Connection, held: Lease, **changed: ColumnElement[Any] | Any) -> Lease | None:
    statement = (
        update(lease)
        .where(lease.c.tenant == held.tenant, lease.c.name == held.name)
        .where(lease.c.owner == held.owner, lease.c.fence == held.fence)
        .values(changed)
        .returning(lease)
    )
    return first(connection, statement, Lease)
