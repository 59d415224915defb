"""Rows of sign-ins that are under way: what was asked, and who may finish it.

The state that goes to the service, and what the browser keeps, are there as their hashes only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, or_, select, update

from jackfield.storage import rows
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.ids import new_id
from jackfield.storage.tables.credentials import oauth_flow

SLICE = 500

Kind = Literal["code", "device"]


@dataclass(frozen=True, kw_only=True)
class FlowRow:
    """One sign-in.

    Attributes:
        kind: `code` (in a browser that comes back) or `device` (on another one).
        state: SHA-256 of what the service sends back.
        browser: SHA-256 of what the browser keeps.
        user_id: Who has begun it, and owns or shares what comes of it.
        credential_id: The one to connect again; empty for a new one.
        link_id: The connect link that it came from; empty for none.
        asked: The credential to be made, and what the answer is compared with. No secret.
        taken: Since when its state was used.
        next_at: Of a device: the service is not asked before.
        ended, code, reason: How it ended; `code` is empty where an account was connected.
        result_id: The credential that came of it.
    """

    tenant: str
    kind: Kind
    user_id: str
    connector_id: str
    expires: int
    state: bytes | None = field(default=None, repr=False)
    browser: bytes | None = field(default=None, repr=False)
    credential_id: str = ""
    link_id: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    sealed: bytes | None = field(default=None, repr=False)
    taken: int | None = None
    next_at: int | None = None
    interval_s: int = 0
    ended: int | None = None
    code: str = ""
    reason: str = ""
    result_id: str = ""
    id: str = field(default_factory=new_id)
    created: int = field(default_factory=now_us)


def hashed(text: str) -> bytes:
    """As which `text` is kept. It needs no salt: 256 random bits are not found by guessing."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def add(connection: Connection, row: FlowRow) -> None:
    """Keep a sign-in that begins.

    Raises:
        AlreadyExists: There is one with that state.
    """
    rows.add(connection, oauth_flow, row, what="sign-in", name=row.id)


def take(connection: Connection, *, state: str) -> FlowRow | None:
    """The sign-in with that state, which nobody gets a second time; `None` for all but the first.

    One statement decides, so of two answers that come at once only one counts. It is taken also by an answer that is
    refused afterwards: whoever has learnt a state has one attempt, and it fails.
    """
    statement = (
        update(oauth_flow)
        .where(oauth_flow.c.state == hashed(state), oauth_flow.c.kind == "code")
        .where(oauth_flow.c.taken.is_(None), oauth_flow.c.ended.is_(None))
        .values(taken=now_us())
        .returning(oauth_flow)
    )
    return rows.first(connection, statement, FlowRow)


def turn(connection: Connection, *, tenant: str, id: str, for_s: float) -> FlowRow | None:
    """The sign-in on a device, if the service may be asked for it now; nobody else may for so long, or until `wait`."""
    now = now_us()
    statement = (
        update(oauth_flow)
        .where(oauth_flow.c.tenant == tenant, oauth_flow.c.id == id, oauth_flow.c.kind == "device")
        .where(oauth_flow.c.ended.is_(None), oauth_flow.c.next_at <= now)
        .values(next_at=now + microseconds(for_s))
        .returning(oauth_flow)
    )
    return rows.first(connection, statement, FlowRow)


def wait(connection: Connection, *, tenant: str, id: str, interval_s: int) -> None:
    """Let the service be asked again after an interval, and never earlier from now on.

    Source: RFC 8628, section 3.5.
    """
    own = (oauth_flow.c.tenant == tenant, oauth_flow.c.id == id, oauth_flow.c.ended.is_(None))
    values = {"interval_s": interval_s, "next_at": now_us() + microseconds(interval_s)}
    connection.execute(update(oauth_flow).where(*own).values(values))


def get(connection: Connection, *, tenant: str, id: str) -> FlowRow | None:
    """The sign-in with that id."""
    return rows.first(
        connection, select(oauth_flow).where(oauth_flow.c.tenant == tenant, oauth_flow.c.id == id), FlowRow
    )


def of_everybody(connection: Connection, *, id: str) -> FlowRow | None:
    """The sign-in with that id, whosever it is: for a page that says nothing but how it ended."""
    return rows.first(connection, select(oauth_flow).where(oauth_flow.c.id == id), FlowRow)


def count_of_link(connection: Connection, *, tenant: str, link_id: str) -> int:
    """How many sign-ins have begun with a connect link."""
    own = (oauth_flow.c.tenant == tenant, oauth_flow.c.link_id == link_id)
    return connection.scalar(select(func.count()).select_from(oauth_flow).where(*own)) or 0


def end(connection: Connection, *, tenant: str, id: str, code: str = "", reason: str = "", result_id: str = "") -> bool:
    """Write down how a sign-in ended, and forget its secrets; False if it had ended before."""
    own = (oauth_flow.c.tenant == tenant, oauth_flow.c.id == id, oauth_flow.c.ended.is_(None))
    values = {"ended": now_us(), "code": code, "reason": reason, "result_id": result_id, "sealed": None}
    found = connection.execute(update(oauth_flow).where(*own).values(values).returning(oauth_flow.c.id)).first()
    return found is not None


def delete_over(connection: Connection, *, tenant: str, before: int) -> int:
    """Delete at most `SLICE` of those that ended or expired before then; how many there were."""
    over = or_(oauth_flow.c.ended < before, oauth_flow.c.expires < before)
    some = select(oauth_flow.c.id).where(oauth_flow.c.tenant == tenant, over).limit(SLICE)
    return connection.execute(delete(oauth_flow).where(oauth_flow.c.id.in_(some))).rowcount
