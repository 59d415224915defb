"""The record of every call."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Status = Literal["PENDING", "RUNNING", "AWAITING_INPUT", "COMPLETED", "FAILED", "CANCELLED", "UNKNOWN_OUTCOME"]


@dataclass(frozen=True, kw_only=True)
class Execution:
    """One command call: who asked for what, when, and how it ended.

    Attributes:
        started: Unix time in seconds.
        duration_ms: From the caller's request to the outcome.
        outcome: As answered, masked; an error document where the call could not start.
    """

    id: str
    tenant: str
    caller: str
    trigger: str
    connector: str
    command: str
    version: str
    status: Status
    started: float
    duration_ms: float
    params: Mapping[str, Any]
    outcome: Mapping[str, Any]


class ExecutionLog(Protocol):
    """Keeps executions."""

    async def record(self, execution: Execution) -> None:
        """Keep `execution`. When this returns, it is kept as safely as the log can."""

    async def latest(self, *, tenant: str, limit: int = 50) -> Sequence[Execution]:
        """The newest executions of a tenant, newest first."""


class MemoryExecutionLog:
    """Keeps the newest executions in this process only."""

    def __init__(self, *, limit: int = 1000) -> None:
        self._kept: deque[Execution] = deque(maxlen=limit)

    async def record(self, execution: Execution) -> None:
        """Keep `execution` until `limit` newer ones have come."""
        self._kept.append(execution)

    async def latest(self, *, tenant: str, limit: int = 50) -> Sequence[Execution]:
        """The newest executions of a tenant, newest first."""
        own = (execution for execution in reversed(self._kept) if execution.tenant == tenant)
        return [execution for execution, _ in zip(own, range(limit), strict=False)]
