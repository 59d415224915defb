"""Whether the server lives, and whether it can answer calls."""

from __future__ import annotations

from fastapi import APIRouter

from jackfield.surfaces.rest.given import Given

router = APIRouter(tags=["Server"])


@router.get("/api/health", summary="Whether the server lives", operation_id="getHealth")
async def health() -> dict[str, str]:
    """Answers without a token, and says nothing but that the server is there."""
    return {"status": "ok"}


@router.get("/api/ready", summary="Whether calls can be answered", operation_id="getReady")
async def ready(services: Given) -> dict[str, str]:
    """Asks the database. What keeps calls from being answered is a problem document."""
    await services.check()
    return {"status": "ready"}
