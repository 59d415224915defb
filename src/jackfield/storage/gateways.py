"""Rows of gateways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select, update

from jackfield.definition.names import folded
from jackfield.storage import rows, users
from jackfield.storage.changes import bump
from jackfield.storage.clock import now_us
from jackfield.storage.ids import new_id
from jackfield.storage.tables.gateways import gateway
from jackfield.storage.tables.people import token

TOPIC = "gateways"
WHAT = "gateway"


@dataclass(frozen=True, kw_only=True)
class GatewayRow:
    """One gateway.

    Attributes:
        choice: Which commands, as `agents.choice_reading` writes it.
        characters: At most so many of a result are shown.
        owner: The id of the user that made it.
    """

    tenant: str
    name: str
    title: str = ""
    description: str = ""
    instructions: str = ""
    choice: Mapping[str, Any] = field(default_factory=dict)
    mode: str = "auto"
    output_schemas: bool = False
    characters: int = 0
    enabled: bool = True
    owner: str = ""
    id: str = field(default_factory=new_id)
    name_folded: str = ""
    created: int = field(default_factory=now_us)
    updated: int = field(default_factory=now_us)
    revision: int = 1
    deleted: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name_folded", folded(self.name))


def add(connection: Connection, row: GatewayRow) -> GatewayRow:
    """Make a gateway.

    Raises:
        AlreadyExists: The tenant has one of that name.
    """
    rows.add(connection, gateway, row, what=WHAT, name=row.name)
    bump(connection, tenant=row.tenant, topic=TOPIC)
    return row


def save(connection: Connection, row: GatewayRow) -> GatewayRow:
    """Save a gateway that was read before. Its tokens are looked up anew: they count only while it is enabled.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since.
        ConstraintFailed: Its new name is taken.
    """
    saved = rows.save(connection, gateway, row, what=WHAT, name=row.name)
    bump(connection, tenant=row.tenant, topic=TOPIC)
    bump(connection, tenant=row.tenant, topic=users.TOPIC)
    return saved


def delete(connection: Connection, row: GatewayRow) -> None:
    """Delete a gateway, and revoke its tokens. Its name is free again.

    Raises:
        RevisionConflict: Somebody else saved or deleted it since it was read.
    """
    rows.delete(connection, gateway, row, what=WHAT, name=row.name)
    its = (token.c.tenant == row.tenant, token.c.gateway == row.id, token.c.revoked.is_(None))
    connection.execute(update(token).where(*its).values(revoked=now_us()))
    bump(connection, tenant=row.tenant, topic=TOPIC)
    bump(connection, tenant=row.tenant, topic=users.TOPIC)


def get(connection: Connection, *, tenant: str, id: str) -> GatewayRow | None:
    """The gateway with that id, also a deleted one."""
    statement = select(gateway).where(gateway.c.tenant == tenant, gateway.c.id == id)
    return rows.first(connection, statement, GatewayRow)


def find(connection: Connection, *, tenant: str, wanted: str) -> GatewayRow | None:
    """The gateway with that id, or of that name in any case style."""
    there = (gateway.c.tenant == tenant, gateway.c.deleted.is_(None))
    by_id = rows.first(connection, select(gateway).where(*there, gateway.c.id == wanted), GatewayRow)
    by_name = select(gateway).where(*there, gateway.c.name_folded == folded(wanted))
    return by_id or rows.first(connection, by_name, GatewayRow)


def every(connection: Connection, *, tenant: str) -> list[GatewayRow]:
    """All gateways of a tenant, by name."""
    statement = select(gateway).where(gateway.c.tenant == tenant, gateway.c.deleted.is_(None))
    return rows.every(connection, statement.order_by(gateway.c.name_folded), GatewayRow)


def names(connection: Connection, *, tenant: str) -> dict[str, str]:
    """The names of all gateways of a tenant by id, also of deleted ones: for what people read."""
    statement = select(gateway.c.id, gateway.c.name).where(gateway.c.tenant == tenant)
    return {row.id: row.name for row in connection.execute(statement)}
