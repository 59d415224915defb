"""The hottest routes: one call each, as plain Starlette endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call
from jackfield.surfaces.rest.compat import read_call, read_json
from jackfield.surfaces.rest.given import caller_of, services_of

JSON = "application/json"


async def execute(request: Request) -> Response:
    """`POST /api/connectors/{id or namespace/name}/execute`: run one command and wait for its outcome."""
    recorded = await services_of(request).run(await _call(request))
    return Response(recorded.body, media_type=JSON)


async def run_resource(request: Request) -> Response:
    """`POST /api/runtime/v1/connectors/{connector}`: the same, answered as `{success, data, metadata}`."""
    recorded = await services_of(request).run(await _call(request))
    return Response(orjson.dumps(enveloped(recorded.outcome)), media_type=JSON)


def enveloped(outcome: Outcome[Any]) -> dict[str, Any]:
    """An outcome as `{success, data, metadata}`, with `error`, `code` and `diagnostics` where it failed."""
    answer: dict[str, Any] = {"success": outcome.success, "data": outcome.payload, "metadata": outcome.metadata}
    if not outcome.success:
        answer |= {"error": outcome.error, "code": outcome.code, "diagnostics": outcome.diagnostics}
    return answer


def target_of(path: Mapping[str, str]) -> str:
    """The connector that a path names."""
    return f"{path['namespace']}/{path['name']}" if "namespace" in path else path["id"]


async def _call(request: Request) -> Call:
    return read_call(
        read_json(await request.body()),
        principal=caller_of(request),
        target=target_of(request.path_params),
        key=request.headers.get("idempotency-key"),
    )


ROUTES = [
    Route("/api/connectors/{id}/execute", execute, methods=["POST"], name="execute"),
    Route("/api/connectors/{namespace}/{name}/execute", execute, methods=["POST"], name="executeNamed"),
    Route("/api/runtime/v1/connectors/{id}", run_resource, methods=["POST"], name="runResource"),
    Route("/api/runtime/v1/connectors/{namespace}/{name}", run_resource, methods=["POST"], name="runResourceNamed"),
]
"""First in the app: behind a hundred others they would cost a tenth more."""
