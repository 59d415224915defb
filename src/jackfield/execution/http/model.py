"""The execution model of declarative connectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.model import CommandDefinition, ConnectorDefinition, ExecutionModelName
from jackfield.definition.outcome import Outcome, succeed
from jackfield.execution.http.plan import Plans, check_operations
from jackfield.execution.http.request import build_request, variables_of
from jackfield.execution.http.response import read_answer
from jackfield.execution.model import Invocation


class HttpModel:
    """Sends the request that an operation describes. The client it is handed signs it."""

    name: ExecutionModelName = "http"
    through_http = True

    def __init__(self) -> None:
        self._plans = Plans()

    async def run(self, invocation: Invocation) -> Outcome[Any]:
        """Run one operation.

        Raises:
            InvalidDefinition: The operation cannot be compiled.
            PathEscape, ParamUnplaceable, BaseUrlUnusable: The request cannot be written; nothing was sent.
            TemplateVariableMissing, TemplateRefused, TemplateFailed: A template of it cannot be rendered.
        """
        plan = self._plans.get(invocation.definition, invocation.command)
        config, params = invocation.config, invocation.params
        request = build_request(
            plan, connector=invocation.connector, config=config, params=params, places=invocation.places
        )
        answer = await invocation.http.request(
            request.method, request.url, query=request.query, headers=request.headers, **request.options
        )
        return read_answer(plan, answer, variables_of(config, params))

    def mock(
        self, definition: ConnectorDefinition, command: CommandDefinition, scenario: str, params: Mapping[str, Any]
    ) -> Outcome[Any]:
        """The payload that the definition gives for a scenario."""
        return succeed(definition.source["operations"][command.name]["mock"][scenario])

    def check(self, definition: ConnectorDefinition) -> None:
        """Compile every operation once; see `plan.check_operations`."""
        check_operations(definition)

    async def close(self) -> None:
        """Nothing is kept open."""
