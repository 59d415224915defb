"""The journal in the database: sealed, and durable before anybody is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from functools import partial
from typing import Literal, Protocol

import orjson
from sqlalchemy import Connection

from jackfield.dispatch.journal import End
from jackfield.storage import blobs, journal, journal_changes, journal_claim, journal_search, journal_settle
from jackfield.storage.change_cursors import Place
from jackfield.storage.database import Database
from jackfield.storage.journal import ExecutionRow
from jackfield.storage.journal_changes import Changed
from jackfield.storage.journal_claim import Claim
from jackfield.storage.journal_effects import Effect
from jackfield.storage.journal_keys import params_hash
from jackfield.storage.journal_search import Filters, Page
from jackfield.storage.journal_settle import Claimed, Ending
from jackfield.vault.errors import Undecryptable
from jackfield.vault.log_sealer import LogSealer
from jackfield.vault.sealed import SealContext

IN_ROW_BYTES = 256 * 1024
"""A larger outcome is kept as a blob, so that lists of rows stay quick."""

_ENDS = {"settled": journal_settle.settle, "released": journal_settle.release, "unknown": journal_settle.mark_unknown}


class Owner(Protocol):
    """Says who this process is among those that use the database."""

    async def owner(self) -> str:
        """Its name, once it is known to the others."""

    def alive(self, connection: Connection) -> Set[str]:
        """Which of them live."""


class DurableJournal:
    """Implements `dispatch.journal.Journal`."""

    def __init__(self, database: Database, sealer: LogSealer, owner: Owner, *, params_key: bytes) -> None:
        """Args:
        params_key: Of the installation; `params_hash` says what for.
        """
        self._database = database
        self._sealer = sealer
        self._owner = owner
        self._params_key = params_key
        self.on_change: Callable[[], None] | None = None

    def seal(self, content: bytes, *, kind: Literal["params", "outcome"], tenant: str, execution_id: str) -> bytes:
        """`content`, encrypted for the place where it will stand."""
        return self._sealer.seal(content, _context(kind, tenant, execution_id))

    async def record(self, row: ExecutionRow) -> None:
        """Keep a final row; durable when this returns.

        Raises:
            StepRecorded: The run has this attempt of the step already.
        """
        if row.outcome is not None and len(row.outcome) > IN_ROW_BYTES:
            await asyncio.shield(self._record_large(row, row.outcome))
        else:
            await journal.record(self._database, row)
        if self.on_change is not None:
            self.on_change()

    async def owner(self) -> str:
        """The name under which this process claims writes."""
        return await self._owner.owner()

    def params_hash(self, params: bytes) -> bytes:
        """An HMAC with the installation's own key."""
        return params_hash(params, secret=self._params_key)

    async def claim(self, effect: Effect, row: ExecutionRow, *, abandoned: str | None = None) -> Claim:
        """Claim a write, durably; a replay has its outcome opened."""
        claim = await journal_claim.claim(self._database, effect, row, alive=self._owner.alive, abandoned=abandoned)
        if isinstance(claim, journal_claim.Replay):
            return journal_claim.Replay(execution=await self._opened(claim.execution))
        if self.on_change is not None:
            self.on_change()
        return claim

    async def end(self, claimed: Claimed, end: End, ending: Ending) -> None:
        """Keep what a claimed write has come to."""
        if ending.outcome is not None and len(ending.outcome) > IN_ROW_BYTES:
            blob = await self._put(claimed.tenant, ending.outcome)
            ending = replace(ending, outcome=None, blob_id=blob)
        await _ENDS[end](self._database, claimed, ending)
        if self.on_change is not None:
            self.on_change()

    async def get(self, id: str, *, tenant: str, owner: str | None = None) -> ExecutionRow | None:
        """The execution of that id, opened."""
        row = await journal.get(self._database, id, tenant=tenant, owner=owner)
        return None if row is None else await self._opened(row)

    async def search(
        self, *, tenant: str, owner: str | None, filters: Filters, limit: int, offset: int, cursor: str | None
    ) -> Page:
        """The newest executions that meet `filters`, opened but for outcomes that are kept as blobs."""
        page = await journal_search.search(
            self._database, tenant=tenant, owner=owner, filters=filters, limit=limit, offset=offset, cursor=cursor
        )
        return Page(items=[self._shown(row) for row in page.items], cursor=page.cursor)

    async def count(self, *, tenant: str, owner: str | None, filters: Filters) -> int:
        """How many executions `search` would go through."""
        return await journal_search.count(self._database, tenant=tenant, owner=owner, filters=filters)

    async def tree(self, root_id: str, *, tenant: str, owner: str | None) -> Sequence[ExecutionRow]:
        """An execution and all that were called on its way, opened but for outcomes that are kept as blobs."""
        rows = await journal_search.tree(self._database, root_id, tenant=tenant, owner=owner)
        return [self._shown(row) for row in rows]

    async def present(self) -> Place:
        """The place behind everything that is committed now."""
        return await journal_changes.present(self._database)

    async def changed(self, *, after: Place, until: Place | None = None, limit: int) -> Changed:
        """What has changed after a place, opened but for params, and for outcomes that are kept as blobs."""
        found = await journal_changes.changed(self._database, after=after, until=until, limit=limit)
        changes = [replace(each, row=self._shown(each.row)) for each in found.changes]
        return replace(found, changes=changes)

    async def _record_large(self, row: ExecutionRow, outcome: bytes) -> None:
        blob = await self._put(row.tenant, outcome)
        await journal.record(self._database, replace(row, outcome=None, blob_id=blob))

    async def _put(self, tenant: str, content: bytes) -> str:
        """Keep a blob. Before its row, whose commit it would make slow; unused ones are swept up."""
        put = partial(_put, tenant=tenant, content=content)
        return await self._database.write(put)

    async def _opened(self, row: ExecutionRow) -> ExecutionRow:
        if row.blob_id is not None:
            load = partial(blobs.get, tenant=row.tenant, name=row.blob_id)
            row = replace(row, outcome=await self._database.read(load))
        return self._open(row)

    def _shown(self, row: ExecutionRow) -> ExecutionRow:
        """`row` for a list, in which one that cannot be read says so and does not hide the others."""
        try:
            return self._open(row)
        except Undecryptable as error:
            return replace(row, params=b"null", outcome=orjson.dumps(error.to_json()))

    def _open(self, row: ExecutionRow) -> ExecutionRow:
        def opened(sealed: bytes, kind: Literal["params", "outcome"]) -> bytes:
            return self._sealer.open(sealed, _context(kind, row.tenant, row.id))

        outcome = None if row.outcome is None else opened(row.outcome, "outcome")
        params = opened(row.params, "params") if row.params else b"null"  # left out where only changes are told
        return replace(row, params=params, outcome=outcome)


def _put(connection: Connection, *, tenant: str, content: bytes) -> str:
    return blobs.put(connection, tenant=tenant, content=content)


def _context(kind: str, tenant: str, execution_id: str) -> SealContext:
    return SealContext(tenant=tenant, kind=f"execution.{kind}", id=execution_id)
