"""Answering from a mock instead of the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.outcome import Outcome, normalise
from jackfield.dispatch.call import CallOptions
from jackfield.dispatch.errors import MockMissing
from jackfield.dispatch.execute import failed
from jackfield.dispatch.ready import Ready
from jackfield.errors import JackfieldError
from jackfield.execution.model import ExecutionModel

DEFAULT_SCENARIO = "default"


def answer_from_mock(
    ready: Ready, model: ExecutionModel, params: Mapping[str, Any], options: CallOptions
) -> Outcome[Any]:
    """The canned outcome of the scenario that is asked for: the connector's stored one, else the command's own.

    Raises:
        MockMissing: There is no such scenario. The real service is not called instead.
    """
    mocks: Mapping[str, Any] = ready.target.connector.mocks if ready.target.connector else {}
    stored: Mapping[str, Any] = (mocks.get("data") or {}).get(ready.command.name) or {}
    scenario = options.scenario or mocks.get("scenario") or DEFAULT_SCENARIO
    if scenario in stored:
        return normalise(stored[scenario])
    if scenario not in ready.command.scenarios:
        raise MockMissing(
            connector=ready.target.name,
            command=ready.command.name,
            scenario=scenario,
            known=list(dict.fromkeys([*stored, *ready.command.scenarios])),
        )
    try:
        return model.mock(ready.definition, ready.command, scenario, params)
    except JackfieldError as error:
        if not error.ran:
            raise
        return failed(error)
