"""Finding tools. Its name is before that of `tools`, whose route for one tool would else take `search` for a name."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from jackfield.access.principal import Principal
from jackfield.agents.finding import Query as Searched
from jackfield.agents.finding import answer_of
from jackfield.agents.search.index import MAX_HITS
from jackfield.agents.tool import Risk
from jackfield.manage.resources import Resources
from jackfield.manage.tool_choosing import choose, names_of
from jackfield.manage.tool_views import tool_found
from jackfield.manage.views import to_json
from jackfield.surfaces.rest.answers import answer
from jackfield.surfaces.rest.bodies import Body, Said, body_of
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lists import Asked
from jackfield.surfaces.rest.models.tools import CHOICE_OR_NOTHING, ToolsFound
from jackfield.surfaces.rest.offered import offered

router = APIRouter(tags=["Tools"])

MAX_QUERY = 1_000

_QUERY = "In the words of whoever looks for it."
_CONNECTOR = "Only tools of these connectors."
_RISK = "Only tools of these risks."
_CONNECTED = "Only those that have their credential, or that lack it."
_FULL = "All that is known of each, instead of what a model reads."


class SearchAsked(Asked):
    """What is looked for."""

    query: str = Field(max_length=MAX_QUERY, description=_QUERY)
    limit: int = Field(default=5, ge=1, le=MAX_HITS, description="At most so many.")
    connector: list[str] | None = Field(default=None, max_length=100, description=_CONNECTOR)
    risk: list[Risk] | None = Field(default=None, description=_RISK)
    connected: bool | None = Field(default=None, description=_CONNECTED)
    gateway: str | None = Field(default=None, description="Among those of this gateway.")
    full: bool = Field(default=False, description=_FULL)


class SearchOfChoice(Body):
    """What is looked for, among the tools of a choice."""

    query: str = Field(max_length=MAX_QUERY, description=_QUERY)
    limit: int = Field(default=5, ge=0, le=MAX_HITS, description="At most so many.")
    connector: list[str] | None = Field(default=None, max_length=1_000, description=_CONNECTOR)
    risk: list[Risk] | None = Field(default=None, description=_RISK)
    connected: bool | None = Field(default=None, description=_CONNECTED)
    choice: Any = Field(default=None, json_schema_extra=dict(CHOICE_OR_NOTHING))
    gateway: str | None = Field(default=None, description="Instead of a choice: among those of this gateway.")
    full: bool = Field(default=False, description=_FULL)


@offered(router, "GET", "/api/tools/search", answers=ToolsFound(), fails=(404,))
async def search_tools(caller: Caller, manage: Manage, asked: Annotated[SearchAsked, Query()]) -> Response:
    """Find the tools that fit best, the best first, in an answer that stays small."""
    return await _found(caller, manage, asked, choice=None)


@offered(
    router,
    "POST",
    "/api/tools/search",
    answers=ToolsFound(),
    fails=(400, 404),
    body=Said(schema=SearchOfChoice, examples={"To change nothing": {"query": "open tickets", "risk": ["read"]}}),
)
async def search_tools_of_choice(
    caller: Caller, manage: Manage, body: Annotated[SearchOfChoice, Depends(body_of(SearchOfChoice))]
) -> Response:
    """Find tools among those of a choice."""
    return await _found(caller, manage, body, choice=body.choice)


async def _found(caller: Principal, manage: Resources, asked: SearchAsked | SearchOfChoice, *, choice: Any) -> Response:
    chosen = await choose(manage, caller, gateway=asked.gateway, choice=choice)
    named = None
    if asked.connector is not None:
        named = names_of(await manage.tools.list(chosen.caller, choice=chosen.choice), asked.connector)
    query = Searched(text=asked.query, limit=asked.limit, connector=named, risk=asked.risk, connected=asked.connected)
    hits = await manage.tools.search(chosen.caller, query, choice=chosen.choice)
    return answer({"found": [to_json(tool_found(hit)) for hit in hits]} if asked.full else answer_of(hits))
