"""Brings a database to the schema of this version.

Alembic costs 0.6 s to import, so one SELECT decides first whether it is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from jackfield.storage import tenants
from jackfield.storage.errors import SchemaTooNew
from jackfield.storage.tenants import TenantRow

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
"""The revision that the tables of this version have."""

FIRST_TENANT = "default"
"""Whose everything is until an administrator makes another."""

LOCK = 0x6A61636B6669656C  # "jackfiel": PostgreSQL's advisory locks are numbers
MIGRATIONS = Path(__file__).parent / "migrations"


def revision(connection: Connection) -> str:
    """The revision of the database; empty where there is no schema yet."""
    # A SELECT that fails would end PostgreSQL's transaction, and one from the catalogue costs the same.
    sqlite = connection.dialect.name == "sqlite"
    there = "EXISTS (SELECT 1 FROM sqlite_master WHERE name = :name)" if sqlite else "to_regclass(:name) IS NOT NULL"
    if not connection.scalar(text(f"SELECT {there}"), {"name": "alembic_version"}):
        return ""
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def migrate(connection: Connection, *, place: str) -> None:
    """Bring the database to `HEAD`, inside the open transaction.

    Another process may be doing the same: this one then waits, and finds nothing left to do. On SQLite the
    transaction itself is that lock (`BEGIN IMMEDIATE`), and foreign keys have to be off.

    Raises:
        SchemaTooNew: A newer version was here.
    """
    from alembic import command
    from alembic.script import ScriptDirectory

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    found = revision(connection)
    if found == HEAD:
        return
    settings = alembic_settings(connection)
    known = {step.revision for step in ScriptDirectory.from_config(settings).walk_revisions()}
    if found and found not in known:
        raise SchemaTooNew(place=place, found=found, known=HEAD)
    command.upgrade(settings, HEAD)
    if not found:
        tenants.add(connection, TenantRow(tenant=FIRST_TENANT, display_name="Default"))
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            raise RuntimeError(f"the migration left a row of `{broken[0]}` that refers to nothing")


def alembic_settings(connection: Connection) -> Config:
    """How Alembic finds the migrations, and works on `connection`."""
    from alembic.config import Config

    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return settings
