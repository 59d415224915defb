"""Commands as tools for language models: listed, shown, called, and the rest of what they answered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from pydantic import Field, WithJsonSchema
from starlette.responses import Response

from jackfield.access.principal import Principal
from jackfield.agents.cost import sum_of
from jackfield.agents.formats import FORMATS, Format
from jackfield.agents.offered import Offered
from jackfield.agents.retrieve_tool import read_retrieval
from jackfield.agents.shortening import LEAST
from jackfield.agents.showing import CHARACTERS, show_error
from jackfield.agents.tool import Tool, ToolContext
from jackfield.dispatch.call import Trigger
from jackfield.dispatch.options import read_options
from jackfield.errors import JackfieldError
from jackfield.manage.gateway_bodies import MOST_CHARACTERS
from jackfield.manage.listing import Query as ListQuery
from jackfield.manage.listing import listed
from jackfield.manage.resources import Resources
from jackfield.manage.tool_choosing import choose, of_connector
from jackfield.manage.tool_views import ToolAnswer, ToolCost, ToolInfo, problems_of, tool_answer, tool_info
from jackfield.manage.views import to_json
from jackfield.surfaces.rest.answers import answer, answer_view, list_document
from jackfield.surfaces.rest.bodies import Body, Said, body_of
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lists import Asked, ListAsked
from jackfield.surfaces.rest.models.shown import Shown
from jackfield.surfaces.rest.models.tools import CHOICE_OR_NOTHING, ToolList, ToolShown
from jackfield.surfaces.rest.offered import offered

router = APIRouter(tags=["Tools"])
Answer = Shown(view=ToolAnswer, name="ToolAnswer")

_TRIGGERS: dict[str | None, Trigger] = {"cli": "cli", "mcp": "mcp"}
"""By the header `X-Jackfield-Client`; all others are agents."""

Client = Annotated[str | None, Header(alias="X-Jackfield-Client", include_in_schema=False)]

_GATEWAY = "Those of this gateway."
_FORMAT = "Also as this interface of models takes a tool, as `definition`."


class ToolsAsked(ListAsked):
    """Which tools."""

    gateway: str | None = Field(default=None, description=_GATEWAY)
    connector: str | None = Field(default=None, description="Only those of this connector.")
    reads_only: bool = Field(default=False, description="Only those that change nothing.")
    format: Format | None = Field(default=None, description=_FORMAT)
    output_schemas: bool = Field(default=False, description="With schemas of what they answer.")


class ToolAsked(Asked):
    """Of whose tools one is."""

    gateway: str | None = Field(default=None, description=_GATEWAY)
    connector: str | None = Field(default=None, description="Only those of this connector.")
    format: Format | None = Field(default=None, description=_FORMAT)


class ToolsOfChoice(Body):
    """Which tools: those of a choice."""

    choice: Any = Field(default=None, json_schema_extra=dict(CHOICE_OR_NOTHING))
    gateway: str | None = Field(default=None, description="Instead of a choice: those of this gateway.")
    connector: str | None = Field(default=None, description="Only those of this connector.")
    reads_only: bool = Field(default=False, description="Only those that change nothing.")
    format: Format | None = Field(default=None, description=_FORMAT)
    output_schemas: bool = Field(default=False, description="With schemas of what they answer.")
    page: int | None = Field(default=None, description="From 1.")
    page_size: int | None = Field(default=None, description="50 unless given.")


class ToolCall(Body):
    """A call of a tool, as a model asked for it."""

    arguments: dict[str, Any] = Field(default={}, description="From the model.")
    tool_call_id: str | None = Field(default=None, max_length=200, description="That the model gave the call.")
    chat_id: str | None = Field(default=None, max_length=200, description="Of the conversation.")
    variables: dict[str, Any] = Field(default={}, description="For the templates of what is settled.")
    gateway: str | None = Field(default=None, description="Whose tool it is.")
    choice: Any = Field(default=None, json_schema_extra=dict(CHOICE_OR_NOTHING))
    options: dict[str, Any] = Field(default={}, description="Of the host, as for execute.")
    characters: int | None = Field(default=None, ge=LEAST, le=MOST_CHARACTERS, description="At most so many are shown.")


_SAID = {
    name: {"description": f"{told} As `retrieve_tool_result` takes it; anything else is told to the model."}
    for name, told in {
        "fields": "From the model: only these, of each item; dots lead inside.",
        "limit": "From the model: at most so many items.",
        "cursor": "From the model: as the shortened result named it.",
    }.items()
}


class ResultAsked(Body):
    """Which part of a result. What a model may say, in whatever form it says it."""

    fields: Annotated[Any, WithJsonSchema(_SAID["fields"])] = None
    limit: Annotated[Any, WithJsonSchema(_SAID["limit"])] = None
    cursor: Annotated[Any, WithJsonSchema(_SAID["cursor"])] = None
    chat_id: str | None = Field(default=None, description="Of the conversation in which it was called.")
    characters: int | None = Field(default=None, ge=LEAST, le=MOST_CHARACTERS, description="At most so many are shown.")


@offered(router, "GET", "/api/tools", answers=ToolList(), fails=(404,))
async def list_tools(caller: Caller, manage: Manage, asked: Annotated[ToolsAsked, Query()]) -> Response:
    """List the tools that commands are for a model, with what each of them costs.

    All that may be offered to models, or those of a gateway. A connector that cannot be offered is told among the
    `problems`, and keeps nothing else from being there.
    """
    return await _listed(caller, manage, asked, asked.query())


@offered(
    router,
    "POST",
    "/api/tools",
    answers=ToolList(),
    fails=(400, 404),
    body=Said(
        schema=ToolsOfChoice,
        examples={"One command": {"choice": [{"connector": "default/desk", "operations": ["get_ticket"]}]}},
    ),
)
async def list_tools_of_choice(
    caller: Caller, manage: Manage, body: Annotated[ToolsOfChoice, Depends(body_of(ToolsOfChoice))]
) -> Response:
    """List the tools of a choice, which is kept nowhere: to try one before it becomes a gateway's."""
    return await _listed(caller, manage, body, ListQuery(page=body.page, page_size=body.page_size))


