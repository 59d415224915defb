"""The journal of a process that keeps nothing: the newest calls, and its own writes by their keys."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Literal, TypeAlias

from jackfield.dispatch.journal import End
from jackfield.dispatch.memory_changes import MemoryChanges
from jackfield.storage.change_cursors import Place
from jackfield.storage.journal import ExecutionRow
from jackfield.storage.journal_changes import Changed
from jackfield.storage.journal_claim import Claim, InProgress, KeyReused, Replay, Unknown
from jackfield.storage.journal_effects import Address, Effect, EffectState, Held, judge
from jackfield.storage.journal_errors import StepRecorded, Superseded
from jackfield.storage.journal_keys import params_hash
from jackfield.storage.journal_search import Filters, Page, cursor_after, meets, read_cursor
from jackfield.storage.journal_settle import Claimed, Ending

LIMIT = 1000

_STATES: dict[End, EffectState] = {"settled": "SETTLED", "released": "RELEASED", "unknown": "UNKNOWN"}


class MemoryJournal:
    """Implements `dispatch.journal.Journal` for one process; keys are forgotten with their executions."""

    def __init__(self, *, limit: int = LIMIT) -> None:
        self._limit = limit
        self._rows: OrderedDict[str, ExecutionRow] = OrderedDict()
        self._effects: dict[Address, Held] = {}
        self._addresses: dict[str, Address] = {}
        self._steps: dict[_Step, str] = {}
        self._secret = os.urandom(32)
        self._changes = MemoryChanges()
        self.on_change: Callable[[], None] | None = None

    def seal(self, content: bytes, *, kind: Literal["params", "outcome"], tenant: str, execution_id: str) -> bytes:
        """`content` as it is: it never leaves the process."""
        return content

    async def record(self, row: ExecutionRow) -> None:
        """Keep `row` until there are `limit` newer ones.

        Raises:
            StepRecorded: The run has this attempt of the step already.
        """
        if row.run_id is not None and self._steps.setdefault(_step(row), row.id) != row.id:
            raise StepRecorded(
                run_id=row.run_id,
                node=row.node,
                iteration=row.iteration,
                generation=row.generation,
                attempt=row.attempt,
            )
        self._keep(row)
        self._forget_old(but=row.id)

    async def owner(self) -> str:
        """There is but one."""
        return "this process"

    def params_hash(self, params: bytes) -> bytes:
        """An HMAC with a key that ends with the process."""
        return params_hash(params, secret=self._secret)

    async def claim(self, effect: Effect, row: ExecutionRow, *, abandoned: str | None = None) -> Claim:
        """Claim a write among those of this process."""
        address = (row.tenant, effect.scope, effect.key)
        held = self._effects.get(address)
        if held is None:
            return await self._claimed(effect, row, fence=1)
        match judge(held, effect, alive=lambda: {effect.owner}, abandoned=abandoned):
            case "claim_again":
                return await self._claimed(effect, row, fence=held.fence + 1)
            case "key_reused":
                return KeyReused(execution_id=held.execution_id)
            case "in_progress":
                return InProgress(owner=held.owner, execution_id=held.execution_id)
            case "replay":
                return Replay(execution=self._rows[held.execution_id])
            case _:
                self._effects[address] = replace(held, state="UNKNOWN")
                return Unknown(execution_id=held.execution_id)

    async def end(self, claimed: Claimed, end: End, ending: Ending) -> None:
        """Keep what a claimed write has come to, if it is not forgotten."""
        address = (claimed.tenant, claimed.scope, claimed.key)
        held = self._effects.get(address)
        if held is None:
            return
        if held.state != "CLAIMED" or held.fence != claimed.fence:
            raise Superseded(execution_id=claimed.execution_id, owner=claimed.owner, fence=claimed.fence)
        self._effects[address] = replace(held, state=_STATES[end])
        if end == "unknown":
            ending = replace(ending, status="UNKNOWN_OUTCOME")
        changes = {field.name: getattr(ending, field.name) for field in fields(ending)}
        self._keep(replace(self._rows[claimed.execution_id], **changes))

    async def get(self, id: str, *, tenant: str, owner: str | None = None) -> ExecutionRow | None:
        """The execution of that id, if it is still kept."""
        row = self._rows.get(id)
        return row if row is not None and row.tenant == tenant and owner in {None, row.caller} else None

    async def search(
        self, *, tenant: str, owner: str | None, filters: Filters, limit: int, offset: int, cursor: str | None
    ) -> Page:
        """The newest executions that meet `filters`.

        Raises:
            CursorInvalid: `cursor` is none.
        """
        found = list(self._meeting(tenant, owner, filters))
        if cursor is not None:
            last = read_cursor(cursor)
            found = [row for row in found if _age(row) < last]
        items = found[offset : offset + limit]
        more = items and len(found) > offset + limit
        return Page(items=items, cursor=cursor_after(items[-1]) if more else None)

    async def count(self, *, tenant: str, owner: str | None, filters: Filters) -> int:
        """How many executions meet `filters`."""
        return sum(1 for _ in self._meeting(tenant, owner, filters))

    async def tree(self, root_id: str, *, tenant: str, owner: str | None) -> Sequence[ExecutionRow]:
        """An execution and all that were called on its way, oldest first."""
        mine = [row for row in self._rows.values() if row.tenant == tenant and owner in {None, row.caller}]
        mine.sort(key=_age)
        wanted: set[str] = set()
        for row in mine:  # a call begins after the one that makes it, so it is met later
            if row.id == root_id or row.parent_id in wanted:
                wanted.add(row.id)
        return [row for row in mine if row.id in wanted]

    async def present(self) -> Place:
        """The place behind everything that is kept now."""
        return self._changes.place

    async def changed(self, *, after: Place, until: Place | None = None, limit: int) -> Changed:
        """What has changed after a place."""
        return self._changes.after(after, until or self._changes.place, limit, self._rows)

    async def _claimed(self, effect: Effect, row: ExecutionRow, *, fence: int) -> Claimed:
        await self.record(row)
        address = (row.tenant, effect.scope, effect.key)
        self._effects[address] = Held(
            tenant=row.tenant,
            scope=effect.scope,
            key=effect.key,
            params_hash=effect.params_hash,
            execution_id=row.id,
            state="CLAIMED",
            native=effect.native,
            owner=effect.owner,
            fence=fence,
            expires=effect.expires,
        )
        self._addresses[row.id] = address
        return Claimed(
            tenant=row.tenant, scope=effect.scope, key=effect.key, owner=effect.owner, fence=fence, execution_id=row.id
        )

    def _forget_old(self, *, but: str) -> None:
        """Forget executions that have ended, the oldest first, with the keys that no newer one has."""
        while len(self._rows) > self._limit:
            old = next((row for row in self._rows.values() if row.ended is not None and row.id != but), None)
            if old is None:
                return
            del self._rows[old.id]
            self._changes.forget(old.id)
            self._steps.pop(_step(old), None)
            address = self._addresses.pop(old.id, None)
            if address is not None and self._effects[address].execution_id == old.id:
                del self._effects[address]

    def _meeting(self, tenant: str, owner: str | None, filters: Filters) -> Iterator[ExecutionRow]:
        newest_first = sorted(self._rows.values(), key=_age, reverse=True)
        return (row for row in newest_first if meets(row, tenant=tenant, owner=owner, filters=filters))

    def _keep(self, row: ExecutionRow) -> None:
        self._rows[row.id] = row
        self._changes.note(row.id)
        if self.on_change is not None:
            self.on_change()


_Step: TypeAlias = tuple[str | None, str, str, int, int]


def _step(row: ExecutionRow) -> _Step:
    return row.run_id, row.node, row.iteration, row.generation, row.attempt


def _age(row: ExecutionRow) -> tuple[int, str]:
    return row.started, row.id
