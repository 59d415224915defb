"""Rows of connect links: each lets somebody without an account connect one account to one connector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from jackfield.storage import rows
from jackfield.storage.clock import now_us
from jackfield.storage.ids import new_id
from jackfield.storage.tables.credentials import connect_link

SLICE = 500


@dataclass(frozen=True, kw_only=True)
class LinkRow:
    """One link.

    Attributes:
        author: Id of the user that made it, and in whose name the account is connected.
        asked: The credential to be made, and where its user goes afterwards. No secret.
        used: Since when it has done its work.
        result_id: The credential that came of it.
    """

    tenant: str
    connector_id: str
    author: str
    expires: int
    asked: Mapping[str, Any] = field(default_factory=dict)
    sealed: bytes | None = field(default=None, repr=False)
    used: int | None = None
    revoked: int | None = None
    result_id: str = ""
    id: str = field(default_factory=new_id)
    created: int = field(default_factory=now_us)


def add(connection: Connection, row: LinkRow) -> None:
    """Keep a new link."""
    rows.add(connection, connect_link, row, what="connect link", name=row.id)


def get(connection: Connection, *, tenant: str, id: str) -> LinkRow | None:
    """The link with that id."""
    own = (connect_link.c.tenant == tenant, connect_link.c.id == id)
    return rows.first(connection, select(connect_link).where(*own), LinkRow)


def every(connection: Connection, *, tenant: str, connector_id: str | None = None) -> list[LinkRow]:
    """The links of a tenant, newest first."""
    statement = select(connect_link).where(connect_link.c.tenant == tenant)
    if connector_id is not None:
        statement = statement.where(connect_link.c.connector_id == connector_id)
    return rows.every(connection, statement.order_by(connect_link.c.id.desc()), LinkRow)


def use(connection: Connection, *, tenant: str, id: str, result_id: str) -> bool:
    """Note that the link has done its work; False where it has before, or may not any more.

    One statement decides, so of two browsers that come back at once only one connects an account.
    """
    own = (connect_link.c.tenant == tenant, connect_link.c.id == id)
    still = (connect_link.c.used.is_(None), connect_link.c.revoked.is_(None))
    values = {"used": now_us(), "result_id": result_id, "sealed": None}
    statement = update(connect_link).where(*own, *still).values(values).returning(connect_link.c.id)
    return connection.execute(statement).first() is not None


def settle(connection: Connection, *, tenant: str, id: str, result_id: str) -> None:
    """Note which credential came of a link that was used for it; without one, the link may be used again."""
    own = (connect_link.c.tenant == tenant, connect_link.c.id == id, connect_link.c.result_id == "")
    values: dict[str, Any] = {"result_id": result_id} if result_id else {"used": None}
    connection.execute(update(connect_link).where(*own).values(values))


def revoke(connection: Connection, *, tenant: str, id: str) -> None:
    """Let nobody use it any more."""
    own = (connect_link.c.tenant == tenant, connect_link.c.id == id, connect_link.c.revoked.is_(None))
    connection.execute(update(connect_link).where(*own).values(revoked=now_us(), sealed=None))


def delete_over(connection: Connection, *, tenant: str, before: int) -> int:
    """Delete at most `SLICE` of those that ended before then; how many there were."""
    over = or_(connect_link.c.expires < before, connect_link.c.used < before, connect_link.c.revoked < before)
    some = select(connect_link.c.id).where(connect_link.c.tenant == tenant, over).limit(SLICE)
    return connection.execute(delete(connect_link).where(connect_link.c.id.in_(some))).rowcount
