"""What people are still working on."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table

from jackfield.storage.tables.base import Encrypted, changing_columns, id_column, metadata, tenant_column

draft = Table(
    "draft",
    metadata,
    id_column(),
    tenant_column(),
    Column("owner", String, ForeignKey("user_account.id"), nullable=False),
    Column("kind", String, nullable=False),  # such as `connector`
    Column("name", String, nullable=False),
    Column("sealed", Encrypted, nullable=False),  # its body, with its secrets
    *changing_columns(),
)

Index("ix_draft_owner", draft.c.tenant, draft.c.owner, draft.c.updated)
Index("ix_draft_updated", draft.c.tenant, draft.c.updated)
