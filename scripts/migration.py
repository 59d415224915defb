"""Writes the next migration from what the tables say: `python scripts/migration.py "what changes"`.

With `--again` the newest one is written anew: only while nobody has a database that it made.
Read what it wrote before you commit it: a column that was renamed looks like one dropped and one added.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from jackfield.storage import migrate

NOISE = re.compile(r"^ +# ###.*\n", re.MULTILINE)


def main(message: str, *, again: bool) -> None:
    if again:
        path_of(newest()).unlink()
    number = int(newest() or 0) + 1
    with create_engine("sqlite://").begin() as connection:
        settings = migrate.alembic_settings(connection)
        if number > 1:
            command.upgrade(settings, newest())
        settings.set_main_option("file_template", "r%%(rev)s")
        command.revision(settings, message, autogenerate=True, rev_id=f"{number:04}")
    tidy(path_of(f"{number:04}"))
    set_head(f"{number:04}")


def newest() -> str:
    """The last revision there is; empty without any."""
    return ScriptDirectory(str(migrate.MIGRATIONS)).get_current_head() or ""


def path_of(revision: str) -> Path:
    return migrate.MIGRATIONS / "versions" / f"r{revision}.py"


def tidy(path: Path) -> None:
    """As a person would have written it."""
    path.write_text(NOISE.sub("", path.read_text("utf-8")), "utf-8")
    for arguments in (["format", "--quiet"], ["check", "--fix", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, str(path)], check=True)  # noqa: S603 - our own words


def set_head(revision: str) -> None:
    """Tell the program what the newest revision is."""
    path = Path(migrate.__file__)
    text = path.read_text("utf-8")
    path.write_text(re.sub(r'^HEAD = ".*"', f'HEAD = "{revision}"', text, flags=re.MULTILINE), "utf-8")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--again"]
    if len(words) != 1:
        sys.exit(__doc__)
    main(words[0], again="--again" in sys.argv)
