"""What travels through dispatch: the call as asked, and the call as prepared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from jackfield.access.principal import Principal
from jackfield.definition.outcome import Outcome

Trigger = Literal[
    "manual", "api", "sdk", "agent", "mcp", "workflow", "webhook", "schedule", "poll", "cdc", "cli", "test", "trial"
]


@dataclass(frozen=True, kw_only=True)
class CallOptions:
    """How a call is to be made; `None` is "as usual".

    Attributes:
        timeout_s: Seconds until the call is given up, 1 to 300.
        use_mock: Answer from a mock, or insist on the real service.
        scenario: Name of the mock scenario; `default` unless given.
        headers: Added to every request of the call; they win over the credential.
        retries: Extra attempts, 0 to 9.
        environment: The one of the connector's environments to call; its default unless given.
        idempotency_key: Of a write: the same call with the same key happens once, and is answered alike.
        debug: Answer with the lines that the command logs, in `metadata.log`, whatever is kept otherwise.
        trace: Answer with the requests that the command made, in `metadata.requests`.
    """

    timeout_s: float | None = None
    use_mock: bool | None = None
    scenario: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    credential_id: str | None = None
    retries: int | None = None
    idempotency_key: str | None = None
    environment: str | None = None
    version: str | None = None
    plan: bool = False
    debug: bool = False
    trace: bool = False


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a call comes from.

    Attributes:
        iteration: Path inside a run's loops, such as `3.0`.
        generation: Raised when a run is retried from a step.
        attempt: Which try of its step this is.
        parent_id: The execution on whose way this one is called.
        text_only: The source has only strings, so numbers and booleans are read from them.
    """

    trigger: Trigger = "sdk"
    run_id: str | None = None
    step_id: str | None = None
    iteration: str = ""
    generation: int = 0
    attempt: int = 1
    parent_id: str | None = None
    chat_id: str | None = None
    tool_call_id: str | None = None
    text_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a caller asked for, not yet checked.

    Attributes:
        target: Id, `namespace/name`, name or slug of a connector, or the name of a type that needs none.
        command: In any case style; `None` for the default command.
        params: Flat, or structured as `{path, query, body, headers}`.
        reads_only: Refuse the command if it may change something.
    """

    principal: Principal
    target: str
    command: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    options: CallOptions = field(default_factory=CallOptions)
    origin: Origin = field(default_factory=Origin)
    variables: Mapping[str, Any] = field(default_factory=dict)
    reads_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """An outcome that is kept.

    Attributes:
        body: The outcome as JSON: the very bytes that are stored, and that a client is sent.
    """

    execution_id: str
    outcome: Outcome[Any]
    body: bytes = field(repr=False)
