"""What a route asks for in its signature."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from fastapi import Depends
from starlette.requests import Request

from jackfield.access.principal import Principal
from jackfield.manage.resources import Resources
from jackfield.surfaces.errors import TokenMissing
from jackfield.surfaces.rest.services import Services

_OTHER_SCHEMES = frozenset({"apikey", "basic", "digest", "hawk", "jwt", "negotiate", "token"})


def services_of(request: Request) -> Services:
    """What the routes work with."""
    found: Services = request.app.state.services
    return found


def token_of(authorization: str) -> str:
    """The token that a header `Authorization` has.

    Raises:
        TokenMissing: It has none.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not (token := token.strip()):
        # What is no scheme may be the token itself.
        raise TokenMissing(given=scheme if token and scheme.lower() in _OTHER_SCHEMES else "")
    return token


def caller_of(request: Request) -> Principal:
    """Who calls; the edge has found out."""
    found: Principal = request.state.caller
    return found


async def _caller(request: Request) -> Principal:  # asynchronous, or FastAPI would call it in a thread
    return caller_of(request)


async def _manage(request: Request) -> Resources:
    return services_of(request).manage


async def _services(request: Request) -> Services:
    return services_of(request)


Caller: TypeAlias = Annotated[Principal, Depends(_caller)]
Manage: TypeAlias = Annotated[Resources, Depends(_manage)]
Given: TypeAlias = Annotated[Services, Depends(_services)]
