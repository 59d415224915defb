"""The record of calls in the words of the Sinas guide: `/executions`, in snake_case."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field
from starlette.responses import Response

from jackfield.manage.execution_views import LARGE, ExecutionView
from jackfield.manage.views import camel, to_json
from jackfield.surfaces.rest.answers import answer
from jackfield.surfaces.rest.bodies import Document, Said
from jackfield.surfaces.rest.executions import TRIGGERS, ExecutionsAsked, search
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.routes.executions import INPUT
from jackfield.surfaces.rest.where import searched_document

router = APIRouter(tags=["Executions (snake_case)"])

_RENAMED = {"id": "execution_id", "trigger": "trigger_type"}


def spelt(name: str) -> str:
    """The key of a field here; all but two are called as in Python."""
    return _RENAMED.get(name, name)


LoggedExecution = Shown(view=ExecutionView, name="LoggedExecution", spelt=spelt)
LoggedSummary = Shown(view=ExecutionView, name="LoggedExecutionSummary", without=LARGE, spelt=spelt)


class LoggedAsked(ExecutionsAsked):
    """Which executions."""

    model_config = ConfigDict(alias_generator=spelt)

    trigger_type: str | None = Field(
        default=None, description="Started so.", json_schema_extra={"enum": [*TRIGGERS, None]}
    )


@offered(router, "GET", "/executions", answers=Page(item=LoggedSummary, cursor=True, spelt=spelt))
async def list_logged_executions(caller: Caller, manage: Manage, asked: Annotated[LoggedAsked, Query()]) -> Response:
    """List calls, the newest first, as `/api/executions` does, with keys in snake_case."""
    wanted, found = await search(manage, caller, asked, trigger=asked.trigger_type or asked.trigger)
    items = [_logged(view, LARGE) for view in found.items]
    page = searched_document(items, wanted, total=found.total, cursor=asked.cursor, after=found.cursor)
    renamed = {"pageSize": "page_size", "nextCursor": "next_cursor"}
    return answer({renamed.get(key, key): value for key, value in page.items()})


@offered(router, "GET", "/executions/{execution_id}", answers=LoggedExecution, fails=(404,))
async def get_logged_execution(caller: Caller, manage: Manage, execution_id: str) -> Response:
    """Show a call whole, with keys in snake_case."""
    return answer(_logged(await manage.executions.get(caller, execution_id)))


@offered(
    router,
    "POST",
    "/executions/{execution_id}/continue",
    answers=LoggedExecution,
    fails=(400, 404, 409),
    body=Said(schema=INPUT),
)
async def continue_logged_execution(caller: Caller, manage: Manage, execution_id: str, body: Document) -> Response:
    """Let an execution go on that waits for input. The body is that input."""
    return answer(_logged(await manage.executions.resume(caller, execution_id, body)))


def _logged(view: ExecutionView, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    shown_as = to_json(view)
    names = [field.name for field in dataclasses.fields(view) if field.name not in without]
    return {spelt(name): shown_as[camel(name)] for name in names}
