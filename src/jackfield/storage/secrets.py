"""Rows of named secrets. Their values are what the vault made of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, delete, or_, select

from jackfield.storage import rows
from jackfield.storage.changes import bump
from jackfield.storage.clock import now_us
from jackfield.storage.errors import RevisionConflict
from jackfield.storage.ids import new_id
from jackfield.storage.tables.vault import secret

TOPIC = "secrets"
WHAT = "secret"


@dataclass(frozen=True, kw_only=True)
class SecretRow:
    """One secret.

    Attributes:
        owner: Id of the user whose private secret it is; None for a shared one.
        author: Id of the user that made it.
        revision: Sealed into the value, so that an earlier one cannot be put back unnoticed.
    """

    tenant: str
    name: str
    sealed: bytes = field(repr=False)
    owner: str | None = None
    author: str = ""
    description: str = ""
    id: str = field(default_factory=new_id)
    created: int = field(default_factory=now_us)
    updated: int = field(default_factory=now_us)
    revision: int = 1


def add(connection: Connection, row: SecretRow) -> SecretRow:
    """Keep a new secret.

    Raises:
        AlreadyExists: There is one of that name and owner.
        ConstraintFailed: There is no such user.
    """
    rows.add(connection, secret, row, what=WHAT, name=row.name)
    bump(connection, tenant=row.tenant, topic=TOPIC)
    return row


def save(connection: Connection, row: SecretRow) -> SecretRow:
    """Save a secret that was read before; its value is sealed for the next revision.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since.
    """
    saved = rows.save(connection, secret, row, what=WHAT, name=row.name)
    bump(connection, tenant=row.tenant, topic=TOPIC)
    return saved


def remove(connection: Connection, row: SecretRow) -> None:
    """Delete a secret for good.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since it was read.
    """
    own = (secret.c.tenant == row.tenant, secret.c.id == row.id, secret.c.revision == row.revision)
    if connection.execute(delete(secret).where(*own).returning(secret.c.id)).first() is None:
        raise RevisionConflict(what=WHAT, name=row.name, expected=row.revision)
    bump(connection, tenant=row.tenant, topic=TOPIC)


def remove_private(connection: Connection, *, tenant: str, owner: str) -> int:
    """Delete all private secrets of a user for good; how many there were."""
    gone = connection.execute(delete(secret).where(secret.c.tenant == tenant, secret.c.owner == owner)).rowcount
    bump(connection, tenant=tenant, topic=TOPIC)
    return gone


def find(connection: Connection, *, tenant: str, name: str, owner: str | None) -> SecretRow | None:
    """The secret of exactly that owner; the shared one where `owner` is None."""
    statement = select(secret).where(secret.c.tenant == tenant, secret.c.name == name, _owned(owner))
    return rows.first(connection, statement, SecretRow)


def resolve(connection: Connection, *, tenant: str, name: str, user: str | None) -> SecretRow | None:
    """The secret that a call of `user` gets: the user's own before the shared one."""
    statement = select(secret).where(secret.c.tenant == tenant, secret.c.name == name, _seen_by(user))
    return rows.first(connection, statement.order_by(secret.c.owner.is_(None)).limit(1), SecretRow)


def every(connection: Connection, *, tenant: str, user: str | None) -> list[SecretRow]:
    """The shared secrets, and those of `user`, by name."""
    statement = select(secret).where(secret.c.tenant == tenant, _seen_by(user))
    return rows.every(connection, statement.order_by(secret.c.name, secret.c.owner.is_(None)), SecretRow)


def _owned(owner: str | None) -> ColumnElement[bool]:
    return secret.c.owner.is_(None) if owner is None else secret.c.owner == owner


def _seen_by(user: str | None) -> ColumnElement[bool]:
    return secret.c.owner.is_(None) if user is None else or_(secret.c.owner == user, secret.c.owner.is_(None))
