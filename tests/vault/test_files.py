"""A mounted file is read as it is now, and a name leads nowhere else."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import pytest

from jackfield.definition.errors import InvalidName
from jackfield.definition.secret import Secret
from jackfield.vault.backends.files import MAX_BYTES, FileSecrets
from jackfield.vault.errors import SecretUnreadable
from jackfield.vault.watch import SecretWatch

WHO = {"tenant": "default", "user": "ada"}


@pytest.fixture
def files(tmp_path: Path) -> FileSecrets:
    return FileSecrets(tmp_path, tenant="default")


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"value", "value"),
        (b"value\n", "value"),
        (b"value\r\n", "value"),
        (b"value\n\n", "value\n"),
        (b" two\nlines \n", " two\nlines "),
        ("schlüssel\n".encode(), "schlüssel"),
    ],
)
async def test_one_line_break_at_the_end_does_not_belong_to_the_value(tmp_path, files, content, value):
    """Editors and `echo` add it; anything else is meant."""
    (tmp_path / "KEY").write_bytes(content)

    assert await files.find("KEY", **WHO) == Secret(value)


@pytest.mark.parametrize("content", [b"", b"\n"])
async def test_an_empty_file_is_no_secret(tmp_path, files, content):
    """As an empty variable is none."""
    (tmp_path / "KEY").write_bytes(content)

    assert await files.find("KEY", **WHO) is None


async def test_other_tenants_get_nothing(tmp_path, files):
    """The folder is one tenant's."""
    (tmp_path / "KEY").write_text("value")

    assert await files.find("KEY", tenant="other", user="ada") is None


@pytest.mark.parametrize("name", ["../key", "a/b", "a\\b", "/etc/passwd", "..", ".", ".hidden", "", "a\0b", "C:key"])
async def test_a_name_cannot_lead_to_another_folder(files, name):
    """Names come from connectors that users write."""
    with pytest.raises(InvalidName):
        await files.find(name, **WHO)
    with pytest.raises(InvalidName):
        files.places(name)


async def test_a_changed_file_is_read_again(tmp_path, files):
    """Platforms put a new file in the place of the old one, perhaps of the same size within one tick."""
    path, fresh = tmp_path / "KEY", tmp_path / "fresh"
    path.write_text("first")
    os.utime(path, ns=(1, 1))
    first = await files.find("KEY", **WHO)
    fresh.write_text("other")
    os.utime(fresh, ns=(1, 1))
    os.replace(fresh, path)
    other = await files.find("KEY", **WHO)
    path.unlink()

    assert (first, other) == (Secret("first"), Secret("other"))
    assert await files.find("KEY", **WHO) is None


async def test_logs_are_watched_for_what_was_read(tmp_path):
    """Also for the value before, which a call may still have."""
    watch = SecretWatch()
    files = FileSecrets(tmp_path, tenant="default", watch=watch)
    for value in ("the-first-value", "another-value"):
        (tmp_path / "KEY").write_text(f"{value}\n")
        await files.find("KEY", **WHO)

    assert watch.mask("the-first-value another-value") == "******** ********"


async def test_an_unchanged_file_is_not_read_again(tmp_path, files):
    """Every call asks."""
    path = tmp_path / "KEY"
    path.write_text("value")

    assert await files.find("KEY", **WHO) is await files.find("KEY", **WHO)


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")
async def test_a_kubernetes_mount_is_followed_through_its_links(tmp_path, files):
    """`KEY` leads to `..data/KEY`, and `..data` to a folder that is changed as a whole."""
    for number, value in enumerate(["first", "other"]):
        folder = tmp_path / f"..2026_{number}"
        folder.mkdir()
        (folder / "KEY").write_text(value)
    (tmp_path / "KEY").symlink_to("..data/KEY")
    (tmp_path / "..data").symlink_to("..2026_0")
    first = await files.find("KEY", **WHO)
    (tmp_path / "..next").symlink_to("..2026_1")
    os.replace(tmp_path / "..next", tmp_path / "..data")

    assert (first, await files.find("KEY", **WHO)) == (Secret("first"), Secret("other"))


async def test_a_missing_folder_has_no_secrets(tmp_path):
    """Nothing is mounted where nothing is needed."""
    (tmp_path / "file").touch()

    assert await FileSecrets(tmp_path / "none", tenant="default").find("KEY", **WHO) is None
    assert await FileSecrets(tmp_path / "file", tenant="default").find("KEY", **WHO) is None


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and modes")
@pytest.mark.parametrize("kind", ["pipe", "huge", "binary", "loop"])
async def test_what_is_no_small_text_is_a_typed_error(tmp_path, files, kind, canary):
    """And never waited for, nor shown."""
    path = tmp_path / "KEY"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "huge":
        path.touch()
        os.truncate(path, MAX_BYTES + 1)
    elif kind == "binary":
        path.write_bytes(canary.text.encode() + b"\xff")
    else:
        path.symlink_to("KEY")

    with pytest.raises(SecretUnreadable, match="the secret `KEY` in") as refused:
        await files.find("KEY", **WHO)
    assert refused.value.__context__ is None
    assert not canary.in_("".join(traceback.format_exception(refused.value)))


@pytest.mark.skipif(sys.platform == "win32", reason="modes")
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may read everything")
async def test_a_file_that_may_not_be_read_is_a_typed_error(tmp_path, files):
    """Mounted for another user."""
    (tmp_path / "KEY").write_text("value")
    (tmp_path / "KEY").chmod(0)

    with pytest.raises(SecretUnreadable, match="Permission denied"):
        await files.find("KEY", **WHO)
