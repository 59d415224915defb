"""Answering from a mock instead of the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.model import ExecutionModelName
from jackfield.definition.outcome import Outcome, normalise
from jackfield.dispatch.errors import MockMissing
from jackfield.dispatch.execute import failed
from jackfield.dispatch.record import Progress
from jackfield.errors import JackfieldError
from jackfield.execution.model import ExecutionModel, MockScripts
from jackfield.registry.errors import ExecutionModelMissing

DEFAULT_SCENARIO = "default"


async def answer_from_mock(
    progress: Progress, model: ExecutionModel, models: Mapping[ExecutionModelName, ExecutionModel]
) -> Outcome[Any]:
    """The canned outcome of the scenario that is asked for.

    It is the connector's stored one, else what its stored script says, else the command's own.

    Args:
        progress: The call, its params validated.
        model: Of the connector.
        models: One of them runs scripts.

    Raises:
        MockMissing: There is no such scenario. The real service is not called instead.
        ExecutionModelMissing: There is a script, and nothing here that runs one.
    """
    progress.use()  # secrets among the params are masked, as in any call
    try:
        return await _answer(progress, model, models)
    except JackfieldError as error:
        if not error.ran:
            raise
        return failed(error)


async def _answer(
    progress: Progress, model: ExecutionModel, models: Mapping[ExecutionModelName, ExecutionModel]
) -> Outcome[Any]:
    ready, params = progress.ready, progress.params
    mocks: Mapping[str, Any] = ready.target.connector.mocks if ready.target.connector else {}
    stored: Mapping[str, Any] = (mocks.get("data") or {}).get(ready.command.name) or {}
    scenario = progress.call.options.scenario or mocks.get("scenario") or DEFAULT_SCENARIO
    if scenario in stored:
        return normalise(stored[scenario])
    if script := mocks.get("script"):
        runner: object = models.get("script")
        if not isinstance(runner, MockScripts):
            raise ExecutionModelMissing(connector=ready.target.name, model="script", installed=list(models))
        log = progress.log()
        connector = ready.target.connector
        owner = progress.call.principal.tenant, connector.id if connector else ""
        said = await runner.answer(
            script, command=ready.command.name, scenario=scenario, params=params, log=log, owner=owner
        )
        if said is not None:
            return said
    if scenario not in ready.command.scenarios:
        raise MockMissing(
            connector=ready.target.name,
            command=ready.command.name,
            scenario=scenario,
            known=list(dict.fromkeys([*stored, *ready.command.scenarios])),
        )
    return model.mock(ready.definition, ready.command, scenario, params)
