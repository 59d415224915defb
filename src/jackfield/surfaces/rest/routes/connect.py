"""The page of a connect link: who asks for which account, and a button. It needs no account here."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from jackfield.definition.errors import InvalidParams
from jackfield.errors import JackfieldError
from jackfield.manage.connect_link_views import LinkPage
from jackfield.manage.errors import ConnectLinkInvalid, NothingKept
from jackfield.surfaces.errors import CsrfRefused, RouteNotFound
from jackfield.surfaces.rest.given import services_of
from jackfield.surfaces.rest.origins import require_own_page
from jackfield.surfaces.rest.own_address import own_address
from jackfield.surfaces.rest.pages import FILES, HEADERS, OWN, link, page, paragraphs, refused
from jackfield.surfaces.rest.sign_in_cookies import keeping

router = APIRouter(include_in_schema=False)

MAX_FIELDS = 200

REFUSALS = (ConnectLinkInvalid, CsrfRefused, InvalidParams, NothingKept)
"""What people see as a page, since no program opens these."""


@router.get("/connect/files/{file}")
async def asset(file: str) -> Response:
    """A part of the pages."""
    if file not in FILES:
        raise RouteNotFound(path=f"/connect/files/{file}")
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response((OWN / file).read_bytes(), media_type=FILES[file], headers=headers)


@router.get("/connect/{token}")
async def show(request: Request, token: str) -> Response:
    """Say who asks for what. Nothing begins by looking at it: programs that preview links look at all of them."""
    try:
        found = await services_of(request).manage.link_pages.show(token)
    except REFUSALS as error:
        return refused(error, depth=1)
    return _page(found)


@router.post("/connect/{token}")
async def begin(request: Request, token: str) -> Response:
    """Send the browser to the service, or keep what was typed in."""
    try:
        require_own_page(request.headers)
        pages = services_of(request).manage.link_pages
        found = await pages.show(token)
        if not found.signs_in:
            return await _fill(request, token, found)
        started = await pages.begin(token, origin=own_address(request))
    except REFUSALS as error:
        return refused(error, depth=1)
    answer = Response(status_code=303, headers=HEADERS | {"Location": started.authorization_url})
    answer.headers["Set-Cookie"] = keeping(started)
    return answer


async def _fill(request: Request, token: str, found: LinkPage) -> Response:
    content = (await request.body()).decode("utf-8", "replace")
    try:
        given = parse_qsl(content, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        given = []  # more than the page has: then a value is missing
    try:
        return_url = await services_of(request).manage.link_pages.fill(token, dict(given))
    except InvalidParams as error:
        return _page(found, problem=error, status=error.status)
    words = paragraphs("You can close this window.")
    return page("The account is connected", words + (link(return_url, "Go back") if return_url else ""), depth=1)


def _page(found: LinkPage, *, problem: JackfieldError | None = None, status: int = 200) -> Response:
    whose = f" as {found.end_user}" if found.end_user else ""
    asked = f"{found.author} asks you to connect your account of {found.connector}{whose}."
    alert = f'<p role="alert">{escape(problem.message)}.</p>' if problem else ""
    if found.signs_in:
        scopes = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in found.scopes)
        wants = f"{paragraphs('The service will be asked to allow:')}<ul>{scopes}</ul>" if scopes else ""
        button = f"Go on to {found.connector}"
    else:
        wants = "".join(_field(*field) for field in found.fields)
        button = "Connect"
    form = f'<form method="post">{wants}<p><button>{escape(button)}</button></p></form>'
    note = '<p class="quiet">Whoever sent you this link can use the account from then on. The link works once.</p>'
    answer = page(f"Connect {found.connector}", alert + paragraphs(asked) + form + note, depth=1, status=status)
    # With `no-referrer` browsers send `Origin: null` with the form, as another site's page could. To others the address
    # is not told either way.
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _field(name: str, label: str, hidden: bool) -> str:
    kind = "password" if hidden else "text"
    return (
        f'<label for="{escape(name)}">{escape(label)}</label>'
        f'<input id="{escape(name)}" name="{escape(name)}" type="{kind}" autocomplete="off" spellcheck="false">'
    )
