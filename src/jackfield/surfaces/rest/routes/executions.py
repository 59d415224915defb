"""The record of calls."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from jackfield.manage.execution_views import ExecutionView
from jackfield.manage.listing import Listed, Window
from jackfield.manage.views import to_json
from jackfield.surfaces.rest.answers import answer, answer_view, list_document
from jackfield.surfaces.rest.bodies import Document, Said
from jackfield.surfaces.rest.executions import ExecutionsAsked, search
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.where import searched_document

router = APIRouter(tags=["Executions"])

LARGE = frozenset({"params", "outcome"})
Execution = Shown(view=ExecutionView, name="Execution")
ExecutionSummary = Shown(view=ExecutionView, name="ExecutionSummary", without=LARGE)
INPUT = {"title": "ExecutionInput", "type": "object", "additionalProperties": True}


def summary(view: ExecutionView) -> dict[str, object]:
    """An item of a list: all but what may be large."""
    return {key: value for key, value in to_json(view).items() if key not in LARGE}


@offered(router, "GET", "/api/executions", answers=Page(item=ExecutionSummary, cursor=True))
async def list_executions(caller: Caller, manage: Manage, asked: Annotated[ExecutionsAsked, Query()]) -> Response:
    """List calls, the newest first.

    Callers see their own, administrators those of everybody. Items have a `preview` in place of params and outcome.
    """
    wanted, found = await search(manage, caller, asked, trigger=asked.trigger)
    items = [summary(view) for view in found.items]
    document = searched_document(items, wanted, total=found.total, cursor=asked.cursor, after=found.cursor)
    return answer(document)


@offered(router, "GET", "/api/executions/{id}", answers=Execution, fails=(404,))
async def get_execution(caller: Caller, manage: Manage, id: str) -> Response:
    """Show a call whole, with params and outcome. Secrets are masked."""
    return answer_view(await manage.executions.get(caller, id))


@offered(router, "GET", "/api/executions/{id}/tree", answers=Page(item=ExecutionSummary, cursor=True), fails=(404,))
async def get_execution_tree(caller: Caller, manage: Manage, id: str) -> Response:
    """Show a call and all that were made on its way, oldest first; `parentId` says by which."""
    found = await manage.executions.tree(caller, id)
    whole = Listed(items=found, total=len(found), window=Window(offset=0, limit=max(1, len(found))))
    return answer(list_document(whole, summary))


@offered(
    router, "POST", "/api/executions/{id}/continue", answers=Execution, fails=(400, 404, 409), body=Said(schema=INPUT)
)
async def continue_execution(caller: Caller, manage: Manage, id: str, body: Document) -> Response:
    """Let an execution go on that waits for input (`AWAITING_INPUT`). The body is that input."""
    return answer_view(await manage.executions.resume(caller, id, body))
