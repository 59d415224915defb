"""Rows of what was granted: the tokens of credentials, as the vault made them.

Each exchange with the service raises the generation, and whoever stores one says which generation it followed: of two
that followed the same one, the first to be stored counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, delete, select, update

from jackfield.storage import rows
from jackfield.storage.changes import bump
from jackfield.storage.clock import now_us, shared_now
from jackfield.storage.tables.credentials import oauth_grant

TOPICS = 64
"""Of each tenant. One for all its grants would have them all read again whenever one is renewed, and one for each would
be rows that nobody deletes."""


@lru_cache(maxsize=20_000)
def topic_of(holder: str) -> str:
    """Of what is said to change with a grant."""
    return f"grants.{crc32(holder.encode('utf-8', 'surrogatepass')) % TOPICS}"


@dataclass(frozen=True, kw_only=True)
class GrantRow:
    """The tokens of one holder.

    Attributes:
        holder: Id of a credential, or what stands for a connector whose own client gets tokens.
        generation: Raised by every exchange.
        scopes: What was granted; None where the service did not say.
        expires: When the access token ends, in microseconds by the clock that all processes share.
        obtained: When it was got.
        refreshable: There is a way to a new one without a person.
        ended: Since when the grant is of no use; None while it is.
        code, reason: Of the last failure; empty after a success.
        attempts: How many have failed since the last exchange.
        retry_at: Not before then, by the clock that all processes share.
    """

    tenant: str
    holder: str
    generation: int = 1
    sealed: bytes | None = field(default=None, repr=False)
    scopes: Sequence[str] | None = None
    expires: int | None = None
    obtained: int | None = None
    refreshable: bool = False
    ended: int | None = None
    code: str = ""
    reason: str = ""
    attempts: int = 0
    retry_at: int | None = None


def now_in(connection: Connection) -> int:
    """What time it is by the clock that all processes share."""
    return int(connection.scalar(select(shared_now(connection))) or 0)


def get(connection: Connection, *, tenant: str, holder: str) -> tuple[GrantRow | None, int]:
    """The grant of `holder`, and what time it is by the clock that its times are of."""
    own = (oauth_grant.c.tenant == tenant, oauth_grant.c.holder == holder)
    return rows.first(connection, select(oauth_grant).where(*own), GrantRow), now_in(connection)


def lock(connection: Connection, *, tenant: str, holder: str) -> int:
    """The generation of the grant, which nobody changes until this transaction ends; zero where there is none."""
    own = (oauth_grant.c.tenant == tenant, oauth_grant.c.holder == holder)
    return connection.scalar(select(oauth_grant.c.generation).where(*own).with_for_update()) or 0


def of(connection: Connection, *, tenant: str, holders: Sequence[str]) -> dict[str, GrantRow]:
    """The grants of several holders, by holder."""
    statement = select(oauth_grant).where(oauth_grant.c.tenant == tenant, oauth_grant.c.holder.in_(holders))
    return {row.holder: row for row in rows.every(connection, statement, GrantRow)}


def due(
    connection: Connection,
    *,
    within_us: int,
    attempts: int,
    after: tuple[int, str] = (-1, ""),
    limit: int = 200,
) -> list[GrantRow]:
    """Grants of credentials of all tenants whose tokens end soon, can be renewed, and may be tried now.

    Those of connectors' own clients are none of them: such tokens are got when they are needed.

    Args:
        attempts: Those that have failed as often in a row are left alone.
        after: The end and the holder of the last one that is known; they come in this order.
    """
    now, end, holder = shared_now(connection), oauth_grant.c.expires, oauth_grant.c.holder
    statement = (
        select(oauth_grant)
        .where(oauth_grant.c.ended.is_(None), oauth_grant.c.refreshable, end <= now + within_us)
        .where(oauth_grant.c.attempts < attempts, holder.not_like("connector:%"))
        .where((oauth_grant.c.retry_at.is_(None)) | (oauth_grant.c.retry_at <= now))
        .where((end > after[0]) | ((end == after[0]) & (holder > after[1])))
        .order_by(end, holder)
        .limit(limit)
    )
    return rows.every(connection, statement, GrantRow)


def put(connection: Connection, row: GrantRow, *, lives_us: int | None, after: int | None) -> GrantRow | None:
    """Keep what an exchange gave; None if another one was faster.

    Args:
        row: With its new generation.
        lives_us: How long the access token lives from now on, in microseconds; None where nobody knows.
        after: The generation that it followed: nothing else may stand there. Zero where nothing was granted; `None`
            replaces whatever there is, for somebody who has signed in anew.
    """
    now = now_in(connection)
    values: dict[str, Any] = {
        "generation": row.generation,
        "sealed": row.sealed,
        "scopes": None if row.scopes is None else list(row.scopes),
        "expires": None if lives_us is None else now + lives_us,
        "obtained": now,  # by the same clock: their difference is how long it lives
        "refreshable": row.refreshable,
        "ended": None,
        "code": "",
        "reason": "",
        "attempts": 0,
        "retry_at": None,
    }
    own = (oauth_grant.c.tenant == row.tenant, oauth_grant.c.holder == row.holder)
    if after:  # nothing is made where it was deleted meanwhile
        same = oauth_grant.c.generation == after
        statement: Any = update(oauth_grant).where(*own, same).values(values)
    else:
        first = None if after is None else oauth_grant.c.generation == 0
        statement = rows.upsert(connection, oauth_grant).values(tenant=row.tenant, holder=row.holder, **values)
        statement = statement.on_conflict_do_update(index_elements=["tenant", "holder"], set_=values, where=first)
    stored = rows.first(connection, statement.returning(oauth_grant), GrantRow)
    if stored is not None:
        bump(connection, tenant=row.tenant, topic=topic_of(row.holder))
    return stored


def note_failure(
    connection: Connection,
    *,
    tenant: str,
    holder: str,
    generation: int,
    code: str,
    reason: str,
    retry_in_us: int | None,
) -> bool:
    """Write down that an exchange failed; False if one has succeeded meanwhile.

    Args:
        generation: That was tried; zero where nothing was granted yet: then a row is made.
        retry_in_us: Nobody tries again before, in microseconds from now; None where trying is of no use any more.
    """
    now = now_in(connection)
    changed: dict[str, Any] = {
        "code": code,
        "reason": reason,
        "attempts": oauth_grant.c.attempts + 1,
        "retry_at": None if retry_in_us is None else now + retry_in_us,
        "ended": now_us() if retry_in_us is None else None,
    }
    if generation == 0:
        first = changed | {"attempts": 1, "generation": 0, "refreshable": False}
        made = rows.upsert(connection, oauth_grant).values(tenant=tenant, holder=holder, **first)
        made = made.on_conflict_do_update(
            index_elements=["tenant", "holder"], set_=changed, where=oauth_grant.c.generation == 0
        )
        found = connection.execute(made.returning(oauth_grant.c.holder)).first()
    else:
        own = (
            oauth_grant.c.tenant == tenant,
            oauth_grant.c.holder == holder,
            oauth_grant.c.generation == generation,
        )
        found = connection.execute(
            update(oauth_grant).where(*own).values(changed).returning(oauth_grant.c.holder)
        ).first()
    if found is not None:
        bump(connection, tenant=tenant, topic=topic_of(holder))
    return found is not None


def remove(connection: Connection, *, tenant: str, holder: str) -> None:
    """Forget the tokens of `holder` for good."""
    connection.execute(delete(oauth_grant).where(oauth_grant.c.tenant == tenant, oauth_grant.c.holder == holder))
    bump(connection, tenant=tenant, topic=topic_of(holder))


def end(connection: Connection, *, tenant: str, holder: str, code: str, reason: str) -> None:
    """Forget the tokens of `holder`, and keep why there are none. What an exchange under way gives does not count."""
    own = (oauth_grant.c.tenant == tenant, oauth_grant.c.holder == holder)
    ended = {"sealed": None, "expires": None, "refreshable": False, "ended": now_us(), "attempts": 0, "retry_at": None}
    raised = oauth_grant.c.generation + 1
    connection.execute(update(oauth_grant).where(*own).values(**ended, generation=raised, code=code, reason=reason))
    bump(connection, tenant=tenant, topic=topic_of(holder))


def remove_of_connector(connection: Connection, *, tenant: str, connector_id: str) -> None:
    """Forget the tokens of a connector's own client for good."""
    own = oauth_grant.c.holder.startswith(f"connector:{connector_id}:", autoescape=True)
    gone = delete(oauth_grant).where(oauth_grant.c.tenant == tenant, own).returning(oauth_grant.c.holder)
    for topic in {topic_of(holder) for holder in connection.scalars(gone).all()}:
        bump(connection, tenant=tenant, topic=topic)
