"""Which keys have encrypted anything, known by their fingerprints."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, text

from jackfield.storage.clock import shared_now
from jackfield.storage.rows import upsert
from jackfield.storage.tables.base import EVERYBODY
from jackfield.storage.tables.vault import vault_key


def known(connection: Connection) -> dict[str, str]:
    """The fingerprint of each key, by its id, the oldest first."""
    statement = select(vault_key.c.id, vault_key.c.fingerprint).where(vault_key.c.tenant == EVERYBODY)
    rows = connection.execute(statement.order_by(vault_key.c.created, vault_key.c.id))
    return {row.id: row.fingerprint for row in rows}


def since(connection: Connection, id: str) -> int | None:
    """Since when the key `id` encrypts, in microseconds since 1970; `None` when it is not known.

    By the clock by which processes started (`storage.processes`), since the two are compared.
    """
    own = (vault_key.c.tenant == EVERYBODY, vault_key.c.id == id)
    created: int | None = connection.scalar(select(vault_key.c.created).where(*own))
    return created


def lock(connection: Connection) -> None:
    """Let no other process change the known keys until this transaction ends; on SQLite that is so anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE vault_key IN SHARE ROW EXCLUSIVE MODE"))


def add(connection: Connection, *, id: str, fingerprint: str) -> str:
    """Say that the key `id` encrypts from now on; the fingerprint that is known of it.

    Another one than `fingerprint` is that of a process that was faster with another key of the same id.
    """
    row = {"id": id, "tenant": EVERYBODY, "fingerprint": fingerprint, "created": shared_now(connection)}
    connection.execute(upsert(connection, vault_key).values(**row).on_conflict_do_nothing())
    return known(connection)[id]


def forget(connection: Connection, id: str) -> bool:
    """Say that nothing is encrypted with the key `id` any more; whether it was known."""
    own = (vault_key.c.tenant == EVERYBODY, vault_key.c.id == id)
    return connection.execute(delete(vault_key).where(*own).returning(vault_key.c.id)).first() is not None
