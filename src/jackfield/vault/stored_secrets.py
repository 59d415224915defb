"""Named secrets that are kept in the database."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from jackfield.definition.secret import Secret
from jackfield.storage import secrets
from jackfield.storage.changes import Changes, version_in
from jackfield.storage.database import Database
from jackfield.storage.secrets import SecretRow
from jackfield.vault.envelope import Envelope
from jackfield.vault.sealed import SealContext
from jackfield.vault.secrets import PRIVATE, SHARED
from jackfield.vault.watch import SecretWatch

MAX_CACHED = 10_000
LINGER_S = 600.0
"""Longer than any call: one that began with a value that was replaced since may still write it to a log."""

_Key = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """What a look-up found, and the version of the secrets then. Also that there was nothing."""

    version: int
    row: str = ""
    private: bool = False
    decided_by: str = ""
    secret: Secret | None = None


class StoredSecrets:
    """The secrets in the database, each user's private ones before the shared ones. A `vault.secrets.SecretStore`.

    Values are decrypted when they are first asked for, and kept in memory until a secret of the tenant changes. From
    then on logs are watched for them, and for some time longer for a value that was replaced.
    """

    def __init__(
        self,
        database: Database,
        changes: Changes,
        envelope: Envelope,
        watch: SecretWatch,
        *,
        limit: int = MAX_CACHED,
        linger_s: float = LINGER_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Args:
        changes: Followed, so that it hears of what other processes change.
        limit: How many answers are kept; beyond, those asked for longest ago are forgotten.
        linger_s: How long logs are still watched for a value that was replaced.
        """
        self._database = database
        self._changes = changes
        self._envelope = envelope
        self._watch = watch
        self._limit = limit
        self._linger_s = linger_s
        self._clock = clock
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._replaced: deque[tuple[float, str]] = deque()

    async def find(self, name: str, *, tenant: str, user: str) -> Secret | None:
        """The secret that a call of `user` gets.

        Args:
            user: Id.

        Raises:
            Undecryptable: It is there and cannot be read. The shared one is no substitute for a private one.
        """
        return (await self._newest((tenant, user, name))).secret

    async def decided_by(self, name: str, *, tenant: str, user: str) -> str | None:
        """The owner of a private secret, the author of a shared one."""
        kept = await self._newest((tenant, user, name))
        return None if kept.secret is None else kept.decided_by

    def places(self, name: str) -> Sequence[str]:
        """The private ones, then the shared ones."""
        return [PRIVATE, SHARED]

    async def _newest(self, key: _Key) -> _Kept:
        kept = self._kept.get(key)
        if kept is None or kept.version < self._changes.version(tenant=key[0], topic=secrets.TOPIC):
            return await self._look_up(key)
        self._kept.move_to_end(key)
        return kept

    async def _look_up(self, key: _Key) -> _Kept:
        tenant, user, name = key
        self._forget_replaced()
        row, version = await self._database.read(partial(_found, tenant=tenant, user=user, name=name))
        before = self._kept.pop(key, None)
        if row is not None and before is not None and before.row == watched_as(row):
            kept = replace(before, version=version)
        else:
            if before is not None and _is_gone(before, row):
                self._replaced.append((self._clock() + self._linger_s, before.row))
                self._forget_replaced()
            kept = self._opened(row, version)
        self._kept[key] = kept
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return kept

    def _opened(self, row: SecretRow | None, version: int) -> _Kept:
        if row is None:
            return _Kept(version=version)
        secret = Secret(self._envelope.open(row.sealed, context(row)).decode())
        self._watch.add(secret, owner=watched_as(row))
        return _Kept(
            version=version,
            row=watched_as(row),
            private=row.owner is not None,
            decided_by=row.author if row.owner is None else row.owner,
            secret=secret,
        )

    def _forget_replaced(self) -> None:
        while self._replaced and self._replaced[0][0] <= self._clock():
            self._watch.forget(self._replaced.popleft()[1])


def context(row: SecretRow) -> SealContext:
    """Where the value of `row` belongs."""
    return SealContext(tenant=row.tenant, kind="secret", id=row.id, version=row.revision, name=row.name)


def watched_as(row: SecretRow) -> str:
    """By what the watch knows the value: with the revision, so that the next one does not take its place."""
    return f"{row.tenant}\0secret\0{row.id}\0{row.revision}"


def _is_gone(before: _Kept, now: SecretRow | None) -> bool:
    """Whether the value of `before` is no longer in use, now that the user gets `now`."""
    # A shared one that a new private one hides from this user is still everybody else's.
    hidden = now is not None and now.owner is not None and not before.private
    return bool(before.row) and not hidden


def _found(connection: Connection, *, tenant: str, user: str, name: str) -> tuple[SecretRow | None, int]:
    row = secrets.resolve(connection, tenant=tenant, name=name, user=user)
    return row, version_in(connection, tenant=tenant, topic=secrets.TOPIC)
