"""The record of calls."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import Response

from jackfield.manage.execution_views import LARGE, ExecutionView, summary
from jackfield.manage.listing import Listed, Window
from jackfield.surfaces.rest.answers import answer, answer_view, list_document
from jackfield.surfaces.rest.bodies import Document, Said
from jackfield.surfaces.rest.cookie_callers import session_of
from jackfield.surfaces.rest.event_stream import MEDIA_TYPE, EventStream
from jackfield.surfaces.rest.executions import ExecutionsAsked, ExecutionsFollowed, filters_of, search
from jackfield.surfaces.rest.given import Caller, Given, Manage, token_of
from jackfield.surfaces.rest.models.calls import Plain
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.where import searched_document

router = APIRouter(tags=["Executions"])

Execution = Shown(view=ExecutionView, name="Execution")
ExecutionSummary = Shown(view=ExecutionView, name="ExecutionSummary", without=LARGE)
STREAM = Plain(name="ExecutionStream", document={"type": "string", "description": "Server-sent events."})
INPUT = {"title": "ExecutionInput", "type": "object", "additionalProperties": True}


@offered(router, "GET", "/api/executions", answers=Page(item=ExecutionSummary, cursor=True))
async def list_executions(caller: Caller, manage: Manage, asked: Annotated[ExecutionsAsked, Query()]) -> Response:
    """List calls, the newest first.

    Callers see their own, administrators those of everybody. Items have a `preview` in place of params and outcome.
    """
    wanted, found = await search(manage, caller, asked, trigger=asked.trigger)
    items = [summary(view) for view in found.items]
    document = searched_document(items, wanted, total=found.total, cursor=asked.cursor, after=found.cursor)
    return answer(document)


@offered(
    router, "GET", "/api/executions/stream", answers=STREAM, media=MEDIA_TYPE, fails=(429,)
)  # before `{id}`, which would take it for one
async def stream_executions(
    request: Request,
    caller: Caller,
    services: Given,
    asked: Annotated[ExecutionsFollowed, Query()],
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID", description="Go on after that event.")] = None,
) -> Response:
    """Follow calls as they happen (server-sent events).

    Callers see their own, administrators those of everybody. A write is told when it begins, and each call when it has
    ended: an event `execution` whose data is an item of the list. An event `gap` says that more was missed than is told
    again: read the list. An event `end` says why the server ends the stream, as a problem. A comment comes every 15
    seconds.
    """
    following = services.manage.executions.followed.follow(
        caller, after=last_event_id or asked.after or "", **filters_of(asked)
    )

    async def is_still_allowed() -> bool:
        if authorization := request.headers.get("authorization"):
            return await services.authenticate(token_of(authorization)) == caller
        # A page that is left open does not keep its session from ending.
        return (await session_of(request.scope, services.sessions, uses=False)).principal == caller

    return EventStream(following, is_still_allowed)


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
