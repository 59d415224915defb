"""Drafts: kept, listed, changed, deleted, for whoever has made them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from jackfield.manage.draft_secrets import MARKER
from jackfield.manage.draft_views import Draft, DraftInfo
from jackfield.surfaces.rest.answers import answer_list, answer_view, no_content
from jackfield.surfaces.rest.bodies import Document, Said
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lists import ListAsked
from jackfield.surfaces.rest.models.connectors import TEXT, keys
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.revisions import IfMatch, revised

router = APIRouter(tags=["Drafts"])
DraftShown = Shown(view=Draft, name="Draft")

_KEYS = keys(
    name=({"type": ["string", "null"], "maxLength": 200}, "For people; several drafts may have one."),
    body=({"type": ["object", "null"], "additionalProperties": True}, "Any JSON object; with the rest at most 2 MB."),
    secrets=(
        {"type": ["array", "null"], "items": TEXT, "maxItems": 100},
        "Where in the body secrets are, or may be: JSON Pointers. They are never answered.",
    ),
)
_KIND = keys(kind=({"type": "string", "pattern": "^[a-z][a-z0-9-]{0,49}$"}, "What it is a draft of: `connector` ..."))

DRAFT: Mapping[str, Any] = {
    "title": "NewDraft",
    "type": "object",
    "required": ["kind"],
    "properties": {**_KIND, **_KEYS},
    "additionalProperties": False,
}
CHANGES: Mapping[str, Any] = {
    "title": "DraftChanges",
    "type": "object",
    "properties": {**_KIND, **_KEYS, **keys(revision=({"type": "integer"}, "Only if it still has this one."))},
    "additionalProperties": False,
}
_BODY = {"name": "acme", "type": "acme", "config": {"token": "ak_..."}}
_CHANGED = {"name": "acme", "type": "acme", "config": {"token": MARKER, "region": "eu"}}


@offered(
    router,
    "POST",
    "/api/drafts",
    answers=DraftShown,
    status=201,
    fails=(400, 409),
    body=Said(
        schema=DRAFT,
        examples={"Connector": {"kind": "connector", "name": "Acme", "body": _BODY, "secrets": ["/config/token"]}},
    ),
)
async def create_draft(caller: Caller, manage: Manage, body: Document) -> Response:
    """Keep a draft.

    Nobody else sees it, administrators neither. It is encrypted, and deleted 30 days after its last change. What stands
    at the places that `secrets` names is never answered: `{"$secret": "set"}` is, in its place.
    """
    made = await manage.drafts.create(caller, body)
    return answer_view(made, status=201, location=f"/api/drafts/{made.id}")


@offered(router, "GET", "/api/drafts", answers=Page(item=Shown(view=DraftInfo, name="DraftHead")))
async def list_drafts(caller: Caller, manage: Manage, asked: Annotated[ListAsked, Query()]) -> Response:
    """List the caller's drafts without their bodies, the one that was changed last first."""
    return answer_list(await manage.drafts.list(caller), asked.query(), kind=DraftInfo)


@offered(router, "GET", "/api/drafts/{id}", answers=DraftShown, fails=(404,))
async def get_draft(caller: Caller, manage: Manage, id: str) -> Response:
    """Show a draft of the caller's, with `{"$secret": "set"}` in the place of each secret."""
    return answer_view(await manage.drafts.get(caller, id))


@offered(
    router,
    "PUT",
    "/api/drafts/{id}",
    answers=DraftShown,
    fails=(400, 404, 409),
    body=Said(schema=CHANGES, examples={"Another body": {"body": _CHANGED}}),
)
async def update_draft(caller: Caller, manage: Manage, id: str, body: Document, if_match: IfMatch = None) -> Response:
    """Change a draft of the caller's. What is left out stays; `body` and `secrets` are replaced whole.

    `{"$secret": "set"}` in the body keeps the secret of that place. With `If-Match` or `revision`, only what has not
    changed since it was read is changed.
    """
    changes, revision = revised(body, if_match)
    return answer_view(await manage.drafts.update(caller, id, changes, revision=revision))


@offered(router, "DELETE", "/api/drafts/{id}", status=204, fails=(404,))
async def delete_draft(caller: Caller, manage: Manage, id: str) -> Response:
    """Delete a draft of the caller's for good."""
    await manage.drafts.delete(caller, id)
    return no_content()