@offered(router, "GET", "/api/tools/{name}", answers=ToolShown, fails=(404,))
async def get_tool(caller: Caller, manage: Manage, name: str, asked: Annotated[ToolAsked, Query()]) -> Response:
    """Show a tool as a model sees it, with the schema of what it answers where that is known."""
    chosen = await choose(manage, caller, gateway=asked.gateway, connector=asked.connector)
    found = await manage.tools.get(chosen.caller, name, choice=chosen.choice)
    return answer_view(tool_info(found, format=asked.format, output_schema=True))


@offered(
    router,
    "POST",
    "/api/tools/{name}/call",
    answers=Answer,
    fails=(400, 404),
    body=Said(schema=ToolCall, examples={"As a model asks": {"arguments": {"id": 7}, "toolCallId": "call_1"}}),
)
async def call_tool(
    caller: Caller,
    manage: Manage,
    name: str,
    body: Annotated[ToolCall, Depends(body_of(ToolCall))],
    client: Client = None,
) -> Response:
    """Call a tool with what a model gave it, and answer what the model reads.

    Whatever a model can get wrong, and whatever fails, is an answer with `failed`, for the model to read; problems are
    for the host.
    """
    chosen = await choose(manage, caller, gateway=body.gateway, choice=body.choice)
    context = ToolContext(variables=body.variables, chat_id=body.chat_id, call_id=body.tool_call_id)
    result = await manage.tools.call(
        chosen.caller,
        name,
        body.arguments,
        choice=chosen.choice,
        context=context,
        trigger=_TRIGGERS.get(client, "agent"),
        options=read_options(body.options),
        characters=body.characters or chosen.characters,
    )
    return answer_view(tool_answer(result))


@offered(
    router,
    "POST",
    "/api/tools/results/{id}",
    answers=Answer,
    fails=(400,),
    body=Said(schema=ResultAsked, examples={"The next items": {"cursor": "20", "fields": ["id", "subject"]}}),
)
async def retrieve_tool_result(
    caller: Caller,
    manage: Manage,
    id: str,
    body: Annotated[ResultAsked, Depends(body_of(ResultAsked))],
) -> Response:
    """Answer more of what a tool has answered, to whoever called it, in the same conversation."""
    said = {"toolCallId": id, "fields": body.fields, "limit": body.limit, "cursor": body.cursor}
    try:
        asked = read_retrieval(said)
    except JackfieldError as error:
        return answer_view(tool_answer(show_error(error)))
    result = await manage.tools.retrieve(
        caller,
        asked.call_id,
        chat_id=body.chat_id,
        fields=asked.fields,
        limit=asked.limit,
        start=asked.start,
        characters=body.characters or CHARACTERS,
    )
    return answer_view(tool_answer(result))


async def _listed(
    caller: Principal, manage: Resources, asked: ToolsAsked | ToolsOfChoice, query: ListQuery
) -> Response:
    chosen = await choose(
        manage,
        caller,
        gateway=asked.gateway,
        choice=getattr(asked, "choice", None),
        connector=asked.connector,
        reads_only=asked.reads_only,
    )
    found = await manage.tools.list(chosen.caller, choice=chosen.choice)
    if asked.connector is not None and not found.tools and found.problems:
        raise found.problems[0]
    version = await manage.tools.version(chosen.caller)
    document = await asyncio.to_thread(_page, found, of_connector(found, asked.connector), asked, query)
    return answer(document | {"version": version})


def _page(found: Offered, tools: Sequence[Tool], asked: ToolsAsked | ToolsOfChoice, query: ListQuery) -> dict[str, Any]:
    """One page. Runs in a thread: there may be thousands, and what they cost is counted when it is first asked for."""
    infos = [tool_info(tool, output_schema=asked.output_schemas) for tool in tools]
    whole = listed(infos, query, kind=ToolInfo)
    if asked.format:
        by_name, written = found.by_name, FORMATS[asked.format]
        whole = replace(whole, items=[replace(one, definition=written(by_name[one.name])) for one in whole.items])
    total = sum_of(tool.cost for tool in tools)
    cost = ToolCost(bytes=total.bytes, tokens=total.tokens)
    problems = [to_json(problem) for problem in problems_of(found)]
    return list_document(whole, to_json) | {"cost": to_json(cost), "problems": problems}
