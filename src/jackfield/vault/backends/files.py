"""Secrets in files."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jackfield.definition.errors import InvalidName
from jackfield.definition.secret import Secret
from jackfield.vault.errors import SecretUnreadable
from jackfield.vault.watch import SecretWatch

MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class _Read:
    stamp: tuple[int, ...]
    secret: Secret | None


class FileSecrets:
    """A file for each secret, in one folder, as container platforms mount them; for every user of one tenant.

    A line break at the end of a file does not belong to the value, and an empty file is no secret. A file is read
    again when it has changed.
    """

    def __init__(self, folder: Path, *, tenant: str, watch: SecretWatch | None = None) -> None:
        """Args:
        tenant: Whose users may have them.
        watch: Is told of every value that is read, so that logs are masked.
        """
        self._folder = Path(folder)
        self._tenant = tenant
        self._watch = watch
        self._read: dict[str, _Read] = {}

    async def find(self, name: str, *, tenant: str, user: str) -> Secret | None:
        """The secret in the file `name`, for callers of the tenant that the folder is for.

        Raises:
            InvalidName: The name could lead to another folder.
            SecretUnreadable: The file is there, and it is not a small text that can be read.
        """
        path = self._path(name)
        if tenant != self._tenant:
            return None
        try:
            # Not in a thread: such folders are small and in memory, and asking for the status takes microseconds.
            return self._look(name, path)
        except (FileNotFoundError, NotADirectoryError):
            self._read.pop(name, None)
            return None
        except OSError as error:
            problem = error.strerror or type(error).__name__
        except UnicodeDecodeError:
            problem = "it is not UTF-8 text"
        raise SecretUnreadable(name=name, place=str(path), problem=problem)

    async def decided_by(self, name: str, *, tenant: str, user: str) -> str | None:
        """Whoever runs the installation has mounted them."""
        return None if await self.find(name, tenant=tenant, user=user) is None else ""

    def places(self, name: str) -> Sequence[str]:
        """The file."""
        return [f"`{self._path(name)}`"]

    def _path(self, name: str) -> Path:
        # A leading dot also keeps out `..data`, where Kubernetes has the real files.
        if not name or name.startswith(".") or set(name) & {"/", "\\", "\0", ":"}:
            raise InvalidName(what="secret", name=name)
        return self._folder / name

    def _look(self, name: str, path: Path) -> Secret | None:
        status = os.stat(path)
        # The inode too: platforms put a new file in the place of the old one, at times within one tick of the clock.
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino, status.st_dev)
        known = self._read.get(name)
        if known is None or known.stamp != stamp:
            known = self._read[name] = _Read(stamp=stamp, secret=_secret(name, path, status))
            # A value that was replaced is watched for all the same: calls that began with it may still be going on.
            if self._watch is not None and known.secret is not None:
                self._watch.add(known.secret)
        return known.secret


def _secret(name: str, path: Path, status: os.stat_result) -> Secret | None:
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
        problem = f"it has more than {MAX_BYTES} bytes" if stat.S_ISREG(status.st_mode) else "it is not a file"
        raise SecretUnreadable(name=name, place=str(path), problem=problem)
    value = path.read_bytes().decode()
    value = value.removesuffix("\n").removesuffix("\r")
    return Secret(value) if value else None
