"""Rows of connector types and their versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, select

from jackfield.definition.names import folded
from jackfield.storage import rows
from jackfield.storage.changes import bump
from jackfield.storage.clock import now_us
from jackfield.storage.ids import new_id
from jackfield.storage.json_text import Written
from jackfield.storage.tables.base import EVERYBODY
from jackfield.storage.tables.catalogue import connector_type, connector_type_version

TOPIC = "types"
WHAT = "connector type"

_SLICE = 500  # ids in one statement: databases limit its values


@dataclass(frozen=True, kw_only=True)
class TypeRow:
    """One connector type.

    Attributes:
        version: Its newest version.
        public: A template that others of the tenant may use.
        seeded: Hash of the definition that was seeded; empty for one that somebody made.
    """

    tenant: str
    name: str
    model: str
    version: str
    enabled: bool = True
    public: bool = False
    seeded: str = ""
    id: str = field(default_factory=new_id)
    name_folded: str = ""
    created: int = field(default_factory=now_us)
    updated: int = field(default_factory=now_us)
    revision: int = 1
    deleted: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name_folded", folded(self.name))


@dataclass(frozen=True, kw_only=True)
class TypeVersion:
    """One version of a type, without its definition, which may be large."""

    tenant: str
    type_id: str
    version: str
    note: str = ""
    author: str = ""
    id: str = field(default_factory=new_id)
    created: int = field(default_factory=now_us)


@dataclass(frozen=True, kw_only=True)
class TypeVersionRow(TypeVersion):
    """One version of a type, whole. It never changes."""

    definition: Mapping[str, Any] | Written


def add(
    connection: Connection,
    row: TypeRow,
    definition: Mapping[str, Any] | Written,
    *,
    author: str = "",
    version_id: str | None = None,
) -> TypeRow:
    """Make a type with its first version.

    Args:
        version_id: Of that version, where somebody knows it already.

    Raises:
        AlreadyExists: The tenant has a type of that name.
    """
    rows.add(connection, connector_type, row, what=WHAT, name=row.name)
    version = TypeVersionRow(
        id=version_id or new_id(),
        tenant=row.tenant,
        type_id=row.id,
        version=row.version,
        definition=definition,
        author=author,
    )
    add_version(connection, version)
    return row


def save(connection: Connection, row: TypeRow) -> TypeRow:
    """Save a type that was read before.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since.
    """
    saved = rows.save(connection, connector_type, row, what=WHAT, name=row.name)
    bump(connection, tenant=row.tenant, topic=TOPIC)
    return saved


def delete(connection: Connection, row: TypeRow) -> None:
    """Delete a type. Its versions stay, for the executions that name them.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since it was read.
    """
    rows.delete(connection, connector_type, row, what=WHAT, name=row.name)
    bump(connection, tenant=row.tenant, topic=TOPIC)


def add_version(connection: Connection, row: TypeVersionRow) -> None:
    """Add a version; which one is the newest is said by `save`.

    Raises:
        AlreadyExists: The type has that version.
    """
    name = f"{row.version} of {row.type_id}"
    rows.add(connection, connector_type_version, row, what="version", name=name)
    bump(connection, tenant=row.tenant, topic=TOPIC)


def get(connection: Connection, *, tenant: str, id: str) -> TypeRow | None:
    """The type with that id, also a deleted one."""
    statement = select(connector_type).where(_visible(tenant), connector_type.c.id == id)
    return rows.first(connection, statement, TypeRow)


def find(connection: Connection, *, tenant: str, name: str) -> TypeRow | None:
    """The type called `name`, in any case style; the tenant's own before everybody's."""
    own_first = (connector_type.c.tenant == EVERYBODY).asc()
    statement = select(connector_type).where(_visible(tenant), _there(), connector_type.c.name_folded == folded(name))
    return rows.first(connection, statement.order_by(own_first).limit(1), TypeRow)


def every(connection: Connection, *, tenant: str) -> list[TypeRow]:
    """All types of a tenant and of everybody, by name."""
    statement = select(connector_type).where(_visible(tenant), _there())
    return rows.every(connection, statement.order_by(connector_type.c.name_folded, connector_type.c.id), TypeRow)


def newest(connection: Connection, *, tenant: str) -> dict[str, str]:
    """The ids of the newest versions, by the ids of their types, of all types of a tenant and of everybody."""
    table = connector_type_version
    joined = select(table.c.type_id, table.c.id).join(
        connector_type, (connector_type.c.id == table.c.type_id) & (connector_type.c.version == table.c.version)
    )
    found = connection.execute(joined.where(_visible(tenant), _there(), table.c.tenant == connector_type.c.tenant))
    return {row.type_id: row.id for row in found}


def definition_texts(connection: Connection, *, tenant: str, ids: Sequence[str]) -> dict[str, str]:
    """The definitions of some versions by their ids, as JSON that is still to be read: it may take a while."""
    table = connector_type_version
    wanted = select(table.c.id, cast(table.c.definition, Text).label("text"))
    found: dict[str, str] = {}
    for first in range(0, len(ids), _SLICE):
        own = (table.c.tenant.in_([tenant, EVERYBODY]), table.c.id.in_(ids[first : first + _SLICE]))
        found |= {row.id: row.text for row in connection.execute(wanted.where(*own))}
    return found


def versions(connection: Connection, *, tenant: str, type_id: str) -> list[TypeVersion]:
    """All versions of a type, in the order in which they were made."""
    table = connector_type_version
    columns = [column for column in table.c if column is not table.c.definition]
    statement = select(*columns).where(table.c.tenant.in_([tenant, EVERYBODY]), table.c.type_id == type_id)
    return rows.every(connection, statement.order_by(table.c.id), TypeVersion)


def version_id(connection: Connection, row: TypeRow) -> str | None:
    """The id of the newest version of a type."""
    table = connector_type_version
    own = (table.c.tenant == row.tenant, table.c.type_id == row.id, table.c.version == row.version)
    return connection.execute(select(table.c.id).where(*own)).scalar()


def get_version(connection: Connection, *, tenant: str, type_id: str, version: str) -> TypeVersionRow | None:
    """One version of a type."""
    table = connector_type_version
    statement = select(table).where(table.c.tenant.in_([tenant, EVERYBODY]), table.c.type_id == type_id)
    return rows.first(connection, statement.where(table.c.version == version), TypeVersionRow)


def _visible(tenant: str) -> ColumnElement[bool]:
    return connector_type.c.tenant.in_([tenant, EVERYBODY])


def _there() -> ColumnElement[bool]:
    return connector_type.c.deleted.is_(None)
