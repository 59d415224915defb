"""What a path names."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from fastapi import Depends
from starlette.requests import Request

from jackfield.surfaces.rest.execute import target_of


async def _target(request: Request) -> str:
    return target_of(request.path_params)


Target: TypeAlias = Annotated[str, Depends(_target)]
"""A connector, as `{id}` (an id, or a name that only one has) or as `{namespace}/{name}`."""
