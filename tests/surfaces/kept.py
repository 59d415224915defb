"""An installation that keeps what happens, for tests of what is said when something is wrong with it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Table, select, update

from jackfield.access.principal import LOCAL, Principal
from jackfield.app.embedded import Embedded
from jackfield.manage.execution_views import ExecutionView
from jackfield.manage.resources import Resources
from jackfield.settings import Settings
from jackfield.storage.database import open_database

T = TypeVar("T")

KEY = "main:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OTHER_KEY = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a test does to an installation beside calling through a surface."""

    settings: Settings

    def manage(self, work: Callable[[Resources], Awaitable[T]]) -> T:
        """The result of `work`, in a process of its own as far as anybody can tell."""

        async def run() -> T:
            runtime = Embedded(self.settings, types=[])
            try:
                return await work(await runtime.open())
            finally:
                await runtime.close()

        return asyncio.run(run())

    def change(self, work: Callable[[Connection], T]) -> T:
        """The result of statements on the database itself."""

        async def run() -> T:
            database = await open_database(self.settings.database)
            try:
                return await database.write(work)
            finally:
                await database.close()

        return asyncio.run(run())

    def flip(self, table: Table) -> None:
        """Change one bit of everything that is sealed in `table`; a second time undoes it."""

        def work(connection: Connection) -> None:
            for row in connection.execute(select(table.c.id, table.c.sealed).where(table.c.sealed.is_not(None))).all():
                flipped = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
                connection.execute(update(table).where(table.c.id == row.id).values(sealed=flipped))

        self.change(work)

    def executions(self, principal: Principal = LOCAL) -> Sequence[ExecutionView]:
        """All that is recorded, newest first."""

        async def work(resources: Resources) -> Sequence[ExecutionView]:
            return (await resources.executions.list(principal, limit=200)).items

        return self.manage(work)

    @property
    def file(self) -> Path:
        """Of a SQLite database."""
        return Path(self.settings.database.removeprefix("sqlite:///"))


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program has the file in an endless transaction."""
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of 2 MB; `None` where this user may not have one."""
    folder.mkdir(exist_ok=True)
    mounting = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mounting, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """No byte more has room on the file system of `folder`."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:  # there is no room any more
            pass
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody may write on the file system of `folder`."""
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
