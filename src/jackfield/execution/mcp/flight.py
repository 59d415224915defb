"""What a call is doing at an MCP server, found by whatever happens on its behalf in other tasks."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from jackfield.definition.context import Logger
from jackfield.errors import JackfieldError


@dataclass(eq=False)
class Flight:
    """One call, or the opening of a session.

    Attributes:
        log: Gets the server's log messages.
        failure: Why its newest request has no answer of the server's.
    """

    log: Logger
    failure: JackfieldError | None = None


FLIGHT: ContextVar[Flight | None] = ContextVar("jackfield_mcp_flight", default=None)
"""Of this task. The SDK hands it on to the tasks that send a request, and to those that handle what comes back."""
