"""Rows of users and of their tokens. A token is kept as its hash only."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, exists, func, or_, select, update
from sqlalchemy import delete as sql_delete

from jackfield.definition.names import folded
from jackfield.storage import rows
from jackfield.storage.changes import bump
from jackfield.storage.clock import microseconds, now_us
from jackfield.storage.ids import new_id
from jackfield.storage.tables.people import token, user_account, user_identity

TOPIC = "users"
PREFIX = "jf_"
"""Lets scanners of source code and logs find a token."""

LOCK = 0x6A61636B75736572  # "jackuser": PostgreSQL's advisory locks are numbers


@dataclass(frozen=True, kw_only=True)
class UserRow:
    """One user.

    Attributes:
        disabled: Since when the user may do nothing, in microseconds since 1970.
    """

    tenant: str
    name: str
    display_name: str = ""
    roles: Sequence[str] = ()
    disabled: int | None = None
    id: str = field(default_factory=new_id)
    name_folded: str = ""
    created: int = field(default_factory=now_us)
    updated: int = field(default_factory=now_us)
    revision: int = 1
    deleted: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name_folded", folded(self.name))
        object.__setattr__(self, "roles", tuple(self.roles))  # JSON has lists only


@dataclass(frozen=True, kw_only=True)
class TokenRow:
    """One token, or one session, which is a token made of another one; see `storage.sessions`.

    Attributes:
        hash: SHA-256 of the token. It needs no salt: 256 random bits are not found by guessing.
        parent: Id of the token that a session came from; `None` for a token.
        gateway: Id of the gateway where alone it counts; `None` for everywhere.
        used: When it was last used, to the minute.
    """

    tenant: str
    user_id: str
    name: str
    hash: bytes = field(repr=False)
    scopes: Sequence[str]
    expires: int | None = None
    used: int | None = None
    revoked: int | None = None
    parent: str | None = None
    gateway: str | None = None
    id: str = field(default_factory=new_id)
    created: int = field(default_factory=now_us)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scopes", tuple(self.scopes))


def add(connection: Connection, row: UserRow) -> UserRow:
    """Make a user.

    Raises:
        AlreadyExists: The tenant has one of that name.
        ConstraintFailed: There is no such tenant.
    """
    rows.add(connection, user_account, row, what="user", name=row.name)
    return row


def save(connection: Connection, row: UserRow) -> UserRow:
    """Save a user that was read before.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since.
    """
    saved = rows.save(connection, user_account, row, what="user", name=row.name)
    bump(connection, tenant=row.tenant, topic=TOPIC)
    return saved


def delete(connection: Connection, row: UserRow) -> None:
    """Delete a user, revoke the user's tokens and sessions, and let the user's identities be anybody's.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since it was read.
    """
    rows.delete(connection, user_account, row, what="user", name=row.name)
    theirs = (token.c.tenant == row.tenant, token.c.user_id == row.id, token.c.revoked.is_(None))
    connection.execute(update(token).where(*theirs).values(revoked=now_us()))
    own = (user_identity.c.tenant == row.tenant, user_identity.c.user_id == row.id)
    connection.execute(sql_delete(user_identity).where(*own))
    bump(connection, tenant=row.tenant, topic=TOPIC)


def get(connection: Connection, *, tenant: str, id: str) -> UserRow | None:
    """The user with that id, also a deleted one."""
    statement = select(user_account).where(user_account.c.tenant == tenant, user_account.c.id == id)
    return rows.first(connection, statement, UserRow)


def find(connection: Connection, *, tenant: str, name: str) -> UserRow | None:
    """The user called `name`, in any case style."""
    statement = select(user_account).where(user_account.c.tenant == tenant, user_account.c.deleted.is_(None))
    return rows.first(connection, statement.where(user_account.c.name_folded == folded(name)), UserRow)


def every(connection: Connection, *, tenant: str) -> list[UserRow]:
    """All users of a tenant, by name."""
    statement = select(user_account).where(user_account.c.tenant == tenant, user_account.c.deleted.is_(None))
    return rows.every(connection, statement.order_by(user_account.c.name_folded), UserRow)


def names(connection: Connection, *, tenant: str) -> dict[str, str]:
    """The names of all users of a tenant by id, also of deleted ones: for what people read."""
    statement = select(user_account.c.id, user_account.c.name).where(user_account.c.tenant == tenant)
    return {row.id: row.name for row in connection.execute(statement)}


def lock(connection: Connection) -> None:
    """Let no other process that asks for it go on until this transaction ends; on SQLite that is so anyway.

    Not a lock of a table: whoever adds a user has the audit log locked already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))


