"""The credentials in the database."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import Any, cast

from sqlalchemy import Connection

from jackfield.access.principal import Principal
from jackfield.credentials.credential import Credential, Mode
from jackfield.credentials.errors import UnknownCredential
from jackfield.errors import JackfieldError
from jackfield.storage import credentials as rows
from jackfield.storage.changes import Changes, version_in
from jackfield.storage.clock import now_us
from jackfield.storage.credentials import CredentialRow
from jackfield.storage.database import Database
from jackfield.vault.records import Record, Records
from jackfield.vault.sealed import SealContext

MAX_CACHED = 20_000

_Key = tuple[str, str, str, str | None]
"""Tenant, connector, user, and what was asked for."""


class StoredCredentials:
    """A `Credentials` on a database. What a look-up found is kept until a credential of the tenant changes."""

    def __init__(self, database: Database, changes: Changes, records: Records, *, limit: int = MAX_CACHED) -> None:
        self._database = database
        self._changes = changes
        self._records = records
        self._limit = limit
        self._kept: OrderedDict[_Key, tuple[int, Credential | None]] = OrderedDict()
        self._used: dict[tuple[str, str], int] = {}

    async def choose(self, principal: Principal, connector_id: str, *, wanted: str | None = None) -> Credential | None:
        """The one that is asked for, else the caller's own default, else everybody's."""
        key = (principal.tenant, connector_id, principal.id, wanted)
        kept = self._kept.get(key)
        if kept is None or kept[0] < self.version(principal.tenant):
            kept = await self._look_up(key, before=kept[1] if kept else None)
        else:
            self._kept.move_to_end(key)
        found = kept[1]
        if found is None and wanted is not None:
            raise await self._unknown(principal, connector_id, wanted)
        return found

    def used(self, credential: Credential) -> None:
        """Note it; it is written to the database now and then."""
        self._used[credential.tenant, credential.id] = now_us()

    def version(self, tenant: str) -> int:
        """Of the newest change that this process has heard of."""
        return self._changes.version(tenant=tenant, topic=rows.TOPIC)

    async def flush(self) -> None:
        """Write when credentials were used.

        Raises:
            DatabaseUnavailable: It cannot be written now; the next time it is tried again.
        """
        used, self._used = self._used, {}
        by_tenant: dict[str, dict[str, int]] = {}
        for (tenant, credential_id), at in used.items():
            by_tenant.setdefault(tenant, {})[credential_id] = at
        try:
            for tenant, at_by_id in by_tenant.items():
                await self._database.write(partial(rows.record_use, tenant=tenant, used=at_by_id))
        except JackfieldError:
            self._used = {**used, **self._used}  # what was written is so a second time, which changes nothing
            raise

    async def _look_up(self, key: _Key, *, before: Credential | None) -> tuple[int, Credential | None]:
        tenant, connector_id, user, wanted = key

        def work(connection: Connection) -> tuple[CredentialRow | None, int]:
            row = rows.choose(connection, tenant=tenant, connector_id=connector_id, user=user, wanted=wanted)
            return row, version_in(connection, tenant=tenant, topic=rows.TOPIC)

        row, version = await self._database.read(work)
        if row is None:
            found = None
        elif before is not None and (before.id, before.revision) == (row.id, row.revision):
            found = before
        else:
            found = opened(row, self._records)
        kept = self._kept[key] = (version, found)
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return kept

    async def _unknown(self, principal: Principal, connector_id: str, wanted: str) -> UnknownCredential:
        mine = partial(rows.every, tenant=principal.tenant, connector_id=connector_id, user=principal.id)
        found = await self._database.read(mine)
        return UnknownCredential(credential=wanted[:200], known=[row.name for row in found])


def opened(row: CredentialRow, records: Records) -> Credential:
    """A credential with its values.

    Raises:
        Undecryptable: They cannot be read.
    """
    values: dict[str, Any] = records.open(Record(shown=row.shown, sealed=row.sealed), context_of(row))
    return Credential(
        id=row.id,
        tenant=row.tenant,
        connector_id=row.connector_id,
        name=row.name,
        mode=cast(Mode, row.mode),
        owner=row.owner,
        decider=row.owner or row.author,
        approved=row.approved,
        revision=row.revision,
        values=values,
    )


def context_of(row: CredentialRow) -> SealContext:
    """Where the values of `row` belong."""
    return SealContext(tenant=row.tenant, kind="credential", id=row.id, version=row.revision, name=row.name)
