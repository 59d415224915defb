"""Users, and who one is oneself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from jackfield.access.principal import ALL_SCOPES, Scope
from jackfield.manage.users import MAX_DISPLAY_NAME, MAX_SUBJECT, Identity, NewUser, User, identity
from jackfield.surfaces.rest.answers import answer_list, answer_view, no_content
from jackfield.surfaces.rest.bodies import Body, Said, body_of
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lifetimes import Lifetime
from jackfield.surfaces.rest.lists import ListAsked
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.offered import offered

router = APIRouter(tags=["Users"])
UserShown = Shown(view=User, name="User")


class UserMade(Lifetime):
    """A new user, whose first token is made too: what it allows, and how long it works."""

    name: str = Field(description="1 to 100 letters, digits, `-` and `_`, beginning with a letter; not `me`.")
    display_name: str = Field(default="", description="For people.", max_length=MAX_DISPLAY_NAME)
    admin: bool = Field(default=False, description="An administrator sees and changes what others of the tenant own.")
    scopes: list[Scope] | None = Field(default=None, min_length=1, description="Of the token; all unless given.")


class IdentityLinked(Body):
    """As whom the issuer knows a user."""

    subject: str = Field(description="As the issuer's tokens have it in `sub`.", min_length=1, max_length=MAX_SUBJECT)


@offered(
    router,
    "POST",
    "/api/users",
    answers=Shown(view=NewUser, name="NewUser"),
    status=201,
    fails=(400, 409),
    body=Said(schema=UserMade, examples={"Reads only": {"name": "ann", "displayName": "Ann", "scopes": ["read"]}}),
)
async def create_user(
    caller: Caller, manage: Manage, body: Annotated[UserMade, Depends(body_of(UserMade))]
) -> Response:
    """Make a user with one token, whose `text` is in this answer and nowhere else. Takes an administrator."""
    made = await manage.users.add(
        caller,
        name=body.name,
        display_name=body.display_name,
        admin=body.admin,
        scopes=ALL_SCOPES if body.scopes is None else body.scopes,
        expires_in_s=body.seconds(),
    )
    return answer_view(made, status=201, location=f"/api/users/{made.user.name}")


@offered(router, "GET", "/api/users", answers=Page(item=UserShown))
async def list_users(caller: Caller, manage: Manage, asked: Annotated[ListAsked, Query()]) -> Response:
    """List users by name: all for an administrator, for others themselves."""
    return answer_list(await manage.users.list(caller), asked.query(), kind=User)


@offered(router, "GET", "/api/users/me", answers=Shown(view=Identity, name="Identity"))
async def who_am_i(caller: Caller) -> Response:
    """Tell whose token the request has, and what it allows. Any token will do."""
    return answer_view(identity(caller))


@offered(router, "GET", "/api/users/{name}", answers=UserShown, fails=(404,))
async def get_user(caller: Caller, manage: Manage, name: str) -> Response:
    """Show a user: any for an administrator, for others themselves."""
    return answer_view(await manage.users.get(caller, name))


@offered(router, "POST", "/api/users/{name}/enable", answers=UserShown, fails=(404, 409))
async def enable_user(caller: Caller, manage: Manage, name: str) -> Response:
    """Let a user go on who was disabled. Takes an administrator."""
    return answer_view(await manage.users.enable(caller, name))


@offered(router, "POST", "/api/users/{name}/disable", answers=UserShown, fails=(404, 409))
async def disable_user(caller: Caller, manage: Manage, name: str) -> Response:
    """Let a user do nothing from now on; tokens and private secrets are kept. Takes an administrator."""
    return answer_view(await manage.users.disable(caller, name))


@offered(
    router,
    "PUT",
    "/api/users/{name}/identity",
    answers=UserShown,
    fails=(400, 404, 409),
    body=Said(schema=IdentityLinked, examples={"Of the issuer": {"subject": "248289761001"}}),
)
async def link_user(
    caller: Caller, manage: Manage, name: str, body: Annotated[IdentityLinked, Depends(body_of(IdentityLinked))]
) -> Response:
    """Let the company's OpenID Connect issuer vouch for a user: its tokens of that subject are the user's.

    In place of the subject that the user had before. Takes an administrator.
    """
    return answer_view(await manage.users.link(caller, name, subject=body.subject))


@offered(router, "DELETE", "/api/users/{name}/identity", answers=UserShown, fails=(404, 409))
async def unlink_user(caller: Caller, manage: Manage, name: str) -> Response:
    """Let no token of the company's OpenID Connect issuer be a user's any more. Takes an administrator."""
    return answer_view(await manage.users.unlink(caller, name))


@offered(router, "DELETE", "/api/users/{name}", status=204, fails=(404, 409))
async def delete_user(caller: Caller, manage: Manage, name: str) -> Response:
    """Delete a user, with tokens and private secrets. What is shared stays. Takes an administrator."""
    await manage.users.delete(caller, name)
    return no_content()
