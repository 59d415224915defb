"""Tenants, users, their tokens, and what everybody did."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, String, Table, UniqueConstraint

from jackfield.storage.tables.base import (
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

tenant = Table(
    "tenant",
    metadata,
    tenant_column(primary_key=True),
    Column("display_name", String, nullable=False),
    *changing_columns(),
    deleted_column(),
)

user_account = Table(
    "user_account",
    metadata,
    id_column(),
    Column("tenant", String, ForeignKey("tenant.tenant"), nullable=False),
    Column("name", String, nullable=False),
    Column("name_folded", String, nullable=False),
    Column("display_name", String, nullable=False),
    Column("roles", Json, nullable=False),
    Column("disabled", Microseconds),  # since when
    *changing_columns(),
    deleted_column(),
)

user_identity = Table(
    "user_identity",
    metadata,
    id_column(),
    tenant_column(),
    Column("user_id", String, ForeignKey("user_account.id"), nullable=False),
    Column("issuer", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("author", String, nullable=False),  # who linked it
    created_column(),
    UniqueConstraint("issuer", "subject"),  # in all tenants: nothing else says which one a token is for
    UniqueConstraint("user_id", "issuer"),
)

token = Table(
    "token",
    metadata,
    id_column(),
    tenant_column(),
    Column("user_id", String, ForeignKey("user_account.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("hash", LargeBinary, nullable=False, unique=True),  # SHA-256 of 256 random bits
    Column("parent", String, ForeignKey("token.id")),  # of a session: the token that was signed in with
    Column("gateway", String, ForeignKey("gateway.id")),  # the only place where it counts; empty: everywhere
    Column("scopes", Json, nullable=False),
    created_column(),
    Column("expires", Microseconds),
    Column("used", Microseconds),  # to the minute
    Column("revoked", Microseconds),
)

audit = Table(
    "audit",
    metadata,
    id_column(),
    tenant_column(),
    Column("sequence", BigInteger, nullable=False),
    Column("at", Microseconds, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("resource", String, nullable=False),
    Column("resource_id", String, nullable=False),
    Column("verdict", String, nullable=False),  # done, denied
    Column("details", Json, nullable=False),
    Column("previous", LargeBinary, nullable=False),  # the hash of the entry before
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("tenant", "sequence"),
)

unique_where("ux_user_account_name", user_account.c.tenant, user_account.c.name_folded, where="deleted IS NULL")
Index("ix_token_user_id", token.c.user_id)
Index("ix_token_parent", token.c.parent)
Index("ix_token_gateway", token.c.gateway)
Index("ix_audit_tenant_at", audit.c.tenant, audit.c.at)
Index("ix_audit_resource_id", audit.c.resource_id)
