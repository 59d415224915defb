"""Commands as they are now, for programs that make tools of them."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from jackfield.agents.described_json import answered_json
from jackfield.surfaces.rest.answers import answer
from jackfield.surfaces.rest.bodies import Said, body_of
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.models.calls import Plain
from jackfield.surfaces.rest.models.tools_described import ANSWERS, WANTED, WantedCommands
from jackfield.surfaces.rest.offered import offered

router = APIRouter(tags=["Tools"])

EXAMPLES = {
    "Two commands": {"wanted": [{"connector": "acme", "command": "list_items"}, {"connector": "delay"}]},
    "Everything": {"wanted": [{}]},
}


@offered(
    router,
    "POST",
    "/api/tools/describe",
    answers=Plain(name="ToolsDescribed", document=ANSWERS),
    fails=(400,),
    body=Said(schema=WANTED, examples=EXAMPLES),
)
async def describe_tools(
    caller: Caller, manage: Manage, asked: Annotated[WantedCommands, Depends(body_of(WantedCommands))]
) -> Response:
    """Describe many commands at once.

    For programs that make tools of commands by rules of their own, as Jackfield's SDK does. What cannot be described
    has an `error` at its place, and keeps nothing else from being there. With the `tag` of an earlier answer, what has
    not changed is not sent again.
    """
    found = await manage.tools.describe(caller, [one.wanted for one in asked.wanted])
    answers = await asyncio.to_thread(
        lambda: [answered_json(each, one.wanted, tag=one.tag) for each, one in zip(found, asked.wanted, strict=True)]
    )
    return answer({"answers": answers})
