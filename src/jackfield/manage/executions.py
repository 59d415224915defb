"""The record of calls, for people and programs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from jackfield.access.principal import Principal, Scope
from jackfield.dispatch.journal import Journal
from jackfield.manage.denied import recording_denials
from jackfield.manage.errors import NotWaiting, UnknownExecution
from jackfield.manage.execution_showing import view_of
from jackfield.manage.execution_stream import Gap, Streams
from jackfield.manage.execution_views import MAX_PAGE, STATUSES, ExecutionPage, ExecutionView, Missed
from jackfield.manage.executions_followed import FollowedExecutions, filters_of, owner_of
from jackfield.storage.database import Database
from jackfield.storage.status import Status

__all__ = ["MAX_PAGE", "STATUSES", "ExecutionPage", "ExecutionView", "Executions"]


WATCH_S = 60.0
"""Nothing depends on it: after so long without anything, the wait begins anew."""


class Executions:
    """Callers see their own executions, administrators those of their tenant."""

    def __init__(self, journal: Journal, database: Database | None = None) -> None:
        """Args:
        database: Has the audit log; without one, denied attempts are written nowhere.
        """
        self._journal = journal
        self._database = database
        self.followed = FollowedExecutions(Streams(journal), self._require_read)

    async def list(
        self,
        principal: Principal,
        *,
        connector: str | None = None,
        command: str | None = None,
        trigger: str | None = None,
        status: Status | None = None,
        caller: str | None = None,
        run_id: str | None = None,
        chat_id: str | None = None,
        tool_call_id: str | None = None,
        since: int | None = None,
        until: int | None = None,
        limit: int = 50,
        offset: int = 0,
        cursor: str | None = None,
        total: bool = False,
    ) -> ExecutionPage:
        """The newest executions that meet all that is given.

        Args:
            principal: Who asks.
            connector: `namespace/name`, or a name in any namespace.
            since: Started then or later, in microseconds since 1970.
            until: Started before then.
            limit: At most 200.
            offset: How many to leave out.
            cursor: Of the page before.
            total: Count them all, which takes longer the more there are.

        Raises:
            ScopeMissing: The caller's token does not allow `read`.
            CursorInvalid: `cursor` is none.
        """
        await self._require_read(principal, "list", "all")
        filters = filters_of(
            connector,
            caller=caller,
            command=command,
            trigger=trigger,
            status=status,
            run_id=run_id,
            chat_id=chat_id,
            tool_call_id=tool_call_id,
            since=since,
            until=until,
        )
        tenant, owner = principal.tenant, owner_of(principal)
        page = await self._journal.search(
            tenant=tenant,
            owner=owner,
            filters=filters,
            limit=max(1, min(limit, MAX_PAGE)),
            offset=max(0, offset),
            cursor=cursor,
        )
        counted = await self._journal.count(tenant=tenant, owner=owner, filters=filters) if total else None
        return ExecutionPage(items=[view_of(row) for row in page.items], total=counted, cursor=page.cursor)

    async def watch(self, principal: Principal, **filters: Any) -> AsyncIterator[ExecutionView | Missed]:
        """Executions that meet `filters`, which are those of `list`, as `FollowedExecutions.follow` tells them.

        Views have no `params`. It ends when the process does.
        """
        async with self.followed.follow(principal, **filters) as listener:
            while not listener.over:
                for told in await listener.next(WATCH_S):
                    yield Missed() if isinstance(told, Gap) else told.view

    async def get(self, principal: Principal, id: str) -> ExecutionView:
        """One execution, whole.

        Raises:
            ScopeMissing: The caller's token does not allow `read`.
            UnknownExecution: There is none of that id that the caller may see.
            Undecryptable: It cannot be read.
        """
        await self._require_read(principal, "get", id)
        row = await self._journal.get(id, tenant=principal.tenant, owner=owner_of(principal))
        if row is None:
            raise UnknownExecution(execution=id)
        return view_of(row)

    async def tree(self, principal: Principal, id: str) -> Sequence[ExecutionView]:
        """An execution and all that were called on its way, oldest first. Raises as `get`."""
        await self._require_read(principal, "tree", id)
        rows = await self._journal.tree(id, tenant=principal.tenant, owner=owner_of(principal))
        if not rows:
            raise UnknownExecution(execution=id)
        return [view_of(row) for row in rows]

    async def resume(self, principal: Principal, id: str, given: Mapping[str, Any]) -> ExecutionView:
        """Let an execution go on that waits for input. So far none does: whatever waits comes with workflows.

        Args:
            given: The input.

        Raises:
            ScopeMissing: The caller's token does not allow `execute`.
            UnknownExecution: There is none of that id that the caller may see.
            NotWaiting: It waits for nothing.
        """
        await self._require(principal, "execute", "continue", id)
        row = await self._journal.get(id, tenant=principal.tenant, owner=owner_of(principal))
        if row is None:
            raise UnknownExecution(execution=id)
        raise NotWaiting(execution=id, state=row.status)

    async def _require_read(self, principal: Principal, verb: str, id: str) -> None:
        await self._require(principal, "read", verb, id)

    async def _require(self, principal: Principal, scope: Scope, verb: str, id: str) -> None:
        if self._database is None:
            principal.require(scope)
            return
        action = f"execution.{verb}"
        async with recording_denials(self._database, principal, action=action, resource="execution", resource_id=id):
            principal.require(scope)
