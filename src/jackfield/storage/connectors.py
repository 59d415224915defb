"""Rows of connectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select, update

from jackfield.definition.names import folded
from jackfield.storage import rows
from jackfield.storage.changes import bump
from jackfield.storage.clock import now_us
from jackfield.storage.ids import new_id
from jackfield.storage.tables.catalogue import connector

TOPIC = "connectors"
WHAT = "connector"
APPROVED = "approved"
"""Among the options: an administrator stands for where its requests go."""


@dataclass(frozen=True, kw_only=True)
class ConnectorRow:
    """One connector.

    Attributes:
        type_version: The oldest version of the type that will do.
        config: Connection fields, secret ones masked.
        environments: By name `{config, credential}`: fields that lie over those, secret ones masked.
        environment: The one that calls use which name none; empty for `config` alone.
        sealed: The secret fields of all of them, as the vault made them.
        options: What is set for all of its calls: timeout, retry, egress, mocks.
        owner: The id of the user that made it.
        managed_by: The file that `apply` read it from; empty for one made by hand.
        tested: When its connection was last tested, in microseconds since 1970.
    """

    tenant: str
    namespace: str
    name: str
    type_id: str
    type_version: str
    display_name: str = ""
    description: str = ""
    tags: Sequence[str] = ()
    enabled: bool = True
    config: Mapping[str, Any] = field(default_factory=dict)
    environments: Mapping[str, Any] = field(default_factory=dict)
    environment: str = ""
    sealed: bytes | None = field(default=None, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    owner: str = ""
    managed_by: str = ""
    tested: int | None = None
    test_result: Mapping[str, Any] | None = None
    id: str = field(default_factory=new_id)
    namespace_folded: str = ""
    name_folded: str = ""
    created: int = field(default_factory=now_us)
    updated: int = field(default_factory=now_us)
    revision: int = 1
    deleted: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "namespace_folded", folded(self.namespace))
        object.__setattr__(self, "name_folded", folded(self.name))
        object.__setattr__(self, "tags", tuple(self.tags))  # JSON has lists only

    @property
    def full_name(self) -> str:
        """`namespace/name`."""
        return f"{self.namespace}/{self.name}"


def add(connection: Connection, row: ConnectorRow) -> ConnectorRow:
    """Make a connector.

    Raises:
        AlreadyExists: The namespace has one of that name.
        ConstraintFailed: There is no such type.
    """
    rows.add(connection, connector, row, what=WHAT, name=row.full_name)
    bump(connection, tenant=row.tenant, topic=TOPIC)
    return row


def save(connection: Connection, row: ConnectorRow) -> ConnectorRow:
    """Save a connector that was read before.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since.
        ConstraintFailed: Its new name is taken.
    """
    saved = rows.save(connection, connector, row, what=WHAT, name=row.full_name)
    bump(connection, tenant=row.tenant, topic=TOPIC)
    return saved


def delete(connection: Connection, row: ConnectorRow) -> None:
    """Delete a connector. Its name is free again, and its row stays for the executions that name it.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since it was read.
    """
    rows.delete(connection, connector, row, what=WHAT, name=row.full_name)
    bump(connection, tenant=row.tenant, topic=TOPIC)


def switch_off(connection: Connection, *, tenant: str, id: str) -> None:
    """Switch a connector off whatever its revision, which stays: its secrets are sealed for that one."""
    own = (connector.c.tenant == tenant, connector.c.id == id)
    connection.execute(update(connector).where(*own).values(enabled=False, updated=now_us()))
    bump(connection, tenant=tenant, topic=TOPIC)


def record_test(
    connection: Connection, *, tenant: str, id: str, result: Mapping[str, Any], tested: int | None = None
) -> None:
    """Keep how the last test of its connection went. That is no change of the connector: its revision stays.

    Args:
        tested: When, in microseconds since 1970; now unless given.
    """
    own = (connector.c.tenant == tenant, connector.c.id == id)
    connection.execute(update(connector).where(*own).values(tested=tested or now_us(), test_result=result))


def get(connection: Connection, *, tenant: str, id: str) -> ConnectorRow | None:
    """The connector with that id, also a deleted one."""
    statement = select(connector).where(connector.c.tenant == tenant, connector.c.id == id)
    return rows.first(connection, statement, ConnectorRow)


def find(connection: Connection, *, tenant: str, namespace: str, name: str) -> ConnectorRow | None:
    """The connector called `namespace/name`, in any case style."""
    statement = (
        select(connector)
        .where(connector.c.tenant == tenant, connector.c.deleted.is_(None))
        .where(connector.c.namespace_folded == folded(namespace), connector.c.name_folded == folded(name))
    )
    return rows.first(connection, statement, ConnectorRow)


def every(connection: Connection, *, tenant: str, deleted: bool = False) -> list[ConnectorRow]:
    """All connectors of a tenant, by name; with `deleted` also those that were."""
    statement = select(connector).where(connector.c.tenant == tenant)
    if not deleted:
        statement = statement.where(connector.c.deleted.is_(None))
    order = (connector.c.namespace_folded, connector.c.name_folded, connector.c.id)
    return rows.every(connection, statement.order_by(*order), ConnectorRow)


def of_type(connection: Connection, *, tenant: str, type_id: str) -> list[ConnectorRow]:
    """The connectors of a tenant that are of that type, by name."""
    return [row for row in every(connection, tenant=tenant) if row.type_id == type_id]
