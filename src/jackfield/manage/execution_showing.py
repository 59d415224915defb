"""From the row of an execution to what is shown of it."""

from __future__ import annotations

from typing import Any

import orjson

from jackfield.manage.execution_views import ExecutionView
from jackfield.storage.journal import ExecutionRow

PREVIEW_CHARACTERS = 200


def _preview(outcome: Any) -> str:
    known = outcome if isinstance(outcome, dict) else {}
    told = known.get("error") or known.get("detail")
    text = told if isinstance(told, str) else orjson.dumps(known.get("payload")).decode()
    return text if len(text) <= PREVIEW_CHARACTERS else f"{text[: PREVIEW_CHARACTERS - 1]}…"


def view_of(row: ExecutionRow) -> ExecutionView:
    """What is shown of `row`."""
    outcome = None if row.outcome is None else orjson.loads(row.outcome)
    return ExecutionView(
        id=row.id,
        connector=f"{row.namespace}/{row.connector}" if row.namespace else row.connector,
        connector_id=row.connector_id,
        command=row.command,
        version=row.version,
        model=row.model,
        environment=row.environment,
        caller=row.caller,
        trigger=row.trigger,
        status=row.status,
        started=row.started,
        ended=row.ended,
        duration_ms=row.duration_ms,
        attempts=row.attempts,
        upstream_status=row.upstream_status,
        error_code=row.error_code,
        run_id=row.run_id,
        step_id=row.node or None,
        parent_id=row.parent_id,
        chat_id=row.chat_id,
        tool_call_id=row.tool_call_id,
        params=orjson.loads(row.params),
        outcome=outcome,
        preview=_preview(outcome),
    )
