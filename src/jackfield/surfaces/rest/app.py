"""The ASGI application."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Mount, Router
from starlette.types import ASGIApp

from jackfield.surfaces.mounted import Mounted
from jackfield.surfaces.rest import execute, routes
from jackfield.surfaces.rest.edge import Edge
from jackfield.surfaces.rest.problems import install
from jackfield.surfaces.rest.services import Services
from jackfield.version import __version__


def make_app(services: Services, mounted: Sequence[Mounted] = ()) -> ASGIApp:
    """The whole REST surface on top of `services`, and others beside it.

    The hottest routes come first and are not FastAPI's, whose own way to an endpoint costs a tenth of a call.
    """
    hot = execute.routes(services)
    rest = Mount("", make_routes(services, hot))
    rest.path_regex = re.compile(rest.path_regex.pattern, re.DOTALL)  # a name in a path may have a line break
    return Edge(Router([*hot, rest], redirect_slashes=False), services, mounted)


def make_routes(services: Services, hot: Sequence[BaseRoute] = ()) -> FastAPI:
    """All other routes, without what every request passes first.

    Args:
        hot: Those that come before.
    """
    app = FastAPI(
        title="Jackfield", version=__version__, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    routers = _routers()
    app.state.services = services
    app.state.known = [*hot, *(route for router in routers for route in router.routes)]
    install(app)
    for router in routers:
        app.include_router(router)
    return app


def _routers() -> list[APIRouter]:
    """The routers of the folder `routes`, whose modules need no list."""
    found = sorted(module.name for module in pkgutil.iter_modules(routes.__path__))
    return [importlib.import_module(f"{routes.__name__}.{name}").router for name in found]
