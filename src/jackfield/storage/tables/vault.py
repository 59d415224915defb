"""Credentials, named secrets, the installation's own, and which keys encrypt them. Values are what the vault made."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table

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

credential = Table(
    "credential",
    metadata,
    id_column(),
    tenant_column(),
    Column("connector_id", String, ForeignKey("connector.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("scheme", String, nullable=False),
    Column("owner", String, ForeignKey("user_account.id")),  # empty: of everybody in the tenant
    Column("is_default", Boolean, nullable=False),
    Column("status", String, nullable=False),  # ready, expired, refused
    Column("expires", Microseconds),
    Column("shown", Json, nullable=False),  # secret fields masked
    Column("sealed", Encrypted),
    *changing_columns(),
    deleted_column(),
)

secret = Table(
    "secret",
    metadata,
    id_column(),
    tenant_column(),
    Column("name", String, nullable=False),
    Column("owner", String, ForeignKey("user_account.id")),  # empty: shared
    Column("author", String, nullable=False),
    Column("description", String, nullable=False),
    Column("sealed", Encrypted, nullable=False),
    *changing_columns(),
)

vault_key = Table(
    "vault_key",
    metadata,
    Column("id", String, primary_key=True),  # as in the key ring
    tenant_column(),  # everybody's: a key encrypts for all tenants
    Column("fingerprint", String, nullable=False),  # tells it from another key of that id, and does not lead back to it
    created_column(),
)

sealed_value = Table(
    "sealed_value",
    metadata,
    tenant_column(primary_key=True),
    Column("name", String, primary_key=True),
    Column("sealed", Encrypted, nullable=False),
)

# An empty owner equals no other one, so each kind has its own index.
unique_where("ux_secret_shared", secret.c.tenant, secret.c.name, where="owner IS NULL")
unique_where("ux_secret_private", secret.c.tenant, secret.c.owner, secret.c.name, where="owner IS NOT NULL")
unique_where("ux_credential_default", credential.c.connector_id, where="is_default AND deleted IS NULL")
Index("ix_credential_connector_id", credential.c.connector_id)
