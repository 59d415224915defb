"""Rows of drafts. What is in them is what the vault made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, delete, func, select

from jackfield.storage import rows
from jackfield.storage.clock import now_us
from jackfield.storage.errors import RevisionConflict
from jackfield.storage.ids import new_id
from jackfield.storage.tables.drafts import draft
from jackfield.storage.tables.people import user_account

WHAT = "draft"
KEPT_DAYS = 30
"""After its last change."""


@dataclass(frozen=True, kw_only=True)
class DraftHead:
    """A draft without what is in it.

    Attributes:
        owner: Id of the user that made it.
    """

    tenant: str
    owner: str
    kind: str
    name: str
    id: str = field(default_factory=new_id)
    created: int = field(default_factory=now_us)
    updated: int = field(default_factory=now_us)
    revision: int = 1


@dataclass(frozen=True, kw_only=True)
class DraftRow(DraftHead):
    """A draft.

    Attributes:
        sealed: For its revision.
    """

    sealed: bytes = field(repr=False)


def add(connection: Connection, row: DraftRow, *, most: int) -> bool:
    """Keep a new draft; false where its owner has `most` already.

    Raises:
        ConstraintFailed: There is no such user.
    """
    # On PostgreSQL two processes would else count at once. On SQLite one writes at a time anyway.
    account = select(user_account.c.id).where(user_account.c.tenant == row.tenant, user_account.c.id == row.owner)
    connection.execute(account.with_for_update())
    if count(connection, tenant=row.tenant, owner=row.owner) >= most:
        return False
    rows.add(connection, draft, row, what=WHAT, name=row.id)
    return True


def save(connection: Connection, row: DraftRow) -> DraftRow:
    """Save a draft that was read before; it is sealed for the next revision.

    Raises:
        RevisionConflict: It has been saved or deleted since.
    """
    return rows.save(connection, draft, row, what=WHAT, name=row.id)


def remove(connection: Connection, row: DraftHead) -> None:
    """Delete a draft for good.

    Raises:
        RevisionConflict: It has been saved or deleted since it was read.
    """
    same = (*_own(row.tenant, row.owner), draft.c.id == row.id, draft.c.revision == row.revision)
    if connection.execute(delete(draft).where(*same).returning(draft.c.id)).first() is None:
        raise RevisionConflict(what=WHAT, name=row.id, expected=row.revision)


def remove_all(connection: Connection, *, tenant: str, owner: str) -> int:
    """Delete all drafts of a user for good; how many there were."""
    return connection.execute(delete(draft).where(*_own(tenant, owner))).rowcount


def get(connection: Connection, *, tenant: str, owner: str, id: str) -> DraftRow | None:
    """The draft with that id, if it is of that user."""
    return rows.first(connection, select(draft).where(*_own(tenant, owner), draft.c.id == id), DraftRow)


def every(connection: Connection, *, tenant: str, owner: str) -> list[DraftHead]:
    """The drafts of a user, the one that was changed last first."""
    columns = [column for column in draft.c if column is not draft.c.sealed]
    statement = select(*columns).where(*_own(tenant, owner)).order_by(draft.c.updated.desc(), draft.c.id.desc())
    return rows.every(connection, statement, DraftHead)


def count(connection: Connection, *, tenant: str, owner: str) -> int:
    """How many drafts a user has."""
    return connection.execute(select(func.count()).select_from(draft).where(*_own(tenant, owner))).scalar_one()


def remove_old(connection: Connection, *, tenant: str, before: int, limit: int) -> int:
    """Delete at most `limit` drafts of a tenant that were last changed before then; how many there were."""
    old = select(draft.c.id).where(draft.c.tenant == tenant, draft.c.updated < before).limit(limit)
    # Asked again where it is decided: somebody may have saved one meanwhile.
    still = (draft.c.tenant == tenant, draft.c.id.in_(old), draft.c.updated < before)
    return connection.execute(delete(draft).where(*still)).rowcount


def _own(tenant: str, owner: str) -> tuple[ColumnElement[bool], ...]:
    return draft.c.tenant == tenant, draft.c.owner == owner
