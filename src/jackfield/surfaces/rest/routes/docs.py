"""The description of the interface: for programs as OpenAPI, for people as a page.

The page says nothing about this installation, so it is shown to everybody; what it shows it reads with a token.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from jackfield.surfaces.errors import RouteNotFound
from jackfield.surfaces.rest.document import document_of

router = APIRouter(include_in_schema=False)

OWN = Path(__file__).parent.parent / "static"
FILES = ("docs.js", "docs.css", "swagger-ui.css", "swagger-ui-bundle.js")

# Nothing from elsewhere, no script in the page, no frame around it. Swagger UI writes styles into its elements.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@router.get("/api/openapi.json")
async def openapi(request: Request) -> Response:
    """The OpenAPI document."""
    state = request.app.state
    if not hasattr(state, "document"):
        state.document = orjson.dumps(document_of(request.app))
    return Response(state.document, media_type="application/json")


@router.get("/docs")
async def page() -> Response:
    """The page."""
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
    return FileResponse(OWN / "docs.html", media_type="text/html", headers=headers)


@router.get("/docs/{file}")
async def asset(file: str) -> Response:
    """A part of the page."""
    if file not in FILES:
        raise RouteNotFound(path=f"/docs/{file}")
    folder = OWN if file.startswith("docs.") else _swagger_ui()
    return FileResponse(folder / file)


@cache
def _swagger_ui() -> Path:
    """Where its files are. The package is not imported: it would bring a second web application."""
    found = importlib.util.find_spec("fastapi_offline")
    if found is None or found.origin is None:
        raise RouteNotFound(path="/docs")
    return Path(found.origin).parent / "static"
