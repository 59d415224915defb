"""Writes the next migration from what the tables say: `python scripts/migration.py "what changes"`.

Read what it wrote before you commit it: a column that was renamed looks like one dropped and one added.
Then set `HEAD` in `src/jackfield/storage/migrate.py`.
"""

from __future__ import annotations

import sys

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from jackfield.storage.migrate import alembic_settings


def main(message: str) -> None:
    with create_engine("sqlite://").begin() as connection:
        settings = alembic_settings(connection)
        head = ScriptDirectory.from_config(settings).get_current_head()
        if head is not None:
            command.upgrade(settings, head)
        settings.set_main_option("file_template", "r%%(rev)s")
        command.revision(settings, message, autogenerate=True, rev_id=f"{int(head or 0) + 1:04}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
