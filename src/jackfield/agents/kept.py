"""The results of earlier calls, which their record holds: nothing else has to be kept for `retrieve_tool_result`."""

from __future__ import annotations

from typing import Any

import orjson

from jackfield.access.principal import Principal
from jackfield.agents.errors import UnknownToolResult
from jackfield.agents.ids import plain_id
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.journal import Journal
from jackfield.storage.journal import ExecutionRow
from jackfield.storage.journal_search import Filters


async def kept_result(
    journal: Journal, principal: Principal, call_id: str, *, chat_id: str | None
) -> tuple[ExecutionRow, Outcome[Any]]:
    """The record of a call that `principal` made in this conversation, and its outcome.

    Administrators see no more than others here: a model that reads for one of them shall not read for all.

    Args:
        call_id: That the model gave the call, or the id of its execution.
        chat_id: Of the conversation; `None` for calls outside any.

    Raises:
        UnknownToolResult: There is none.
    """
    wanted, chat_id = plain_id(call_id), plain_id(chat_id)
    row = await _row(journal, principal, wanted, chat_id) if wanted else None
    if row is None or row.chat_id != chat_id or row.outcome is None:
        raise UnknownToolResult(call=call_id)
    return row, _outcome(orjson.loads(row.outcome))


async def _row(journal: Journal, principal: Principal, call_id: str, chat_id: str | None) -> ExecutionRow | None:
    tenant, owner = principal.tenant, principal.id
    filters = Filters(tool_call_id=call_id, chat_id=chat_id)
    page = await journal.search(tenant=tenant, owner=owner, filters=filters, limit=1, offset=0, cursor=None)
    if page.items:
        return page.items[0]
    return await journal.get(call_id, tenant=tenant, owner=owner)


def _outcome(kept: Any) -> Outcome[Any]:
    known = kept if isinstance(kept, dict) else {}
    return Outcome(
        success=known.get("success") is True,
        payload=known.get("payload"),
        diagnostics=known.get("diagnostics") or {},
        error=known.get("error") or known.get("detail"),
        code=known.get("code"),
        metadata=known.get("metadata") or {},
    )
