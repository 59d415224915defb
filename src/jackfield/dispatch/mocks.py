"""Answering from a mock instead of the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import CallOptions
from jackfield.dispatch.errors import MockMissing
from jackfield.dispatch.execute import failed
from jackfield.dispatch.ready import Ready
from jackfield.errors import JackfieldError
from jackfield.execution.model import ExecutionModel

DEFAULT_SCENARIO = "default"


def wants_mock(options: CallOptions, *, everywhere: bool) -> bool:
    """Whether the call is to be mocked: what it says itself, else what is set for all calls.

    Naming a scenario asks for it.
    """
    if options.use_mock is not None:
        return options.use_mock
    return everywhere or options.scenario is not None


def answer_from_mock(
    ready: Ready, model: ExecutionModel, params: Mapping[str, Any], options: CallOptions
) -> Outcome[Any]:
    """The canned outcome of the scenario that is asked for.

    Raises:
        MockMissing: The command has no such scenario. The real service is not called instead.
    """
    scenario = options.scenario or DEFAULT_SCENARIO
    if scenario not in ready.command.scenarios:
        raise MockMissing(
            connector=ready.target.name,
            command=ready.command.name,
            scenario=scenario,
            known=ready.command.scenarios,
        )
    try:
        return model.mock(ready.definition, ready.command, scenario, params)
    except JackfieldError as error:
        if not error.ran:
            raise
        return failed(error)
