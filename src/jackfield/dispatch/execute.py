"""Running the command under its deadline."""

from __future__ import annotations

import asyncio
from typing import Any

from jackfield.definition.outcome import Outcome
from jackfield.definition.wire import Answer, Authorizer, Http
from jackfield.dispatch.call import Call
from jackfield.dispatch.ready import Ready
from jackfield.dispatch.record import Progress
from jackfield.dispatch.validate import Valid
from jackfield.egress.client import Client
from jackfield.egress.exchange import Trail
from jackfield.egress.pools import Pools
from jackfield.errors import CallTimeout, JackfieldError
from jackfield.execution.model import ExecutionModel, Invocation
from jackfield.registry.errors import ConnectorNotConfigured

DEFAULT_TIMEOUT_S = 30.0

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Source: RFC 9110, section 9.2.2."""


async def execute(
    progress: Progress, valid: Valid, authorizer: Authorizer | None, *, model: ExecutionModel, pools: Pools
) -> tuple[Outcome[Any], Answer | None]:
    """The outcome of the command, and the last that the service answered.

    Errors that happen while it runs (`ran`), or after it has sent something, are failed outcomes.

    Raises:
        ConnectorNotConfigured: Required connection fields are not filled in.
        JackfieldError: It could not start.
    """
    ready = progress.ready
    if ready.missing:
        raise ConnectorNotConfigured(connector=ready.target.name, missing=ready.missing)
    timeout_s = timeout_of(ready, progress.call)
    deadline = asyncio.get_running_loop().time() + timeout_s
    client = Client(pools.get(ready.policy), auth=authorizer, headers=valid.headers, deadline=deadline)
    limit = asyncio.timeout_at(deadline)
    try:
        async with limit:
            outcome = await model.run(_invocation(progress, valid, client, deadline))
        if limit.expired():  # a handler that swallowed its cancellation
            outcome = failed(CallTimeout(timeout_s=timeout_s), trail=client.trail)
    except TimeoutError:
        if not limit.expired():
            raise
        outcome = failed(CallTimeout(timeout_s=timeout_s), trail=client.trail)
    except JackfieldError as error:
        if not error.ran and client.trail.sent == "no":
            raise
        outcome = failed(error, trail=client.trail)
    return outcome, client.trail.last


def _invocation(progress: Progress, valid: Valid, http: Http, deadline: float) -> Invocation:
    ready, call = progress.ready, progress.call
    connector = ready.target.connector
    return Invocation(
        connector=ready.target.name,
        connector_id=connector.id if connector else f"type {ready.target.name}",
        revision=connector.revision if connector else 0,
        definition=ready.definition,
        command=ready.command,
        config=ready.config,
        params=valid.params,
        places=valid.places,
        variables=call.variables,
        http=http,
        log=progress.log(),
        deadline=deadline,
        execution_id=progress.id,
        step_id=call.origin.step_id,
        run_id=call.origin.run_id,
    )


def timeout_of(ready: Ready, call: Call) -> float:
    """Seconds for the call: its own option, the connector's setting, or 30."""
    if call.options.timeout_s is not None:
        return call.options.timeout_s
    connector = ready.target.connector
    return connector.timeout_s if connector and connector.timeout_s else DEFAULT_TIMEOUT_S


def failed(error: JackfieldError, *, trail: Trail | None = None) -> Outcome[Any]:
    """The outcome that says the same as `error`.

    It is retryable if the same call may do better later. Not if the service may have acted on a request that
    must not be repeated blindly: of those only who sent them can tell.

    Args:
        error: What happened.
        trail: What the call has sent so far.
    """
    undecided = trail is not None and trail.sent == "maybe" and trail.method not in IDEMPOTENT
    diagnostics = dict(error.details) | ({"hint": error.hint} if error.hint else {})
    return Outcome(
        success=False,
        error=error.message,
        code=error.code,
        diagnostics=diagnostics,
        metadata={"retryable": error.retry == "later" and not undecided},
    )
