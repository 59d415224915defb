"""What can be wrong with a file, and how it is said."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from jackfield.storage.database import open_database
from jackfield.storage.errors import DatabaseBusy, DatabaseReadOnly, DatabaseUnavailable, DiskFull
from jackfield.storage.files import file_system
from storage.world import Names, kept, named


async def pragma(database, name: str):
    """How the writing connection is set."""
    return await database.write(lambda connection: connection.exec_driver_sql(f"PRAGMA {name}").scalar())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),
        ("wal_autocheckpoint", 4000),
    ],
)
async def test_the_file_is_opened_as_durability_needs_it(sqlite_url, name, value):
    """Each of them was measured; NORMAL would lose the last commits with the power."""
    database = await open_database(sqlite_url)
    found = await pragma(database, name)
    await database.close()

    assert found == value


async def test_a_new_file_is_for_its_owner_alone(tmp_path):
    """It holds what people send through connectors."""
    path = tmp_path / "made" / "on the way" / "jackfield.db"
    database = await open_database(f"sqlite:///{path}")
    await database.submit(Names(), "a")
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    await database.close()

    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_file_that_is_no_database_stays_as_it_is(tmp_path):
    """A path that was mistyped must not cost somebody a file."""
    path = tmp_path / "notes.txt"
    path.write_bytes(b"dear diary " * 1000)

    with pytest.raises(DatabaseUnavailable, match="damaged or no database") as raised:
        await open_database(f"sqlite:///{path}")

    assert str(path) in raised.value.message
    assert path.read_bytes() == b"dear diary " * 1000


async def test_a_damaged_file_is_named(sqlite_url):
    """Not a word about `malformed disk images`: what to do is to restore a backup."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\x55" * (len(content) - 4096)
    path.write_bytes(content)

    with pytest.raises(DatabaseUnavailable, match="damaged") as raised:
        database = await open_database(sqlite_url)
        try:
            await kept(database)
        finally:
            await database.close()

    assert str(path) in raised.value.message
    assert "backup" in raised.value.hint


@pytest.mark.parametrize("place", ["", "file/jackfield.db"], ids=["folder", "below-a-file"])
async def test_a_place_where_no_file_can_be_is_named(tmp_path, place):
    """With what to do about it."""
    (tmp_path / "file").touch()

    with pytest.raises(DatabaseUnavailable, match=str(tmp_path)):
        await open_database(f"sqlite:///{tmp_path / place}")


async def test_a_file_locked_by_another_program_is_waited_for_and_then_named(sqlite_url):
    """A backup tool or a shell may hold it for a while."""
    path = sqlite_url.removeprefix("sqlite:///")
    database = await open_database(sqlite_url, busy_timeout_s=0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match=path):
            await database.submit(Names(), "a")
        assert await kept(database) == []
        other.execute("ROLLBACK")

    assert await database.submit(Names(), "a") == "A"
    await database.close()


AS_NOBODY = """
import asyncio, os, sys
from jackfield.storage import rows, sqlite
from jackfield.storage.database import open_database

async def opened(url):
    await (await open_database(url)).close()

asyncio.run(opened(sys.argv[2]))  # nobody may not read an interpreter in root's home: load it all first
os.setuid(65534)
try:
    asyncio.run(opened(sys.argv[1]))
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.mark.slow
@pytest.mark.parametrize("protected", ["file", "folder"])
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not write")
def test_what_may_not_be_written_is_refused_at_once(sqlite_template, sqlite_url, protected):
    """Not at the first write, hours later. A folder counts too: SQLite keeps its log beside the file."""
    folder = Path("/dev/shm") / f"jackfield-{os.getpid()}-{protected}"
    folder.mkdir()
    try:
        path = Path(shutil.copy(sqlite_template, folder / "jackfield.db"))
        path.chmod(0o444 if protected == "file" else 0o666)
        folder.chmod(0o777 if protected == "file" else 0o555)
        command = [sys.executable, "-c", AS_NOBODY, f"sqlite:///{path}", sqlite_url]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    finally:
        shutil.rmtree(folder)

    assert done.stdout.startswith(f"{DatabaseReadOnly.__name__} database `{path}`"), done.stderr


async def test_a_file_that_becomes_read_only_is_named_and_still_read(sqlite_url):
    """A file system may be remounted while a server runs."""
    database = await open_database(sqlite_url)
    await database.submit(Names(), "a")
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA query_only=ON"))

    with pytest.raises(DatabaseReadOnly, match=sqlite_url.removeprefix("sqlite:///")):
        await database.submit(Names(), "b")

    assert await kept(database) == ["a"]
    await database.close()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("this user may not mount a tmpfs; the size limit below shows the same")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


async def fill(database) -> int:
    """Write until there is no more room; how many rows were acknowledged."""
    for count in range(100_000):
        try:
            await database.write(lambda connection, n=count: connection.execute(named(f"{n:05}" + "x" * 20_000)))
        except DiskFull:
            return count
    raise AssertionError("it never ended")


async def test_a_full_disk_loses_nothing_that_was_acknowledged(small_disk, sqlite_template):
    """And the database works again when there is room: nobody has to start anything anew."""
    url = f"sqlite:///{shutil.copy(sqlite_template, small_disk / 'jackfield.db')}"
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 200_000)
    database = await open_database(url)
    count = await fill(database)
    with pytest.raises(DiskFull, match=str(small_disk)):
        await database.write(lambda connection: connection.execute(named("big" * 100_000)))
    there = await kept(database)
    ballast.unlink()
    await database.submit(Names(), "room")
    after = await kept(database)
    await database.close()

    assert count > 0
    assert [name[:5] for name in there] == [f"{n:05}" for n in range(count)]
    assert after == sorted([*there, "room"])


LIMITED = """
import asyncio, resource, sys
sys.path.insert(0, sys.argv[2])
from storage.test_sqlite import fill
from storage.world import kept
from jackfield.storage.database import open_database

async def main():
    database = await open_database(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
    count = await fill(database)
    there = await kept(database)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await database.close()
    print(count > 0, [name[:5] for name in there] == [f"{n:05}" for n in range(count)])

asyncio.run(main())
"""


@pytest.mark.slow
def test_a_file_size_limit_is_a_full_disk(sqlite_url):
    """Quotas and limits look like I/O errors to SQLite."""
    command = [sys.executable, "-c", LIMITED, sqlite_url, str(Path(__file__).parents[1])]
    done = subprocess.run(command, check=False, capture_output=True, text=True)

    assert done.stdout == "True True\n", done.stderr


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/data/jackfield.db", "nfs4"), ("/data/my disk/x.db", "ext4"), ("/database", "overlay"), ("/data", "nfs4")],
)
def test_network_file_systems_are_known_by_the_mount_they_are_under(path, kind):
    """WAL needs shared memory, and locks that hold; both fail silently there."""
    mounts = "overlay / overlay rw 0 0\nserver:/x /data nfs4 rw 0 0\n/dev/sda1 /data/my\\040disk ext4 rw 0 0\n"

    assert file_system(Path(path), mounts) == kind


def test_nobody_says_what_a_file_system_is_where_there_are_no_mounts():
    """As on macOS."""
    assert file_system(Path("/data"), "") == ""
