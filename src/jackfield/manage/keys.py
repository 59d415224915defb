"""The keys that encrypt what is kept: which there are, and moving everything to the first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from jackfield.access.audit import append
from jackfield.access.errors import AdminRequired
from jackfield.access.principal import DEFAULT_TENANT, Principal, Scope
from jackfield.errors import JackfieldError
from jackfield.manage.denied import recording_denials, require_admin
from jackfield.manage.errors import KeyNotInFile
from jackfield.storage import processes, vault_keys
from jackfield.storage.database import Database
from jackfield.storage.processes import Process
from jackfield.vault.key_file import add_key_to_file
from jackfield.vault.keys import KeyRing
from jackfield.vault.rotation import RotationReport, rotate
from jackfield.vault.sealed_columns import SEALED, UNREADABLE, SealedColumn, count_by_key

LIVING_S = 10.0
"""A process that was not seen for longer is none any more."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key.

    Attributes:
        primary: It encrypts; all others only decrypt.
        here: This process has it.
        values: How many values it wraps.
    """

    id: str
    primary: bool
    here: bool
    values: int


@dataclass(frozen=True, kw_only=True)
class KeyStatus:
    """All keys, the one that encrypts first.

    Attributes:
        file: Where they are; `None` where they were given as `JACKFIELD_KEY`.
        unreadable: Values that are nothing that any key has wrapped.
    """

    keys: Sequence[Key]
    file: str | None
    unreadable: int

    @property
    def primary(self) -> str:
        """The id of the key that encrypts."""
        return self.keys[0].id


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a rotation has come. Values that are saved meanwhile are not in `total`."""

    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """What a rotation came to.

    Attributes:
        primary: The key that wraps everything that could be read.
        rewrapped: How many values it wraps since.
        unreadable: How many could not be read, and are as they were.
        problems: The first of those.
        unneeded: Keys that wrap nothing any more, and can be taken out.
        needed: Other keys than the primary one that still wrap something, and how much.
        waiting_for: Processes that have been running since before the key was there, and may still encrypt with an
            older one. As long as there are any, no key is `unneeded`. Only those that have held something under their
            name are known (see `storage.presence`).
    """

    primary: str
    rewrapped: int
    unreadable: int
    problems: Sequence[JackfieldError]
    unneeded: Sequence[str]
    needed: Mapping[str, int]
    waiting_for: Sequence[str]

    @property
    def complete(self) -> bool:
        """Whether only the primary key is needed from now on."""
        return not (self.unreadable or self.needed or self.waiting_for)


def _silent(_: Progress) -> None:
    """Progress that nobody follows."""


