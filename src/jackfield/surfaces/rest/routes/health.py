"""Whether the server lives, and whether it can answer calls."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from jackfield.surfaces.rest.answers import answer
from jackfield.surfaces.rest.given import Given
from jackfield.surfaces.rest.models.calls import Plain
from jackfield.surfaces.rest.offered import offered

router = APIRouter(tags=["Server"])


def _status(name: str, status: str) -> Plain:
    schema = {"type": "object", "required": ["status"], "properties": {"status": {"const": status, "type": "string"}}}
    return Plain(name=name, document=schema)


@offered(router, "GET", "/api/health", answers=_status("Health", "ok"))
async def get_health() -> Response:
    """Whether the server lives.

    Answers without a token, and says nothing but that the server is there.
    """
    return answer({"status": "ok"})


@offered(router, "GET", "/api/ready", answers=_status("Ready", "ready"))
async def get_ready(services: Given) -> Response:
    """Whether calls can be answered.

    Asks the database. What keeps calls from being answered is a problem document.
    """
    await services.check()
    return answer({"status": "ready"})
