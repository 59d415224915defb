"""Places where secrets are kept, beside the memory of the process."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jackfield.definition.errors import InvalidName
from jackfield.definition.secret import Secret
from jackfield.vault.errors import SecretUnreadable
from jackfield.vault.secrets import SecretStore

MAX_BYTES = 1024 * 1024


class LayeredSecrets:
    """Several stores as one: the first that has a secret gives it."""

    def __init__(self, stores: Sequence[SecretStore]) -> None:
        self._stores = tuple(stores)

    async def find(self, name: str, *, tenant: str, user: str) -> Secret | None:
        """The secret from the first store that has it.

        A store that cannot answer is an error, not a reason to ask the next: the value there may be an older one.
        """
        for store in self._stores:
            if (found := await store.find(name, tenant=tenant, user=user)) is not None:
                return found
        return None

    async def decided_by(self, name: str, *, tenant: str, user: str) -> str | None:
        """What the first store says that has the secret."""
        for store in self._stores:
            if (user_id := await store.decided_by(name, tenant=tenant, user=user)) is not None:
                return user_id
        return None

    def places(self, name: str) -> Sequence[str]:
        """Those of all stores, in order."""
        return list(dict.fromkeys(place for store in self._stores for place in store.places(name)))


@dataclass(frozen=True, kw_only=True)
class _Read:
    stamp: tuple[int, ...]
    secret: Secret | None


class FileSecrets:
    """A file for each secret, in one folder, as container platforms mount them; for every user of one tenant.

    A line break at the end of a file does not belong to the value, and an empty file is no secret. A file is read
    again when it has changed.
    """

    def __init__(self, folder: Path, *, tenant: str) -> None:
        self._folder = Path(folder)
        self._tenant = tenant
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
        return known.secret


def _secret(name: str, path: Path, status: os.stat_result) -> Secret | None:
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
        problem = f"it has more than {MAX_BYTES} bytes" if stat.S_ISREG(status.st_mode) else "it is not a file"
        raise SecretUnreadable(name=name, place=str(path), problem=problem)
    value = path.read_bytes().decode()
    value = value.removesuffix("\n").removesuffix("\r")
    return Secret(value) if value else None