def has_token_of_role(connection: Connection, *, tenant: str, role: str) -> bool:
    """Whether a user with that role has ever had a token, whatever has become of it."""
    statement = select(user_account.c.roles).where(user_account.c.tenant == tenant)
    with_token = statement.where(exists().where(token.c.user_id == user_account.c.id))
    return any(role in row.roles for row in connection.execute(with_token))


def new_token() -> str:
    """A token that nobody can guess. It is shown once and never kept."""
    return PREFIX + base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()


def token_hash(text: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def add_token(connection: Connection, row: TokenRow) -> TokenRow:
    """Keep a token.

    Raises:
        ConstraintFailed: There is no such user.
    """
    rows.add(connection, token, row, what="token", name=row.name)
    return row


def find_token(connection: Connection, text: str) -> tuple[TokenRow, UserRow] | None:
    """The token or session that `text` is, and its user, whatever has become of them: the caller judges that.

    The tenant is the token's. Found by its hash, so the time taken tells nothing about a token that is close.
    """
    found = rows.first(connection, select(token).where(token.c.hash == token_hash(text)), TokenRow)
    user = found and get(connection, tenant=found.tenant, id=found.user_id)
    return (found, user) if found and user else None


def get_token(connection: Connection, *, tenant: str, id: str) -> tuple[TokenRow, UserRow] | None:
    """The token with that id, and its user, whatever has become of them. No session."""
    own = (token.c.tenant == tenant, token.c.id == id, token.c.parent.is_(None))
    found = rows.first(connection, select(token).where(*own), TokenRow)
    user = found and get(connection, tenant=tenant, id=found.user_id)
    return (found, user) if found and user else None


def tokens_of(connection: Connection, *, tenant: str, user_id: str) -> list[TokenRow]:
    """All tokens of a user, oldest first, also revoked ones. No sessions."""
    own = (token.c.tenant == tenant, token.c.user_id == user_id, token.c.parent.is_(None))
    statement = select(token).where(*own)
    return rows.every(connection, statement.order_by(token.c.id), TokenRow)


def tokens_of_gateway(connection: Connection, *, tenant: str, gateway: str) -> list[tuple[TokenRow, UserRow]]:
    """All tokens of a gateway with their users, oldest first, also revoked ones."""
    statement = select(token).where(token.c.tenant == tenant, token.c.gateway == gateway)
    found = rows.every(connection, statement.order_by(token.c.id), TokenRow)
    owners = {user_id: get(connection, tenant=tenant, id=user_id) for user_id in {row.user_id for row in found}}
    return [(row, user) for row in found if (user := owners[row.user_id]) is not None]


def revoke_token(connection: Connection, *, tenant: str, id: str) -> bool:
    """Revoke a token or a session; whether there was one to revoke."""
    own = (token.c.tenant == tenant, token.c.id == id, token.c.revoked.is_(None))
    revoked = connection.execute(update(token).where(*own).values(revoked=now_us()).returning(token.c.id)).first()
    bump(connection, tenant=tenant, topic=TOPIC)
    return revoked is not None


def touch_token(connection: Connection, row: TokenRow) -> None:
    """Say that a token was used; written once a minute. Whoever uses a session uses its token."""
    now, ids = now_us(), [row.id, *([row.parent] if row.parent else [])]
    stale = or_(token.c.used.is_(None), token.c.used < now - microseconds(60))
    connection.execute(update(token).where(token.c.tenant == row.tenant, token.c.id.in_(ids), stale).values(used=now))
