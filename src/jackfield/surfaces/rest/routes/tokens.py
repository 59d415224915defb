"""API tokens: made, listed, revoked. The text of one is answered once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from jackfield.access.principal import Scope
from jackfield.manage.tokens import NewToken, Token
from jackfield.surfaces.rest.answers import answer_list, answer_view
from jackfield.surfaces.rest.bodies import Said, body_of
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lifetimes import Lifetime
from jackfield.surfaces.rest.lists import ListAsked
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.offered import offered

router = APIRouter(tags=["Tokens"])
TokenShown = Shown(view=Token, name="Token")


class TokenMade(Lifetime):
    """A new token."""

    name: str = Field(description="What it is for, in 1 to 100 characters.")
    user: str | None = Field(
        default=None, description="Whose; the caller's unless given. Others' takes an administrator."
    )
    scopes: list[Scope] | None = Field(
        default=None, min_length=1, description="Of those of the caller's token; all unless given."
    )


class TokensAsked(ListAsked):
    """Whose tokens."""

    user: str | None = Field(default=None, description="The caller's unless given. Others' take an administrator.")


@offered(
    router,
    "POST",
    "/api/tokens",
    answers=Shown(view=NewToken, name="NewToken"),
    status=201,
    fails=(400, 404),
    body=Said(schema=TokenMade, examples={"For a day": {"name": "laptop", "expiresIn": 86400}}),
)
async def create_token(
    caller: Caller, manage: Manage, body: Annotated[TokenMade, Depends(body_of(TokenMade))]
) -> Response:
    """Make a token. Its `text` is in this answer, and nobody can have it a second time."""
    made = await manage.tokens.create(
        caller, name=body.name, user=body.user, scopes=body.scopes, expires_in_s=body.seconds()
    )
    return answer_view(made, status=201, location=f"/api/tokens/{made.token.id}")


@offered(router, "GET", "/api/tokens", answers=Page(item=TokenShown), fails=(404,))
async def list_tokens(caller: Caller, manage: Manage, asked: Annotated[TokensAsked, Query()]) -> Response:
    """List the tokens of a user, oldest first, also those that are over."""
    return answer_list(await manage.tokens.list(caller, user=asked.user), asked.query(), kind=Token)


@offered(router, "GET", "/api/tokens/{id}", answers=TokenShown, fails=(404,))
async def get_token(caller: Caller, manage: Manage, id: str) -> Response:
    """Show a token, without its text."""
    return answer_view(await manage.tokens.get(caller, id))


@offered(router, "DELETE", "/api/tokens/{id}", answers=TokenShown, fails=(404,))
async def revoke_token(caller: Caller, manage: Manage, id: str) -> Response:
    """Revoke a token: it works no longer, and stays in the list as revoked."""
    return answer_view(await manage.tokens.revoke(caller, id))
