"""The place of a SQLite file, judged and made before SQLite sees it."""

from __future__ import annotations

import os
from pathlib import Path

from jackfield.storage.errors import DatabaseReadOnly, DatabaseUnavailable

# WAL needs memory that all processes share, and locks that hold.
NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "fuse.sshfs", "fuse.glusterfs"}
MOUNTS = Path("/proc/self/mounts")


def prepare(path: str) -> Path:
    """The absolute path, with its folder (0700) and an empty file (0600) made where they were missing.

    Raises:
        DatabaseUnavailable: It cannot be a database there.
        DatabaseReadOnly: It is there, but cannot be written by this user.
    """
    if not path or path == ":memory:" or path.startswith("file:"):
        hint = "give the path of a file, as in `sqlite:///.jackfield/jackfield.db`"
        raise DatabaseUnavailable(place=path or "sqlite://", reason="it is no file", hint=hint)
    absolute = Path(path).expanduser().absolute()
    try:
        absolute.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _create(absolute)
    except OSError as error:
        hint = f"make `{absolute.parent}` a folder that this user may write"
        raise DatabaseUnavailable(place=str(absolute), reason=error.strerror or str(error), hint=hint) from error
    if not os.access(absolute, os.W_OK) or not os.access(absolute.parent, os.W_OK):
        raise DatabaseReadOnly(place=str(absolute))
    if (kind := file_system(absolute.resolve(), _mounts())) in NETWORK:
        hint = "use a local disk, or PostgreSQL"
        raise DatabaseUnavailable(place=str(absolute), reason=f"it lies on a network file system ({kind})", hint=hint)
    return absolute


def file_system(path: Path, mounts: str) -> str:
    """The kind of file system that `path` lies on; empty if nobody says.

    Args:
        path: Absolute, without symbolic links.
        mounts: Lines of device, mount point, kind and options.
    """
    kinds = {fields[1].replace(r"\040", " "): fields[2] for fields in map(str.split, mounts.splitlines())}
    return next((kinds[str(folder)] for folder in (path, *path.parents) if str(folder) in kinds), "")


def _create(path: Path) -> None:
    """Make the file before SQLite does: it would let everybody read it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder") from None


def _mounts() -> str:
    try:
        return MOUNTS.read_text("utf-8", errors="replace")
    except OSError:
        return ""
