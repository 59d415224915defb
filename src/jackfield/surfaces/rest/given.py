"""What a route asks for in its signature."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from fastapi import Depends
from starlette.requests import Request

from jackfield.access.principal import Principal
from jackfield.manage.resources import Resources
from jackfield.surfaces.rest.services import Services


def services_of(request: Request) -> Services:
    """What the routes work with."""
    found: Services = request.app.state.services
    return found


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
