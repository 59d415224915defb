"""Upstream MCP servers: what they offer beside what is pinned of them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from jackfield.manage.upstream_views import Synced
from jackfield.surfaces.rest.answers import answer_view
from jackfield.surfaces.rest.bodies import Document, Said
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.models.connectors import FLAG, TEXT, keys
from jackfield.surfaces.rest.models.shown import Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.paths import Target
from jackfield.surfaces.rest.revisions import IfMatch, revised

router = APIRouter(tags=["Connectors"])

SYNC = {
    "title": "McpSync",
    "type": "object",
    "properties": keys(
        apply=(
            {"anyOf": [FLAG, {"type": "array", "items": TEXT}]},
            "`true` pins all that is different, a list the tools that it names. Without it nothing is changed.",
        ),
        revision=({"type": "integer"}, "Only if the connector still has this one."),
    ),
    "additionalProperties": False,
}
EXAMPLES = {"What is different": {}, "All of it": {"apply": True}, "One tool": {"apply": ["find_book"]}}


@offered(
    router,
    "POST",
    "/api/connectors/{id}/sync-mcp",
    "/api/connectors/{namespace}/{name}/sync-mcp",
    answers=Shown(view=Synced, name="McpSynced"),
    fails=(400, 404, 409),
    body=Said(schema=SYNC, examples=EXAMPLES),
)
async def sync_mcp(
    caller: Caller, manage: Manage, target: Target, body: Document, if_match: IfMatch = None
) -> Response:
    """Tell how the tools of a connector's MCP server differ from those that are pinned, and pin them anew.

    Models and callers see what is pinned, and a call of a tool that is different is refused with `tool-changed`, until
    somebody has applied the difference. What is applied becomes a new version of the connector's type.
    """
    said, revision = revised(body, if_match)
    return answer_view(await manage.upstreams.sync(caller, target, said, revision=revision))
