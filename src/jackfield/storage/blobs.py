"""Values too large for their row, kept once for each content, in the transaction of the row that names them."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, delete, select

from jackfield.storage.clock import now_us
from jackfield.storage.rows import upsert
from jackfield.storage.tables.blobs import blob
from jackfield.storage.tables.journal import execution


def name_of(content: bytes) -> str:
    """By what `content` is found: its SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def put(connection: Connection, *, tenant: str, content: bytes) -> str:
    """Keep `content`, and name it (`name_of`).

    Where it is kept already, it is touched: that locks it against `delete_unused` until this is committed.
    """
    name = name_of(content)
    row = {"tenant": tenant, "hash": name, "size": len(content), "content": content, "touched": now_us()}
    statement = upsert(connection, blob).values(row)
    again = statement.on_conflict_do_update(index_elements=["tenant", "hash"], set_={"touched": row["touched"]})
    connection.execute(again)
    return name


def get(connection: Connection, *, tenant: str, name: str) -> bytes | None:
    """The content called `name`, if it is kept."""
    content: bytes | None = connection.scalar(
        select(blob.c.content).where(blob.c.tenant == tenant, blob.c.hash == name)
    )
    return content


def delete_unused(connection: Connection, *, before: int, limit: int) -> int:
    """Delete blobs that no execution names and nobody put since `before` (microseconds); how many went."""
    named = select(execution.c.id).where(execution.c.blob_id == blob.c.hash, execution.c.tenant == blob.c.tenant)
    unused = select(blob.c.tenant, blob.c.hash).where(blob.c.touched < before, ~named.exists()).limit(limit)
    gone = 0
    for tenant, name in connection.execute(unused).all():
        statement = delete(blob).where(blob.c.tenant == tenant, blob.c.hash == name, blob.c.touched < before)
        gone += connection.execute(statement).rowcount
    return gone
