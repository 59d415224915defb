"""Gateways: chosen commands for models, under a name of their own."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table

from jackfield.storage.tables.base import (
    Json,
    changing_columns,
    deleted_column,
    id_column,
    metadata,
    tenant_column,
    unique_where,
)

gateway = Table(
    "gateway",
    metadata,
    id_column(),
    tenant_column(),
    Column("name", String, nullable=False),
    Column("name_folded", String, nullable=False),
    Column("title", String, nullable=False),
    Column("description", String, nullable=False),
    Column("instructions", String, nullable=False),  # for the model
    Column("choice", Json, nullable=False),  # which commands, and what is settled for the model
    Column("mode", String, nullable=False),  # auto, tools, search
    Column("output_schemas", Boolean, nullable=False),
    Column("characters", Integer, nullable=False),  # of a result, at most
    Column("enabled", Boolean, nullable=False),
    Column("owner", String, nullable=False),  # the user that made it
    *changing_columns(),
    deleted_column(),
)

unique_where("ux_gateway_name", gateway.c.tenant, gateway.c.name_folded, where="deleted IS NULL")
