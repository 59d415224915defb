"""Trying a connector out: its connection, one of its operations, and lists to choose from."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call, Origin, Recorded
from jackfield.manage.connection_tests import ConnectionTest
from jackfield.surfaces.errors import NetworkFailed
from jackfield.surfaces.rest.answers import answer, answer_view
from jackfield.surfaces.rest.bodies import Body, Document, Said, body_of
from jackfield.surfaces.rest.compat import read_call
from jackfield.surfaces.rest.execute import key_of
from jackfield.surfaces.rest.given import Caller, Given, Manage
from jackfield.surfaces.rest.models.calls import OUTCOME, PARAMS, TRIED, Plain
from jackfield.surfaces.rest.models.shown import Shown
from jackfield.surfaces.rest.offered import offered
from jackfield.surfaces.rest.paths import Target

router = APIRouter(tags=["Calls"])

TEST = Origin(trigger="test")
LISTING = Origin(trigger="api", text_only=True)  # a query has only texts

NETWORK = frozenset({"unreachable", "disconnected", "tls-failed", "timeout"})
"""Codes of failures that mean that nothing came back from the service."""


class TestAsked(Body):
    """How a connection is to be tested."""

    __test__ = False  # no test of ours

    timeout: float | None = Field(default=None, ge=1000, le=300_000, description="Milliseconds that it may take.")
    environment: str | None = Field(
        default=None, min_length=1, max_length=100, description="Not its default. How it went is not kept then."
    )


@offered(
    router,
    "POST",
    "/api/connectors/{id}/test",
    "/api/connectors/{namespace}/{name}/test",
    answers=Shown(view=ConnectionTest, name="ConnectionTest"),
    fails=(400, 404, 409),
    body=Said(schema=TestAsked, examples={"As usual": {}, "Impatient": {"timeout": 2000}}),
)
async def test_connection(
    caller: Caller, manage: Manage, target: Target, asked: Annotated[TestAsked, Depends(body_of(TestAsked))]
) -> Response:
    """Test whether a connection works.

    Calls the command that the type has for that, and keeps how it went: the connector shows it as `testResult`, but
    for that of a named environment. A service that does not answer, or refuses, is `success: false` with status 200.
    """
    timeout_s = None if asked.timeout is None else asked.timeout / 1000
    return answer_view(await manage.tests.run(caller, target, timeout_s=timeout_s, environment=asked.environment))


@offered(
    router,
    "POST",
    "/api/connectors/{id}/test/{command}",
    "/api/connectors/{namespace}/{name}/test/{command}",
    answers=Plain(name="OperationTest", document=TRIED),
    fails=(400, 404, 409),
    also={502: "The service was not reached."},
    body=Said(schema=PARAMS, examples={"Flat": {"channel": "general"}, "Structured": {"params": {"limit": 5}}}),
)
async def test_operation(
    caller: Caller, services: Given, target: Target, command: str, body: Document, request: Request
) -> Response:
    """Try one operation, and see what the service answered.

    The body has the params, flat or under `params`. A service that is not reached is a problem with status 502.
    """
    key = key_of(request.scope)
    call = read_call(body, principal=caller, target=target, command=command, key=key, origin=TEST)
    recorded = await services.run(call)
    if recorded.outcome.code in NETWORK:
        raise _unreached(recorded)
    return answer(_tried(recorded.execution_id, recorded.outcome))


@offered(
    router,
    "GET",
    "/api/connectors/{id}/resources/{resource}",
    "/api/connectors/{namespace}/{name}/resources/{resource}",
    answers=Plain(name="Outcome", document=OUTCOME),
    fails=(404, 409),
)
async def list_resource(caller: Caller, services: Given, target: Target, resource: str, request: Request) -> Response:
    """Call a command that only reads, to fill a list to choose from.

    The query has its params, such as the parent of what is listed: `?workspace=w1`. Texts become numbers and booleans
    where the command wants them; a name that is there several times is a list.
    """
    params = {name: values[0] if len(values) == 1 else values for name, values in _repeated(request).items()}
    call = Call(principal=caller, target=target, command=resource, params=params, origin=LISTING, reads_only=True)
    recorded = await services.run(call)
    return Response(recorded.body, media_type="application/json")


def _repeated(request: Request) -> dict[str, list[str]]:
    """The query, with all values of a name."""
    found: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        found.setdefault(name, []).append(value)
    return found


def _tried(execution_id: str, outcome: Outcome[Any]) -> dict[str, Any]:
    """In the words of the guide that has this route, which are in snake_case."""
    metadata, failure = outcome.metadata, {"error": outcome.error, "code": outcome.code}
    body = outcome.payload if outcome.success else outcome.diagnostics.get("body", failure)
    return {
        "status_code": metadata.get("status"),
        "headers": metadata.get("headers", {}),
        "body": body,
        "elapsed_ms": metadata.get("elapsedMs", metadata.get("durationMs")),
        "success": outcome.success,
        "execution_id": execution_id,
        **({} if outcome.success else failure),
    }


def _unreached(recorded: Recorded) -> NetworkFailed:
    outcome = recorded.outcome
    return NetworkFailed(
        reason=outcome.error or "the service was not reached",
        cause=outcome.code or "",
        hint=str(outcome.diagnostics.get("hint", "")),
        execution_id=recorded.execution_id,
    )
