"""Routes that say in the document what they take and answer."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import APIRouter
from starlette.responses import Response

from jackfield.manage.views import camel
from jackfield.surfaces.rest.bodies import Said
from jackfield.surfaces.rest.models.shown import Answered, Problem
from jackfield.surfaces.rest.problems import MEDIA_TYPE

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

_PARAMETER = re.compile(r"\{(\w+)\}")
_INNER = re.compile(r"\}/")
"""Behind a name that is empty the path is another one's, which may not take the method."""
_REASONS = {
    400: "The body cannot be read.",
    401: "There is no token, or it is not accepted.",
    403: "The caller may not do this.",
    404: "There is none that the caller may see.",
    405: "The path is that of something else, which does not take this method.",
    409: "It does not fit what is there now.",
    413: "The body is too large.",
    422: "Something in the request is wrong.",
    429: "It was tried too often, or too many do so at this time.",
    503: "What is kept cannot be reached just now, or the server is being stopped.",
    507: "There is no room left to keep anything.",
}
EVERYWHERE = frozenset({401, 403, 409, 422, 503})
"""Statuses of problems that each route may have; those that change something may have 507 besides."""


@dataclass(frozen=True, kw_only=True)
class _Offer:
    method: str
    path: str
    answers: Answered | None
    media: str
    status: int
    fails: Sequence[int]
    body: Said | None
    also: Mapping[int, str]
    parameters: frozenset[str] = field(default=frozenset())


_OFFERS: dict[str, _Offer] = {}
"""What routes take and answer, by the id of their operation."""


def offered(
    router: APIRouter,
    method: str,
    *paths: str,
    answers: Answered | None = None,
    media: str = "application/json",
    status: int = 200,
    fails: Sequence[int] = (),
    body: Said | None = None,
    also: Mapping[int, str] | None = None,
) -> Callable[[Endpoint], Endpoint]:
    """Add a function as a route. Its name becomes the operation's, its docstring what is said of it.

    Args:
        router: Of the resource.
        method: Such as `GET`.
        paths: Several where there are several ways to name the same; the operations of the later ones end in `ByName`.
        answers: What it answers; nothing where there is no body.
        media: The media type of that.
        status: Of the answer.
        fails: Statuses of problems, beside those that all routes may have.
        body: What is said of the request's body.
        also: Other statuses with the same answer, and when they are answered.
    """

    def add(endpoint: Endpoint) -> Endpoint:
        told = inspect.getdoc(endpoint) or ""
        for place, path in enumerate(paths):
            operation = camel(endpoint.__name__) + ("ByName" if place else "")
            _OFFERS[operation] = _Offer(
                method=method,
                path=path,
                answers=answers,
                media=media,
                status=status,
                fails=fails,
                body=body,
                also=also or {},
                parameters=frozenset(inspect.signature(endpoint).parameters),
            )
            router.add_api_route(
                path,
                endpoint,
                methods=[method],
                operation_id=operation,
                summary=told.partition("\n")[0].rstrip("."),
                description=told,
                status_code=status,
                response_model=None,
                response_class=Response,
            )
        return endpoint

    return add


def describe(document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document with all that `offered` was told: bodies, answers, problems, and their schemas.

    Args:
        document: As FastAPI makes it. Is changed.
    """
    components: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
            if offer := _OFFERS.get(operation.get("operationId", "")):
                _fill(operation, offer, components)
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own, which nothing answers
        if not any(f"/{name}'" in str(part) for part in (document["paths"], components)):
            components.pop(name, None)
    return document


def _without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a parameter, which is left out where Python has `None`: no request can send a null there."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    plain = {name: value for name, value in schema.items() if name != "anyOf"} if len(kinds) == 1 else dict(schema)
    if "enum" in plain:
        plain["enum"] = [value for value in plain["enum"] if value is not None]
    return {**(kinds[0] if len(kinds) == 1 else {}), **plain}


def problems(statuses: Sequence[int], components: dict[str, Any]) -> dict[str, Any]:
    """What the document says of answers that are problems, by status."""
    content = {MEDIA_TYPE: {"schema": Problem().schema(components)}}
    return {str(status): {"description": _REASONS[status], "content": content} for status in statuses}


def _fill(operation: dict[str, Any], offer: _Offer, components: dict[str, Any]) -> None:
    content = {"content": {offer.media: {"schema": offer.answers.schema(components)}}} if offer.answers else {}
    told = {offer.status: "What there is now." if content else "Done.", **offer.also}
    changing = {507} if offer.method != "GET" else set()
    another = {405} if _INNER.search(offer.path) else set()
    fails = sorted({*EVERYWHERE, *changing, *another, *offer.fails, *([413] if offer.body else [])})
    answers = {str(status): {"description": words, **content} for status, words in told.items()}
    operation["responses"] = answers | problems(fails, components)
    # What FastAPI cannot see: path parameters that a dependency reads, and bodies that are read by hand.
    unseen = [name for name in _PARAMETER.findall(offer.path) if name not in offer.parameters]
    parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in unseen]
    operation["parameters"] = parameters + operation.get("parameters", [])
    if offer.body:
        operation["requestBody"] = named(offer.body.document(), components)


def named(body: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """A request body whose schema is a component if it has a title, so that a generated client has one class for it."""
    content = body["content"]["application/json"]
    name = content["schema"].get("title")
    if name is None:
        return body
    schema = dict(content["schema"])
    components |= schema.pop("$defs", {})
    components[name] = schema
    reference = {"$ref": f"#/components/schemas/{name}"}
    return {**body, "content": {"application/json": {**content, "schema": reference}}}
