"""Rows of sessions: tokens of browsers, each made of a user's token and never more than that one.

A session is a row of the table of tokens with a parent, so that whatever ends tokens ends sessions too. It is in no
list of tokens, and is deleted some time after it is over: what happened is in the audit log.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, or_, select

from jackfield.storage import rows, users
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.ids import new_id
from jackfield.storage.tables.people import token
from jackfield.storage.users import TokenRow

IDLE_S = 12 * 60 * 60
"""A session that was not used for so long is over."""
LIFETIME_S = 7 * 24 * 60 * 60
"""So is one that was begun so long ago."""
MAX_OF_ONE_TOKEN = 100
"""Sessions that are kept of one token; beyond, those begun longest ago end."""

NAME = "session"
SLICE = 1000
_GRACE_US = microseconds(60 * 60)


def lifetime(parent_expires: int | None, *, now: int) -> int:
    """When a session that begins `now` ends at the latest, which is never after its token does."""
    end = now + microseconds(LIFETIME_S)
    return end if parent_expires is None else min(end, parent_expires)


def is_idle(used: int, *, now: int) -> bool:
    """Whether a session that was last used then is over. Both are microseconds since 1970."""
    return now - used >= microseconds(IDLE_S)


def begin(connection: Connection, parent: TokenRow, *, text: str) -> TokenRow:
    """Keep a new session of a token, and forget the oldest of too many.

    Args:
        parent: The token.
        text: What the browser gets; only its hash is kept.
    """
    now = now_us()
    row = TokenRow(
        tenant=parent.tenant,
        user_id=parent.user_id,
        name=NAME,
        hash=users.token_hash(text),
        scopes=parent.scopes,
        expires=lifetime(parent.expires, now=now),
        used=now,
        parent=parent.id,
        id=new_id(),
        created=now,
    )
    users.add_token(connection, row)
    _keep_newest(connection, parent)
    return row


def parent_of(connection: Connection, row: TokenRow) -> TokenRow | None:
    """The token that a session came from, whatever has become of it."""
    statement = select(token).where(token.c.tenant == row.tenant, token.c.id == row.parent, token.c.parent.is_(None))
    return rows.first(connection, statement, TokenRow)


def delete_over(connection: Connection, *, tenant: str, now: int, limit: int = SLICE) -> int:
    """Delete sessions of a tenant that have been over for an hour, at most `limit`; how many there were."""
    before = now - _GRACE_US
    is_over = or_(token.c.expires < before, token.c.revoked < before, token.c.used < before - microseconds(IDLE_S))
    over = select(token.c.id).where(token.c.tenant == tenant, token.c.parent.is_not(None), is_over).limit(limit)
    return connection.execute(delete(token).where(token.c.tenant == tenant, token.c.id.in_(over))).rowcount


def _keep_newest(connection: Connection, parent: TokenRow) -> None:
    own = (token.c.tenant == parent.tenant, token.c.parent == parent.id, token.c.revoked.is_(None))
    newest = select(token.c.id).where(*own).order_by(token.c.created.desc(), token.c.id.desc())
    for row in connection.execute(newest.offset(MAX_OF_ONE_TOKEN)).all():
        users.revoke_token(connection, tenant=parent.tenant, id=row.id)