class Keys:
    """The keys of the installation, for all of its tenants; those who administer the tenant `default` have them."""

    def __init__(
        self,
        database: Database,
        ring: KeyRing,
        *,
        file: Path | None,
        columns: Sequence[SealedColumn] = SEALED,
    ) -> None:
        """Args:
        ring: As this process was started with it.
        file: The key file; `None` where the keys were given as `JACKFIELD_KEY`.
        columns: Everything that is sealed; tests take less.
        """
        self._database = database
        self._ring = ring
        self._file = file
        self._columns = columns

    async def status(self, principal: Principal) -> KeyStatus:
        """Which keys there are, and how much each of them wraps.

        Raises:
            ScopeMissing, AdminRequired: It takes an administrator, with the scope `read`.
        """
        async with self._recording(principal, "status"):
            _require_keeper(principal, "read", to="see the keys")
        counted = await self._count()
        ids = [self._ring.primary, *(key for key in counted if key not in {self._ring.primary, UNREADABLE})]
        keys = [
            Key(id=key, primary=key == self._ring.primary, here=key in self._ring.ids, values=counted[key])
            for key in ids
        ]
        return KeyStatus(keys=keys, file=str(self._file) if self._file else None, unreadable=counted.get(UNREADABLE, 0))

    async def add(self, principal: Principal) -> str:
        """Put a new key first in the key file; its id. It encrypts in every process that starts from then on.

        Raises:
            ScopeMissing, AdminRequired: It takes an administrator, with the scope `manage`.
            KeyNotInFile: The keys were given as `JACKFIELD_KEY`.
            KeyFileExposed, KeyFileUnusable: The key file cannot be used.
        """
        async with self._recording(principal, "add"):
            _require_keeper(principal, "manage", to="add keys")
        if self._file is None:
            raise KeyNotInFile
        ring = await asyncio.to_thread(add_key_to_file, self._file)
        await self._note(principal, "add", key=ring.primary)
        return ring.primary

    async def rotate(self, principal: Principal, *, progress: Callable[[Progress], None] = _silent) -> Rotation:
        """Wrap everything with the ring's first key, in slices, while calls go on.

        Values stay as they are: only the data keys that encrypt them are encrypted anew. After an interruption, do
        it again: what was done is not done twice. Keys that nothing needs any more are no longer asked for at start.

        Args:
            progress: Called after each slice.

        Raises:
            ScopeMissing, AdminRequired: It takes an administrator, with the scope `manage`.
        """
        async with self._recording(principal, "rotate"):
            _require_keeper(principal, "manage", to="rotate keys")
        primary, report = self._ring.primary, RotationReport()
        counted = await self._count()
        await self._note(principal, "rotate", key=primary, details={"began": True})
        total = sum(values for key, values in counted.items() if key != primary)
        for column in self._columns:
            await self._rotate(column, report, partial(_tell, progress, report, total))
        done = await self._ended(report)
        said = {"rewrapped": done.rewrapped, "unreadable": done.unreadable, "unneeded": list(done.unneeded)}
        await self._note(principal, "rotate", key=primary, details=said)
        return done

    async def _rotate(self, column: SealedColumn, report: RotationReport, tell: Callable[[], None]) -> None:
        after: tuple[Any, ...] | None = None
        while found := await self._database.read(partial(column.other_than, key=self._ring.primary, after=after)):
            places = {one.row.context: one.place for one in found}
            for rows in rotate((one.row for one in found), self._ring, report=report, size=len(found)):
                changed = [(places[row.context], row) for row in rows]
                await self._database.write(partial(column.write, changed=changed))
            after = found[-1].place
            tell()

    async def _ended(self, report: RotationReport) -> Rotation:
        counted = await self._count()
        others = {key: values for key, values in counted.items() if key not in {self._ring.primary, UNREADABLE}}
        older = await self._database.read(self._older_processes)
        # While there is something whose key cannot even be told, each may be the one that it needs.
        unneeded = [key for key, values in others.items() if not (values or older or counted.get(UNREADABLE))]
        if unneeded:
            await self._database.write(partial(_forget, keys=unneeded))
        return Rotation(
            primary=self._ring.primary,
            rewrapped=report.rewrapped,
            unreadable=report.unreadable,
            problems=report.failures,
            unneeded=unneeded,
            needed={key: values for key, values in others.items() if values},
            waiting_for=[f"{process.kind} {process.pid} on {process.host}" for process in older],
        )

    def _older_processes(self, connection: Connection) -> list[Process]:
        """Those that have been running since before the key was known: it does not encrypt there."""
        since = vault_keys.since(connection, self._ring.primary)
        living = processes.living(connection, within_s=LIVING_S)
        return [process for process in living if since is not None and process.started < since]

    async def _count(self) -> dict[str, int]:
        """How many values each key wraps: those of the ring, those that are known, and others that were found."""

        def work(connection: Connection) -> dict[str, int]:
            keys = [*self._ring.ids, *vault_keys.known(connection)]
            return count_by_key(connection, keys, self._columns)

        return await self._database.read(work)

    async def _note(
        self, principal: Principal, verb: str, *, key: str, details: Mapping[str, Any] | None = None
    ) -> None:
        entry: dict[str, Any] = {
            "action": f"keys.{verb}",
            "resource": "key",
            "resource_id": key,
            "details": details or {},
        }
        await self._database.write(lambda connection: append(connection, principal, **entry))

    def _recording(self, principal: Principal, verb: str) -> AbstractAsyncContextManager[None]:
        return recording_denials(
            self._database, principal, action=f"keys.{verb}", resource="key", resource_id=self._ring.primary
        )


def _require_keeper(principal: Principal, scope: Scope, *, to: str) -> None:
    """As `require_admin`; those of another tenant neither see nor change what everybody's values hang on."""
    require_admin(principal, scope, to=to)
    if principal.tenant != DEFAULT_TENANT:
        raise AdminRequired(user=principal.user, action=f"{to} of the whole installation")


def _forget(connection: Connection, keys: Sequence[str]) -> None:
    vault_keys.lock(connection)
    for key in keys:
        vault_keys.forget(connection, key)


def _tell(progress: Callable[[Progress], None], report: RotationReport, total: int) -> None:
    done = report.rewrapped + report.unreadable
    progress(Progress(done=done, total=max(total, done)))
