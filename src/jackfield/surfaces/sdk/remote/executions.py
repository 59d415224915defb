"""The record of calls of a server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from jackfield.access.principal import Principal
from jackfield.manage.errors import UnknownExecution
from jackfield.manage.execution_views import MAX_PAGE, ExecutionPage, ExecutionView, Missed, Status
from jackfield.manage.views import camel
from jackfield.surfaces.sdk.remote.asking import Asking, given, instant, segment
from jackfield.surfaces.sdk.remote.events import follow


class RemoteExecutions(Asking):
    """As `manage.executions.Executions`."""

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
        """See `manage.executions.Executions.list`. Items have no `params` and no `outcome`; `get` has them."""
        query = given(
            connector=connector,
            command=command,
            trigger=trigger,
            status=status,
            caller=caller,
            runId=run_id,
            chatId=chat_id,
            toolCallId=tool_call_id,
            since=instant(since),
            until=instant(until),
            limit=max(1, min(limit, MAX_PAGE)),
            offset=max(0, offset) or None,
            cursor=cursor,
            total=total,
        )
        document = await self.wire.ask("GET", "/api/executions", query=query)
        items = self.items(ExecutionView, document)
        counted = document.get("total") if total else None
        return ExecutionPage(items=items, total=counted, cursor=document.get("nextCursor"))

    async def watch(self, principal: Principal, **filters: Any) -> AsyncIterator[ExecutionView | Missed]:
        """See `manage.executions.Executions.watch`. A connection that breaks is made anew, and nothing is lost."""
        query = given(**{camel(name): value for name, value in filters.items()})
        async for event in follow(self.wire, "/api/executions/stream", query):
            if event.name == "execution":
                yield self.read(ExecutionView, event.data)
            elif event.name == "gap":
                yield Missed()

    async def get(self, principal: Principal, id: str) -> ExecutionView:
        """See `manage.executions.Executions.get`."""
        return await self.one(ExecutionView, _path(id))

    async def tree(self, principal: Principal, id: str) -> Sequence[ExecutionView]:
        """See `manage.executions.Executions.tree`."""
        return self.items(ExecutionView, await self.wire.ask("GET", f"{_path(id)}/tree"))

    async def resume(self, principal: Principal, id: str, given: Mapping[str, Any]) -> ExecutionView:
        """See `manage.executions.Executions.resume`."""
        return await self.changed(ExecutionView, "POST", f"{_path(id)}/continue", given)


def _path(id: str) -> str:
    return f"/api/executions/{segment(id, missing=UnknownExecution(execution=id))}"
