"""Rows that say which user somebody is whom an issuer of tokens knows."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, select

from jackfield.storage import rows
from jackfield.storage.changes import bump
from jackfield.storage.clock import now_us
from jackfield.storage.ids import new_id
from jackfield.storage.tables.people import user_identity
from jackfield.storage.users import TOPIC, UserRow, get

WHAT = "identity"


@dataclass(frozen=True, kw_only=True)
class IdentityRow:
    """One user's identity at one issuer.

    Attributes:
        issuer: As its tokens have it in `iss`.
        subject: As they have it in `sub`. It belongs to one user of one tenant.
        author: Id of the user that linked it.
    """

    tenant: str
    user_id: str
    issuer: str
    subject: str
    author: str
    id: str = field(default_factory=new_id)
    created: int = field(default_factory=now_us)


def link(connection: Connection, row: IdentityRow) -> None:
    """Keep an identity, in place of the one that the user has had at that issuer.

    Raises:
        AlreadyExists: The subject is another user's.
        ConstraintFailed: There is no such user.
    """
    _remove(connection, tenant=row.tenant, user_id=row.user_id, issuer=row.issuer)
    rows.add(connection, user_identity, row, what=WHAT, name=row.subject)
    bump(connection, tenant=row.tenant, topic=TOPIC)


def unlink(connection: Connection, *, tenant: str, user_id: str, issuer: str) -> str | None:
    """Forget a user's identity at an issuer; the subject that it had."""
    subject = _remove(connection, tenant=tenant, user_id=user_id, issuer=issuer)
    bump(connection, tenant=tenant, topic=TOPIC)
    return subject


def find_user(connection: Connection, *, issuer: str, subject: str) -> UserRow | None:
    """The user who has that identity, whatever has become of them: the caller judges that.

    The tenant is the user's: a token says nothing of tenants.
    """
    own = (user_identity.c.issuer == issuer, user_identity.c.subject == subject)
    found = rows.first(connection, select(user_identity).where(*own), IdentityRow)
    return get(connection, tenant=found.tenant, id=found.user_id) if found else None


def subjects(connection: Connection, *, tenant: str, issuer: str) -> dict[str, str]:
    """What an issuer calls the users of a tenant, by their ids."""
    statement = select(user_identity.c.user_id, user_identity.c.subject)
    own = (user_identity.c.tenant == tenant, user_identity.c.issuer == issuer)
    return {row.user_id: row.subject for row in connection.execute(statement.where(*own))}


def _remove(connection: Connection, *, tenant: str, user_id: str, issuer: str) -> str | None:
    own = (user_identity.c.tenant == tenant, user_identity.c.user_id == user_id, user_identity.c.issuer == issuer)
    removed: str | None = connection.execute(
        delete(user_identity).where(*own).returning(user_identity.c.subject)
    ).scalar()
    return removed
