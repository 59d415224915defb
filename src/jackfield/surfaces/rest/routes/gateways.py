"""Gateways: chosen commands for models, at endpoints and with tokens of their own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from jackfield.access.principal import Scope
from jackfield.manage.gateway_views import GatewayInfo
from jackfield.manage.people_views import NewToken, Token
from jackfield.surfaces.rest.answers import answer_list, answer_view, no_content
from jackfield.surfaces.rest.bodies import Document, Said, body_of
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lifetimes import Lifetime
from jackfield.surfaces.rest.lists import ListAsked
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.models.tools import GATEWAY, GATEWAY_CHANGES, GATEWAY_EXAMPLES
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.revisions import IfMatch, revised

router = APIRouter(tags=["Gateways"])
GatewayShown = Shown(view=GatewayInfo, name="Gateway")
ONE = "/api/gateways/{name}"


class GatewayTokenMade(Lifetime):
    """A new token that counts at one gateway only."""

    name: str = Field(description="What it is for, in 1 to 100 characters.")
    user: str | None = Field(
        default=None, description="For whom its calls are made; the caller unless given. Others take an administrator."
    )
    scopes: list[Scope] | None = Field(
        default=None, min_length=1, description="`read` to see the tools, `execute` to call them; both unless given."
    )


@offered(
    router,
    "POST",
    "/api/gateways",
    answers=GatewayShown,
    status=201,
    fails=(400,),
    body=Said(schema=GATEWAY, examples=GATEWAY_EXAMPLES),
)
async def create_gateway(caller: Caller, manage: Manage, body: Document) -> Response:
    """Make a gateway. What its choice names has to be there: a slip of the pen would protect nothing."""
    made = await manage.gateways.create(caller, body)
    return answer_view(made, status=201, location=f"/api/gateways/{made.name}")


@offered(router, "GET", "/api/gateways", answers=Page(item=GatewayShown))
async def list_gateways(caller: Caller, manage: Manage, asked: Annotated[ListAsked, Query()]) -> Response:
    """List gateways, by name."""
    return answer_list(await manage.gateways.list(caller), asked.query(), kind=GatewayInfo)


@offered(router, "GET", ONE, answers=GatewayShown, fails=(404,))
async def get_gateway(caller: Caller, manage: Manage, name: str) -> Response:
    """Show a gateway, by its name or its id."""
    return answer_view(await manage.gateways.get(caller, name))


@offered(
    router,
    "PUT",
    ONE,
    answers=GatewayShown,
    fails=(400, 404),
    body=Said(schema=GATEWAY_CHANGES, examples={"Switch it off": {"enabled": False}}),
)
async def update_gateway(
    caller: Caller, manage: Manage, name: str, body: Document, if_match: IfMatch = None
) -> Response:
    """Change a gateway. What the body leaves out stays as it is; a choice is replaced whole.

    Takes its owner or an administrator. While it is disabled, its tokens do not count. With `If-Match` or `revision`,
    only what has not changed since it was read is changed.
    """
    changes, revision = revised(body, if_match)
    return answer_view(await manage.gateways.update(caller, name, changes, revision=revision))


@offered(router, "DELETE", ONE, status=204, fails=(404,))
async def delete_gateway(caller: Caller, manage: Manage, name: str, if_match: IfMatch = None) -> Response:
    """Delete a gateway, and revoke its tokens. Takes its owner or an administrator."""
    _, revision = revised({}, if_match)
    await manage.gateways.delete(caller, name, revision=revision)
    return no_content()


@offered(
    router,
    "POST",
    f"{ONE}/tokens",
    answers=Shown(view=NewToken, name="NewToken"),
    status=201,
    fails=(400, 404),
    body=Said(schema=GatewayTokenMade, examples={"For a month": {"name": "assistant", "expiresIn": 2_592_000}}),
)
async def create_gateway_token(
    caller: Caller, manage: Manage, name: str, body: Annotated[GatewayTokenMade, Depends(body_of(GatewayTokenMade))]
) -> Response:
    """Make a token that counts at this gateway's endpoint and nowhere else.

    Its `text` is in this answer, and nobody can have it a second time. It is listed and revoked at `/api/tokens`.
    """
    made = await manage.gateways.create_token(
        caller, name, name=body.name, user=body.user, scopes=body.scopes, expires_in_s=body.seconds()
    )
    return answer_view(made, status=201, location=f"/api/tokens/{made.token.id}")


@offered(router, "GET", f"{ONE}/tokens", answers=Page(item=Shown(view=Token, name="Token")), fails=(404,))
async def list_gateway_tokens(
    caller: Caller, manage: Manage, name: str, asked: Annotated[ListAsked, Query()]
) -> Response:
    """List the tokens that count at this gateway, whoever they are for. Takes its owner or an administrator."""
    return answer_list(await manage.gateways.tokens(caller, name), asked.query(), kind=Token)
