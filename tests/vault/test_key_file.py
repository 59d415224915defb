"""The key file of the embedded default is made once, whole, and for one user only."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from jackfield.vault import key_file
from jackfield.vault.envelope import Envelope
from jackfield.vault.errors import InvalidKey, KeyFileExposed, KeyFileUnusable, MissingKey
from jackfield.vault.key_file import add_key_to_file, load_key_file, load_or_create_key_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes of files")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "jackfield" / "key"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_the_file_and_its_folders_are_for_their_owner_only(path, umask):
    """Whatever the umask says, in both directions."""
    path.parent.parent.mkdir()
    before = os.umask(umask & 0o077)
    try:
        path.parent.mkdir(mode=0o700)
        os.umask(umask)
        load_or_create_key_file(path)
    finally:
        os.umask(before)

    assert mode(path) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]


def test_missing_folders_are_made_for_this_user_only(path):
    """Upper ones too."""
    load_or_create_key_file(path)

    assert mode(path.parent) == mode(path.parent.parent) == 0o700


def test_the_key_stays_the_same(path, context):
    """A second start reads what the first has written."""
    sealed = Envelope(load_or_create_key_file(path)).seal(b"value", context)

    assert Envelope(load_or_create_key_file(path)).open(sealed, context) == b"value"


def test_reading_makes_nothing(path):
    """What only looks, and what was told where the file is, must not make another one."""
    assert load_key_file(path) is None
    assert not path.parent.exists()

    made = load_or_create_key_file(path)
    read = load_key_file(path)

    assert read is not None
    assert read.fingerprint(read.primary) == made.fingerprint(made.primary)


def test_reading_is_as_careful(path):
    """Exposed is exposed, whoever made the file."""
    load_or_create_key_file(path)
    path.chmod(0o644)
    with pytest.raises(KeyFileExposed):
        load_key_file(path)
    path.unlink()
    path.mkdir(mode=0o600)
    with pytest.raises(KeyFileUnusable):
        load_key_file(path)


def test_many_first_starts_get_one_key(path):
    """The one that loses the race must not encrypt with a key that nobody has written."""
    barrier, found = threading.Barrier(8), []

    def start() -> None:
        barrier.wait()
        found.append(load_or_create_key_file(path).fingerprint(load_or_create_key_file(path).primary))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]


@pytest.mark.parametrize("open_to", [0o640, 0o604, 0o660, 0o610, 0o601])
def test_a_file_that_others_can_open_is_refused(path, open_to):
    """Whoever has read it can read the data for ever, so it must not be mended in silence."""
    load_or_create_key_file(path)
    path.chmod(open_to)

    with pytest.raises(KeyFileExposed, match=f"mode `{open_to:04o}`") as refused:
        load_or_create_key_file(path)
    assert refused.value.hint == f"`chmod 600 {path}`"
    assert mode(path) == open_to


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_user_is_refused(path):
    """Its owner can read it."""
    load_or_create_key_file(path)
    os.chown(path, 12345, -1)

    with pytest.raises(KeyFileExposed, match="belongs to another user"):
        load_or_create_key_file(path)


def test_a_file_that_is_gone_is_not_made_anew(path):
    """When something is encrypted with its key."""
    with pytest.raises(MissingKey) as refused:
        load_or_create_key_file(path, known={"file-1": "0" * 32})

    assert str(path) in refused.value.message
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"\n", b"main", b"main:AAAA", b"\xff\xfe\x00", b"main:" + b"\xff" * 44])
def test_a_file_with_something_else_is_refused_and_kept(path, content):
    """Perhaps only the end is lost, and somebody has a copy."""
    load_or_create_key_file(path)
    path.write_bytes(content)

    with pytest.raises(InvalidKey, match=str(path)):
        load_or_create_key_file(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("kind", ["folder", "pipe", "huge", "below a file"])
def test_what_is_no_small_file_is_refused(path, kind):
    """And never waited for."""
    path.parent.mkdir(parents=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path, 0o600)
    elif kind == "huge":
        path.touch(0o600)
        os.truncate(path, key_file.MAX_BYTES + 1)
    else:
        path.touch(0o600)
        path = path / "key"

    with pytest.raises(KeyFileUnusable, match="cannot be used: "):
        load_or_create_key_file(path)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody can write")
def test_a_folder_that_cannot_be_written_is_a_typed_error():
    """A read-only container is the usual cause."""
    with pytest.raises(KeyFileUnusable, match="`/proc/self/jackfield/key`"):
        load_or_create_key_file(Path("/proc/self/jackfield/key"))


def test_a_new_key_encrypts_and_the_old_one_still_decrypts(path, context):
    """The first half of a rotation."""
    old = load_or_create_key_file(path)
    sealed = Envelope(old).seal(b"value", context)
    new = add_key_to_file(path)

    assert new.ids[1:] == old.ids
    assert new.primary != old.primary
    assert Envelope(new).open(sealed, context) == b"value"
    assert mode(path) == 0o600


def test_two_processes_do_not_add_keys_at_once(path):
    """The later one would write over the key of the first."""
    load_or_create_key_file(path)
    before = path.read_bytes()
    path.with_name("key.new").touch()

    with pytest.raises(KeyFileUnusable, match=r"key\.new` is there: another process"):
        add_key_to_file(path)
    assert path.read_bytes() == before


def test_no_key_is_added_to_a_file_that_is_missing_or_broken(path):
    """And nothing is left behind."""
    path.parent.mkdir(parents=True)
    with pytest.raises(KeyFileUnusable, match="it is not there"):
        add_key_to_file(path)
    path.touch(0o600)
    with pytest.raises(InvalidKey):
        add_key_to_file(path)

    assert path.read_bytes() == b""
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]
