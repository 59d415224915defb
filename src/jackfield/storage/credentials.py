"""Rows of credentials. Their values are what the vault made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from jackfield.definition.names import folded
from jackfield.storage import rows
from jackfield.storage.changes import bump
from jackfield.storage.clock import now_us
from jackfield.storage.errors import RevisionConflict
from jackfield.storage.ids import new_id
from jackfield.storage.tables.credentials import credential, oauth_grant

TOPIC = "credentials"
WHAT = "credential"


@dataclass(frozen=True, kw_only=True)
class CredentialRow:
    """One credential of one connector.

    Attributes:
        connector_id: Of a stored connector, or of one that the process has.
        mode: `values` (what is typed in), `token` (an access token that was pasted), `platform` (signed in with the
            installation's app) or `own` (signed in with an app of one's own).
        owner: Id of the user whose private credential it is; None for a shared one.
        author: Id of the user that has put its values.
        approved: That user is an administrator, and so stands for where they lead requests to.
        is_default: Calls that name none use it: of its owner before that of everybody.
        end_user: Whose account it is, as whoever asked for it calls them.
        account: What the service calls the account.
        shown: Its values, secret ones masked.
        scopes_asked: What was asked for when somebody signed in.
        used, tested: In microseconds since 1970.
    """

    tenant: str
    connector_id: str
    name: str
    mode: str = "values"
    owner: str | None = None
    author: str = ""
    approved: bool = False
    is_default: bool = False
    end_user: str = ""
    account: str = ""
    shown: Mapping[str, Any] = field(default_factory=dict)
    sealed: bytes | None = field(default=None, repr=False)
    scopes_asked: Sequence[str] = ()
    used: int | None = None
    tested: int | None = None
    test_result: Mapping[str, Any] | None = None
    id: str = field(default_factory=new_id)
    name_folded: str = ""
    created: int = field(default_factory=now_us)
    updated: int = field(default_factory=now_us)
    revision: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "name_folded", folded(self.name))
        object.__setattr__(self, "scopes_asked", list(self.scopes_asked))


def add(connection: Connection, row: CredentialRow) -> CredentialRow:
    """Keep a new credential.

    Raises:
        AlreadyExists: Its owner has one of that name for the connector.
        ConstraintFailed: There is no such user.
    """
    if row.is_default:
        _no_default(connection, row)
    rows.add(connection, credential, row, what=WHAT, name=row.name)
    bump(connection, tenant=row.tenant, topic=TOPIC)
    return row


def save(connection: Connection, row: CredentialRow) -> CredentialRow:
    """Save a credential that was read before.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since.
        ConstraintFailed: Its new name is taken.
    """
    if row.is_default:
        _no_default(connection, row)
    saved = rows.save(connection, credential, row, what=WHAT, name=row.name)
    bump(connection, tenant=row.tenant, topic=TOPIC)
    return saved


def remove(connection: Connection, row: CredentialRow) -> None:
    """Delete a credential with its tokens for good.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since it was read.
    """
    own = (credential.c.tenant == row.tenant, credential.c.id == row.id, credential.c.revision == row.revision)
    if connection.execute(delete(credential).where(*own).returning(credential.c.id)).first() is None:
        raise RevisionConflict(what=WHAT, name=row.name, expected=row.revision)
    connection.execute(delete(oauth_grant).where(oauth_grant.c.tenant == row.tenant, oauth_grant.c.holder == row.id))
    bump(connection, tenant=row.tenant, topic=TOPIC)


def remove_of(connection: Connection, *, tenant: str, connector_id: str | None = None, owner: str | None = None) -> int:
    """Delete all credentials of a connector, or all private ones of a user, for good; how many there were."""
    own = [credential.c.tenant == tenant]
    if connector_id is not None:
        own.append(credential.c.connector_id == connector_id)
    if owner is not None:
        own.append(credential.c.owner == owner)
    if len(own) == 1:
        raise ValueError("all credentials of a tenant are never deleted at once")
    ids = select(credential.c.id).where(*own)
    connection.execute(delete(oauth_grant).where(oauth_grant.c.tenant == tenant, oauth_grant.c.holder.in_(ids)))
    gone = connection.execute(delete(credential).where(*own)).rowcount
    bump(connection, tenant=tenant, topic=TOPIC)
    return gone


def get(connection: Connection, *, tenant: str, id: str) -> CredentialRow | None:
    """The credential with that id."""
    statement = select(credential).where(credential.c.tenant == tenant, credential.c.id == id)
    return rows.first(connection, statement, CredentialRow)


def find(
    connection: Connection, *, tenant: str, connector_id: str, name: str, owner: str | None
) -> CredentialRow | None:
    """The credential of exactly that owner and name, in any case style; a shared one where `owner` is None."""
    statement = select(credential).where(
        credential.c.tenant == tenant,
        credential.c.connector_id == connector_id,
        credential.c.name_folded == folded(name),
        _owned(owner),
    )
    return rows.first(connection, statement, CredentialRow)


def choose(
    connection: Connection, *, tenant: str, connector_id: str, user: str, wanted: str | None
) -> CredentialRow | None:
    """The credential that a call of `user` gets: the user's own before a shared one.

    Args:
        wanted: Its id, or its name in any case style; the default one otherwise.
    """
    statement = select(credential).where(
        credential.c.tenant == tenant,
        credential.c.connector_id == connector_id,
        or_(credential.c.owner == user, credential.c.owner.is_(None)),
    )
    if wanted is None:
        statement = statement.where(credential.c.is_default)
    else:
        statement = statement.where(or_(credential.c.id == wanted, credential.c.name_folded == folded(wanted)))
    order = (credential.c.id != (wanted or ""), credential.c.owner.is_(None))
    return rows.first(connection, statement.order_by(*order).limit(1), CredentialRow)


def every(
    connection: Connection, *, tenant: str, connector_id: str | None = None, user: str | None = None
) -> list[CredentialRow]:
    """The credentials of a tenant, by connector and name.

    Args:
        connector_id: Only those of that connector.
        user: Only the shared ones and this user's own.
    """
    statement = select(credential).where(credential.c.tenant == tenant)
    if connector_id is not None:
        statement = statement.where(credential.c.connector_id == connector_id)
    if user is not None:
        statement = statement.where(or_(credential.c.owner == user, credential.c.owner.is_(None)))
    order = (credential.c.connector_id, credential.c.name_folded, credential.c.id)
    return rows.every(connection, statement.order_by(*order), CredentialRow)


def defaults(connection: Connection, *, tenant: str, user: str, connector_id: str | None = None) -> list[CredentialRow]:
    """The credentials that calls of a user may use without naming one: shared defaults, and the user's own.

    Args:
        connector_id: Only those of that connector.
    """
    mine = or_(credential.c.owner == user, credential.c.owner.is_(None))
    statement = select(credential).where(credential.c.tenant == tenant, credential.c.is_default, mine)
    if connector_id is not None:
        statement = statement.where(credential.c.connector_id == connector_id)
    return rows.every(connection, statement, CredentialRow)


def make_newest_default(connection: Connection, row: CredentialRow) -> CredentialRow | None:
    """Let the newest credential of the connector and owner of `row`, which is gone, be their default.

    Of shared ones, one that the same user or an administrator has put: with any other one, somebody could lie in wait.
    That is no change of it: its revision stays.
    """
    own = (credential.c.tenant == row.tenant, credential.c.connector_id == row.connector_id, _owned(row.owner))
    agreed = or_(credential.c.owner.is_not(None), credential.c.author == row.author, credential.c.approved)
    newest = (
        select(credential).where(*own, agreed).order_by(credential.c.created.desc(), credential.c.id.desc()).limit(1)
    )
    found = rows.first(connection, newest, CredentialRow)
    if found is not None:
        same = (credential.c.tenant == row.tenant, credential.c.id == found.id)
        connection.execute(update(credential).where(*same).values(is_default=True))
        bump(connection, tenant=row.tenant, topic=TOPIC)
    return found


def record_test(connection: Connection, *, tenant: str, id: str, result: Mapping[str, Any], tested: int) -> None:
    """Keep how the last test of it went. That is no change of the credential: its revision stays."""
    own = (credential.c.tenant == tenant, credential.c.id == id)
    connection.execute(update(credential).where(*own).values(tested=tested, test_result=result))


def record_use(connection: Connection, *, tenant: str, used: Mapping[str, int]) -> None:
    """Keep when credentials were last used, by their ids. Likewise no change of them."""
    for credential_id, at in used.items():
        own = (credential.c.tenant == tenant, credential.c.id == credential_id)
        newer = or_(credential.c.used.is_(None), credential.c.used < at)
        connection.execute(update(credential).where(*own, newer).values(used=at))


def _no_default(connection: Connection, row: CredentialRow) -> None:
    """Let no other be the default of that connector and owner. Whoever reads it again sees that."""
    own = (credential.c.tenant == row.tenant, credential.c.connector_id == row.connector_id, _owned(row.owner))
    others = (*own, credential.c.id != row.id, credential.c.is_default)
    connection.execute(update(credential).where(*others).values(is_default=False))


def _owned(owner: str | None) -> ColumnElement[bool]:
    return credential.c.owner.is_(None) if owner is None else credential.c.owner == owner
