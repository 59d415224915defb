"""What a handler is told about its call."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from jackfield.definition.wire import Answer, Http

H = TypeVar("H")


class SyncHttp(Protocol):
    """`Http` for handlers that are plain functions: the same methods, blocking."""

    def request(self, method: str, url: str, **options: Any) -> Answer:
        """Send one request; options as for `Http.request`."""

    def get(self, url: str, **options: Any) -> Answer:
        """GET; options as for `Http.request`."""

    def head(self, url: str, **options: Any) -> Answer:
        """HEAD; options as for `Http.request`."""

    def post(self, url: str, **options: Any) -> Answer:
        """POST; options as for `Http.request`."""

    def put(self, url: str, **options: Any) -> Answer:
        """PUT; options as for `Http.request`."""

    def patch(self, url: str, **options: Any) -> Answer:
        """PATCH; options as for `Http.request`."""

    def delete(self, url: str, **options: Any) -> Answer:
        """DELETE; options as for `Http.request`."""


Logger = logging.LoggerAdapter[logging.Logger]


@dataclass(frozen=True, kw_only=True)
class CallContext(Generic[H]):
    """What a handler is told about its call, beside its params.

    Attributes:
        config: The connection fields. Secrets are `Secret` objects.
        params: The validated params as JSON, defaults filled in.
        variables: The run's variables; empty outside a run. Read-only.
        http: The client to reach the service with.
        log: Writes to the connector's log; secrets of the connection are masked.
        step_id: The workflow step, if any.
        run_id: The workflow run, if any.
        execution_id: The record of this call.
    """

    config: Mapping[str, Any]
    params: Mapping[str, Any]
    variables: Mapping[str, Any]
    http: H
    log: Logger
    step_id: str | None = None
    run_id: str | None = None
    execution_id: str


Context = CallContext[Http]
"""Given to `async def` commands."""

SyncContext = CallContext[SyncHttp]
"""Given to plain `def` commands, which run in a thread."""
