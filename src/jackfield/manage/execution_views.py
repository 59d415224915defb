"""What is shown of executions. Clients of a server have it without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from jackfield.manage.views import to_json
from jackfield.storage.status import Status

__all__ = ["LARGE", "MAX_PAGE", "STATUSES", "ExecutionPage", "ExecutionView", "Missed", "Status", "summary"]

MAX_PAGE = 200
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, kw_only=True)
class ExecutionView:
    """One call as it is shown.

    Attributes:
        connector: `namespace/name`; the type's name where it was called without a connector.
        environment: Of the connector; empty for its own connection.
        caller: The id of the user.
        started: Microseconds since 1970; so is `ended`, which is `None` while it runs.
        params: As validated, masked.
        outcome: As answered, masked: an envelope, or an error where the call could not start. `None` while it runs,
            and in a list where it is too large for one.
        preview: The beginning of its result, or what went wrong, in one line.
    """

    id: str
    connector: str
    connector_id: str | None
    command: str
    version: str
    model: str
    environment: str
    caller: str
    trigger: str
    status: Status
    started: int
    ended: int | None
    duration_ms: float | None
    attempts: int
    upstream_status: int | None
    error_code: str | None
    run_id: str | None
    step_id: str | None
    parent_id: str | None
    chat_id: str | None
    tool_call_id: str | None
    params: Any
    outcome: Any
    preview: str = ""


LARGE = frozenset({"params", "outcome"})
"""What an item of a list leaves out."""


def summary(view: ExecutionView) -> dict[str, Any]:
    """An item of a list, as JSON: all but what may be large."""
    return {key: value for key, value in to_json(view).items() if key not in LARGE}


@dataclass(frozen=True, kw_only=True)
class Missed:
    """Executions were missed while they were followed: the list has them."""


@dataclass(frozen=True, kw_only=True)
class ExecutionPage:
    """Some executions, newest first.

    Attributes:
        total: How many there are; `None` where it was not asked for.
        cursor: Continues after the last one; `None` at the end.
    """

    items: Sequence[ExecutionView]
    total: int | None
    cursor: str | None
