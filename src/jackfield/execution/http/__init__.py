"""Declarative commands: a request described by data, and what is made of its answer."""

from __future__ import annotations

from jackfield.execution.http.model import HttpModel
from jackfield.execution.http.plan import check_operations

__all__ = ["HttpModel", "check_operations"]
