"""Connecting accounts: sign-ins in a browser and on other devices."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field, SecretStr
from starlette.requests import Request
from starlette.responses import Response

from jackfield.manage.sign_in_views import DeviceStarted, RedirectUri, SignInStarted, SignInStatus
from jackfield.manage.sign_in_wishes import MAX_NAME, MAX_SCOPES
from jackfield.surfaces.rest.answers import answer_view
from jackfield.surfaces.rest.bodies import Body, Said, body_of
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.lists import Asked
from jackfield.surfaces.rest.models.shown import Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.own_address import own_address
from jackfield.surfaces.rest.sign_in_cookies import keeping

router = APIRouter(tags=["Credentials"])
Started = Shown(view=SignInStarted, name="SignInStarted", without=frozenset({"_browser"}))
Device = Shown(view=DeviceStarted, name="DeviceStarted")
Status = Shown(view=SignInStatus, name="SignInStatus")


class DeviceAsked(Body):
    """An account to be connected on another device."""

    connector: str = Field(min_length=1, description="Its name or its id.")
    credential: str | None = Field(default=None, description="Id of the credential to connect again.")
    name: str | None = Field(default=None, description=f"Of a new one, at most {MAX_NAME} characters.")
    visibility: Literal["shared", "private"] = Field(default="shared", description="Of a new one.")
    is_default: bool | None = Field(default=None, description="Calls that name none use it.")
    end_user: str | None = Field(default=None, description="Whose account it is, as you call them.")
    mode: Literal["platform", "own"] | None = Field(default=None, description="With whose app.")
    client_id: str | None = Field(default=None, description="Of an app of your own.")
    client_secret: SecretStr | None = Field(default=None, min_length=1, description="Of that app, if it has one.")
    scopes: list[str] = Field(default=[], max_length=MAX_SCOPES, description="Beside those of the type.")


class SignInAsked(DeviceAsked):
    """An account to be connected in this browser."""

    switch_account: bool = Field(default=False, description="Let the person choose another account.")
    return_to: str | None = Field(default=None, description="A path below `/ui/` to go back to.")


class ConnectorAsked(Asked):
    """Which connector."""

    connector: str = Field(description="Its name or its id.")


EXAMPLES = {
    "With the installation's app": {"connector": "acme", "name": "sales", "returnTo": "/ui/connectors"},
    "With an app of one's own": {
        "connector": "acme",
        "clientId": "abc",
        "clientSecret": "...",
        "visibility": "private",
    },
    "The same account again": {"connector": "acme", "credential": "0198c0de-0000-7000-8000-000000000000"},
}
FAILS = (400, 404, 409)


@offered(
    router,
    "POST",
    "/api/oauth/sign-ins",
    answers=Started,
    status=201,
    fails=FAILS,
    body=Said(schema=SignInAsked, examples=EXAMPLES),
)
async def start_sign_in(
    request: Request, caller: Caller, manage: Manage, body: Annotated[SignInAsked, Depends(body_of(SignInAsked))]
) -> Response:
    """Begin to connect an account.

    Answers where the browser goes now, and sets a cookie without which it cannot come back: only the browser that asks
    can finish this sign-in, once, within ten minutes.
    """
    started = await manage.sign_ins.start(
        caller,
        body.connector,
        credential=body.credential,
        name=body.name,
        visibility=body.visibility,
        default=body.is_default,
        end_user=body.end_user,
        mode=body.mode,
        client_id=body.client_id,
        client_secret=_secret(body),
        scopes=body.scopes,
        switch_account=body.switch_account,
        return_to=body.return_to,
        origin=own_address(request),
    )
    answer = answer_view(started, status=201, location=f"/api/oauth/sign-ins/{started.id}")
    answer.headers["Set-Cookie"] = keeping(started)
    return answer


@offered(router, "GET", "/api/oauth/sign-ins/{id}", answers=Status, fails=(404,))
async def get_sign_in(caller: Caller, manage: Manage, id: str) -> Response:
    """Tell how a sign-in goes, to whoever began it."""
    return answer_view(await manage.sign_ins.status(caller, id))


@offered(
    router,
    "POST",
    "/api/oauth/devices",
    answers=Device,
    status=201,
    fails=FAILS,
    body=Said(schema=DeviceAsked, examples={"On a telephone": {"connector": "acme"}}),
)
async def start_device(
    caller: Caller, manage: Manage, body: Annotated[DeviceAsked, Depends(body_of(DeviceAsked))]
) -> Response:
    """Begin to connect an account on another device, where the code is typed in."""
    started = await manage.sign_ins.start_device(
        caller,
        body.connector,
        credential=body.credential,
        name=body.name,
        visibility=body.visibility,
        default=body.is_default,
        end_user=body.end_user,
        mode=body.mode,
        client_id=body.client_id,
        client_secret=_secret(body),
        scopes=body.scopes,
    )
    return answer_view(started, status=201, location=f"/api/oauth/sign-ins/{started.id}")


@offered(router, "POST", "/api/oauth/devices/{id}/poll", answers=Status, fails=(404,))
async def poll_device(caller: Caller, manage: Manage, id: str) -> Response:
    """Ask whether the person has agreed.

    The service is asked once in an interval, however often this is.
    """
    return answer_view(await manage.sign_ins.poll_device(caller, id))


@offered(
    router, "GET", "/api/oauth/redirect-uri", answers=Shown(view=RedirectUri, name="RedirectUri"), fails=(404, 409)
)
async def get_redirect_uri(
    request: Request, caller: Caller, manage: Manage, asked: Annotated[ConnectorAsked, Query()]
) -> Response:
    """Tell which redirect URI an app has to be registered with at the service of a connector."""
    return answer_view(await manage.sign_ins.redirect_uri(caller, asked.connector, origin=own_address(request)))


def _secret(body: DeviceAsked) -> str | None:
    return body.client_secret.get_secret_value() if body.client_secret else None
