"""Signing in and out in a browser, which then has a cookie that no script can read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field, SecretStr
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from jackfield.access.errors import SessionEnded
from jackfield.access.sessions import Session
from jackfield.manage.sessions import SignedIn, signed_in
from jackfield.surfaces.errors import BodyUnreadable
from jackfield.surfaces.rest.answers import JSON, answer_view, no_content
from jackfield.surfaces.rest.bodies import Body, Said, body_of
from jackfield.surfaces.rest.cookies import forgetting, keeping
from jackfield.surfaces.rest.given import Given
from jackfield.surfaces.rest.models.shown import Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.origins import is_over_tls, require_own_page

router = APIRouter(tags=["Session"])
SessionShown = Shown(view=SignedIn, name="Session")


class SignIn(Body):
    """An API token to sign in with."""

    token: SecretStr = Field(min_length=1, description="An API token. The session allows what it allows, and no more.")


async def _from_own_page(request: Request) -> Headers:
    """Before the body is read: no form of another site can send JSON, nor hide where it comes from."""
    require_own_page(request.headers)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise BodyUnreadable(problem=f"its `Content-Type` is `{kind[:60]}`, and must be `{JSON}`")
    return request.headers


async def _session(request: Request) -> Session:
    found: Session | None = getattr(request.state, "session", None)
    if found is None:  # who sends a token is not signed in by it
        raise SessionEnded
    return found


@offered(
    router,
    "POST",
    "/api/session",
    answers=SessionShown,
    status=201,
    fails=(400, 429),
    body=Said(schema=SignIn, examples={"With a token": {"token": "jf_..."}}),
)
async def sign_in(
    request: Request,
    services: Given,
    headers: Annotated[Headers, Depends(_from_own_page)],
    body: Annotated[SignIn, Depends(body_of(SignIn))],
) -> Response:
    """Sign a browser in.

    Sets a cookie with a new session, which ends when it was not used for 12 hours, after 7 days, and with its token. It
    needs no token in the header. The body must be sent as `application/json`, and only by a page of this server.
    """
    address = request.client.host if request.client else ""
    made = await services.sessions.sign_in(body.token.get_secret_value(), address=address)
    answer = answer_view(signed_in(made.session, keeps_nothing=services.manage.keeps_nothing), status=201)
    host, secure = headers.get("host", ""), is_over_tls(request.url.scheme, headers)
    answer.headers["Set-Cookie"] = keeping(made.text, host=host, secure=secure, expires=made.session.expires)
    return answer


@offered(router, "GET", "/api/session", answers=SessionShown)
async def get_session(services: Given, session: Annotated[Session, Depends(_session)]) -> Response:
    """Tell who is signed in, with the token that changes need in the header `X-CSRF-Token`.

    Only to a browser with the cookie; `/api/users/me` tells whose a token is.
    """
    return answer_view(signed_in(session, keeps_nothing=services.manage.keeps_nothing))


@offered(router, "DELETE", "/api/session", status=204)
async def sign_out(request: Request, services: Given, session: Annotated[Session, Depends(_session)]) -> Response:
    """Sign out: the session ends at once, in every process, and the cookie is taken out of the browser."""
    await services.sessions.sign_out(session)
    answer = no_content()
    for cookie in forgetting(host=request.headers.get("host", "")):
        answer.headers.append("Set-Cookie", cookie)
    return answer
