"""The execution model of connectors that an OpenAPI document describes."""

from __future__ import annotations

from jackfield.execution.openapi.model import OpenApiModel
from jackfield.execution.openapi.plans import Planned, Plans
from jackfield.execution.openapi.request import build, signed

__all__ = ["OpenApiModel", "Planned", "Plans", "build", "signed"]
