"""The web interface: its page at every path below `/ui/`, and the files that the page asks for.

It says nothing about this installation, so it is shown to everybody; what it shows it reads after somebody signed in.
"""

from __future__ import annotations

import re

from fastapi import APIRouter
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from jackfield.surfaces.errors import RouteNotFound
from jackfield.surfaces.rest import ui_files
from jackfield.surfaces.rest.ui_files import ASSETS, INDEX, Built, UiFiles

router = APIRouter(include_in_schema=False)

# Nothing from elsewhere, no script in the page, no frame around it. Mantine and CodeMirror write elements with styles.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    # Windows in which people sign in at a service stay known to the page, which sees when they are closed. The page
    # takes itself out of their reach (`opener`) before they go there.
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

NOT_BUILT = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Jackfield</title>
<h1>The web interface is not here</h1>
<p>This server runs from a source tree in which it was not built. <code>python3 dev.py</code> builds it and starts the
server; <code>pip install jackfield</code> brings it along.</p>
<p>All else works. <a href="/docs">The interface for programs</a> can be tried in a browser.</p>
"""

_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=([0-9.]+)\s*)?(?=,|$)", re.IGNORECASE)
_OPAQUE = re.compile(r'"([^"]*)"')


def _current(request: Request) -> dict[str, Built]:
    state = request.app.state
    if not hasattr(state, "ui"):
        state.ui = UiFiles(ui_files.FOLDER)
    files: UiFiles = state.ui
    return files.current()


@router.get("/")
@router.get("/ui")
async def root() -> Response:
    """Where people want to go."""
    return RedirectResponse("/ui/", status_code=307)


@router.get("/ui/{path:path}")
async def page_or_file(request: Request) -> Response:
    """A file, or the page, which finds out by itself what a path below it means."""
    path: str = request.scope["path"].removeprefix("/ui/")  # as it is: the router leaves a last line break out
    files = _current(request)
    if not files:
        return Response(NOT_BUILT, status_code=503, headers=HEADERS, media_type="text/html")
    if found := files.get(path or INDEX):
        return _answer(found, request.headers, keep=FOR_EVER if path.startswith(ASSETS) else ASK_AGAIN)
    # What was built at another time is gone; the page in its place would be taken for a script.
    if path.startswith(ASSETS) or not path.isprintable() or ".." in path.split("/"):
        raise RouteNotFound(path=f"/ui/{path}")
    return _answer(files[INDEX], request.headers, keep=ASK_AGAIN)


def _answer(file: Built, asked: Headers, *, keep: str) -> Response:
    packed = file.packed if _takes_gzip(asked.get("accept-encoding", "")) else None
    etag = file.etag if packed is None else f"{file.etag}-gzip"
    headers = {**HEADERS, "Cache-Control": keep, "ETag": f'"{etag}"'}
    if file.packed is not None:
        headers["Vary"] = "Accept-Encoding"
    if _has_it(asked.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    if packed is None:
        return Response(file.plain, headers={**headers, "Content-Type": file.kind})
    return Response(packed, headers={**headers, "Content-Type": file.kind, "Content-Encoding": "gzip"})


def _takes_gzip(accepted: str) -> bool:
    """Source: RFC 9110, section 12.5.3."""
    found = _GZIP.search(accepted)
    return found is not None and (found[1] is None or found[1].strip("0.") != "")


def _has_it(known: str, etag: str) -> bool:
    """Source: RFC 9110, section 13.1.2."""
    return known.strip() == "*" or etag in _OPAQUE.findall(known)
