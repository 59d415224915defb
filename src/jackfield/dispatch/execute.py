"""Running the command under its deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from jackfield.definition.model import ExecutionModelName
from jackfield.definition.outcome import Outcome
from jackfield.definition.wire import Http
from jackfield.dispatch.ancestry import CURRENT
from jackfield.dispatch.call import Call
from jackfield.dispatch.connect import Connected
from jackfield.dispatch.errors import OptionNotSupported
from jackfield.dispatch.plan import plan
from jackfield.dispatch.ready import Ready
from jackfield.dispatch.record import Progress
from jackfield.dispatch.validate import Valid
from jackfield.egress.client import Client
from jackfield.egress.exchange import Trail
from jackfield.egress.pools import Pools
from jackfield.errors import CallTimeout, JackfieldError
from jackfield.execution.model import ExecutionModel, Invocation, Planner
from jackfield.registry.errors import ExecutionModelMissing

DEFAULT_TIMEOUT_S = 30.0

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Source: RFC 9110, section 9.2.2."""


async def execute(
    progress: Progress, valid: Valid, connected: Connected, *, model: ExecutionModel, pools: Pools
) -> Outcome[Any]:
    """The outcome of the command, or of planning it; `progress` learns what its requests left behind.

    Errors that happen while it runs (`ran`), or after it has sent something, are failed outcomes.

    Raises:
        JackfieldError: It could not start.
    """
    ready = progress.ready
    timeout_s = timeout_of(ready, progress.call)
    deadline = asyncio.get_running_loop().time() + timeout_s
    client = Client(
        pools.get(ready.policy),
        auth=connected.authorizer,
        headers=valid.headers,
        deadline=deadline,
        mask=progress.masked,
        seen=progress.seen,
    )
    progress.trail = client.trail
    limit = asyncio.timeout_at(deadline)
    outer = CURRENT.set(progress.id)
    try:
        async with limit:
            invocation = _invocation(progress, valid, connected, client, deadline)
            if progress.call.options.plan:
                return await plan(planner_of(model), invocation, connected.authorizer, valid.headers)
            outcome = await model.run(invocation)
        if not limit.expired():
            return outcome
    except TimeoutError:
        if not limit.expired():
            raise
    except JackfieldError as error:
        if not error.ran and client.trail.sent == "no":
            raise
        return failed(error, trail=client.trail)
    finally:
        CURRENT.reset(outer)
    progress.interrupted = True  # also where a handler swallowed its cancellation
    return failed(CallTimeout(timeout_s=timeout_s), trail=client.trail)


def _invocation(progress: Progress, valid: Valid, connected: Connected, http: Http, deadline: float) -> Invocation:
    ready, call = progress.ready, progress.call
    connector = ready.target.connector
    return Invocation(
        connector=ready.target.name,
        connector_id=connector.id if connector else f"type {ready.target.name}",
        tenant=call.principal.tenant,
        revision=connector.revision if connector else 0,
        variant=connected.variant,
        authorizer=connected.authorizer,
        definition=ready.definition,
        command=ready.command,
        config=connected.config,
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


def model_of(models: Mapping[ExecutionModelName, ExecutionModel], ready: Ready, call: Call) -> ExecutionModel:
    """The execution model that runs the command.

    Raises:
        ExecutionModelMissing: It is not installed.
        OptionNotSupported: A plan is asked for, and it makes none.
    """
    name = ready.definition.execution_model
    if (model := models.get(name)) is None:
        raise ExecutionModelMissing(connector=ready.target.name, model=name, installed=list(models))
    if call.options.plan:
        planner_of(model)
    return model


def planner_of(model: ExecutionModel) -> Planner:
    """`model` as one whose requests can be looked at.

    Raises:
        OptionNotSupported: It is none.
    """
    if not isinstance(model, Planner):
        raise OptionNotSupported(option="plan", by=f"connectors of execution model `{model.name}`")
    return model


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
