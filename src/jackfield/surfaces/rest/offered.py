"""Routes that say in the document what they take and answer."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from jackfield.manage.views import camel
from jackfield.surfaces.rest.models.shown import Problem

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

_PARAMETER = re.compile(r"\{(\w+)\}")
_REASONS = {
    400: "The body cannot be read.",
    401: "There is no token, or it is not accepted.",
    403: "The caller may not do this.",
    404: "There is none that the caller may see.",
    409: "It does not fit what is there now.",
    413: "The body is too large.",
    422: "Something in the request is wrong.",
    503: "The database cannot be used now.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the document says of answers that are problems."""
    return {status: {"model": Problem, "description": _REASONS[status]} for status in statuses}


def offered(
    router: APIRouter,
    method: str,
    *paths: str,
    answers: type[BaseModel] | None = None,
    status: int = 200,
    fails: Sequence[int] = (),
    body: Mapping[str, Any] | None = None,
    also: Mapping[int, str] | None = None,
) -> Callable[[Endpoint], Endpoint]:
    """Add a function as a route. Its name becomes the operation's, its docstring what is said of it.

    Args:
        router: Of the resource.
        method: Such as `GET`.
        paths: Several where there are several ways to name the same; the operations of the later ones end in `ByName`.
        answers: Model of the answer; none where there is no body.
        status: Of the answer.
        fails: Statuses of problems, beside 401, 403 and 422, which all routes may have.
        body: What is said of the request's body; see `bodies`.
        also: Other statuses with the same answer, and when they are answered.
    """

    def add(endpoint: Endpoint) -> Endpoint:
        told = inspect.getdoc(endpoint) or ""
        more: dict[int | str, dict[str, Any]] = {
            code: {"model": answers, "description": when} for code, when in (also or {}).items()
        }
        for place, path in enumerate(paths):
            router.add_api_route(
                path,
                endpoint,
                methods=[method],
                operation_id=camel(endpoint.__name__) + ("ByName" if place else ""),
                summary=told.partition("\n")[0].rstrip("."),
                description=told,
                status_code=status,
                response_model=answers,
                response_class=JSONResponse if answers else Response,
                responses=more | problems(*sorted({401, 403, 422, *fails})),
                openapi_extra=_extra(endpoint, path, body),
            )
        return endpoint

    return add


def _extra(endpoint: Callable[..., Any], path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
    """What FastAPI cannot see: path parameters that a dependency reads, and bodies that are read by hand."""
    seen = inspect.signature(endpoint).parameters
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(path)
        if name not in seen
    ]
    return ({"parameters": parameters} if parameters else {}) | ({"requestBody": body} if body else {})
