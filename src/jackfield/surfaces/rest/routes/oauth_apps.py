"""Platform apps: the clients that the installation has at services. No answer has a secret."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field, SecretStr
from starlette.responses import Response

from jackfield.manage.oauth_app_views import OAuthAppInfo
from jackfield.surfaces.rest.answers import answer_list, answer_view, no_content
from jackfield.surfaces.rest.bodies import Body, Said, body_of
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lists import ListAsked
from jackfield.surfaces.rest.models.shown import Page, Shown
from jackfield.surfaces.rest.offered import offered

router = APIRouter(tags=["Credentials"])
App = Shown(view=OAuthAppInfo, name="OAuthApp")


class AppAsked(Body):
    """An app of the installation."""

    client_id: str = Field(min_length=1, description="As the service calls the app.")
    client_secret: SecretStr | None = Field(
        default=None, description="Left out, or sent as the mask, the one that is there stays; null removes it."
    )
    redirect_uri: str | None = Field(default=None, description="Empty for this server's own address.")
    token_url: str | None = Field(
        default=None, description="The only place that gets the secret; the type's unless said."
    )


@offered(router, "GET", "/api/oauth/apps", answers=Page(item=App))
async def list_oauth_apps(caller: Caller, manage: Manage, asked: Annotated[ListAsked, Query()]) -> Response:
    """List the apps of the settings, and those of the environment. Only administrators see them."""
    return answer_list(await manage.oauth_apps.list(caller), asked.query(), kind=OAuthAppInfo)


@offered(
    router,
    "PUT",
    "/api/oauth/apps/{type}",
    answers=App,
    fails=(400, 404),
    body=Said(schema=AppAsked, examples={"As the service gave it": {"clientId": "abc", "clientSecret": "..."}}),
)
async def put_oauth_app(
    caller: Caller, manage: Manage, type: str, body: Annotated[AppAsked, Depends(body_of(AppAsked))]
) -> Response:
    """Put the app with which everybody signs in at the service of a connector type."""
    cleared = "" if "client_secret" in body.model_fields_set else None
    put = await manage.oauth_apps.put(
        caller,
        type,
        client_id=body.client_id,
        client_secret=body.client_secret.get_secret_value() if body.client_secret else cleared,
        redirect_uri=body.redirect_uri,
        token_url=body.token_url,
    )
    return answer_view(put)


@offered(router, "DELETE", "/api/oauth/apps/{type}", status=204, fails=(404,))
async def delete_oauth_app(caller: Caller, manage: Manage, type: str) -> Response:
    """Delete the app of a type. Accounts that were connected with it cannot be renewed any more."""
    await manage.oauth_apps.delete(caller, type)
    return no_content()
