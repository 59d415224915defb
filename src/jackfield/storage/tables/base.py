"""What all tables share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, MetaData, String, text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

Json = JSON(none_as_null=True)
"""Any JSON value; its keys keep their order."""

Encrypted = LargeBinary
"""What the vault made of a value."""

Microseconds = BigInteger
"""A time: microseconds since 1970 in UTC."""


EVERYBODY = "*"
"""The tenant of rows that belong to the installation: seeded types, processes."""


def id_column() -> Column[str]:
    """The primary key: a UUID of version 7 as text (`storage.ids`)."""
    return Column("id", String, primary_key=True)


def tenant_column(*, primary_key: bool = False) -> Column[str]:
    """Whose row it is. Every table has it, and every statement names it."""
    return Column("tenant", String, nullable=False, primary_key=primary_key)


def created_column() -> Column[int]:
    """When the row was made."""
    return Column("created", Microseconds, nullable=False)


def revision_column() -> Column[Any]:
    """Raised by every change, so that a change of something that was read earlier is noticed."""
    return Column("revision", BigInteger, nullable=False)


def changing_columns() -> list[Column[Any]]:
    """Of rows that people change: when, and how often."""
    return [created_column(), Column("updated", Microseconds, nullable=False), revision_column()]


def deleted_column() -> Column[int]:
    """When the row was deleted; empty while it is there."""
    return Column("deleted", Microseconds)


def unique_where(name: str, *columns: Column[Any], where: str) -> Index:
    """A unique index of the rows that meet `where`, on both databases."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))
