"""Connect links: made, listed, revoked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from jackfield.manage.connect_link_views import ConnectLinkInfo
from jackfield.surfaces.rest.answers import answer_list, answer_view, no_content
from jackfield.surfaces.rest.bodies import Said, body_of
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lists import ListAsked
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.own_address import own_address
from jackfield.surfaces.rest.routes.oauth import DeviceAsked

router = APIRouter(tags=["Credentials"])
Link = Shown(view=ConnectLinkInfo, name="ConnectLink")


class LinkAsked(DeviceAsked):
    """A link to be made."""

    end_user: str = Field(min_length=1, description="Whose account it is, as you call them.")
    switch_account: bool = Field(default=False, description="Let the person choose another account.")
    expires_in: float | None = Field(default=None, description="Seconds, at most 30 days; 3 days unless given.")
    return_url: str | None = Field(
        default=None, description="Where its user may go afterwards; the settings list the origins."
    )


class LinksAsked(ListAsked):
    """Which links."""

    connector: str | None = Field(default=None, description="Only those to it: its id, or its name in full.")


@offered(
    router,
    "POST",
    "/api/connect-links",
    answers=Link,
    status=201,
    fails=(400, 404, 409),
    body=Said(schema=LinkAsked, examples={"For a customer": {"connector": "acme", "endUser": "customer-42"}}),
)
async def make_connect_link(
    request: Request, caller: Caller, manage: Manage, body: Annotated[LinkAsked, Depends(body_of(LinkAsked))]
) -> Response:
    """Make a link with which somebody without an account here connects one account.

    Its address is shown now and never again: whoever has it may use it, once.
    """
    made = await manage.connect_links.make(
        caller,
        body.connector,
        end_user=body.end_user,
        name=body.name,
        visibility=body.visibility,
        default=body.is_default,
        credential=body.credential,
        mode=body.mode,
        client_id=body.client_id,
        client_secret=body.client_secret.get_secret_value() if body.client_secret else None,
        scopes=body.scopes,
        switch_account=body.switch_account,
        expires_in_s=body.expires_in,
        return_url=body.return_url,
        origin=own_address(request),
    )
    return answer_view(made, status=201, location=f"/api/connect-links/{made.id}")


@offered(router, "GET", "/api/connect-links", answers=Page(item=Link))
async def list_connect_links(caller: Caller, manage: Manage, asked: Annotated[LinksAsked, Query()]) -> Response:
    """List the caller's links, newest first; an administrator sees those of all."""
    found = await manage.connect_links.list(caller, connector=asked.connector)
    return answer_list(found, asked.query(), kind=ConnectLinkInfo)


@offered(router, "GET", "/api/connect-links/{id}", answers=Link, fails=(404,))
async def get_connect_link(caller: Caller, manage: Manage, id: str) -> Response:
    """Tell what became of a link."""
    return answer_view(await manage.connect_links.get(caller, id))


@offered(router, "DELETE", "/api/connect-links/{id}", status=204, fails=(404,))
async def revoke_connect_link(caller: Caller, manage: Manage, id: str) -> Response:
    """Let nobody use a link any more."""
    await manage.connect_links.revoke(caller, id)
    return no_content()
