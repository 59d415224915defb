"""Rows of platform apps: clients that the installation has at services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, select

from jackfield.definition.names import folded
from jackfield.storage import rows
from jackfield.storage.changes import bump
from jackfield.storage.clock import now_us
from jackfield.storage.errors import RevisionConflict
from jackfield.storage.ids import new_id
from jackfield.storage.tables.credentials import oauth_app

TOPIC = "oauth-apps"
WHAT = "OAuth app"


@dataclass(frozen=True, kw_only=True)
class AppRow:
    """One app.

    Attributes:
        name: Of the connector type that it is for.
        redirect_uri: Where the service sends people back to; empty for this server's own address.
        token_url: The only place that is sent its secret.
        shown: Its secret as a mask, if it has one.
        author: Id of the user that has put it.
    """

    tenant: str
    name: str
    client_id: str
    token_url: str
    author: str
    redirect_uri: str = ""
    shown: Mapping[str, Any] = field(default_factory=dict)
    sealed: bytes | None = field(default=None, repr=False)
    id: str = field(default_factory=new_id)
    name_folded: str = ""
    created: int = field(default_factory=now_us)
    updated: int = field(default_factory=now_us)
    revision: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "name_folded", folded(self.name))


def add(connection: Connection, row: AppRow) -> None:
    """Keep a new app.

    Raises:
        AlreadyExists: There is one for that type.
    """
    rows.add(connection, oauth_app, row, what=WHAT, name=row.name)
    bump(connection, tenant=row.tenant, topic=TOPIC)


def save(connection: Connection, row: AppRow) -> AppRow:
    """Save an app that was read before.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since.
    """
    saved = rows.save(connection, oauth_app, row, what=WHAT, name=row.name)
    bump(connection, tenant=row.tenant, topic=TOPIC)
    return saved


def remove(connection: Connection, row: AppRow) -> None:
    """Delete an app for good.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since it was read.
    """
    own = (oauth_app.c.tenant == row.tenant, oauth_app.c.id == row.id, oauth_app.c.revision == row.revision)
    if connection.execute(delete(oauth_app).where(*own).returning(oauth_app.c.id)).first() is None:
        raise RevisionConflict(what=WHAT, name=row.name, expected=row.revision)
    bump(connection, tenant=row.tenant, topic=TOPIC)


def find(connection: Connection, *, tenant: str, name: str) -> AppRow | None:
    """The app for that type, in any case style."""
    own = (oauth_app.c.tenant == tenant, oauth_app.c.name_folded == folded(name))
    return rows.first(connection, select(oauth_app).where(*own), AppRow)


def every(connection: Connection, *, tenant: str) -> list[AppRow]:
    """The apps of a tenant, by type."""
    statement = select(oauth_app).where(oauth_app.c.tenant == tenant).order_by(oauth_app.c.name_folded)
    return rows.every(connection, statement, AppRow)
