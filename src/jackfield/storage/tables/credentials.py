"""Credentials, the tokens that were got for them, and how people sign in. Values are what the vault made."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, LargeBinary, String, Table, UniqueConstraint

from jackfield.storage.tables.base import (
    Encrypted,
    Json,
    Microseconds,
    changing_columns,
    created_column,
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
    Column("connector_id", String, nullable=False),  # not of a row: connectors of files have credentials too
    Column("name", String, nullable=False),
    Column("name_folded", String, nullable=False),
    Column("mode", String, nullable=False),  # values, token, platform, own
    Column("owner", String, ForeignKey("user_account.id")),  # empty: of everybody in the tenant
    Column("author", String, nullable=False),
    Column("approved", Boolean, nullable=False),  # an administrator has put it, and stands for where it leads
    Column("is_default", Boolean, nullable=False),
    Column("end_user", String, nullable=False),  # whose account it is, as whoever asked for it calls them
    Column("account", String, nullable=False),  # what the service calls it
    Column("shown", Json, nullable=False),  # secret values masked
    Column("sealed", Encrypted),
    Column("scopes_asked", Json, nullable=False),
    Column("used", Microseconds),  # to the minute
    Column("tested", Microseconds),
    Column("test_result", Json),
    *changing_columns(),
)

oauth_grant = Table(
    "oauth_grant",
    metadata,
    tenant_column(primary_key=True),
    Column("holder", String, primary_key=True),  # a credential's id, or what stands for a connector's own client
    Column("generation", BigInteger, nullable=False),  # raised by every exchange
    Column("sealed", Encrypted),
    Column("scopes", Json),
    Column("expires", Microseconds),  # by the clock that all processes share
    Column("obtained", Microseconds),
    Column("refreshable", Boolean, nullable=False),
    Column("ended", Microseconds),  # since when it is of no use: somebody has to sign in again
    Column("code", String, nullable=False),  # of the last failure
    Column("reason", String, nullable=False),
    Column("attempts", BigInteger, nullable=False),  # that failed since the last exchange
    Column("retry_at", Microseconds),
)

oauth_flow = Table(
    "oauth_flow",
    metadata,
    id_column(),
    tenant_column(),
    Column("kind", String, nullable=False),  # code, device
    Column("state", LargeBinary, unique=True),  # SHA-256 of what the service sends back
    Column("browser", LargeBinary),  # SHA-256 of what the browser keeps
    Column("user_id", String, nullable=False),
    Column("connector_id", String, nullable=False),
    Column("credential_id", String, nullable=False),  # the one to connect again; empty for a new one
    Column("link_id", String, nullable=False),  # the connect link that it came from, if one
    Column("asked", Json, nullable=False),  # the credential to be made, and where its answer goes
    Column("sealed", Encrypted),
    created_column(),
    Column("expires", Microseconds, nullable=False),
    Column("taken", Microseconds),  # its state was used: it never is again
    Column("next_at", Microseconds),  # of a device: the service is not asked before
    Column("interval_s", BigInteger, nullable=False),
    Column("ended", Microseconds),
    Column("code", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("result_id", String, nullable=False),  # the credential that it made
)

connect_link = Table(
    "connect_link",
    metadata,
    id_column(),
    tenant_column(),
    Column("connector_id", String, nullable=False),
    Column("author", String, nullable=False),
    Column("asked", Json, nullable=False),
    Column("sealed", Encrypted),  # the app of one's own that it signs in with
    created_column(),
    Column("expires", Microseconds, nullable=False),
    Column("used", Microseconds),
    Column("revoked", Microseconds),
    Column("result_id", String, nullable=False),
)

oauth_app = Table(
    "oauth_app",
    metadata,
    id_column(),
    tenant_column(),
    Column("name", String, nullable=False),  # of the type
    Column("name_folded", String, nullable=False),
    Column("client_id", String, nullable=False),
    Column("redirect_uri", String, nullable=False),  # empty: this server's own
    Column("token_url", String, nullable=False),  # the only one that is sent the secret
    Column("shown", Json, nullable=False),
    Column("sealed", Encrypted),
    Column("author", String, nullable=False),
    *changing_columns(),
    UniqueConstraint("tenant", "name_folded"),
)

unique_where("ux_credential_shared_name", credential.c.connector_id, credential.c.name_folded, where="owner IS NULL")
unique_where(
    "ux_credential_private_name",
    credential.c.connector_id,
    credential.c.owner,
    credential.c.name_folded,
    where="owner IS NOT NULL",
)
unique_where("ux_credential_shared_default", credential.c.connector_id, where="is_default AND owner IS NULL")
unique_where(
    "ux_credential_private_default",
    credential.c.connector_id,
    credential.c.owner,
    where="is_default AND owner IS NOT NULL",
)
Index("ix_credential_connector_id", credential.c.tenant, credential.c.connector_id)
Index("ix_oauth_grant_expires", oauth_grant.c.expires)
Index("ix_oauth_flow_expires", oauth_flow.c.expires)
Index("ix_connect_link_tenant", connect_link.c.tenant)
