"""What Alembic runs for each migration: on the connection it is given, in the transaction that is open there."""

from __future__ import annotations

from alembic import context

from jackfield.storage.tables import metadata


def run() -> None:
    """Run what was asked for."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,  # SQLite changes a table by making it anew
        transactional_ddl=True,
        compare_type=True,
    )
    context.run_migrations()


if __name__ == "env_py":  # so Alembic calls it; imported as a module of the package it has no context
    run()
