"""A process that rotates, in slices of a few rows, and says so after each. Tests kill it in the middle.

python rotation_driver.py DATABASE
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace

from jackfield.access.principal import LOCAL
from jackfield.manage.keys import Keys, Progress
from jackfield.storage.database import open_database
from jackfield.vault.sealed_columns import SEALED
from manage.rotation_world import BOTH


def say(progress: Progress) -> None:
    """One line in one write: what was said is said, even if the next instruction never runs."""
    os.write(1, f"{progress.done} {progress.total}\n".encode())


async def main(url: str) -> None:
    database = await open_database(url)
    columns = [replace(column, at_once=1) for column in SEALED]
    await Keys(database, BOTH, file=None, columns=columns).rotate(LOCAL, progress=say)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
