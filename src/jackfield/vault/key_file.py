"""The key of an installation that was given none: a file that only its owner can read.

For the embedded default only. A server is given its key, so that the key and what it encrypts do not lie side by
side in every backup.
"""

from __future__ import annotations

import base64
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from jackfield.vault.errors import KeyFileExposed, KeyFileUnusable, MissingKey
from jackfield.vault.keys import KEY_BYTES, KeyRing, parse_keys

MAX_BYTES = 64 * 1024

_POSIX = os.name == "posix"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def load_or_create_key_file(path: Path, *, known: Mapping[str, str] | None = None) -> KeyRing:
    """The keys in the file at `path`, which is made with a new key when there is none.

    When two processes make it at the same moment, both get the key of the first.

    Args:
        path: Of the file. Folders that are missing are made, for this user only.
        known: The keys that have encrypted anything, as for `require_keys`. When there are any, a missing file
            is lost, not new, and no other one is made in its place.

    Raises:
        KeyFileExposed: Others can read or change it.
        KeyFileUnusable: It cannot be read or written.
        InvalidKey: It holds something else.
        MissingKey: It is gone, and something is encrypted with its key.
    """
    path = Path(path)
    try:
        text = _read(path)
        if text is None:
            if known:
                raise MissingKey(keys=list(known), searched=["JACKFIELD_KEY", str(path)])
            _create(path, _new_line())
            text = _read(path)
    except OSError as error:
        raise KeyFileUnusable(path=str(path), problem=error.strerror or type(error).__name__) from None
    return parse_keys(text or "", where=f"`{path}`")


def load_key_file(path: Path) -> KeyRing | None:
    """The keys in the file at `path`; `None` when there is no file.

    Raises:
        KeyFileExposed: Others can read or change it.
        KeyFileUnusable: It cannot be read.
        InvalidKey: It holds something else.
    """
    path = Path(path)
    try:
        text = _read(path)
    except OSError as error:
        raise KeyFileUnusable(path=str(path), problem=error.strerror or type(error).__name__) from None
    return None if text is None else parse_keys(text, where=f"`{path}`")


def add_key_to_file(path: Path) -> KeyRing:
    """Put a new key before those in the file: it encrypts from now on, and the others still decrypt.

    Raises:
        KeyFileExposed, InvalidKey: As `load_or_create_key_file`.
        KeyFileUnusable: It cannot be read or written, or another process is adding a key.
    """
    path = Path(path)
    fresh = path.with_name(f"{path.name}.new")
    try:
        # Its exclusive creation is the lock: of two processes that read the same file and both replace it, one would
        # lose a key that may have encrypted something already.
        with _exclusive(fresh) as file:
            try:
                text = _read(path)
                if text is None:
                    raise KeyFileUnusable(path=str(path), problem="it is not there")
                parse_keys(text, where=f"`{path}`")
                _fill(file, f"{_new_line()}{text}")
                os.replace(fresh, path)
            except BaseException:
                fresh.unlink(missing_ok=True)
                raise
        _sync_folder(path.parent)
    except FileExistsError:
        problem = f"`{fresh}` is there: another process is adding a key, or was stopped while it did"
        raise KeyFileUnusable(path=str(path), problem=problem) from None
    except OSError as error:
        raise KeyFileUnusable(path=str(path), problem=error.strerror or type(error).__name__) from None
    return load_or_create_key_file(path)


def _new_line() -> str:
    # A name of its own for each key, so that two of them can stand in one file.
    return f"file-{secrets.token_hex(4)}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n"


def _read(path: Path) -> str | None:
    """The text of the file; `None` when there is no file."""
    try:
        # Without O_NONBLOCK, opening a pipe would wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    with open(descriptor, "rb") as file:
        _check(path, os.fstat(descriptor))
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise KeyFileUnusable(path=str(path), problem=f"it has more than {MAX_BYTES} bytes")
    return raw.decode("ascii", "replace")  # what is replaced is no base64, and refused as that


def _check(path: Path, status: os.stat_result) -> None:
    """Refuse what others than its owner can read or change; asked of the open file, so nobody can swap it after."""
    if not stat.S_ISREG(status.st_mode):
        raise KeyFileUnusable(path=str(path), problem="it is not a file")
    if not _POSIX:
        return
    if status.st_mode & _OTHERS:
        mode = f"{stat.S_IMODE(status.st_mode):04o}"
        raise KeyFileExposed(path=str(path), problem=f"is open to others (mode `{mode}`)", hint=f"`chmod 600 {path}`")
    if status.st_uid not in {0, os.geteuid()}:
        problem = f"belongs to another user (`{status.st_uid}`)"
        raise KeyFileExposed(path=str(path), problem=problem, hint=f"`chown {os.geteuid()} {path}`")


def _create(path: Path, line: str) -> None:
    """Make the file, whole or not at all, unless somebody else was faster."""
    _make_folder(path.parent)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with _exclusive(fresh) as file:
            _fill(file, line)
        try:
            # Not a rename, which would put this key in the place of one that another process made and uses.
            os.link(fresh, path)
        except FileExistsError:
            return
    finally:
        fresh.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _exclusive(path: Path) -> BinaryIO:
    """A new file at `path`, for this user only. `FileExistsError` when there is anything, a dangling link too."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    return open(os.open(path, flags, 0o600), "wb")


def _fill(file: BinaryIO, text: str) -> None:
    if _POSIX:
        os.fchmod(file.fileno(), 0o600)  # a umask takes away what the owner needs, too
    file.write(text.encode())
    file.flush()
    os.fsync(file.fileno())


def _make_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it; `mkdir(parents=True)` would leave the upper ones open to all."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(mode=0o700, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut. Not everywhere can a folder be opened."""
    if _POSIX:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
