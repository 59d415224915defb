"""Tools with which language models make connectors."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from jackfield.agents.tool import ToolResult
from jackfield.manage.authoring.tool import AuthoringTool
from jackfield.manage.views import to_json
from jackfield.surfaces.rest.answers import answer, answer_view
from jackfield.surfaces.rest.bodies import Document, Said
from jackfield.surfaces.rest.compat import origin_of
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.models.connectors import OBJECT
from jackfield.surfaces.rest.models.shown import EachOf, Shown
from jackfield.surfaces.rest.offered import offered

router = APIRouter(tags=["Authoring"])

_EXAMPLE = {"description": "Customers of Acme CRM.\nGET /customers - all of them"}


@offered(
    router,
    "GET",
    "/api/authoring/tools",
    answers=EachOf(item=Shown(view=AuthoringTool, name="AuthoringTool"), told="By name."),
)
async def list_authoring_tools(caller: Caller, manage: Manage) -> Response:
    """List the tools with which a language model makes connectors: those that the caller's token allows to call."""
    return answer([to_json(tool) for tool in await manage.authoring.tools(caller)])


@offered(
    router,
    "POST",
    "/api/authoring/tools/{name}",
    answers=Shown(view=ToolResult, name="ToolResult"),
    fails=(400,),
    body=Said(schema=OBJECT, examples={"generate_connector_script": _EXAMPLE}),
)
async def call_authoring_tool(caller: Caller, manage: Manage, name: str, body: Document, request: Request) -> Response:
    """Call an authoring tool; the body has its arguments.

    Everything that a model can get wrong is answered with 200 and `failed: true`, with what to do about it: a name
    that no tool has, arguments that do not fit, a scope that the token lacks, a script that cannot be loaded.
    """
    trigger = origin_of(request.headers.get("x-jackfield-client")).trigger
    return answer_view(await manage.authoring.call(caller, name, body, trigger=trigger))
