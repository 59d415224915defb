"""Connector types, their versions, and connectors.

A folded name is a name without its case style (`definition.names.folded`): by it names are found and told apart.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, UniqueConstraint

from jackfield.storage.tables.base import (
    Encrypted,
    Json,
    Microseconds,
    changing_columns,
    created_column,
    deleted_column,
    id_column,
    metadata,
    tenant_column,
    unique_where,
)

connector_type = Table(
    "connector_type",
    metadata,
    id_column(),
    tenant_column(),  # everybody's where Jackfield seeded it
    Column("name", String, nullable=False),
    Column("name_folded", String, nullable=False),
    Column("model", String, nullable=False),
    Column("version", String, nullable=False),  # the newest
    Column("enabled", Boolean, nullable=False),
    Column("public", Boolean, nullable=False),  # a template that others of the tenant may use
    Column("seeded", String, nullable=False),  # hash of what was seeded, so that an edited one is left alone
    *changing_columns(),
    deleted_column(),
)

connector_type_version = Table(
    "connector_type_version",
    metadata,
    id_column(),
    tenant_column(),
    Column("type_id", String, ForeignKey("connector_type.id"), nullable=False),
    Column("version", String, nullable=False),
    Column("definition", Json, nullable=False),
    Column("note", String, nullable=False),  # what changed, for people
    Column("author", String, nullable=False),
    created_column(),
    UniqueConstraint("type_id", "version"),
)

connector = Table(
    "connector",
    metadata,
    id_column(),
    tenant_column(),
    Column("namespace", String, nullable=False),
    Column("namespace_folded", String, nullable=False),
    Column("name", String, nullable=False),
    Column("name_folded", String, nullable=False),
    Column("display_name", String, nullable=False),
    Column("description", String, nullable=False),
    Column("tags", Json, nullable=False),
    Column("type_id", String, ForeignKey("connector_type.id"), nullable=False),
    Column("type_version", String, nullable=False),  # the oldest that will do
    Column("enabled", Boolean, nullable=False),
    Column("config", Json, nullable=False),  # secret fields masked
    Column("environments", Json, nullable=False),  # by name `{config, credential}`, secret fields masked
    Column("environment", String, nullable=False),  # the one that is used unless a call names another
    Column("sealed", Encrypted),  # the secret fields of all of them
    Column("options", Json, nullable=False),  # timeout, retry, egress, mocks
    Column("owner", String, nullable=False),  # the user that made it
    Column("managed_by", String, nullable=False),  # the file that `apply` read it from, if one
    Column("tested", Microseconds),
    Column("test_result", Json),
    *changing_columns(),
    deleted_column(),
)

unique_where("ux_connector_type_name", connector_type.c.tenant, connector_type.c.name_folded, where="deleted IS NULL")
unique_where(
    "ux_connector_name",
    connector.c.tenant,
    connector.c.namespace_folded,
    connector.c.name_folded,
    where="deleted IS NULL",
)
Index("ix_connector_type_id", connector.c.type_id)
