"""The execution model of declarative connectors."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from jackfield.definition.errors import SLOTS
from jackfield.definition.model import CommandDefinition, ConnectorDefinition, ExecutionModelName
from jackfield.definition.outcome import Outcome, normalise, succeed
from jackfield.definition.wire import Outgoing
from jackfield.egress.bodies import set_body
from jackfield.egress.urls import with_query
from jackfield.execution.built import Built
from jackfield.execution.http.plan import Plan, Plans, check_operations
from jackfield.execution.http.request import Request, build_request, variables_of
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
        request = _request(plan, invocation)
        answer = await invocation.http.request(
            request.method, request.url, query=request.query, headers=request.headers, **request.options
        )
        return read_answer(plan, answer, variables_of(invocation.config, invocation.params))

    async def plan(self, invocation: Invocation) -> Built:
        """The request that `run` would send; see `execution.model.Planner`.

        Raises:
            JackfieldError: As for `run`.
        """
        request = _request(self._plans.get(invocation.definition, invocation.command), invocation)
        url = with_query(request.url, request.query)
        outgoing = Outgoing(method=request.method, url=url, headers=dict(request.headers))
        set_body(outgoing, **request.options)
        return Built(method=outgoing.method, url=url, headers=outgoing.headers, content=outgoing.content)

    def mock(
        self, definition: ConnectorDefinition, command: CommandDefinition, scenario: str, params: Mapping[str, Any]
    ) -> Outcome[Any]:
        """What the definition gives for a scenario: a whole outcome, or the payload of a success."""
        said = definition.source["operations"][command.name]["mock"][scenario]
        whole = isinstance(said, Mapping) and isinstance(said.get("success"), bool) and said.keys() <= set(SLOTS)
        return normalise(said) if whole else succeed(said)

    async def check(self, definition: ConnectorDefinition) -> None:
        """Compile every operation once; see `plan.check_operations`."""
        await asyncio.to_thread(check_operations, definition)

    async def close(self) -> None:
        """Nothing is kept open."""


def _request(plan: Plan, invocation: Invocation) -> Request:
    return build_request(
        plan,
        connector=invocation.connector,
        config=invocation.config,
        params=invocation.params,
        places=invocation.places,
    )
