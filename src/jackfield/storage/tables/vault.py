"""Named secrets, the installation's own, and which keys encrypt them. Values are what the vault made."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from jackfield.storage.tables.base import (
    Encrypted,
    changing_columns,
    created_column,
    id_column,
    metadata,
    tenant_column,
    unique_where,
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
