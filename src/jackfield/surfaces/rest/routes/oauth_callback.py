"""Where services send browsers back to. There is no token: what the browser brings along is all that counts."""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from jackfield.credentials.oauth.errors import SignInInvalid
from jackfield.manage.errors import NothingKept
from jackfield.manage.sign_in_callbacks import Done
from jackfield.surfaces.rest.given import services_of
from jackfield.surfaces.rest.pages import HEADERS, link, page, paragraphs, refused
from jackfield.surfaces.rest.sign_in_cookies import forgetting, kept_for

router = APIRouter(include_in_schema=False)

CLOSE = "You can close this window."

_SAID = {
    "access_denied": "The service was told not to agree, or does not agree itself.",
    "expired": "It took too long.",
    "connector_changed": "The connector was changed meanwhile.",
    "link_over": "The link was used or revoked meanwhile.",
    "redirect_uri_mismatch": "The service does not know this server's address: the app must be registered with it.",
    "invalid_client": "The service does not know the app, or its secret is wrong.",
}


@router.get("/api/oauth/callback")
async def come_back(request: Request) -> Response:
    """Finish a sign-in whose app has a redirect URI of its own."""
    return await _finish(request, slug="", depth=2)


@router.get("/api/oauth/callback/{slug}")
async def come_back_from(request: Request, slug: str) -> Response:
    """Finish a sign-in."""
    return await _finish(request, slug=slug, depth=3)


@router.get("/api/oauth/done/{id}")
async def done(request: Request, id: str) -> Response:
    """Say how a sign-in ended. The address holds nothing that anybody could use."""
    manage = services_of(request).manage
    found = None if manage.keeps_nothing else await manage.callbacks.done(id)
    if found is None:
        return page("There is no such sign-in", paragraphs("It is long over.", CLOSE), depth=3, status=404)
    told = {"sign-in": found.id, "connected": str(found.connected).lower(), "code": found.code}
    return page(_title(found), _words(found) + _way_back(found), depth=3, told=told)


async def _finish(request: Request, *, slug: str, depth: int) -> Response:
    if getattr(request.state, "head", False):  # whoever only looks at an address takes no code
        return Response(status_code=405, headers=HEADERS | {"Allow": "GET"})
    query = request.scope["query_string"].decode("latin-1")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        pairs = []  # more than anybody sends: then it has no state either
    try:
        sign_in = await services_of(request).manage.callbacks.finish(
            pairs, slug=slug, cookies=partial(kept_for, request.headers)
        )
    except (SignInInvalid, NothingKept) as error:  # people see it, and no program does
        return refused(error, depth=depth)
    up = "../" if slug else ""
    headers = HEADERS | {"Location": f"{up}done/{sign_in}"}
    answer = Response(status_code=303, headers=headers)
    for forgotten in forgetting(sign_in, request.url.path):
        answer.headers.append("Set-Cookie", forgotten)
    return answer


def _title(found: Done) -> str:
    if not found.over:
        return "The account is being connected"
    return "The account is connected" if found.connected else "The account is not connected"


def _words(found: Done) -> str:
    if not found.over:
        return paragraphs("Reload this page in a moment.")
    if found.connected:
        return paragraphs(CLOSE)
    said = _SAID.get(found.code, f"The reason has the code {found.code}.")
    return paragraphs(said, "What was connected before is as it was.", CLOSE)


def _way_back(found: Done) -> str:
    if not found.return_to:
        return ""
    own = found.return_to.startswith("/")
    return link(f"../../..{found.return_to}" if own else found.return_to, "Go back")
