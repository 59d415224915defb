"""Run one command of a connector class, through all the steps that a real call takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.access.principal import LOCAL
from jackfield.app.embedded import Embedded
from jackfield.definition.connector import Connector
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call, Origin
from jackfield.dispatch.options import read_options
from jackfield.settings import Settings
from jackfield.surfaces.sdk.loop import LoopThread


def run_command(
    cls: type[Connector],
    command: str | None = None,
    params: Mapping[str, Any] | None = None,
    *,
    config: Mapping[str, Any] | None = None,
    variables: Mapping[str, Any] | None = None,
    step_id: str | None = None,
    run_id: str | None = None,
    mock: str | None = None,
    allow: str = "",
    timeout_s: float | None = None,
) -> Outcome[Any]:
    """The outcome of one command.

    Args:
        cls: A connector class.
        command: In any case style; `None` for the default command.
        params: Flat, or structured as `{path, query, body, headers}`.
        config: The connection fields.
        variables: The run's variables, as the handler finds them in `ctx.variables`.
        step_id: The workflow step that the handler is to see.
        run_id: The workflow run that the handler is to see.
        mock: Name of a scenario to answer from, instead of running the handler.
        allow: Private addresses that may be reached, for example `127.0.0.1:8000` of a server in the test.
        timeout_s: Seconds, 1 to 300.

    Raises:
        JackfieldError: The call could not start: bad params, missing fields, a forbidden address.
    """
    loop = LoopThread()
    options = {"config": config, "variables": variables, "step_id": step_id, "run_id": run_id}
    running = run_command_async(cls, command, params, mock=mock, allow=allow, timeout_s=timeout_s, **options)  # type: ignore[arg-type]  # same types
    try:
        return loop.wait(running, instead="run_command_async")
    finally:
        loop.stop()


async def run_command_async(
    cls: type[Connector],
    command: str | None = None,
    params: Mapping[str, Any] | None = None,
    *,
    config: Mapping[str, Any] | None = None,
    variables: Mapping[str, Any] | None = None,
    step_id: str | None = None,
    run_id: str | None = None,
    mock: str | None = None,
    allow: str = "",
    timeout_s: float | None = None,
) -> Outcome[Any]:
    """As `run_command`, for asynchronous tests."""
    runtime = Embedded(Settings(database_url="memory", egress_allow=allow), types=[cls])
    name = await runtime.add({"name": "under-trial", "type": cls.definition.name, "config": dict(config or {})})
    call = Call(
        principal=LOCAL,
        target=name,
        command=command,
        params=params or {},
        options=read_options(None, timeout_s=timeout_s, scenario=mock),
        origin=Origin(trigger="test", run_id=run_id, step_id=step_id),
        variables=variables or {},
    )
    try:
        return await runtime.run(call)
    finally:
        await runtime.close()
