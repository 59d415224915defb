"""The only place where an error becomes an HTTP answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault, pointer
from jackfield.errors import JackfieldError
from jackfield.surfaces.errors import BodyUnreadable, InternalError, MethodNotAllowed, RouteNotFound

MEDIA_TYPE = "application/problem+json"

log = logging.getLogger("jackfield.rest")


def problem(error: JackfieldError, request_id: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error as an answer.

    Args:
        headers: They win over the usual ones.

    Shape: that of `JackfieldError.to_json`, with `requestId` and `errors: [{pointer, message}]`.

    Source: RFC 9457, section 3.
    """
    if error.status >= 500 and not isinstance(error, InternalError):  # that one is in the log with all that led to it
        log.warning("%s: %s (%s)", request_id, error.message, error.code)
    document = error.to_json() | {"requestId": request_id, "errors": _errors(error)}
    content = orjson.dumps(document, default=str)
    told = _headers(error) | dict(headers or {})
    return Response(content, status_code=error.status, headers=told, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let every error of the routes of `app` be answered as a problem."""
    app.add_exception_handler(JackfieldError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_unexpected)


async def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, JackfieldError)  # noqa: S101 - as it was installed
    return problem(error, request_id_of(request))


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as it was installed
    # Never the input itself: it may be a secret.
    if any(fault["type"] in {"json_invalid", "bytes_invalid"} for fault in error.errors()):
        return problem(BodyUnreadable(problem="it is not JSON"), request_id_of(request))
    faults = [Fault(pointer=_place(fault["loc"]), message=str(fault["msg"])) for fault in error.errors()]
    wrong = InvalidParams(faults=faults, where="the request", hint="`/docs` shows what this route takes")
    return problem(wrong, request_id_of(request))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as it was installed
    path = request.url.path
    if error.status_code in {404, 405}:
        if allowed := _allowed(request):
            return problem(MethodNotAllowed(method=request.method, path=path, allowed=allowed), request_id_of(request))
        return problem(RouteNotFound(path=path), request_id_of(request))
    return problem(BodyUnreadable(problem=str(error.detail)), request_id_of(request))


def _allowed(request: Request) -> list[str]:
    """The methods that a path takes. What is raised names those of one route only.

    `/api/connectors/a/test` is also a connector called `test`, which there cannot be: the route with the fewest
    parameters is meant.
    """
    found = [route for route in request.app.state.known if route.path_regex.match(request.scope["path"])]
    meant = min(found, key=lambda route: len(route.param_convertors), default=None)
    if meant is None:
        return []
    return sorted({method for route in found if route.path == meant.path for method in route.methods} - {"HEAD"})


async def _on_unexpected(request: Request, _error: Exception) -> Response:
    return problem(InternalError(request_id=request_id_of(request)), request_id_of(request))


def request_id_of(request: Request) -> str:
    """The id that the edge gave to the request."""
    found: str = request.state.request_id
    return found


def _place(loc: Sequence[Any]) -> str:
    """Where in a request something is wrong: a JSON Pointer into its body, or `/query/name` and the like."""
    return pointer(loc[1:] if loc and loc[0] == "body" else loc)


def _errors(error: JackfieldError) -> list[Mapping[str, Any]]:
    found = error.details.get("errors")
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _headers(error: JackfieldError) -> dict[str, str]:
    headers: dict[str, str] = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="jackfield"'
    if isinstance(error, MethodNotAllowed) and (allowed := error.details["allowed"]):
        headers["Allow"] = ", ".join(allowed)
    if error.status in {429, 503}:
        headers["Retry-After"] = str(max(1, round(error.details.get("retry_after_s") or 1)))
    return headers
