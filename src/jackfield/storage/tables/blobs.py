"""Large values, each kept once."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table

from jackfield.storage.tables.base import Encrypted, Microseconds, metadata, tenant_column

blob = Table(
    "blob",
    metadata,
    tenant_column(primary_key=True),
    Column("hash", String, primary_key=True),  # SHA-256 of the content, in hexadecimal digits
    Column("size", BigInteger, nullable=False),
    Column("content", Encrypted, nullable=False),
    Column("touched", Microseconds, nullable=False),  # when it was last put
)

Index("ix_blob_touched", blob.c.touched)
