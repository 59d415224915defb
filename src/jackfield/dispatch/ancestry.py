"""Which call is being carried out here, so that calls made on its way know whose children they are."""

from __future__ import annotations

from contextvars import ContextVar

CURRENT: ContextVar[str | None] = ContextVar("jackfield_execution", default=None)
"""The execution id. A context variable follows tasks, and the threads of plain handlers."""
